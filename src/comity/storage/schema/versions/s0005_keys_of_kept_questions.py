"""Keys of kept questions as numbers, made anew from the questions by the node that runs next."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision: str | None = "0004"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
BY_KEY: dict[str, Any] = {"sqlite_with_rowid": False, "sqlite_strict": True}


def upgrade() -> None:
    op.drop_table("kept_keys")
    op.create_table(
        "kept_keys",
        sa.Column("key", WHOLE, autoincrement=False, nullable=False),
        sa.Column("question", WHOLE, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["question"], ["kept_questions.number"], name="fk_kept_keys_question", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("key", "question", name="pk_kept_keys"),
        **BY_KEY,
    )
    op.create_index("ix_kept_keys_question", "kept_keys", ["question"])
