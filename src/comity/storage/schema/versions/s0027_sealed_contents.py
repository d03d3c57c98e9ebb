"""The keys of what is kept of letters, messages, cases and operations; the contents are sealed as the node starts."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0027"
down_revision: str | None = "0026"

WORD = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
BYTES = sa.LargeBinary()
BY_KEY: dict[str, Any] = {"sqlite_with_rowid": False, "sqlite_strict": True}


def upgrade() -> None:
    op.create_table(
        "content_keys",
        sa.Column("item", WORD, nullable=False),
        sa.Column("wrapped", BYTES, nullable=False),
        sa.PrimaryKeyConstraint("item", name="pk_content_keys"),
        **BY_KEY,
    )
