"""The shelf of lanes that stood still and are taken up again with the next letter that comes."""

from sqlalchemy import Column, Connection, Table, and_, delete, select

from comity.domain.letter import Lane
from comity.domain.post import Resumed
from comity.storage.columns import WIDE, WORD, Packed, metadata
from comity.storage.rows import put_row

resumed_lanes = Table(
    "resumed_lanes",
    metadata,
    Column("sender", WORD, primary_key=True),  # both '' for every lane of which nothing was ever taken here
    Column("lane", WORD, primary_key=True),
    Column("resumed", Packed(Resumed), nullable=False),
    **WIDE,
)


class ResumedLanes:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, resumed: Resumed) -> None:
        row = {"sender": resumed.sender, "lane": resumed.lane or "", "resumed": resumed}
        put_row(self._connection, resumed_lanes, row)

    def get(self, sender: str = "", lane: Lane | None = None) -> Resumed | None:
        """That of one lane; without a name that of all of which nothing was ever taken here."""
        same = and_(resumed_lanes.c.sender == sender, resumed_lanes.c.lane == (lane or ""))
        return self._connection.execute(select(resumed_lanes.c.resumed).where(same)).scalar()

    def end(self, sender: str, lane: Lane) -> None:
        same = and_(resumed_lanes.c.sender == sender, resumed_lanes.c.lane == lane.value)
        self._connection.execute(delete(resumed_lanes).where(same))
