"""What was passed on and taken back before it came."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0030"
down_revision: str | None = "0029"

WORD = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
BY_KEY: dict[str, Any] = {"sqlite_with_rowid": False, "sqlite_strict": True}


def upgrade() -> None:
    op.create_table(
        "passings_taken_back",
        sa.Column("sender", WORD, nullable=False),
        sa.Column("passing", WORD, nullable=False),
        sa.Column("until", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("sender", "passing", name="pk_passings_taken_back"),
        **BY_KEY,
    )
    op.create_index("ix_passings_taken_back_until", "passings_taken_back", ["until"])
