"""Kept questions with their keys, what was found late, and batches with their queues."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision: str | None = "0003"

WORD = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
BYTES = sa.LargeBinary()
NUMBER = sa.Integer()

BY_KEY: dict[str, Any] = {"sqlite_with_rowid": False, "sqlite_strict": True}
WIDE: dict[str, Any] = {"sqlite_strict": True}


def upgrade() -> None:
    op.create_table(
        "kept_questions",
        sa.Column("number", WHOLE, autoincrement=False, nullable=False),
        sa.Column("id", WORD, nullable=False),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("bureau", WORD, nullable=False),
        sa.Column("officer", WORD, nullable=False),
        sa.Column("until", NUMBER, nullable=False),
        sa.Column("watch", NUMBER, nullable=False),
        sa.Column("kept", BYTES, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_kept_questions"),
        sa.UniqueConstraint("id", name="uq_kept_questions_id"),
        **WIDE,
    )
    op.create_index("ix_kept_questions_kind", "kept_questions", ["kind"])
    op.create_index("ix_kept_questions_until", "kept_questions", ["until"])
    op.create_table(
        "kept_keys",
        sa.Column("key", WORD, nullable=False),
        sa.Column("question", WHOLE, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["question"], ["kept_questions.number"], name="fk_kept_keys_question", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("key", "question", name="pk_kept_keys"),
        **BY_KEY,
    )
    op.create_index("ix_kept_keys_question", "kept_keys", ["question"])
    op.create_table(
        "records_to_compare",
        sa.Column("id", WORD, nullable=False),
        sa.Column("number", WHOLE, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_records_to_compare"),
        sa.UniqueConstraint("number", name="uq_records_to_compare_number"),
        **BY_KEY,
    )
    op.create_table(
        "late_findings",
        sa.Column("hit", WORD, nullable=False),
        sa.Column("unit", WORD, nullable=False),
        sa.Column("told_at", WHOLE, nullable=False),
        sa.Column("keep_until", NUMBER, nullable=False),
        sa.Column("late", BYTES, nullable=False),
        sa.Column("finding", BYTES, nullable=False),
        sa.PrimaryKeyConstraint("hit", name="pk_late_findings"),
        **WIDE,
    )
    op.create_index("ix_late_findings_keep_until", "late_findings", ["keep_until"])
    op.create_table(
        "batches",
        sa.Column("id", WORD, nullable=False),
        sa.Column("unit", WORD, nullable=False),
        sa.Column("started_at", WHOLE, nullable=False),
        sa.Column("keep_until", NUMBER, nullable=False),
        sa.Column("progress", BYTES, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_batches"),
        **WIDE,
    )
    op.create_index("ix_batches_keep_until", "batches", ["keep_until"])
    op.create_table(
        "batch_refusals",
        sa.Column("batch", WORD, nullable=False),
        sa.Column("number", NUMBER, autoincrement=False, nullable=False),
        sa.Column("line", NUMBER, nullable=False),
        sa.Column("reason", WORD, nullable=False),
        sa.ForeignKeyConstraint(["batch"], ["batches.id"], name="fk_batch_refusals_batch", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("batch", "number", name="pk_batch_refusals"),
        **BY_KEY,
    )
    op.create_table(
        "batch_silences",
        sa.Column("batch", WORD, nullable=False),
        sa.Column("line", NUMBER, autoincrement=False, nullable=False),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("source", WORD, nullable=False),
        sa.ForeignKeyConstraint(["batch"], ["batches.id"], name="fk_batch_silences_batch", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("batch", "line", "kind", "source", name="pk_batch_silences"),
        **BY_KEY,
    )
    op.create_table(
        "queued_findings",
        sa.Column("hit", WORD, nullable=False),
        sa.Column("batch", WORD, nullable=False),
        sa.Column("record", WORD, nullable=False),
        sa.Column("state", WORD, nullable=False),
        sa.Column("rank", NUMBER, nullable=False),
        sa.Column("line", NUMBER, nullable=False),
        sa.Column("queued", BYTES, nullable=False),
        sa.Column("finding", BYTES, nullable=True),
        sa.ForeignKeyConstraint(["batch"], ["batches.id"], name="fk_queued_findings_batch", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("hit", name="pk_queued_findings"),
        **WIDE,
    )
    op.create_index("ix_queued_findings_batch", "queued_findings", ["batch"])
    op.create_index("ix_queued_findings_record", "queued_findings", ["record"])
