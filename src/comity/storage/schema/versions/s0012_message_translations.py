"""Translations of messages, beside them."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision: str | None = "0011"

WORD = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WIDE: dict[str, Any] = {"sqlite_strict": True}


def upgrade() -> None:
    op.create_table(
        "message_translations",
        sa.Column("id", WORD, nullable=False),
        sa.Column("message", WORD, nullable=False),
        sa.Column("made_at", WHOLE, nullable=False),
        sa.Column("kept", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_message_translations"),
        **WIDE,
    )
    op.create_index("ix_message_translations_message", "message_translations", ["message"])
