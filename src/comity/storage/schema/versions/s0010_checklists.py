"""What was done of each new member's checklist."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision: str | None = "0009"

WORD = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
WIDE: dict[str, Any] = {"sqlite_strict": True}


def upgrade() -> None:
    op.create_table(
        "onboarding_checks",
        sa.Column("member", WORD, nullable=False),
        sa.Column("item", WORD, nullable=False),
        sa.Column("checked", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("member", "item", name="pk_onboarding_checks"),
        **WIDE,
    )
