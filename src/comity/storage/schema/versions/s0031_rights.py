"""Requests of persons about themselves, and records set apart while they are pending."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0031"
down_revision: str | None = "0030"

WORD = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WIDE: dict[str, Any] = {"sqlite_strict": True}


def upgrade() -> None:
    op.create_table(
        "records_apart",
        sa.Column("id", WORD, nullable=False),
        sa.Column("retain_until", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_records_apart"),
        **WIDE,
    )
    op.create_table(
        "rights_requests",
        sa.Column("id", WORD, nullable=False),
        sa.Column("received_at", WHOLE, nullable=False),
        sa.Column("state", WORD, nullable=False),
        sa.Column("kept", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_rights_requests"),
        **WIDE,
    )
    op.create_table(
        "rights_consultations",
        sa.Column("id", WORD, nullable=False),
        sa.Column("request", WORD, nullable=False),
        sa.Column("asked_at", WHOLE, nullable=False),
        sa.Column("due_at", WHOLE, nullable=False),
        sa.Column("state", WORD, nullable=False),
        sa.Column("kept", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_rights_consultations"),
        **WIDE,
    )
    op.create_index("ix_rights_consultations_request", "rights_consultations", ["request"])
