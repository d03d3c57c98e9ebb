"""Spot checks: entries drawn by lot so that another draws the same, worked through one by one, judged by two people."""

from collections import Counter
from datetime import timedelta

from comity.domain import limits
from comity.domain.caller import Role
from comity.domain.errors import Missing, Refusal
from comity.domain.journal import Opening
from comity.domain.spot_check import Draw, Judged, SpotCheck, Verdict
from comity.web.console.choices import choice, needed_day, number
from comity.web.console.mending import form_page
from comity.web.console.oversight import WATCHERS, asked
from comity.web.console.page import Moved, Page, Shown, Visit

SAMPLES = WATCHERS - {Role.SUPERVISOR}  # the desk has the last word
COUNT = 20
DAYS = 30


def every(visit: Visit) -> Shown:
    return _list(visit)


def draw(visit: Visit) -> Shown | Moved:
    form = visit.form
    try:
        first, last = (needed_day(form.text(name), name) for name in ("first_day", "last_day"))
        how = choice(Draw, form.text("how"), "how")
        check = visit.desks.spot_checks.draw(first, last, number(form.text("count"), "count"), how, visit.caller)
    except Refusal as refusal:
        return _list(visit, refusal)
    return Moved(f"/spot-checks/{check.id}", "Drawn. The seed is kept, so that another can draw the same.")


def _list(visit: Visit, refusal: Refusal | None = None) -> Shown:
    today = visit.now.date()
    values = {
        "checks": [
            (one, sum(bool(two.second) for two in one.judged)) for one in visit.desks.spot_checks.every(visit.caller)
        ],
        "sent": visit.form,
        "draws": list(Draw),
        "count": COUNT,
        "count_max": limits.SPOT_CHECK_ENTRIES_MAX,
        "first_day": today - timedelta(days=DAYS),
        "last_day": today,
    }
    return form_page("spot_checks.html", values, refusal)


def one(visit: Visit) -> Shown:
    """The whole sample; with `entry`, that one to be judged; with `again`, the same draw made anew."""
    return _one(visit)


def judge(visit: Visit) -> Shown | Moved:
    form = visit.form
    try:
        index = number(form.text("entry"), "entry")
        verdict = choice(Verdict, form.text("verdict"), "verdict")
        check = visit.desks.spot_checks.judge(visit.id, index, verdict, form.text("note"), visit.caller)
    except Missing:
        raise
    except Refusal as refusal:
        return _one(visit, refusal)
    return Moved(_next(check, visit), "Kept. A second person agrees or disputes it.")


def second(visit: Visit) -> Shown | Moved:
    form = visit.form
    try:
        agrees = form.text("word") == "agree"
        check = visit.desks.spot_checks.second(visit.id, number(form.text("entry"), "entry"), agrees, visit.caller)
    except Missing:
        raise
    except Refusal as refusal:
        return _one(visit, refusal)
    if agrees:
        return Moved(_next(check, visit), "Kept.")
    return Moved(_next(check, visit), "Disputed: it is judged anew.")


def report(visit: Visit) -> Shown:
    """To be printed."""
    check, openings = visit.desks.spot_checks.show(visit.id, visit.caller)
    held = Counter(two.verdict for two in check.judged if two.second)
    values = {
        "check": check,
        "entries": _lines(check, openings),
        "verdicts": [(verdict, held[verdict]) for verdict in Verdict],
        "undecided": len(check.drawn) - held.total(),
        "asked": {opening.index: asked(opening) for opening in openings},
    }
    return Shown("spot_check_report.html", values)


def _one(visit: Visit, refusal: Refusal | None = None) -> Shown:
    check, openings = visit.desks.spot_checks.show(visit.id, visit.caller)
    wanted = visit.form.text("entry") or visit.query.text("entry")
    opening = next((two for two in openings if str(two.index) == wanted), None)
    again = None
    if visit.query.text("again"):
        try:
            again = visit.desks.spot_checks.again(visit.id, visit.caller) == check.drawn
        except Refusal as wrong:
            refusal = wrong
    values = {
        "check": check,
        "entries": _lines(check, openings),
        "asked": {two.index: asked(two) for two in openings},
        "opening": opening,
        "verdict": check.verdict(opening.index) if opening else None,
        "next": _waiting(check, visit),
        "again": again,
        "verdicts": list(Verdict),
        "sent": visit.form,
        "chars_max": limits.TEXT_CHARS_MAX,
    }
    return form_page("spot_check.html", values, refusal)


def _lines(check: SpotCheck, openings: list[Opening]) -> list[tuple[Opening, tuple[str, ...], Judged | None]]:
    reasons = {drawn.index: drawn.reasons for drawn in check.drawn}
    return [(one, reasons[one.index], check.verdict(one.index)) for one in openings]


def _next(check: SpotCheck, visit: Visit) -> str:
    """Where the next entry is on which this person can say something."""
    index = _waiting(check, visit)
    return f"/spot-checks/{check.id}" + (f"?entry={index}" if index is not None else "")


def _waiting(check: SpotCheck, visit: Visit) -> int | None:
    verdicts = ((drawn.index, check.verdict(drawn.index)) for drawn in check.drawn)
    account = visit.caller.account
    mine = (index for index, one in verdicts if one is None or (not one.second and one.by != account))
    return next(mine, None)


PAGES = (
    Page(path="/spot-checks", show=every, roles=SAMPLES, name="Spot checks", letter="k"),
    Page(path="/spot-checks", show=draw, method="POST", roles=SAMPLES),
    Page(path="/spot-checks/{id}", show=one, roles=SAMPLES),
    Page(path="/spot-checks/{id}/report", show=report, roles=SAMPLES),
    Page(path="/spot-checks/{id}/judge", show=judge, method="POST", roles=SAMPLES),
    Page(path="/spot-checks/{id}/second", show=second, method="POST", roles=SAMPLES),
)
