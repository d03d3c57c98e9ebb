"""Misuse: alarms, the most unusual week first, with why and the evidence; two people find it, or one dismisses."""

from comity.desks.misuse import WATCHES
from comity.domain import limits
from comity.domain.errors import Refusal
from comity.domain.misuse import UNDECIDED, AlarmState
from comity.web.console.choices import choice
from comity.web.console.mending import done_or_mended, form_page
from comity.web.console.oversight import asked
from comity.web.console.page import Moved, Page, Shown, Visit


def every(visit: Visit) -> Shown:
    """In one state, or undecided; what weighs most first."""
    wanted = visit.query.text("state")
    states = [choice(AlarmState, wanted, "state")] if wanted else []
    found = visit.desks.misuse.alarms(states, visit.caller)
    values = {
        "alarms": sorted(found, key=lambda one: -one.score),
        "states": list(AlarmState),
        "wanted": wanted,
    }
    return Shown("misuse.html", values)


def one(visit: Visit) -> Shown:
    """Who has looked stays with the alarm."""
    return _one(visit)


def propose(visit: Visit) -> Shown | Moved:
    done = Moved(f"/misuse/{visit.id}", "Proposed. Nothing follows until a second person confirms it.")
    return done_or_mended(
        visit, lambda: visit.desks.misuse.propose(visit.id, visit.form.text("why"), visit.caller), _one, done
    )


def confirm(visit: Visit) -> Shown | Moved:
    done = Moved(f"/misuse/{visit.id}", "Found, by two people.")
    return done_or_mended(visit, lambda: visit.desks.misuse.confirm(visit.id, visit.caller), _one, done)


def dismiss(visit: Visit) -> Shown | Moved:
    done = Moved(f"/misuse/{visit.id}", "Dismissed. Later scans weigh such weeks less.")
    return done_or_mended(
        visit, lambda: visit.desks.misuse.dismiss(visit.id, visit.form.text("why"), visit.caller), _one, done
    )


def _one(visit: Visit, refusal: Refusal | None = None) -> Shown:
    alarm, openings = visit.desks.misuse.show(visit.id, visit.caller)
    values = {
        "alarm": alarm,
        "openings": openings,
        "asked": {opening.index: asked(opening) for opening in openings},
        "undecided": alarm.state in UNDECIDED,
        "chars_max": limits.TEXT_CHARS_MAX,
    }
    return form_page("misuse_alarm.html", values, refusal)


PAGES = (
    Page(path="/misuse", show=every, roles=WATCHES, name="Misuse", letter="u"),
    Page(path="/misuse/{id}", show=one, roles=WATCHES),
    Page(path="/misuse/{id}/propose", show=propose, method="POST", roles=WATCHES),
    Page(path="/misuse/{id}/confirm", show=confirm, method="POST", roles=WATCHES),
    Page(path="/misuse/{id}/dismiss", show=dismiss, method="POST", roles=WATCHES),
)
