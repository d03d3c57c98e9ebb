"""Cases: what the bureau holds together on a matter, who may see it, and what is done with it."""

from collections.abc import Callable
from typing import Any

from comity.desks.cases import WORK
from comity.domain.case import Case, CaseState, ItemKind, NewCase, Reference
from comity.domain.collection import Category
from comity.domain.errors import Refusal
from comity.domain.marking import Marking
from comity.domain.purpose import Purpose
from comity.web.console.choices import choice, chosen
from comity.web.console.page import Form, Moved, Page, Shown, Visit
from comity.web.console.refilled import again, blank, check_filled
from comity.web.officer.bodies import made

NEW = ("number", "title", "category", "purpose", "basis")
PARTS = ("login", "bureau", "their_number", "kind", "item", "because")


def every(visit: Visit) -> Shown:
    found = visit.desks.cases.every(visit.caller)
    text, state = visit.query.text("q"), chosen(CaseState, visit.query.text("state"), "state")
    shown = [one for one in found if _speaks_of(one, text) and state in (None, one.state)]
    return Shown("cases.html", {"cases": shown, "count": len(found), "q": text, "state": state, "states": CaseState})


def new(visit: Visit) -> Shown:
    return blank("cases_new.html", {"purpose": visit.session.purpose or ""}, **_lists())


def open_(visit: Visit) -> Shown | Moved:
    form = visit.form
    try:
        check_filled(form, *NEW)
        case = visit.desks.cases.open(made(NewCase, {name: form.text(name) for name in NEW}), visit.caller)
    except Refusal as refusal:
        return again("cases_new.html", form, refusal, NEW, **_lists())
    return Moved(f"/cases/{case.id}", "The case is open.")


def show(visit: Visit) -> Shown:
    return _shown(visit, None)


def _shown(visit: Visit, refusal: Refusal | None) -> Shown:
    desks = visit.desks
    whole = desks.cases.show(visit.id, visit.caller)
    bureaus = {leg.bureau for mail in whole.mail for leg in mail.legs} | {one.bureau for one in whole.case.references}
    values: dict[str, Any] = {
        "whole": whole,
        "case": whole.case,
        "people": desks.cases.people(visit.id, visit.caller),
        "names": {one: desks.name_of(one) for one in bureaus | {item.owner for item in whole.items}},
        "kinds": list(ItemKind),
        "now": visit.now,
    }
    if refusal is None:
        return blank("case.html", **values)
    return again("case.html", visit.form, refusal, PARTS, **values)


def _step(act: Callable[[Visit, Form], object], said: str) -> Callable[[Visit], Shown | Moved]:
    """A small form on the page of a case; refused, the page comes back with it."""

    def do(visit: Visit) -> Shown | Moved:
        try:
            act(visit, visit.form)
        except Refusal as refusal:
            return _shown(visit, refusal)
        return Moved(f"/cases/{visit.id}", said)

    return do


def _admit(visit: Visit, form: Form) -> None:
    check_filled(form, "login")
    visit.desks.cases.admit(visit.id, form.text("login"), visit.caller)


def _dismiss(visit: Visit, form: Form) -> None:
    visit.desks.cases.dismiss(visit.id, form.text("login"), visit.caller)


def _refer(visit: Visit, form: Form) -> None:
    check_filled(form, "bureau", "their_number")
    told = made(Reference, {"bureau": form.text("bureau"), "number": form.text("their_number")})
    visit.desks.cases.refer(visit.id, told, visit.caller)


def _attach(visit: Visit, form: Form) -> None:
    check_filled(form, "item")
    kind = choice(ItemKind, form.text("kind"), "kind")
    visit.desks.cases.attach(visit.id, kind, form.text("item"), Marking(), visit.caller)


def _close(visit: Visit, form: Form) -> None:
    visit.desks.cases.close(visit.id, form.text("because"), visit.caller)


def _reopen(visit: Visit, form: Form) -> None:
    visit.desks.cases.reopen(visit.id, visit.caller)


def _speaks_of(case: Case, text: str) -> bool:
    told = (case.number, case.about.title, case.about.basis, *(one.number for one in case.references))
    return any(text.casefold() in one.casefold() for one in told)


def _lists() -> dict[str, Any]:
    return {"categories": list(Category), "purposes": list(Purpose)}


STEPS: dict[str, tuple[Callable[[Visit, Form], None], str]] = {
    "admit": (_admit, "They may see the case now."),
    "dismiss": (_dismiss, "They do not see the case any more."),
    "refer": (_refer, "The other bureau's number is noted."),
    "attach": (_attach, "It lies in the case now."),
    "close": (_close, "The case is closed."),
    "reopen": (_reopen, "The case is open again."),
}
PAGES = (
    Page(path="/cases", show=every, roles=WORK, name="Cases", letter="c"),
    Page(path="/cases/new", show=new, roles=WORK),
    Page(path="/cases", show=open_, method="POST", roles=WORK),
    Page(path="/cases/{id}", show=show, roles=WORK),
    *(
        Page(path=f"/cases/{{id}}/{name}", show=_step(act, said), method="POST", roles=WORK)
        for name, (act, said) in STEPS.items()
    ),
)
