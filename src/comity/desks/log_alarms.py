"""Something is wrong with a log: noted once, journalled with what proves it, and shown until people clear it."""

import structlog

from comity.desks.needs import Clock, Store, Transaction
from comity.domain.caller import Caller, Role, require
from comity.domain.errors import Missing
from comity.domain.journal import Act, Entry
from comity.domain.witnessing import LogAlarm

CLEARS = frozenset({Role.ADMINISTRATOR, Role.SUPERVISOR, Role.DATA_PROTECTION_OFFICER})

log = structlog.get_logger("comity.desks.logs")


def noted(tx: Transaction, alarm: LogAlarm) -> bool:
    """False where the same matter stands already. Both checkpoints go into the journal: together they are the proof."""
    if not tx.witnessing.note(alarm):
        return False
    log.error("log alarm", wrong=alarm.wrong, origin=alarm.origin)
    # Falls without it: tests/federation/test_hostile_logs.py
    details: dict[str, str | int | float | bool | list[str]] = {
        "what": alarm.what,
        "held": alarm.held,
        "shown": alarm.shown,
        "proof": list(alarm.proof),
        **({"about": alarm.about} if alarm.about else {}),
    }
    node = alarm.origin.partition("/")[0]
    entry = Entry(
        act=Act.LOG_ALARM, at=alarm.noted_at, actor=node, subject=alarm.origin, outcome=alarm.wrong, details=details
    )
    tx.journal.record(entry)
    return True


class LogAlarms:
    """What people have to look into, and have not."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.store = store
        self.clock = clock

    def every(self) -> dict[str, LogAlarm]:
        """By id, the oldest first."""
        with self.store.reading() as tx:
            return tx.witnessing.alarms()

    def clear(self, alarm_id: str, caller: Caller) -> LogAlarm:
        """Somebody has looked into it; what proves it stays in the journal."""
        require(caller, CLEARS, "clear alarms of logs")
        with self.store.transaction() as tx:
            alarm = tx.witnessing.clear(alarm_id)
            if alarm is None:
                raise Missing(f"There is no alarm {alarm_id}.", do="See `comity journal alarms`.")
            tx.journal.record(
                Entry(
                    act=Act.LOG_ALARM_CLEARED,
                    at=self.clock(),
                    actor=caller.account,
                    subject=alarm.origin,
                    outcome=alarm.wrong,
                    details={"alarm": alarm_id},
                )
            )
            tx.commit()
        return alarm
