"""Records of my own bureau: found, entered, amended, kept on, withdrawn; copies passed to others; rows refused."""

from typing import Any
from urllib.parse import quote, unquote

from comity.desks.keeping import READMIT
from comity.desks.records import ENTER, SEE_OWN, WITHDRAW
from comity.domain.caller import Role
from comity.domain.collection import COLLECTIONS, Collection, Entry, collection
from comity.domain.errors import Conflict, Refusal
from comity.domain.marking import Confidentiality, Handling, InformationGrade, Marking, SourceGrade
from comity.domain.person import NameKind
from comity.domain.record import Header, Record, WithdrawalReason
from comity.formats.row import Row
from comity.web.console.choices import choice, day, needed_day, number
from comity.web.console.page import Form, Moved, Page, Shown, Visit
from comity.web.console.refilled import again, blank, check_filled, lines
from comity.web.console.subject_form import KINDS, rows_of_names, subject_of, texts_of
from comity.web.officer.bodies import made

PASSED = frozenset({Role.OFFICER, Role.DUTY_OFFICER, Role.SUPERVISOR, Role.DATA_PROTECTION_OFFICER, Role.AUDITOR})
# in the address of a record its collection and reference are parted by this; neither of the codes has one
APART = "."
OWN = tuple(one for one in COLLECTIONS.values() if one.entry is not Entry.HOST)
SHARED_FIELDS = (
    "why",
    "reference",
    "retain_until",
    "handling",
    "conditions",
    "confidentiality",
    "until",
    "reason",
    "names",
)


def every(visit: Visit) -> Shown:
    chosen = collection(visit.query.text("collection") or OWN[0].code)
    text = visit.query.text("q")
    values = {
        "found": visit.desks.own_records.found(chosen.code, text, visit.caller),
        "collections": [(one.code, one.title) for one in OWN],
        "chosen": chosen.code,
        "q": text,
        "may_enter": not visit.caller.roles.isdisjoint(ENTER),
        "due": len(visit.desks.keeping.due(visit.caller)),
        "title_of": title_of,
        "address_of": address_of,
    }
    return Shown("records.html", values)


def new(visit: Visit) -> Shown:
    chosen = collection(visit.query.text("collection") or OWN[0].code)
    return blank("record_write.html", **_writing(chosen, Form(), None))


def enter(visit: Visit) -> Shown | Moved:
    form, chosen = visit.form, collection(visit.form.text("collection"))
    try:
        record = visit.desks.own_records.enter(chosen.code, _row(chosen, form, None), visit.caller)
    except Refusal as refusal:
        return again("record_write.html", form, refusal, _fields(chosen), **_writing(chosen, form, None))
    return Moved(_address(record), "The record is entered.")


def edit(visit: Visit) -> Shown:
    record = _record(visit)
    header = record.header
    texts = texts_of(record.subject) | {
        "version": str(header.version),
        "confidentiality": header.marking.confidentiality,
        "handling": list(header.marking.handling),
        "source_grade": header.marking.source_grade,
        "information_grade": header.marking.information_grade,
        "conditions": "\n".join(header.marking.conditions),
    }
    page = blank("record_write.html", texts)
    page.values.update(_writing(collection(header.collection), page.values["form"], record))
    return page


def amend(visit: Visit) -> Shown | Moved:
    form, record = visit.form, _record(visit)
    chosen = collection(record.header.collection)
    try:
        row, version = _row(chosen, form, record), number(form.text("version"), "version")
        amended = visit.desks.own_records.amend(chosen.code, row, version, visit.caller)
    except Refusal as refusal:
        return again("record_write.html", form, refusal, _fields(chosen), **_writing(chosen, form, record))
    return Moved(_address(amended), f"{amended.header.reference} has version {amended.header.version} now.")


def show(visit: Visit) -> Shown:
    return _shown(visit, None)


def _shown(visit: Visit, refusal: Refusal | None) -> Shown:
    record = _record(visit)
    texts = texts_of(record.subject)
    blanks = KINDS[collection(record.header.collection).kind][1]
    values: dict[str, Any] = {
        "record": record,
        "header": record.header,
        "address": _address(record),
        "blanks": blanks,
        "content": {one.name: one.value_of(texts[one.name]) for one in blanks if texts[one.name]},
        "names": getattr(record.subject, "names", ()),
        "collection": collection(record.header.collection),
        "title": title_of(record),
        "reasons": list(WithdrawalReason),
        "may_enter": not visit.caller.roles.isdisjoint(ENTER),
        "may_withdraw": not visit.caller.roles.isdisjoint(WITHDRAW),
    }
    if refusal is None:
        return blank("record.html", **values)
    return again("record.html", visit.form, refusal, SHARED_FIELDS, **values)


def withdraw(visit: Visit) -> Shown | Moved:
    code, reference = _named(visit)
    try:
        check_filled(visit.form, "reason")
        reason = choice(WithdrawalReason, visit.form.text("reason"), "reason")
        visit.desks.records.withdraw(code, reference, "", reason, visit.caller)
    except Refusal as refusal:
        return _shown(visit, refusal)
    return Moved(f"/records?collection={code}", "The record is withdrawn; every holder is being told.")


def extend(visit: Visit) -> Shown | Moved:
    code, reference = _named(visit)
    try:
        check_filled(visit.form, "until", "why")
        until = needed_day(visit.form.text("until"), "until")
        visit.desks.keeping.extend(code, reference, "", until, visit.form.text("why"), visit.caller)
    except Refusal as refusal:
        return _shown(visit, refusal)
    return Moved(f"/records/{visit.id}", "The record is kept for longer, here and at every holder.")


