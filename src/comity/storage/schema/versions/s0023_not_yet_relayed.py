"""Sealed letters that the hub does not hold yet say so by a moment, so that the row changes where it stands."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision: str | None = "0022"

NOT_YET_MICROSECONDS = 253_402_214_400_000_000  # 31 December 9999
sealed_letters = sa.table("sealed_letters", sa.column("relayed_at", sa.BigInteger()))


def upgrade() -> None:
    op.execute(
        sealed_letters.update().where(sealed_letters.c.relayed_at.is_(None)).values(relayed_at=NOT_YET_MICROSECONDS)
    )
