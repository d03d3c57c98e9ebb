"""Lanes of letters that stood still and are taken up again with the next letter that comes."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0020"
down_revision: str | None = "0019"

WORD = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
WIDE: dict[str, Any] = {"sqlite_strict": True}


def upgrade() -> None:
    op.create_table(
        "resumed_lanes",
        sa.Column("sender", WORD, nullable=False),
        sa.Column("lane", WORD, nullable=False),
        sa.Column("resumed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sender", "lane", name="pk_resumed_lanes"),
        **WIDE,
    )
