"""Passkeys, the challenges under way, and links to enrol."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0038"
down_revision: str | None = "0037"

WORD = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WIDE: dict[str, Any] = {"sqlite_strict": True}


def upgrade() -> None:
    op.create_table(
        "passkeys",
        sa.Column("id", WORD, nullable=False),
        sa.Column("credential", WORD, nullable=False),
        sa.Column("account", WORD, nullable=False),
        sa.Column("passkey", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name="fk_passkeys_account", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_passkeys"),
        sa.UniqueConstraint("credential", name="uq_passkeys_credential"),
        **WIDE,
    )
    op.create_index("ix_passkeys_account", "passkeys", ["account"])
    op.create_table(
        "challenges",
        sa.Column("digest", WORD, nullable=False),
        sa.Column("ends_at", WHOLE, nullable=False),
        sa.Column("challenge", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_challenges"),
        **WIDE,
    )
    op.create_index("ix_challenges_ends_at", "challenges", ["ends_at"])
    op.create_table(
        "enrolment_links",
        sa.Column("digest", WORD, nullable=False),
        sa.Column("account", WORD, nullable=False),
        sa.Column("link", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name="fk_enrolment_links_account", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("digest", name="pk_enrolment_links"),
        sa.UniqueConstraint("account", name="uq_enrolment_links_account"),
        **WIDE,
    )
