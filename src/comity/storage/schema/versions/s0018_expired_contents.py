"""What own records said that have expired, so that it does not come back unseen under another reference."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0018"
down_revision: str | None = "0017"

WORD = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
BY_KEY: dict[str, Any] = {"sqlite_strict": True, "sqlite_with_rowid": False}


def upgrade() -> None:
    op.create_table(
        "expired_contents",
        sa.Column("id", WORD, nullable=False),
        sa.Column("content", WORD, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_expired_contents"),
        **BY_KEY,
    )
    op.create_index("ix_expired_contents_content", "expired_contents", ["content"])
