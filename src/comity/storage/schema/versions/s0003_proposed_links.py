"""Proposed links between records, for people to accept or reject."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision: str | None = "0002"

WORD = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
WIDE: dict[str, Any] = {"sqlite_strict": True}


def upgrade() -> None:
    op.create_table(
        "proposed_links",
        sa.Column("id", WORD, nullable=False),
        sa.Column("left_record", WORD, nullable=False),
        sa.Column("right_record", WORD, nullable=False),
        sa.Column("state", WORD, nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("link", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_proposed_links"),
        **WIDE,
    )
    op.create_index("ix_proposed_links_left_record", "proposed_links", ["left_record"])
    op.create_index("ix_proposed_links_right_record", "proposed_links", ["right_record"])
    op.create_index("ix_proposed_links_state", "proposed_links", ["state"])
