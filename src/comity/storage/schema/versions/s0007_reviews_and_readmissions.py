"""Own records whose review is due, and records that may be entered again."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision: str | None = "0006"

WORD = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
BYTES = sa.LargeBinary()
WIDE: dict[str, Any] = {"sqlite_strict": True}
BY_KEY: dict[str, Any] = {"sqlite_with_rowid": False, "sqlite_strict": True}


def upgrade() -> None:
    op.create_table(
        "reviews_due",
        sa.Column("id", WORD, nullable=False),
        sa.Column("review_at", sa.Integer(), nullable=False),
        sa.Column("noted_at", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_reviews_due"),
        **BY_KEY,
    )
    op.create_table(
        "readmissions",
        sa.Column("id", WORD, nullable=False),
        sa.Column("by", WORD, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_readmissions"),
        **BY_KEY,
    )
