"""The table of changes: which records were written or erased, in order, so that an index can follow.

A row says that a record's row number changed, never how or what it was: whoever follows looks at the record as it
stands. Each transaction leaves a random mark beside its changes; an index that finds another mark at its place followed
another history, such as that of a database restored from a backup, and is built anew.
"""

import os
from collections.abc import Sequence

from msgspec import Struct
from sqlalchemy import Column, Connection, LargeBinary, Table, bindparam, delete, func, select

from comity.domain import limits
from comity.storage.columns import WHOLE, WIDE, metadata
from comity.storage.rows import add_rows

MARK_BYTES = 8

changes = Table(
    "changes",
    metadata,
    Column("place", WHOLE, primary_key=True, autoincrement=False),
    Column("mark", LargeBinary, nullable=False),
    Column("record", WHOLE, nullable=False),  # its row number, 0 in the first row of all
    **WIDE,
)

_LAST = "SELECT place, mark FROM changes ORDER BY place DESC LIMIT 1"  # as text: asked at every lookup
_MARK = select(changes.c.mark).where(changes.c.place == bindparam("at"))
_BETWEEN = (
    select(changes.c.place, changes.c.mark, changes.c.record)
    .where(changes.c.place > bindparam("after"), changes.c.place <= bindparam("upto"))
    .order_by(changes.c.place)
    .limit(bindparam("many"))
)
_OLDER = delete(changes).where(changes.c.place <= bindparam("upto"))


class Place(Struct, frozen=True):
    """How far the changes have come, or someone has followed them."""

    number: int
    mark: bytes


class Changes:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def note(self, records: Sequence[int]) -> None:
        """These rows were written or erased; whoever writes is alone, so places have no gaps."""
        if not records:
            return
        first = self.last().number + 1
        mark = os.urandom(MARK_BYTES)
        add_rows(self._connection, changes, [(place, mark, row) for place, row in enumerate(records, first)])
        last = first + len(records) - 1
        if last // limits.CHANGES_FORGOTTEN_AT_ONCE > (first - 1) // limits.CHANGES_FORGOTTEN_AT_ONCE:
            self._connection.execute(_OLDER, {"upto": last - limits.CHANGES_KEPT})

    def last(self) -> Place:
        place, mark = self._connection.exec_driver_sql(_LAST).one()
        return Place(place, mark)

    def stands(self, place: Place) -> bool:
        """Whether these changes went through that place: else whoever stands there followed others, or is too late."""
        mark: bytes | None = self._connection.execute(_MARK, {"at": place.number}).scalar()
        return mark == place.mark

    def between(self, after: int, upto: int, many: int) -> list[tuple[Place, int]]:
        """(place, row number) of the changes after one place and up to another, the oldest first."""
        asked = {"after": after, "upto": upto, "many": many}
        return [(Place(row.place, row.mark), row.record) for row in self._connection.execute(_BETWEEN, asked)]

    def count(self) -> int:
        return int(self._connection.execute(select(func.count()).select_from(changes)).scalar_one())
