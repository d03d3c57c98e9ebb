"""The shelf of promises that other nodes gave with their answers, until it is known that they were kept."""

from sqlalchemy import Column, Connection, Table, delete, select

from comity.domain.promise import Promise
from comity.storage.columns import WIDE, WORD, Moment, Packed, metadata
from comity.storage.rows import put_row

promises = Table(
    "promises",
    metadata,
    Column("source", WORD, primary_key=True),
    Column("question", WORD, primary_key=True),
    Column("merge_by", Moment, nullable=False, index=True),
    Column("promise", Packed(Promise), nullable=False),
    **WIDE,
)


class Promises:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def keep(self, promise: Promise) -> None:
        """Until it is kept, or was not."""
        row = {
            "source": promise.source,
            "question": promise.question,
            "merge_by": promise.merge_by,
            "promise": promise,
        }
        put_row(self._connection, promises, row)

    def sources(self) -> list[str]:
        """Who has promised something of which it is not known whether it was kept."""
        return list(
            self._connection.execute(select(promises.c.source).distinct().order_by(promises.c.source)).scalars()
        )

    def of(self, source: str, limit: int) -> list[Promise]:
        """Those that are due first."""
        chosen = select(promises.c.promise).where(promises.c.source == source).order_by(promises.c.merge_by)
        return list(self._connection.execute(chosen.limit(limit)).scalars())

    def forget(self, promise: Promise) -> None:
        one = promises.c
        self._connection.execute(delete(promises).where(one.source == promise.source, one.question == promise.question))
