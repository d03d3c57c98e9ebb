"""Numbers and persons are found by the index beside the database: a table of changes to follow, no tables of keys.

The index is built from the records when the node starts; until then it answers no question.
"""

import os

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision: str | None = "0001"

WORD = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    changes = op.create_table(
        "changes",
        sa.Column("place", WHOLE, autoincrement=False, nullable=False),
        sa.Column("mark", sa.LargeBinary(), nullable=False),
        sa.Column("record", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("place", name="pk_changes"),
        sqlite_strict=True,
    )
    # The first row of all: what an index of this database, and of no other, begins from.
    op.bulk_insert(changes, [{"place": 0, "mark": os.urandom(8), "record": 0}])
    for table in ("document_keys", "person_keys", "vehicle_keys"):
        op.drop_table(table)
