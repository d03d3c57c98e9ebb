"""Units that belong to another kind of body; questions counted under clauses with a quota."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision: str | None = "0014"

WORD = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
BY_KEY: dict[str, Any] = {"sqlite_with_rowid": False, "sqlite_strict": True}


def upgrade() -> None:
    op.create_table(
        "units",
        sa.Column("unit", WORD, nullable=False),
        sa.Column("kind", WORD, nullable=False),
        sa.PrimaryKeyConstraint("unit", name="pk_units"),
        **BY_KEY,
    )
    op.create_table(
        "counted_questions",
        sa.Column("party", WORD, nullable=False),
        sa.Column("clause", WORD, nullable=False),
        sa.Column("day", WHOLE, nullable=False),
        sa.Column("questions", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("party", "clause", "day", name="pk_counted_questions"),
        **BY_KEY,
    )
