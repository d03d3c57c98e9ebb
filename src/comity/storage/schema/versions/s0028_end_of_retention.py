"""The last day of a message and of a case; a node works it out for what stands already."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision: str | None = "0027"


def upgrade() -> None:
    for table in ("mail", "cases"):
        op.add_column(table, sa.Column("until", sa.Integer()))
        op.add_column(table, sa.Column("told_of_end", sa.Integer()))
        op.create_index(f"ix_{table}_until", table, ["until"])
