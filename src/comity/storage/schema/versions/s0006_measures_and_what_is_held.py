"""Corrective measures against members, and what supervised members asked, held for review."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision: str | None = "0005"

WORD = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
BYTES = sa.LargeBinary()
WIDE: dict[str, Any] = {"sqlite_strict": True}


def upgrade() -> None:
    op.create_table(
        "signed_measures",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("signed", BYTES, nullable=False),
        sa.PrimaryKeyConstraint("version", name="pk_signed_measures"),
        **WIDE,
    )
    op.create_table(
        "corrective_measures",
        sa.Column("id", WORD, nullable=False),
        sa.Column("member", WORD, nullable=False),
        sa.Column("state", WORD, nullable=False),
        sa.Column("proposed_at", WHOLE, nullable=False),
        sa.Column("filed", BYTES, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_corrective_measures"),
        **WIDE,
    )
    op.create_index("ix_corrective_measures_member", "corrective_measures", ["member"])
    op.create_table(
        "held_questions",
        sa.Column("id", WORD, nullable=False),
        sa.Column("held_at", WHOLE, nullable=False),
        sa.Column("until", sa.Integer(), nullable=False),
        sa.Column("held", BYTES, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_held_questions"),
        **WIDE,
    )
    op.create_index("ix_held_questions_until", "held_questions", ["until"])
