"""Consents that were asked for and given, and overrides by two persons."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision: str | None = "0007"

WORD = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
BYTES = sa.LargeBinary()
WIDE: dict[str, Any] = {"sqlite_strict": True}


def upgrade() -> None:
    op.create_table(
        "consents",
        sa.Column("id", WORD, nullable=False),
        sa.Column("record", WORD, nullable=False),
        sa.Column("requested_at", WHOLE, nullable=False),
        sa.Column("consent", BYTES, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_consents"),
        **WIDE,
    )
    op.create_index("ix_consents_record", "consents", ["record"])
    op.create_table(
        "overrides",
        sa.Column("id", WORD, nullable=False),
        sa.Column("case_number", WORD, nullable=False),
        sa.Column("proposed_at", WHOLE, nullable=False),
        sa.Column("override", BYTES, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_overrides"),
        **WIDE,
    )
    op.create_index("ix_overrides_case_number", "overrides", ["case_number"])
