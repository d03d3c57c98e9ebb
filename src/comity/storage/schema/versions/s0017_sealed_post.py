"""Sealed letters on their way, at the hub and at their senders, and the evidence of each step."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision: str | None = "0016"

WORD = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
BYTES = sa.LargeBinary()
BY_KEY: dict[str, Any] = {"sqlite_with_rowid": False, "sqlite_strict": True}
WIDE: dict[str, Any] = {"sqlite_strict": True}


def upgrade() -> None:
    _at_the_hub()
    _at_senders()
    _evidence()


def _at_the_hub() -> None:
    op.create_table(
        "post_letters",
        sa.Column("sender", WORD, nullable=False),
        sa.Column("id", WORD, nullable=False),
        sa.Column("digest", WORD, nullable=False),
        sa.Column("size_bytes", WHOLE, nullable=False),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.Column("taken_at", WHOLE, nullable=False),
        sa.Column("expires_at", WHOLE, nullable=False),
        sa.Column("route", BYTES, nullable=False),
        sa.Column("signed", BYTES, nullable=False),
        sa.Column("box", BYTES, nullable=False),
        sa.PrimaryKeyConstraint("sender", "id", name="pk_post_letters"),
        **WIDE,
    )
    op.create_index("ix_post_letters_expires_at", "post_letters", ["expires_at"])
    op.create_table(
        "post_queue",
        sa.Column("recipient", WORD, nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("place", WHOLE, nullable=False),
        sa.Column("sender", WORD, nullable=False),
        sa.Column("letter", WORD, nullable=False),
        sa.Column("size_bytes", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("recipient", "rank", "place", name="pk_post_queue"),
        **BY_KEY,
    )
    op.create_index("ix_post_queue_sender", "post_queue", ["sender"])
    op.create_index("ix_post_queue_letter", "post_queue", ["letter"])
    op.create_table(
        "post_quotas",
        sa.Column("sender", WORD, nullable=False),
        sa.Column("letters", sa.Integer(), nullable=False),
        sa.Column("size_bytes", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("sender", name="pk_post_quotas"),
        **BY_KEY,
    )


def _at_senders() -> None:
    op.create_table(
        "sealed_letters",
        sa.Column("id", WORD, nullable=False),
        sa.Column("recipient", WORD, nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("sealed_at", WHOLE, nullable=False),
        sa.Column("expires_at", WHOLE, nullable=False),
        sa.Column("relayed_at", WHOLE, nullable=True),
        sa.Column("try_at", WHOLE, nullable=False),
        sa.Column("failure", WORD, nullable=False),
        sa.Column("letter", BYTES, nullable=False),
        sa.Column("route", BYTES, nullable=False),
        sa.Column("signed", BYTES, nullable=False),
        sa.Column("box", BYTES, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sealed_letters"),
        **WIDE,
    )
    op.create_index("ix_sealed_letters_expires_at", "sealed_letters", ["expires_at"])
    op.create_table(
        "post_chains",
        sa.Column("way", WORD, nullable=False),
        sa.Column("peer", WORD, nullable=False),
        sa.Column("lane", WORD, nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("digest", WORD, nullable=False),
        sa.PrimaryKeyConstraint("way", "peer", "lane", name="pk_post_chains"),
        **BY_KEY,
    )


def _evidence() -> None:
    op.create_table(
        "evidence_pieces",
        sa.Column("digest", WORD, nullable=False),
        sa.Column("at", WHOLE, nullable=False),
        sa.Column("noted_at", WHOLE, nullable=False),
        sa.Column("evidence", BYTES, nullable=False),
        sa.Column("signed", BYTES, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_evidence_pieces"),
        **WIDE,
    )
    op.create_index("ix_evidence_pieces_noted_at", "evidence_pieces", ["noted_at"])
    op.create_table(
        "evidence_letters",
        sa.Column("letter", WORD, nullable=False),
        sa.Column("sender", WORD, nullable=False),
        sa.Column("recipient", WORD, nullable=False),
        sa.Column("step", WORD, nullable=False),
        sa.Column("piece", WORD, nullable=False),
        sa.PrimaryKeyConstraint("letter", "sender", "recipient", "step", name="pk_evidence_letters"),
        **BY_KEY,
    )
    op.create_index("ix_evidence_letters_piece", "evidence_letters", ["piece"])
    op.create_table(
        "evidence_to_tell",
        sa.Column("node", WORD, nullable=False),
        sa.Column("place", WHOLE, nullable=False),
        sa.Column("piece", WORD, nullable=False),
        sa.PrimaryKeyConstraint("node", "place", name="pk_evidence_to_tell"),
        **BY_KEY,
    )
    op.create_index("ix_evidence_to_tell_piece", "evidence_to_tell", ["piece"])
    op.create_table(
        "post_alarms",
        sa.Column("id", WORD, nullable=False),
        sa.Column("noted_at", WHOLE, nullable=False),
        sa.Column("alarm", BYTES, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_post_alarms"),
        **WIDE,
    )
    op.create_index("ix_post_alarms_noted_at", "post_alarms", ["noted_at"])
    op.create_table(
        "recalls",
        sa.Column("sender", WORD, nullable=False),
        sa.Column("letter", WORD, nullable=False),
        sa.Column("asked_at", WHOLE, nullable=False),
        sa.Column("recall", BYTES, nullable=False),
        sa.PrimaryKeyConstraint("sender", "letter", name="pk_recalls"),
        **WIDE,
    )
