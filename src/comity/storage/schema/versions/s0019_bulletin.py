"""Law as it is published: the bulletin, its documents, proposals; and which texts were put here by hand for a trial.

Texts that a node held before have no row in `trial_texts`: they go on deciding until law of their id is published.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0019"
down_revision: str | None = "0018"

WORD = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
WIDE: dict[str, Any] = {"sqlite_strict": True}
BY_KEY: dict[str, Any] = {"sqlite_with_rowid": False, "sqlite_strict": True}


def upgrade() -> None:
    op.create_table(
        "bulletin_heads",
        sa.Column("hub", WORD, nullable=False),
        sa.Column("head", sa.LargeBinary(), nullable=False),
        sa.Column("signed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("hub", name="pk_bulletin_heads"),
        **WIDE,
    )
    op.create_table(
        "bulletin_items",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", WORD, nullable=False),
        sa.Column("item", sa.LargeBinary(), nullable=False),
        sa.Column("chain", WORD, nullable=False),
        sa.Column("fault", WORD, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_bulletin_items"),
        **WIDE,
    )
    op.create_index("ix_bulletin_items_id", "bulletin_items", ["id"])
    op.create_table(
        "law_documents",
        sa.Column("digest", WORD, nullable=False),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_law_documents"),
        **WIDE,
    )
    op.create_table(
        "law_proposals",
        sa.Column("digest", WORD, nullable=False),
        sa.Column("proposal", sa.LargeBinary(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_law_proposals"),
        **WIDE,
    )
    op.create_table(
        "trial_texts",
        sa.Column("digest", WORD, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_trial_texts"),
        **BY_KEY,
    )
