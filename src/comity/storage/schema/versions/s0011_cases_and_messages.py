"""Cases with their people and items, and the messages that officers write to one another."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision: str | None = "0010"

WORD = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
BYTES = sa.LargeBinary()
BY_KEY: dict[str, Any] = {"sqlite_with_rowid": False, "sqlite_strict": True}
WIDE: dict[str, Any] = {"sqlite_strict": True}


def upgrade() -> None:
    op.create_table(
        "cases",
        sa.Column("id", WORD, nullable=False),
        sa.Column("number", WORD, nullable=False),
        sa.Column("state", WORD, nullable=False),
        sa.Column("opened_at", WHOLE, nullable=False),
        sa.Column("kept", BYTES, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_cases"),
        sa.UniqueConstraint("number", name="uq_cases_number"),
        **WIDE,
    )
    op.create_table(
        "case_people",
        sa.Column("account", WORD, nullable=False),
        sa.Column("case_id", WORD, nullable=False),
        sa.PrimaryKeyConstraint("account", "case_id", name="pk_case_people"),
        **BY_KEY,
    )
    op.create_table(
        "case_items",
        sa.Column("case_id", WORD, nullable=False),
        sa.Column("item", WORD, nullable=False),
        sa.Column("added_at", WHOLE, nullable=False),
        sa.Column("kept", BYTES, nullable=False),
        sa.PrimaryKeyConstraint("case_id", "item", name="pk_case_items"),
        **WIDE,
    )
    op.create_table(
        "mail",
        sa.Column("id", WORD, nullable=False),
        sa.Column("case_id", WORD, nullable=False),
        sa.Column("thread", WORD, nullable=False),
        sa.Column("noted_at", WHOLE, nullable=False),
        sa.Column("running", sa.Integer(), nullable=False),
        sa.Column("due_at", WHOLE, nullable=True),
        sa.Column("kept", BYTES, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_mail"),
        **WIDE,
    )
    for column in ("case_id", "thread", "due_at"):
        op.create_index(f"ix_mail_{column}", "mail", [column])
