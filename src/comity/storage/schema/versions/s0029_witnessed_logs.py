"""What this node saw of other nodes' logs, what witnesses put under its own, and what was wrong."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0029"
down_revision: str | None = "0028"

WORD = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WIDE: dict[str, Any] = {"sqlite_strict": True}


def upgrade() -> None:
    op.create_table(
        "seen_logs",
        *_checkpoint(),
        sa.Column("grown_at", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("origin", name="pk_seen_logs"),
        **WIDE,
    )
    op.create_table(
        "cosigned_checkpoints",
        *_checkpoint(),
        sa.PrimaryKeyConstraint("origin", name="pk_cosigned_checkpoints"),
        **WIDE,
    )
    op.create_table(
        "log_alarms",
        sa.Column("id", WORD, nullable=False),
        sa.Column("noted_at", WHOLE, nullable=False),
        sa.Column("alarm", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_log_alarms"),
        **WIDE,
    )
    op.create_index("ix_log_alarms_noted_at", "log_alarms", ["noted_at"])


def _checkpoint() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("origin", WORD, nullable=False),
        sa.Column("size", WHOLE, nullable=False),
        sa.Column("root", WORD, nullable=False),
        sa.Column("note", WORD, nullable=False),
    )
