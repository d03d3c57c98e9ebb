"""The first shelves: records, journal, letters, members, accounts, hits, agreements, imports, nonces."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision: str | None = None

WORD = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
BYTES = sa.LargeBinary()
NUMBER = sa.Integer()

BY_KEY: dict[str, Any] = {"sqlite_with_rowid": False, "sqlite_strict": True}
WIDE: dict[str, Any] = {"sqlite_strict": True}


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", WORD, nullable=False),
        sa.Column("login", WORD, nullable=False),
        sa.Column("account", BYTES, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_accounts"),
        sa.UniqueConstraint("login", name="uq_accounts_login"),
        **WIDE,
    )
    op.create_table(
        "agreements",
        sa.Column("number", NUMBER, autoincrement=False, nullable=False),
        sa.Column("id", WORD, nullable=False),
        sa.Column("digest", WORD, nullable=False),
        sa.Column("adopted_at", WHOLE, nullable=False),
        sa.Column("agreement", BYTES, nullable=False),
        sa.Column("text", BYTES, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_agreements"),
        sa.UniqueConstraint("id", "digest", name="uq_agreements_id"),
        **WIDE,
    )
    op.create_table(
        "checkpoints",
        sa.Column("size", WHOLE, autoincrement=False, nullable=False),
        sa.Column("root", WORD, nullable=False),
        sa.Column("note", WORD, nullable=False),
        sa.PrimaryKeyConstraint("size", name="pk_checkpoints"),
        **WIDE,
    )
    op.create_table(
        "directories",
        sa.Column("version", NUMBER, autoincrement=False, nullable=False),
        sa.Column("digest", WORD, nullable=False),
        sa.Column("directory", BYTES, nullable=False),
        sa.Column("signed", BYTES, nullable=False),
        sa.PrimaryKeyConstraint("version", name="pk_directories"),
        **WIDE,
    )
    op.create_table(
        "hits",
        sa.Column("id", WORD, nullable=False),
        sa.Column("record", WORD, nullable=False),
        sa.Column("found_at", WHOLE, nullable=False),
        sa.Column("running", NUMBER, nullable=False),
        sa.Column("due_at", WHOLE, nullable=True),
        sa.Column("hit", BYTES, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_hits"),
        **WIDE,
    )
    op.create_index("ix_hits_due_at", "hits", ["due_at"])
    op.create_index("ix_hits_found_at", "hits", ["found_at"])
    op.create_index("ix_hits_record", "hits", ["record"])
    op.create_table(
        "holdings",
        sa.Column("number", NUMBER, autoincrement=False, nullable=False),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("collection", WORD, nullable=False),
        sa.Column("source", WORD, nullable=False),
        sa.Column("country", WORD, nullable=False),
        sa.Column("records", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_holdings"),
        sa.UniqueConstraint("kind", "collection", "source", "country", name="uq_holdings_kind"),
        **WIDE,
    )
    op.create_table(
        "imports",
        sa.Column("id", WORD, nullable=False),
        sa.Column("progress", BYTES, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_imports"),
        **WIDE,
    )
    op.create_table(
        "inbox_lanes",
        sa.Column("sender", WORD, nullable=False),
        sa.Column("lane", WORD, nullable=False),
        sa.Column("applied", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("sender", "lane", name="pk_inbox_lanes"),
        **BY_KEY,
    )
    op.create_table(
        "inbox_letters",
        sa.Column("sender", WORD, nullable=False),
        sa.Column("id", WORD, nullable=False),
        sa.Column("applied_at", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("sender", "id", name="pk_inbox_letters"),
        **BY_KEY,
    )
    op.create_index("ix_inbox_letters_applied_at", "inbox_letters", ["applied_at"])
    op.create_table(
        "invitations",
        sa.Column("node", WORD, nullable=False),
        sa.Column("code_digest", WORD, nullable=False),
        sa.Column("expires_at", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("node", name="pk_invitations"),
        **BY_KEY,
    )
    op.create_table(
        "journal_openings",
        sa.Column("position", WHOLE, autoincrement=False, nullable=False),
        sa.Column("salt", BYTES, nullable=False),
        sa.Column("entry", BYTES, nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_journal_openings"),
        **WIDE,
    )
    op.create_table(
        "journal_subtrees",
        sa.Column("level", WHOLE, autoincrement=False, nullable=False),
        sa.Column("position", WHOLE, autoincrement=False, nullable=False),
        sa.Column("hash", BYTES, nullable=False),
        sa.PrimaryKeyConstraint("level", "position", name="pk_journal_subtrees"),
        **BY_KEY,
    )
    op.create_table(
        "nonces",
        sa.Column("key_id", WORD, nullable=False),
        sa.Column("nonce", WORD, nullable=False),
        sa.Column("until", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("key_id", "nonce", name="pk_nonces"),
        **BY_KEY,
    )
    op.create_index("ix_nonces_until", "nonces", ["until"])
    op.create_table(
        "outbox_lanes",
        sa.Column("recipient", WORD, nullable=False),
        sa.Column("lane", WORD, nullable=False),
        sa.Column("written", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("recipient", "lane", name="pk_outbox_lanes"),
        **BY_KEY,
    )
    op.create_table(
        "outbox_letters",
        sa.Column("id", WORD, nullable=False),
        sa.Column("recipient", WORD, nullable=False),
        sa.Column("lane", WORD, nullable=False),
        sa.Column("sequence", NUMBER, nullable=False),
        sa.Column("letter", BYTES, nullable=False),
        sa.Column("expires_at", WHOLE, nullable=False),
        sa.Column("try_at", WHOLE, nullable=False),
        sa.Column("failures", NUMBER, nullable=False),
        sa.Column("failure", WORD, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_outbox_letters"),
        sa.UniqueConstraint("recipient", "lane", "sequence", name="uq_outbox_letters_recipient"),
        **WIDE,
    )
    op.create_index("ix_outbox_letters_expires_at", "outbox_letters", ["expires_at"])
    op.create_table(
        "parked_letters",
        sa.Column("sender", WORD, nullable=False),
        sa.Column("id", WORD, nullable=False),
        sa.Column("parked_at", WHOLE, nullable=False),
        sa.Column("letter", BYTES, nullable=False),
        sa.PrimaryKeyConstraint("sender", "id", name="pk_parked_letters"),
        **WIDE,
    )
    op.create_table(
        "pinned_hubs",
        sa.Column("hub", WORD, nullable=False),
        sa.Column("fingerprint", WORD, nullable=False),
        sa.Column("signed_manifest", WORD, nullable=False),
        sa.PrimaryKeyConstraint("hub", name="pk_pinned_hubs"),
        **WIDE,
    )
    op.create_table(
        "tombstones",
        sa.Column("id", WORD, nullable=False),
        sa.Column("version", NUMBER, nullable=False),
        sa.Column("reason", WORD, nullable=False),
        sa.Column("withdrawn_at", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tombstones"),
        **BY_KEY,
    )
    op.create_table(
        "journal_subjects",
        sa.Column("subject", WORD, nullable=False),
        sa.Column("position", WHOLE, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["position"],
            ["journal_openings.position"],
            name="fk_journal_subjects_position",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("subject", "position", name="pk_journal_subjects"),
        **BY_KEY,
    )
    op.create_index("ix_journal_subjects_position", "journal_subjects", ["position"])
    op.create_table(
        "records",
        sa.Column("number", WHOLE, autoincrement=False, nullable=False),
        sa.Column("id", WORD, nullable=False),
        sa.Column("holding", NUMBER, nullable=False),
        sa.Column("reference", WORD, nullable=False),
        sa.Column("retain_until", NUMBER, nullable=False),
        sa.Column("content", BYTES, nullable=False),
        sa.ForeignKeyConstraint(
            ["holding"],
            ["holdings.number"],
            name="fk_records_holding",
        ),
        sa.PrimaryKeyConstraint("number", name="pk_records"),
        sa.UniqueConstraint("holding", "reference", name="uq_records_holding"),
        sa.UniqueConstraint("id", name="uq_records_id"),
        **WIDE,
    )
    op.create_index("ix_records_retain_until", "records", ["retain_until"])
    op.create_table(
        "refused_rows",
        sa.Column("import_id", WORD, nullable=False),
        sa.Column("number", NUMBER, autoincrement=False, nullable=False),
        sa.Column("line", NUMBER, nullable=False),
        sa.Column("reason", WORD, nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["imports.id"],
            name="fk_refused_rows_import_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("import_id", "number", name="pk_refused_rows"),
        **BY_KEY,
    )
    op.create_table(
        "tokens",
        sa.Column("digest", WORD, nullable=False),
        sa.Column("account", WORD, nullable=False),
        sa.Column("expires_at", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(
            ["account"],
            ["accounts.id"],
            name="fk_tokens_account",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("digest", name="pk_tokens"),
        **BY_KEY,
    )
    op.create_index("ix_tokens_account", "tokens", ["account"])
    op.create_table(
        "document_keys",
        sa.Column("issuer", WORD, nullable=False),
        sa.Column("number", WORD, nullable=False),
        sa.Column("record", WHOLE, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["record"],
            ["records.number"],
            name="fk_document_keys_record",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("issuer", "number", "record", name="pk_document_keys"),
        **BY_KEY,
    )
    op.create_index("ix_document_keys_record", "document_keys", ["record"])
    op.create_table(
        "person_keys",
        sa.Column("key", WORD, nullable=False),
        sa.Column("record", WHOLE, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["record"],
            ["records.number"],
            name="fk_person_keys_record",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("key", "record", name="pk_person_keys"),
        **BY_KEY,
    )
    op.create_index("ix_person_keys_record", "person_keys", ["record"])
    op.create_table(
        "vehicle_keys",
        sa.Column("kind", WORD, nullable=False),
        sa.Column("country", WORD, nullable=False),
        sa.Column("number", WORD, nullable=False),
        sa.Column("record", WHOLE, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["record"],
            ["records.number"],
            name="fk_vehicle_keys_record",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("kind", "country", "number", "record", name="pk_vehicle_keys"),
        **BY_KEY,
    )
    op.create_index("ix_vehicle_keys_record", "vehicle_keys", ["record"])
