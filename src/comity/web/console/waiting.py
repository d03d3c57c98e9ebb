"""What waits for somebody: each kind of work that their roles open, counted, with the time at which it runs out."""

from collections.abc import Callable, Iterable
from datetime import datetime

from msgspec import Struct

from comity.desks.hits import ANSWER, RUNNING
from comity.domain.errors import NotPermitted
from comity.domain.hit import Side
from comity.domain.mail import LegState, Way
from comity.domain.misuse import AlarmState
from comity.web.console import alarms, approvals
from comity.web.console.page import Visit


class Waiting(Struct, frozen=True):
    """`kind` has its words in the template; `due` is when the first of them runs out."""

    kind: str
    to: str
    count: int
    due: datetime | None = None


def waiting(visit: Visit) -> list[Waiting]:
    """What there is, the most urgent first: what runs out, then in the order of the table."""
    found = [Waiting(kind, to, len(times), _first(times)) for kind, to, times in _every(visit) if times]
    return sorted(found, key=lambda one: (one.due is None, one.due or visit.now))


def _first(times: list[datetime | None]) -> datetime | None:
    return min((at for at in times if at), default=None)


def _every(visit: Visit) -> Iterable[tuple[str, str, list[datetime | None]]]:
    for kind, to, look in KINDS:
        try:
            yield kind, to, list(look(visit))
        except NotPermitted:
            continue  # another role's work


def _hits_to_answer(visit: Visit) -> Iterable[datetime | None]:
    if visit.caller.roles.isdisjoint(ANSWER):
        return []
    hits = visit.desks.hits.every(visit.caller)
    return [one.due_at for one in hits if one.side is Side.OWNER and one.state in RUNNING]


def _hits_asked(visit: Visit) -> Iterable[datetime | None]:
    hits = visit.desks.hits.every(visit.caller)
    return [one.due_at for one in hits if one.side is Side.ASKER and one.state in RUNNING]


def _letters(visit: Visit) -> Iterable[datetime | None]:
    mails = (one for one in visit.desks.mail.every(visit.caller) if one.way is Way.IN)
    legs = (leg for one in mails for leg in one.legs)
    return [leg.due_at for leg in legs if leg.state is LegState.SENT or (leg.due_at and not leg.answered_at)]


def _late(visit: Visit) -> Iterable[None]:
    return [None for _ in visit.desks.late.found(visit.caller)]


def _batches(visit: Visit) -> Iterable[None]:
    every = visit.desks.batches.every(visit.caller)
    queues = (visit.desks.batches.status(one.id, visit.caller).queue for one in every)
    return [None for queue in queues for _ in range(queue.get("open", 0))]


def _approvals(visit: Visit) -> Iterable[None]:
    return [None for found in approvals.waiting_for(visit).values() for _ in found]


def _misuse(visit: Visit) -> Iterable[None]:
    waits = (AlarmState.OPEN, AlarmState.LOOKED_AT)
    return [None for _ in visit.desks.misuse.alarms(waits, visit.caller)]


def _alarms(visit: Visit) -> Iterable[None]:
    if visit.caller.roles.isdisjoint(alarms.SEE):
        return []
    return [None for _ in (*visit.desks.log_alarms.every(), *visit.desks.post_alarms.alarms())]


# kind, where the work is done, how it is looked up: when each of them runs out, None where nothing does
KINDS: tuple[tuple[str, str, Callable[[Visit], Iterable[datetime | None]]], ...] = (
    ("hits-to-answer", "/hits", _hits_to_answer),
    ("letters", "/letters", _letters),
    ("late-answers", "/hits#late", _late),
    ("batches", "/batches", _batches),
    ("approvals", "/approvals", _approvals),
    ("misuse", "/misuse", _misuse),
    ("alarms", "/oversight/alarms", _alarms),
    ("hits-asked", "/hits", _hits_asked),
)
