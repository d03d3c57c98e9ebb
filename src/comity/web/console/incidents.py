"""Security incidents: reported by anyone, assessed, contained, told to whom it must be in time, closed."""

from collections.abc import Callable
from datetime import UTC, datetime

from comity.desks.incidents import DEAL_WITH, SEE
from comity.domain import limits
from comity.domain.errors import Invalid, Missing, Refusal
from comity.domain.incident import AUTHORITY, PERSONS, IncidentKind, Severity
from comity.web.console.choices import choice, number
from comity.web.console.mending import form_page
from comity.web.console.page import Form, Moved, Page, Shown, Visit


def every(visit: Visit) -> Shown:
    return _list(visit)


def report(visit: Visit) -> Shown | Moved:
    form = visit.form
    try:
        kind = choice(IncidentKind, form.text("kind"), "kind")
        taken = visit.desks.incidents.report(kind, form.text("what"), _moment(form, "known_at"), visit.caller)
    except Refusal as refusal:
        return _list(visit, refusal)
    if visit.caller.roles & SEE:
        return Moved(f"/incidents/{taken.id}", "Reported. Those who deal with incidents see it now.")
    return Moved("/incidents", "Reported. Those who deal with incidents see it now.")


def _list(visit: Visit, refusal: Refusal | None = None) -> Shown:
    values = {
        "incidents": visit.desks.incidents.every(visit.caller) if visit.caller.roles & SEE else None,
        "kinds": list(IncidentKind),
        "sent": visit.form,
        "chars_max": limits.TEXT_CHARS_MAX,
    }
    return form_page("incidents.html", values, refusal)


def one(visit: Visit) -> Shown:
    return _one(visit)


def assess(visit: Visit) -> Shown | Moved:
    form = visit.form

    def act() -> None:
        severity = choice(Severity, form.text("severity"), "severity")
        members = form.text("members").replace(",", " ").split()
        personal = bool(form.text("personal"))
        visit.desks.incidents.assess(visit.id, severity, personal, members, form.text("assessment"), visit.caller)

    return _done(
        visit, act, Moved(f"/incidents/{visit.id}", "Assessed. Whom it must be told, and by when, follows from it.")
    )


def contain(visit: Visit) -> Shown | Moved:
    def act() -> None:
        visit.desks.incidents.contain(visit.id, number(visit.form.text("entry"), "entry"), visit.caller)

    return _done(visit, act, Moved(f"/incidents/{visit.id}", "It stands with the incident as what contains it."))


def tell(visit: Visit) -> Shown | Moved:
    form = visit.form

    def act() -> None:
        visit.desks.incidents.tell(visit.id, form.text("whom"), form.text("tell"), form.text("reference"), visit.caller)

    return _done(visit, act, Moved(f"/incidents/{visit.id}", "Told."))


def close(visit: Visit) -> Shown | Moved:
    def act() -> None:
        visit.desks.incidents.close(visit.id, visit.form.text("lessons"), visit.caller)

    return _done(visit, act, Moved(f"/incidents/{visit.id}", "Closed, with what was learnt from it."))


def _done(visit: Visit, act: Callable[[], None], done: Moved) -> Shown | Moved:
    try:
        act()
    except Missing as refusal:
        if not refusal.where:
            raise
        return _one(visit, refusal)
    except Refusal as refusal:
        return _one(visit, refusal)
    return done


def _one(visit: Visit, refusal: Refusal | None = None) -> Shown:
    shown = visit.desks.incidents.show(visit.id, visit.caller)
    values = {
        "incident": shown.incident,
        "clocks": shown.clocks,
        "may_deal": bool(visit.caller.roles & DEAL_WITH),
        "severities": list(Severity),
        "outside": (AUTHORITY, PERSONS),
        "sent": visit.form,
        "now": visit.now,
        "chars_max": limits.TEXT_CHARS_MAX,
    }
    return form_page("incident.html", values, refusal)


def _moment(form: Form, name: str) -> datetime | None:
    """As a field for day and time sends it, in UTC; None where it is empty."""
    text = form.text(name)
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC) if text else None
    except ValueError:
        raise Invalid(f"{text!r} is no moment.", where=name, do="Write it as 2031-03-09T14:30, in UTC.") from None


PAGES = (
    Page(path="/incidents", show=every, name="Incidents", letter="i"),
    Page(path="/incidents", show=report, method="POST"),
    Page(path="/incidents/{id}", show=one, roles=SEE),
    Page(path="/incidents/{id}/assess", show=assess, method="POST", roles=DEAL_WITH),
    Page(path="/incidents/{id}/contain", show=contain, method="POST", roles=DEAL_WITH),
    Page(path="/incidents/{id}/tell", show=tell, method="POST", roles=DEAL_WITH),
    Page(path="/incidents/{id}/close", show=close, method="POST", roles=DEAL_WITH),
)
