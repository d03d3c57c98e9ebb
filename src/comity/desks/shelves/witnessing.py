"""What the desks need of the shelf of witnessed logs."""

from typing import Protocol

from comity.domain.journal import Checkpoint
from comity.domain.promise import Promise
from comity.domain.witnessing import LogAlarm, SeenLog


class Promises(Protocol):
    """At whoever asked: what sources promised of their logs."""

    def keep(self, promise: Promise) -> None: ...

    def sources(self) -> list[str]:
        """Who has promised something of which it is not known whether it was kept."""
        ...

    def of(self, source: str, limit: int) -> list[Promise]:
        """Those that are due first."""
        ...

    def forget(self, promise: Promise) -> None: ...


class Witnessing(Protocol):
    def seen(self, origin: str) -> SeenLog | None:
        """How far this node has seen a log grow."""
        ...

    def see(self, seen: SeenLog) -> None:
        """Raises Conflict for another root of the same size, or a smaller size."""
        ...

    def cosigned(self, origin: str) -> Checkpoint | None:
        """The newest checkpoint of our own log under which witnesses stand, with their lines."""
        ...

    def keep_cosigned(self, checkpoint: Checkpoint) -> None: ...

    def note(self, alarm: LogAlarm) -> bool:
        """False where the same matter stands already."""
        ...

    def alarms(self) -> dict[str, LogAlarm]:
        """By id, the oldest first."""
        ...

    def clear(self, alarm_id: str) -> LogAlarm | None: ...
