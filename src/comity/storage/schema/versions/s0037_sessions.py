"""Sessions at the console, and what people chose for their screens."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0037"
down_revision: str | None = "0036"

WORD = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WIDE: dict[str, Any] = {"sqlite_strict": True}


def upgrade() -> None:
    op.create_table(
        "sessions",
        sa.Column("digest", WORD, nullable=False),
        sa.Column("account", WORD, nullable=False),
        sa.Column("began_at", WHOLE, nullable=False),
        sa.Column("session", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name="fk_sessions_account", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("digest", name="pk_sessions"),
        **WIDE,
    )
    op.create_index("ix_sessions_account", "sessions", ["account"])
    op.create_index("ix_sessions_began_at", "sessions", ["began_at"])
    op.create_table(
        "screens",
        sa.Column("account", WORD, nullable=False),
        sa.Column("screen", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name="fk_screens_account", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("account", name="pk_screens"),
        **WIDE,
    )
