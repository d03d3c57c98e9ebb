"""The log of keys: at a hub the log itself, elsewhere a full copy."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision: str | None = "0012"

WORD = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WIDE: dict[str, Any] = {"sqlite_strict": True}


def upgrade() -> None:
    op.create_table(
        "key_entries",
        sa.Column("position", WHOLE, autoincrement=False, nullable=False),
        sa.Column("node", WORD, nullable=False),
        sa.Column("typ", WORD, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.Column("leaf", sa.LargeBinary(), nullable=False),
        sa.Column("signed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_key_entries"),
        **WIDE,
    )
    op.create_index("ix_key_entries_node", "key_entries", ["node", "typ", "version"])
    op.create_table(
        "key_checkpoints",
        sa.Column("size", WHOLE, autoincrement=False, nullable=False),
        sa.Column("origin", WORD, nullable=False),
        sa.Column("root", WORD, nullable=False),
        sa.Column("note", WORD, nullable=False),
        sa.PrimaryKeyConstraint("size", name="pk_key_checkpoints"),
        **WIDE,
    )
    op.create_table(
        "key_log_heard",
        sa.Column("row", WHOLE, autoincrement=False, nullable=False),
        sa.Column("at", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("row", name="pk_key_log_heard"),
        **WIDE,
    )
