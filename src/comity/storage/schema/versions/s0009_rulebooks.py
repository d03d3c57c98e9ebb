"""Every rulebook under which a node ever ran, by its digest."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision: str | None = "0008"

WORD = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
WIDE: dict[str, Any] = {"sqlite_strict": True}


def upgrade() -> None:
    op.create_table(
        "rulebooks",
        sa.Column("digest", WORD, nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_rulebooks"),
        **WIDE,
    )
