"""Hits: those that wait for our word, with their clocks; those that we asked about; one hit with all that happened."""

from collections.abc import Callable
from datetime import UTC, datetime
from operator import itemgetter

from msgspec import Struct

from comity.desks.hits import ANSWER, ASK, RUNNING, SEE
from comity.domain.caller import Role
from comity.domain.errors import Invalid, NotPermitted
from comity.domain.hit import Hit, HitState, Priority, Side
from comity.domain.kept import Late
from comity.domain.lookup import Finding
from comity.web.console.page import Moved, Page, Shown, Visit


class Listed(Struct, frozen=True):
    """The register in three parts."""

    to_answer: list[Hit]  # the first to run out first
    asked: list[Hit]  # by us, of other owners
    others: list[Hit]


def listed(hits: list[Hit]) -> Listed:
    waiting = [one for one in hits if one.side is Side.OWNER and one.state in RUNNING]
    asked = [one for one in hits if one.side is Side.ASKER and one.state in RUNNING]
    rest = [one for one in hits if one not in waiting and one not in asked]
    return Listed(sorted(waiting, key=_due), sorted(asked, key=_due), rest)


def _due(hit: Hit) -> datetime:
    return hit.due_at or hit.found_at


def hits(visit: Visit) -> Shown:
    found = listed(visit.desks.hits.every(visit.caller))
    values = {
        "listed": found,
        "late": _late(visit),
        "now": visit.now,
        "name_of": visit.desks.name_of,
    }
    return Shown("hits.html", values)


def _late(visit: Visit) -> list[tuple[Late, Finding]]:
    """What came later on the caller's own questions; none where their role asks none."""
    try:
        return visit.desks.late.found(visit.caller)
    except NotPermitted:
        return []


def hit(visit: Visit) -> Shown:
    found = visit.desks.hits.one(visit.id, visit.caller)
    roles, running = visit.caller.roles, found.state in RUNNING
    is_askable = found.side is Side.ASKER and found.state in (HitState.OPEN, HitState.DENIED)
    values = {
        "hit": found,
        "name_of": visit.desks.name_of,
        "ladder": ladder(found),
        "now": visit.now,
        "may_ask": is_askable and found.owner != visit.caller.bureau and not roles.isdisjoint(ASK),
        "may_answer": found.side is Side.OWNER and not roles.isdisjoint(ANSWER),
        "may_confirm": running,
        "may_deny": found.state is not HitState.DENIED,
    }
    return Shown("hit.html", values)


def ladder(hit: Hit) -> list[tuple[datetime, str]]:
    """What happened to it, by code, the oldest first; at one moment, in the order in which it can happen."""
    said = {HitState.CONFIRMED: "confirmed", HitState.DENIED: "denied"}.get(hit.state, "answered")
    steps = [
        (hit.found_at, "found"),
        (hit.requested_at, "requested"),
        (hit.escalated_at, "escalated"),
        (hit.answered_at, said),
    ]
    return sorted(((at, what) for at, what in steps if at is not None), key=itemgetter(0))


def request(visit: Visit) -> Moved:
    priority = visit.form.text("priority")
    if priority not in set(Priority):
        raise Invalid("Say how urgent it is.", where="priority", do="Choose urgent or routine.")
    visit.desks.hits.request(visit.id, Priority(priority), visit.form.text("note"), visit.caller)
    return Moved(f"/hits/{visit.id}", "The owner has been asked.")


def confirm(visit: Visit) -> Moved:
    visit.desks.hits.confirm(visit.id, visit.form.text("note"), visit.caller)
    return Moved(f"/hits/{visit.id}", "Confirmed: the finder has been told.")


def deny(visit: Visit) -> Moved:
    visit.desks.hits.deny(visit.id, visit.form.text("note"), visit.caller)
    return Moved(f"/hits/{visit.id}", "Denied: the finder has been told.")


def promise(visit: Visit) -> Moved:
    """`by` is a time in UTC, as every time on these pages."""
    try:
        by = datetime.fromisoformat(visit.form.text("by")).replace(tzinfo=UTC)
    except ValueError:
        raise Invalid("Say by when there will be an answer.", where="by", do="Give day and time, in UTC.") from None
    visit.desks.hits.promise(visit.id, by, visit.form.text("note"), visit.caller)
    return Moved(f"/hits/{visit.id}", "The finder has been told by when there will be an answer.")


def _step(name: str, show: Callable[[Visit], Moved], roles: frozenset[Role]) -> Page:
    return Page(path="/hits/{id}/" + name, show=show, method="POST", roles=roles)


PAGES = (
    Page(path="/hits", show=hits, roles=SEE, name="Hits", letter="f"),
    Page(path="/hits/{id}", show=hit, roles=SEE),
    _step("request", request, ASK),
    _step("confirm", confirm, ANSWER),
    _step("deny", deny, ANSWER),
    _step("promise", promise, ANSWER),
)
