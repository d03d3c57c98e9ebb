"""Joint operations of several bureaus: who is in each, its tasks, and the log that all of them share."""

from typing import Any

from comity.desks.cases import WORK
from comity.domain.bureau import NodeRole
from comity.domain.case import CaseState
from comity.domain.errors import Invalid, Refusal
from comity.domain.marking import Marking
from comity.domain.operation import Closed, Deed, Joined, Left, Noted, TaskDone, TaskSet
from comity.web.console.choices import needed_day, number
from comity.web.console.page import Form, Moved, Page, Shown, Visit
from comity.web.console.refilled import again, blank, check_filled
from comity.web.officer.bodies import made

FIELDS = ("name", "case", "bureau", "shares_from", "text", "task", "title", "owner", "due_on", "result", "report")
# deed as a form names it: what it is made of
DEEDS: dict[str, tuple[type, tuple[str, ...]]] = {
    "noted": (Noted, ("text",)),
    "joined": (Joined, ("bureau",)),
    "left": (Left, ("bureau",)),
    "task-set": (TaskSet, ("task", "title", "owner", "due_on")),
    "task-done": (TaskDone, ("task", "result")),
    "closed": (Closed, ("report",)),
}


def every(visit: Visit) -> Shown:
    found = visit.desks.operations.every(visit.caller)
    return Shown("operations.html", {"operations": found, "names": _names(visit, *found)})


def new(visit: Visit) -> Shown:
    return blank("operation_new.html", case=visit.id)


def found(visit: Visit) -> Shown | Moved:
    try:
        check_filled(visit.form, "name")
        whole = visit.desks.operations.found(visit.id, visit.form.text("name"), visit.caller)
    except Refusal as refusal:
        return again("operation_new.html", visit.form, refusal, FIELDS, case=visit.id)
    return Moved(f"/operations/{whole.operation.id}", "The operation is founded. Take other bureaus in.")


def show(visit: Visit) -> Shown:
    return _shown(visit, None)


def _shown(visit: Visit, refusal: Refusal | None) -> Shown:
    whole = visit.desks.operations.show(visit.id, visit.caller)
    operation, own = whole.operation, visit.caller.bureau
    directory = visit.desks.directory()
    others = directory.members if directory is not None else ()
    values: dict[str, Any] = {
        "whole": whole,
        "operation": operation,
        "leads": operation.lead == own,
        "own": own,
        "open": not operation.report and operation.about is not None and own in operation.members,
        "names": _names(visit, operation) | {one.id: one.manifest.name for one in others},
        "others": [
            one.manifest
            for one in others
            if one.manifest.role is NodeRole.BUREAU and one.id not in operation.members and one.id != own
        ],
        "cases": [one for one in visit.desks.cases.every(visit.caller) if one.state is CaseState.OPEN],
    }
    if refusal is None:
        return blank("operation.html", **values)
    return again("operation.html", visit.form, refusal, FIELDS, **values)


def write(visit: Visit) -> Shown | Moved:
    form = visit.form
    try:
        shares_from = number(form.text("shares_from") or "0", "shares_from")
        visit.desks.operations.write(visit.id, deed_of(form), Marking(), shares_from, visit.caller)
    except Refusal as refusal:
        return _shown(visit, refusal)
    return Moved(f"/operations/{visit.id}", "It is written. It stands in the log once the lead has given it its place.")


def file(visit: Visit) -> Shown | Moved:
    try:
        check_filled(visit.form, "case")
        visit.desks.operations.file(visit.id, visit.form.text("case"), visit.caller)
    except Refusal as refusal:
        return _shown(visit, refusal)
    return Moved(f"/operations/{visit.id}", "The people of the case see the operation now.")


def deed_of(form: Form) -> Deed:
    """What the form says is done. Raises Invalid with the field."""
    kind = form.text("deed")
    if kind not in DEEDS:
        raise Invalid("It does not say what is done.", do="Open the page again.")
    what, names = DEEDS[kind]
    check_filled(form, *names)
    told: dict[str, Any] = {"deed": kind} | {name: form.text(name) for name in names}
    if "due_on" in told:
        told["due_on"] = needed_day(form.text("due_on"), "due_on").isoformat()
    if kind == "noted":
        told["language"] = form.text("language") or "en"
    found: Deed = made(what, told)
    return found


def _names(visit: Visit, *operations: Any) -> dict[str, str]:
    ids = {name for one in operations for name in (one.lead, *one.members)}
    return {one: visit.desks.name_of(one) for one in ids}


PAGES = (
    Page(path="/operations", show=every, roles=WORK, name="Joint operations", letter="j"),
    Page(path="/cases/{id}/operations/new", show=new, roles=WORK),
    Page(path="/cases/{id}/operations", show=found, method="POST", roles=WORK),
    Page(path="/operations/{id}", show=show, roles=WORK),
    Page(path="/operations/{id}/log", show=write, method="POST", roles=WORK),
    Page(path="/operations/{id}/file", show=file, method="POST", roles=WORK),
)
