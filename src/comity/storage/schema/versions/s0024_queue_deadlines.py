"""Which entries of a queue their owners let us keep for less time than the batch."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0024"
down_revision: str | None = "0023"

WORD = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
BY_KEY: dict[str, Any] = {"sqlite_with_rowid": False, "sqlite_strict": True}


def upgrade() -> None:
    op.create_table(
        "queue_deadlines",
        sa.Column("hit", WORD, nullable=False),
        sa.Column("last_day", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["hit"], ["queued_findings.hit"], name="fk_queue_deadlines_hit", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("hit", name="pk_queue_deadlines"),
        **BY_KEY,
    )
    op.create_index("ix_queue_deadlines_last_day", "queue_deadlines", ["last_day"])