def reviews(visit: Visit) -> Shown:
    return Shown("record_reviews.html", {"due": visit.desks.keeping.due(visit.caller), "address_of": address_of})


def readmission(visit: Visit) -> Shown:
    return blank("record_readmit.html", collections=[(one.code, one.title) for one in OWN])


def readmit(visit: Visit) -> Shown | Moved:
    form = visit.form
    try:
        check_filled(form, "reference", "reason")
        code, reference = collection(form.text("collection")).code, form.text("reference")
        visit.desks.keeping.readmit(code, reference, "", form.text("reason"), visit.caller)
    except Refusal as refusal:
        collections = [(one.code, one.title) for one in OWN]
        return again("record_readmit.html", form, refusal, SHARED_FIELDS, collections=collections)
    return Moved("/records/readmit", "It may be entered again, once.")


def passed(visit: Visit) -> Shown:
    found = visit.desks.passings.every(visit.caller)
    bureaus = {one for passing in found for one in (passing.owner, passing.sender, passing.recipient)}
    return Shown("record_passed.html", {"passed": found, "names": {one: visit.desks.name_of(one) for one in bureaus}})


def imports(visit: Visit) -> Shown:
    return Shown("record_imports.html", {"imports": visit.desks.records.imports(visit.caller)})


def refused(visit: Visit) -> Shown:
    found = visit.desks.records.progress(visit.id, visit.caller)
    return Shown("record_refused.html", {"import": found, "rows": visit.desks.records.refused_rows(found)})


def title_of(record: Record) -> str:
    """By what people know it at a glance."""
    told = texts_of(record.subject)
    parts = ("name-0-full", "imo", "name", "number", "vin", "plate", "serial", "make", "model")
    return ", ".join([told[one] for one in parts if told.get(one)][:2]) or record.header.reference


def _row(chosen: Collection, form: Form, before: Record | None) -> Row:
    check_filled(form, *(() if before else ("reference",)), *_needed(chosen.kind))
    told: dict[str, object] = {
        "confidentiality": form.text("confidentiality") or Confidentiality.OFFICIAL.value,
        "handling": [*form.every("handling")] or [Handling.H0.value],
        "source_grade": form.text("source_grade") or SourceGrade.X.value,
        "information_grade": form.text("information_grade") or InformationGrade.FOUR.value,
        "conditions": lines(form, "conditions"),
        "closed_to": before.header.marking.closed_to if before else (),
        "only_for": before.header.marking.only_for if before else (),
    }
    return Row(
        line=1,
        reference=before.header.reference if before else form.text("reference"),
        subject=subject_of(chosen.kind, form, before.subject if before else None),
        marking=made(Marking, told),
        retain_until=day(form.text("retain_until"), "retain_until"),
    )


def _needed(kind: str) -> tuple[str, ...]:
    return tuple(one.name for one in KINDS[kind][1] if one.needed)


def _fields(chosen: Collection) -> tuple[str, ...]:
    return (*SHARED_FIELDS, *(one.name for one in KINDS[chosen.kind][1]))


def _writing(chosen: Collection, form: Form, record: Record | None) -> dict[str, Any]:
    return {
        "chosen": chosen,
        "collections": [(one.code, one.title) for one in OWN],
        "record": record,
        "action": f"{_address(record)}/edit" if record else "/records",
        "blanks": KINDS[chosen.kind][1],
        "rows": rows_of_names(form) if chosen.kind == "person" else (),
        "name_kinds": list(NameKind),
        "confidentialities": list(Confidentiality),
        "handlings": list(Handling),
        "source_grades": list(SourceGrade),
        "information_grades": list(InformationGrade),
    }


def _named(visit: Visit) -> tuple[str, str]:
    """The collection and the reference in the address."""
    code, _, reference = visit.id.partition(APART)
    if not reference:
        raise Conflict("This names no record.", do="Look for it under records.")
    return code, unquote(reference)


def _record(visit: Visit) -> Record:
    code, reference = _named(visit)
    return visit.desks.records.show(code, reference, "", visit.caller)


def _address(record: Record) -> str:
    return address_of(record.header)


def address_of(header: Header) -> str:
    """A reference may hold a slash, which no server hands on in a path: it is escaped twice."""
    return f"/records/{header.collection}{APART}{quote(quote(header.reference, safe=''))}"


PAGES = (
    Page(path="/records", show=every, roles=SEE_OWN, name="Records", letter="r"),
    Page(path="/records/new", show=new, roles=ENTER),
    Page(path="/records", show=enter, method="POST", roles=ENTER),
    Page(path="/records/reviews", show=reviews, roles=SEE_OWN),
    Page(path="/records/passed", show=passed, roles=PASSED),
    Page(path="/records/imports", show=imports, roles=ENTER),
    Page(path="/records/imports/{id}", show=refused, roles=ENTER),
    Page(path="/records/readmit", show=readmission, roles=READMIT),
    Page(path="/records/readmit", show=readmit, method="POST", roles=READMIT),
    Page(path="/records/{id}", show=show, roles=SEE_OWN),
    Page(path="/records/{id}/edit", show=edit, roles=SEE_OWN & ENTER),
    Page(path="/records/{id}/edit", show=amend, method="POST", roles=SEE_OWN & ENTER),
    Page(path="/records/{id}/withdraw", show=withdraw, method="POST", roles=WITHDRAW),
    Page(path="/records/{id}/extend", show=extend, method="POST", roles=WITHDRAW),
)
