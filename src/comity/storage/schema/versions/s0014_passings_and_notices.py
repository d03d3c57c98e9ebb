"""What was passed on, and notices of overrides that others told us."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision: str | None = "0013"

WORD = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WIDE: dict[str, Any] = {"sqlite_strict": True}


def upgrade() -> None:
    op.create_table(
        "passings",
        sa.Column("id", WORD, nullable=False),
        sa.Column("hit", WORD, nullable=False),
        sa.Column("consent", WORD, nullable=False),
        sa.Column("until", sa.Integer(), nullable=False),
        sa.Column("passed_at", WHOLE, nullable=False),
        sa.Column("passing", sa.LargeBinary(), nullable=False),
        sa.Column("finding", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_passings"),
        **WIDE,
    )
    op.create_index("ix_passings_hit", "passings", ["hit"])
    op.create_index("ix_passings_consent", "passings", ["consent"])
    op.create_index("ix_passings_until", "passings", ["until"])
    op.create_table(
        "override_notices",
        sa.Column("id", WORD, nullable=False),
        sa.Column("received_at", WHOLE, nullable=False),
        sa.Column("notice", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_override_notices"),
        **WIDE,
    )
