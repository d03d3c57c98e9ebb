"""Overrides: proposed by one person, confirmed by another, and looked at by the oversight body; sanctions likewise."""

from comity.desks import sanctions
from comity.desks.overrides import ANSWER_FOR, ANSWER_FOR_AT_A_HUB, OVERSEE
from comity.domain.errors import Missing, Refusal
from comity.domain.override import FiledOverride
from comity.web.console.mending import done_or_mended, form_page
from comity.web.console.page import Moved, Page, Shown, Visit

SEE = ANSWER_FOR_AT_A_HUB | OVERSEE


def unconfirmed(visit: Visit) -> list[FiledOverride]:
    """Of a bureau its supervisors answer for them; a reviewer only at a hub."""
    if visit.caller.roles.isdisjoint(ANSWER_FOR | OVERSEE):
        return []
    return [one for one in visit.desks.overrides.every(visit.caller) if one.confirmed_at is None]


def one(visit: Visit) -> Shown:
    return _override(visit)


def confirm(visit: Visit) -> Shown | Moved:
    done = Moved("/approvals", "Confirmed: it holds from now on, and the oversight body is told.")
    return done_or_mended(visit, lambda: visit.desks.overrides.confirm(visit.id, visit.caller), _override, done)


def seen(visit: Visit) -> Shown | Moved:
    done = Moved("/approvals", "Noted: the oversight body has seen it.")
    return done_or_mended(visit, lambda: visit.desks.overrides.see(visit.id, visit.caller), _override, done)


def received(visit: Visit) -> Shown:
    found = next((one for one in visit.desks.overrides.received(visit.caller) if one.notice.id == visit.id), None)
    if found is None:
        raise Missing(f"There is no notice {visit.id}.", do="See the approvals.")
    return Shown("approval_notice.html", {"received": found})


def seen_received(visit: Visit) -> Moved:
    visit.desks.overrides.see_received(visit.id, visit.caller)
    return Moved("/approvals", "Noted: the oversight body has seen it.")


def sanction(visit: Visit) -> Shown:
    return _sanction(visit)


def confirm_sanction(visit: Visit) -> Shown | Moved:
    done = Moved("/approvals", "Confirmed: it is carried out.")
    return done_or_mended(visit, lambda: visit.desks.sanctions.confirm(visit.id, visit.caller), _sanction, done)


def _override(visit: Visit, refusal: Refusal | None = None) -> Shown:
    found = next((one for one in visit.desks.overrides.every(visit.caller) if one.id == visit.id), None)
    if found is None:
        raise Missing(f"There is no override {visit.id}.", do="See the approvals.")
    values = {
        "override": found,
        "may_confirm": found.confirmed_at is None and bool(visit.caller.roles & ANSWER_FOR_AT_A_HUB),
        "may_see": found.confirmed_at is not None and not found.seen_at and bool(visit.caller.roles & OVERSEE),
    }
    return form_page("approval_override.html", values, refusal)


def _sanction(visit: Visit, refusal: Refusal | None = None) -> Shown:
    found = next((one for one in visit.desks.sanctions.every(visit.caller) if one.id == visit.id), None)
    if found is None:
        raise Missing(f"There is no sanction {visit.id}.", do="See the approvals.")
    may = found.confirmed_at is None and bool(visit.caller.roles & sanctions.ANSWER_FOR)
    return form_page("approval_sanction.html", {"sanction": found, "may_confirm": may}, refusal)


PAGES = (
    Page(path="/approvals/overrides/{id}", show=one, roles=SEE),
    Page(path="/approvals/overrides/{id}/confirm", show=confirm, method="POST", roles=ANSWER_FOR_AT_A_HUB),
    Page(path="/approvals/overrides/{id}/seen", show=seen, method="POST", roles=OVERSEE),
    Page(path="/approvals/notices/{id}", show=received, roles=OVERSEE),
    Page(path="/approvals/notices/{id}/seen", show=seen_received, method="POST", roles=OVERSEE),
    Page(path="/approvals/sanctions/{id}", show=sanction, roles=sanctions.SEE),
    Page(path="/approvals/sanctions/{id}/confirm", show=confirm_sanction, method="POST", roles=sanctions.ANSWER_FOR),
)
