"""Members: whom to ring, how each stands, its keys and its log; at a hub, checklists and measures."""

from typing import Any

from comity.desks import measures as measuring
from comity.desks import onboarding
from comity.desks.members import ADMIT
from comity.desks.membership import TEND_KEYS
from comity.domain import limits
from comity.domain.bureau import Standing
from comity.domain.collection import Category
from comity.domain.errors import Missing, Refusal
from comity.domain.measure import FiledMeasure, MeasureState
from comity.web.console.choices import choice, choices, day, wrong
from comity.web.console.page import Moved, Page, Shown, Visit
from comity.web.refusals import status_of


def every(visit: Visit) -> Shown:
    members = visit.desks.membership.every()
    return Shown(
        "members.html",
        {
            "members": members,
            "alarms": sum(one.alarms for one in members),
            "advice": visit.desks.membership.advice(visit.caller) if visit.caller.roles & TEND_KEYS else (),
            "proposed": _filed(visit, MeasureState.PROPOSED),
        },
    )


def one(visit: Visit) -> Shown:
    return _one(visit)


def _one(visit: Visit, refusal: Refusal | None = None, where: str = "") -> Shown:
    known = visit.desks.membership.one(visit.id)
    values: dict[str, Any] = {
        "known": known,
        "is_here": visit.id == visit.caller.bureau,
        "is_hub": visit.desks.membership.is_hub(),
        "filed": _filed(visit),
        "checklist": _checklist(visit),
        "may_propose": visit.desks.membership.is_hub() and bool(visit.caller.roles & ADMIT),
        "may_sign": visit.desks.membership.is_hub() and bool(visit.caller.roles & measuring.SIGN_FOR),
        "standings": tuple(Standing),
        "categories": tuple(Category),
        "chars_max": limits.TEXT_CHARS_MAX,
        "errors": wrong(refusal, where) if refusal else {},
        "sent": visit.form,
    }
    return Shown("member.html", values, status_of(type(refusal))[0] if refusal else 200)


def propose(visit: Visit) -> Shown | Moved:
    """The first of two persons."""
    form = visit.form
    try:
        visit.desks.measures.propose(
            visit.id,
            choice(Standing, form.text("standing"), "standing"),
            form.text("reason"),
            form.text("decided-by"),
            visit.caller,
            first_day=day(form.text("from"), "from"),
            last_day=day(form.text("until"), "until"),
            categories=choices(Category, form.every("category"), "category"),
        )
    except Missing:
        raise
    except Refusal as refusal:
        return _one(visit, refusal, "standing")
    return Moved(f"/members/{visit.id}", "Proposed. Nothing changes until a second person confirms it.")


def confirm(visit: Visit) -> Moved:
    """The second of two persons."""
    visit.desks.measures.confirm(visit.id, visit.caller)
    return Moved("/members", "Confirmed: it is in force with the directory signed just now.")


def drop(visit: Visit) -> Moved:
    visit.desks.measures.drop(visit.id, visit.form.text("reason"), visit.caller)
    return Moved("/members", "The proposal is dropped.")


def check(visit: Visit) -> Shown | Moved:
    """Somebody signs for an item of a newcomer's checklist."""
    form = visit.form
    try:
        complete = visit.desks.onboarding.check(visit.id, form.text("item"), form.text("evidence"), visit.caller)
    except Missing:
        raise
    except Refusal as refusal:
        return _one(visit, refusal, "evidence")
    said = "The checklist is complete: the member is let in." if complete else "Signed."
    return Moved(f"/members/{visit.id}", said)


def _filed(visit: Visit, state: MeasureState | None = None) -> list[FiledMeasure]:
    """How measures came about is filed at the hub alone, for those who sign for them or watch over it."""
    if visit.caller.roles.isdisjoint(measuring.SEE):
        return []
    filed = visit.desks.measures.every(visit.caller, visit.id)
    return [one for one in reversed(filed) if state in (None, one.state)]


def _checklist(visit: Visit) -> list[Any]:
    """None of it for a member that came without one, or before there were any."""
    if not visit.desks.membership.is_hub() or visit.caller.roles.isdisjoint(onboarding.SEE):
        return []
    found = visit.desks.onboarding.checklist(visit.id, visit.caller)
    return found if any(done for _, _, done in found) else []


PAGES = (
    Page(path="/members", show=every, name="Members and keys", letter="m"),
    Page(path="/members/{id}", show=one),
    Page(path="/members/{id}/measures", show=propose, method="POST", roles=ADMIT),
    Page(path="/members/{id}/checklist", show=check, method="POST", roles=onboarding.SIGN),
    Page(path="/measures/{id}/confirm", show=confirm, method="POST", roles=measuring.SIGN_FOR),
    Page(path="/measures/{id}/drop", show=drop, method="POST", roles=measuring.SIGN_FOR),
)
