"""Which letter carried which message, so that receipts and recalls of the letter reach the message."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0021"
down_revision: str | None = "0020"

WORD = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
BY_KEY: dict[str, Any] = {"sqlite_with_rowid": False, "sqlite_strict": True}


def upgrade() -> None:
    op.create_table(
        "mail_letters",
        sa.Column("bureau", WORD, nullable=False),
        sa.Column("letter", WORD, nullable=False),
        sa.Column("mail", WORD, nullable=False),
        sa.PrimaryKeyConstraint("bureau", "letter", name="pk_mail_letters"),
        **BY_KEY,
    )
    op.create_table(
        "opening_nodes",
        sa.Column("node", WORD, nullable=False),
        sa.PrimaryKeyConstraint("node", name="pk_opening_nodes"),
        **BY_KEY,
    )
