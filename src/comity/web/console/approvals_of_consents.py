"""A consent that was asked of us: its terms, whole, and yes until a day, or no."""

from datetime import timedelta

from comity.desks.consents import DECIDE, SEE
from comity.domain import limits
from comity.domain.consent import ConsentState
from comity.domain.errors import Conflict, Invalid, Missing, Refusal
from comity.web.console.approvals_of_reviews import chosen
from comity.web.console.choices import needed_day
from comity.web.console.mending import form_page
from comity.web.console.page import Moved, Page, Shown, Visit


def one(visit: Visit) -> Shown:
    return _page(visit)


def decide(visit: Visit) -> Shown | Moved:
    form, given = visit.form, chosen(visit, "give", "refuse") == "give"
    try:
        if given:
            until = needed_day(form.text("until"), "until")
            visit.desks.consents.give(visit.id, until, form.text("note"), visit.caller)
        else:
            visit.desks.consents.refuse(visit.id, form.text("note"), visit.caller)
    except (Conflict, Invalid) as refusal:
        return _page(visit, refusal)
    if given:
        return Moved("/approvals", "Given, on exactly these terms.")
    return Moved("/approvals", "Refused: whoever asked is told.")


def _page(visit: Visit, refusal: Refusal | None = None) -> Shown:
    found = next((one for one in visit.desks.consents.every(visit.caller) if one.id == visit.id), None)
    if found is None:
        raise Missing(f"There is no consent {visit.id}.", do="See the approvals.")
    today = visit.now.date()
    ours = found.owner == visit.caller.bureau
    values = {
        "consent": found,
        "may_give": bool(visit.caller.roles & DECIDE) and ours and found.state is ConsentState.REQUESTED,
        "may_refuse": bool(visit.caller.roles & DECIDE) and ours and found.state is not ConsentState.REFUSED,
        "first_day": today,
        "last_day": today + timedelta(days=limits.CONSENT_DAYS_MAX),
        "chars_max": limits.TEXT_CHARS_MAX,
        "sent": visit.form,
    }
    return form_page("approval_consent.html", values, refusal)


PAGES = (
    Page(path="/approvals/consents/{id}", show=one, roles=SEE),
    Page(path="/approvals/consents/{id}", show=decide, method="POST", roles=DECIDE),
)
