"""The shelf of collections of which some own records stay home for their own law, until it lets them out again."""

from datetime import datetime

from sqlalchemy import Column, Connection, Table, delete, select

from comity.storage.columns import BY_KEY, WORD, Moment, metadata
from comity.storage.rows import put_row

kept_home = Table(
    "kept_home",
    metadata,
    Column("collection", WORD, primary_key=True),
    Column("since", Moment, nullable=False),
    **BY_KEY,
)


class KeptHome:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def note(self, collection: str, now: datetime) -> bool:
        """Some of it stays home; True where that was not noted before."""
        if collection in self.every():
            return False
        put_row(self._connection, kept_home, {"collection": collection, "since": now})
        return True

    def every(self) -> list[str]:
        one = kept_home.c
        return list(self._connection.execute(select(one.collection).order_by(one.collection)).scalars())

    def forget(self, collection: str) -> None:
        """All of it may lie at the hub again."""
        self._connection.execute(delete(kept_home).where(kept_home.c.collection == collection))
