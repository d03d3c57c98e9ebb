"""The index of the journal's openings, and what is left of those that are erased."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0033"
down_revision: str | None = "0032"

WORD = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
BY_KEY: dict[str, Any] = {"sqlite_with_rowid": False, "sqlite_strict": True}
WIDE: dict[str, Any] = {"sqlite_strict": True}


def upgrade() -> None:
    op.create_table(
        "opening_keys",
        sa.Column("key", WHOLE, nullable=False, autoincrement=False),
        sa.Column("position", WHOLE, nullable=False, autoincrement=False),
        sa.PrimaryKeyConstraint("key", "position", name="pk_opening_keys"),
        **BY_KEY,
    )
    op.create_table(
        "opening_days",
        sa.Column("day", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("first", WHOLE, nullable=False),
        sa.Column("last", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("day", name="pk_opening_days"),
        **BY_KEY,
    )
    op.create_table(
        "openings_indexed",
        sa.Column("one", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("next", WHOLE, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("one", name="pk_openings_indexed"),
        **BY_KEY,
    )
    op.create_table(
        "erased_openings",
        sa.Column("position", WHOLE, nullable=False, autoincrement=False),
        sa.Column("erased_on", sa.Integer(), nullable=False),
        sa.Column("under", WORD, nullable=False),
        sa.Column("leaf", WORD, nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_erased_openings"),
        **WIDE,
    )
