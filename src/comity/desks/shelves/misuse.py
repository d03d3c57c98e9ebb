"""What the desks need of the shelves of misuse: alarms with what people found, and honey records."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from comity.domain.misuse import AlarmState, MisuseAlarm


class MisuseAlarms(Protocol):
    def put(self, alarm: MisuseAlarm) -> None: ...

    def get(self, alarm_id: str) -> MisuseAlarm | None: ...

    def every(self, states: Sequence[AlarmState]) -> list[MisuseAlarm]:
        """In these states, the newest first."""
        ...


class HoneyRecords(Protocol):
    def put(self, record: str, by: str, now: datetime) -> None: ...

    def every(self) -> dict[str, datetime]:
        """Since when each is one."""
        ...

    def forget(self, record: str) -> bool:
        """False where it was none."""
        ...
