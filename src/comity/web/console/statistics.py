"""Statistics: how many entries of each month, act and purpose; tables first, each with its bars, and a file."""

import csv
import io
from collections import Counter
from datetime import date, timedelta

from comity.domain.errors import Refusal
from comity.domain.oversight import Counted
from comity.web.console.bars import bars
from comity.web.console.choices import day
from comity.web.console.mending import form_page
from comity.web.console.oversight import WATCHERS
from comity.web.console.page import Page, Sent, Shown, Visit

MONTHS = 3


def shown(visit: Visit) -> Shown:
    first = last = visit.now.date()
    counted: tuple[Counted, ...] = ()
    wrong: Refusal | None = None
    try:
        first, last = _days(visit)
        counted = visit.desks.statistics.of(first, last, visit.caller)
    except Refusal as refusal:
        wrong = refusal
    by_month, by_act, by_purpose = Counter[str](), Counter[str](), Counter[str]()
    for one in counted:
        by_month[one.month] += one.entries
        by_act[one.act] += one.entries
        if one.purpose is not None:
            by_purpose[one.purpose] += one.entries
    values = {
        "first_day": first,
        "last_day": last,
        "counted": counted,
        "by_month": bars(by_month),
        "by_act": bars(dict(by_act.most_common())),
        "by_purpose": bars(dict(by_purpose.most_common())),
    }
    return form_page("statistics.html", values, wrong)


def file(visit: Visit) -> Sent:
    """The same as CSV."""
    first, last = _days(visit)
    written = io.StringIO()
    lines = csv.writer(written)
    lines.writerow(("month", "act", "purpose", "entries"))
    for one in visit.desks.statistics.of(first, last, visit.caller):
        lines.writerow((one.month, one.act.value, one.purpose.value if one.purpose else "", one.entries))
    return Sent(written.getvalue().encode(), f"statistics-{first}-{last}.csv", "text/csv; charset=utf-8")


def _days(visit: Visit) -> tuple[date, date]:
    """As asked for; else the last months."""
    today = visit.now.date()
    first = day(visit.query.text("first_day"), "first_day")
    last = day(visit.query.text("last_day"), "last_day") or today
    return first or (today.replace(day=1) - timedelta(days=31 * (MONTHS - 1))).replace(day=1), last


PAGES = (
    Page(path="/statistics", show=shown, roles=WATCHERS, name="Statistics", letter="s"),
    Page(path="/statistics/file", show=file, roles=WATCHERS),
)
