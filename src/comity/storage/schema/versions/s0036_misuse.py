"""Alarms of misuse with what people found, and honey records."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0036"
down_revision: str | None = "0035"

WORD = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
BY_KEY: dict[str, Any] = {"sqlite_with_rowid": False, "sqlite_strict": True}
WIDE: dict[str, Any] = {"sqlite_strict": True}


def upgrade() -> None:
    op.create_table(
        "misuse_alarms",
        sa.Column("id", WORD, nullable=False),
        sa.Column("state", WORD, nullable=False),
        sa.Column("raised_at", WHOLE, nullable=False),
        sa.Column("alarm", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_misuse_alarms"),
        **WIDE,
    )
    op.create_index("ix_misuse_alarms_state", "misuse_alarms", ["state"])
    op.create_table(
        "honey_records",
        sa.Column("record", WORD, nullable=False),
        sa.Column("by", WORD, nullable=False),
        sa.Column("since", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("record", name="pk_honey_records"),
        **BY_KEY,
    )
