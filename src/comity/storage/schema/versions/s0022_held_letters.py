"""Letters of supervised members, held for review."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0022"
down_revision: str | None = "0021"

WORD = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
BYTES = sa.LargeBinary()
WIDE: dict[str, Any] = {"sqlite_strict": True}


def upgrade() -> None:
    op.create_table(
        "held_letters",
        sa.Column("sender", WORD, nullable=False),
        sa.Column("id", WORD, nullable=False),
        sa.Column("lane", WORD, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("about", WORD, nullable=False),
        sa.Column("held_at", WHOLE, nullable=False),
        sa.Column("until", sa.Integer(), nullable=False),
        sa.Column("held", BYTES, nullable=False),
        sa.PrimaryKeyConstraint("sender", "id", name="pk_held_letters"),
        **WIDE,
    )
    op.create_index("ix_held_letters_until", "held_letters", ["until"])
