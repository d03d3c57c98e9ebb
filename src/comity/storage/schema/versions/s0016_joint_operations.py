"""Joint operations with their logs."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0016"
down_revision: str | None = "0015"

WORD = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
BYTES = sa.LargeBinary()
BY_KEY: dict[str, Any] = {"sqlite_with_rowid": False, "sqlite_strict": True}
WIDE: dict[str, Any] = {"sqlite_strict": True}


def upgrade() -> None:
    op.create_table(
        "operations",
        sa.Column("id", WORD, nullable=False),
        sa.Column("case_id", WORD, nullable=False),
        sa.Column("known_at", WHOLE, nullable=False),
        sa.Column("kept", BYTES, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_operations"),
        **WIDE,
    )
    op.create_index("ix_operations_case_id", "operations", ["case_id"])
    op.create_table(
        "operation_log",
        sa.Column("operation", WORD, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("kept", BYTES, nullable=False),
        sa.PrimaryKeyConstraint("operation", "number", name="pk_operation_log"),
        **WIDE,
    )
    op.create_table(
        "operation_waiting",
        sa.Column("id", WORD, nullable=False),
        sa.Column("operation", WORD, nullable=False),
        sa.Column("written_at", WHOLE, nullable=False),
        sa.Column("kept", BYTES, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_operation_waiting"),
        **WIDE,
    )
    op.create_index("ix_operation_waiting_operation", "operation_waiting", ["operation"])
    op.create_table(
        "operation_vouches",
        sa.Column("operation", WORD, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("bureau", WORD, nullable=False),
        sa.Column("digest", WORD, nullable=False),
        sa.PrimaryKeyConstraint("operation", "number", "bureau", name="pk_operation_vouches"),
        **BY_KEY,
    )
