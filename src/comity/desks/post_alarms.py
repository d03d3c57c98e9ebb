"""Something is wrong with the post: noted once for the same matter, journalled, and shown until people clear it."""

import structlog

from comity.desks.needs import Transaction
from comity.domain.journal import Act, Entry
from comity.domain.post import Alarm

log = structlog.get_logger("comity.desks.post")


def noted(tx: Transaction, alarm: Alarm) -> bool:
    """False where the same matter stands already."""
    if not tx.alarms.note(alarm):
        return False
    log.error("post alarm", wrong=alarm.wrong, sender=alarm.sender, lane=alarm.lane, letter=alarm.letter)
    entry = Entry(
        act=Act.POST_ALARM,
        at=alarm.noted_at,
        actor=alarm.sender,
        subject=alarm.letter,
        outcome=alarm.wrong,
        details={"what": alarm.what},
    )
    tx.journal.record(entry)
    return True
