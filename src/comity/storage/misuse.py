"""The shelf of alarms of misuse, with what people found, and of honey records."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Column, Connection, Table, delete, select

from comity.domain.misuse import AlarmState, MisuseAlarm
from comity.storage.columns import BY_KEY, WIDE, WORD, Moment, Packed, metadata
from comity.storage.rows import put_row

misuse_alarms = Table(
    "misuse_alarms",
    metadata,
    Column("id", WORD, primary_key=True),
    Column("state", WORD, nullable=False, index=True),
    Column("raised_at", Moment, nullable=False),
    Column("alarm", Packed(MisuseAlarm), nullable=False),
    **WIDE,
)
honey_records = Table(
    "honey_records",
    metadata,
    Column("record", WORD, primary_key=True),
    Column("by", WORD, nullable=False),
    Column("since", Moment, nullable=False),
    **BY_KEY,
)


class MisuseAlarms:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, alarm: MisuseAlarm) -> None:
        row = {"id": alarm.id, "state": alarm.state.value, "raised_at": alarm.raised_at, "alarm": alarm}
        put_row(self._connection, misuse_alarms, row)

    def get(self, alarm_id: str) -> MisuseAlarm | None:
        return self._connection.execute(select(misuse_alarms.c.alarm).where(misuse_alarms.c.id == alarm_id)).scalar()

    def every(self, states: Sequence[AlarmState]) -> list[MisuseAlarm]:
        """In these states, the newest first."""
        one = misuse_alarms.c
        chosen = (
            select(one.alarm)
            .where(one.state.in_([state.value for state in states]))
            .order_by(one.raised_at.desc(), one.id)
        )
        return list(self._connection.execute(chosen).scalars())


class HoneyRecords:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, record: str, by: str, now: datetime) -> None:
        put_row(self._connection, honey_records, {"record": record, "by": by, "since": now})

    def every(self) -> dict[str, datetime]:
        """Since when each is one."""
        chosen = select(honey_records.c.record, honey_records.c.since)
        return {row.record: row.since for row in self._connection.execute(chosen)}

    def forget(self, record: str) -> bool:
        gone = delete(honey_records).where(honey_records.c.record == record)
        return self._connection.execute(gone).rowcount > 0
