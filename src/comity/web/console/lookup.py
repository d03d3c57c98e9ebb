"""The lookup: one box for whatever was typed, and every lawful answer to it."""

from collections.abc import Sequence
from datetime import date
from time import perf_counter
from typing import Any

from comity.domain.caller import Caller, Role
from comity.domain.circumstances import Harm, Nature
from comity.domain.document import DocumentType
from comity.domain.errors import Invalid, NotPermitted, Refusal
from comity.domain.firearm import FirearmType
from comity.domain.hit import Priority
from comity.domain.lookup import Answer, LookupRequest, Query
from comity.domain.offence import OffenceCode
from comity.domain.person import Sex
from comity.domain.purpose import Purpose
from comity.domain.session import Session
from comity.web.console import stating
from comity.web.console.findings import ShownAnswer, Words, shown
from comity.web.console.page import Form, Page, Shown, Visit
from comity.web.console.reading import Reading
from comity.web.console.understanding import chosen, understood
from comity.web.refusals import status_of

ASK = frozenset({Role.OFFICER, Role.DUTY_OFFICER, Role.SUPERVISOR, Role.ANALYST})
CHOICES = {
    "purposes": Purpose,
    "sexes": Sex,
    "document_types": DocumentType,
    "firearm_types": FirearmType,
    "offences": OffenceCode,
    "natures": Nature,
    "harms": Harm,
    "priorities": Priority,
}
CIRCUMSTANCES = frozenset(
    [
        "offence",
        "penalty_max_months",
        "sentence_months",
        "punishable_in",
        "death_penalty",
        "natures",
        "priority",
        "language",
        "necessity",
        "assurance_against",
        "assurance_reference",
        "assurance_until",
    ]
)


def box(visit: Visit) -> Shown:
    """The empty box, with the purpose and the case of the shift beside it."""
    return _page(visit)


def look_up(visit: Visit) -> Shown:
    """Understand it, ask, show; or show what is needed first. What was typed stays in the box.

    The answer stands on this page alone: it is kept nowhere that another address could show it from.
    """
    readings = understood(visit.form.text("q"), visit.form.text("country"), _cases(visit))
    try:
        why = stating.why(visit.form)
        session = _remembered(visit, why)
        reading = _meant(visit.form, readings)
        if not reading.may_be_asked:
            return _page(visit, session, reading=reading, readings=readings)
        answers = _answers(visit, reading.queries, why)
    except Refusal as refusal:
        return _page(visit, readings=readings, refusal=refusal)
    return _page(visit, session, reading=reading, readings=readings, answers=answers)


def _meant(form: Form, readings: Sequence[Reading]) -> Reading:
    """What is to be asked: the fields in detail where the box is empty. Raises Invalid where there is nothing."""
    if form.text("q"):
        reading = chosen(tuple(readings), form.text("as") or form.text("chosen"))
        if reading is None:
            raise Invalid(
                "Nothing that can be looked up is in this.",
                where="q",
                do="Type a name, or a number with its country; or fill in the fields below.",
            )
        return reading
    query = stating.query_in(form)
    if query is None:
        raise Invalid("Nothing was typed.", where="q", do="Type a name or a number, or fill in the fields below.")
    return Reading(code="fields", text="", queries=(query,))


def _remembered(visit: Visit, why: stating.Why) -> Session:
    """Purpose and case hold for the rest of the shift."""
    if (why.purpose, why.case) == (visit.session.purpose, visit.session.case):
        return visit.session
    return visit.desks.sessions.choose(visit.token, purpose=why.purpose.value, case=why.case)


def _answers(visit: Visit, queries: Sequence[Query], why: stating.Why) -> list[ShownAnswer]:
    until = _watched_until(visit.form)
    words = Words(visit.desks.name_of, visit.desks.lookups.owed)
    return [shown(query, _asked(visit, why.asks(query), until), words) for query in queries]


def _asked(visit: Visit, request: LookupRequest, until: date | None) -> Answer:
    started = perf_counter()
    if until:
        answer = visit.desks.watches.set(request, until, visit.caller)[1]
    else:
        answer = visit.desks.lookups.ask(request, visit.caller)
    outcomes = {one.source: one.outcome.value for one in answer.sources}
    visit.desks.counter.looked_up(str(request.query.__struct_config__.tag), outcomes, perf_counter() - started)
    return answer


def _watched_until(form: Form) -> date | None:
    if form.text("act") != "watch":
        return None
    try:
        return date.fromisoformat(form.text("until"))
    except ValueError:
        raise Invalid("A watch needs its last day.", where="until", do="Choose a day.") from None


def _cases(visit: Visit) -> dict[str, str]:
    """The cases that the caller may see; none where their roles open none."""
    try:
        return {one.number: f"/cases/{one.id}" for one in visit.desks.cases.every(visit.caller)}
    except NotPermitted:
        return {}


def _page(visit: Visit, session: Session | None = None, **values: Any) -> Shown:
    refusal: Refusal | None = values.get("refusal")
    told, wrong = visit.form.text, refusal.where if refusal else ""
    whole = {
        "session": session or visit.session,  # with what was remembered just now
        "reading": None,
        "readings": (),
        "answers": None,
        "refusal": None,
        "form_sent": visit.form,
        "purpose": told("purpose") or (session or visit.session).purpose,
        "case": told("case") or (session or visit.session).case,
        "may_confirm": _may_confirm(visit.caller),
        "errors": {refusal.where: f"{refusal.what} {refusal.do}".rstrip()} if refusal and refusal.where else {},
        "details_open": (told("q") == "" and visit.form.texts.keys() > {"csrf", "q"}) or "." in wrong,
        "circumstances_open": wrong in CIRCUMSTANCES,
        **CHOICES,
        **values,
    }
    return Shown("lookup.html", whole, status_of(type(refusal))[0] if refusal else 200)


def _may_confirm(caller: Caller) -> bool:
    return not caller.roles.isdisjoint({Role.OFFICER, Role.DUTY_OFFICER, Role.SUPERVISOR})


PAGES = (
    Page(path="/lookup", show=box, roles=ASK, name="Lookup", letter="l"),
    Page(path="/lookup", show=look_up, method="POST", roles=ASK),
)
