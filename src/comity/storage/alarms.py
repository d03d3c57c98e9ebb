"""The shelf of what a node noticed about its post and people have not cleared."""

from sqlalchemy import Column, Connection, Table, delete, func, insert, select

from comity.domain import limits
from comity.domain.ids import derived_id
from comity.domain.post import Alarm
from comity.storage.columns import WIDE, WORD, Moment, Packed, metadata

post_alarms = Table(
    "post_alarms",
    metadata,
    Column("id", WORD, primary_key=True),
    Column("noted_at", Moment, nullable=False, index=True),
    Column("alarm", Packed(Alarm), nullable=False),
    **WIDE,
)


class Alarms:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def note(self, alarm: Alarm) -> bool:
        """Note it; False where the same matter stands already, or too many stand to note more."""
        key = _key(alarm)
        standing = self._connection.execute(select(func.count()).select_from(post_alarms)).scalar() or 0
        known = self._connection.execute(select(post_alarms.c.id).where(post_alarms.c.id == key)).scalar()
        if known is not None or standing >= limits.POST_ALARMS_KEPT_MAX:
            return False
        self._connection.execute(insert(post_alarms).values(id=key, noted_at=alarm.noted_at, alarm=alarm))
        return True

    def every(self) -> dict[str, Alarm]:
        """By id, the oldest first."""
        chosen = select(post_alarms.c.id, post_alarms.c.alarm).order_by(post_alarms.c.noted_at, post_alarms.c.id)
        return {row.id: row.alarm for row in self._connection.execute(chosen)}

    def clear(self, alarm_id: str) -> Alarm | None:
        alarm = self._connection.execute(select(post_alarms.c.alarm).where(post_alarms.c.id == alarm_id)).scalar()
        self._connection.execute(delete(post_alarms).where(post_alarms.c.id == alarm_id))
        return alarm


def _key(alarm: Alarm) -> str:
    """The same for the same matter, however often it is met."""
    lane = alarm.lane.value if alarm.lane else ""
    return derived_id("post-alarm", alarm.wrong.value, alarm.sender, lane, alarm.letter)
