"""Promises of other nodes that their logs will hold the entries of their answers."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0032"
down_revision: str | None = "0031"

WORD = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WIDE: dict[str, Any] = {"sqlite_strict": True}


def upgrade() -> None:
    op.create_table(
        "promises",
        sa.Column("source", WORD, nullable=False),
        sa.Column("question", WORD, nullable=False),
        sa.Column("merge_by", WHOLE, nullable=False),
        sa.Column("promise", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("source", "question", name="pk_promises"),
        **WIDE,
    )
    op.create_index("ix_promises_merge_by", "promises", ["merge_by"])
