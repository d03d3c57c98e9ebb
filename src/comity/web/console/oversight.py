"""Oversight: who saw this, what was opened, each disclosure with its proof, what a person may be told."""

from datetime import datetime

import msgspec

from comity.domain.caller import Role
from comity.domain.errors import Invalid, Refusal
from comity.domain.journal import Act, Opening
from comity.domain.lookup import DocumentQuery, PersonQuery, Query, VehicleQuery
from comity.domain.oversight import NEITHER, Criteria, FoundOpenings, ToldOf, asked_of
from comity.domain.purpose import Purpose
from comity.domain.record import record_id
from comity.law.oversight import DEFAULT
from comity.web.console.choices import Choice, choice, day, made, number
from comity.web.console.mending import form_page
from comity.web.console.page import Form, Page, Sent, Shown, Visit
from comity.wire.evidence_file import LogEvidence, Proven, proven, read_evidence_file, write_evidence_file
from comity.wire.log_policy import read_policy

WATCHERS = frozenset({Role.AUDITOR, Role.DATA_PROTECTION_OFFICER, Role.SUPERVISORY_BODY, Role.SUPERVISOR})
ANSWERS = frozenset({Role.DATA_PROTECTION_OFFICER})
OPENINGS_SHOWN = 100


# -- the journal searched ---------------------------------------------------------------------------------------------


def ask(visit: Visit) -> Shown:
    return _search_page(visit.query)


def search(visit: Visit) -> Shown:
    form = visit.form
    try:
        after = number(form.text("after"), "after") if form.text("after") else -1
        found = visit.desks.oversight.search(
            _criteria(visit, form), form.text("why"), visit.caller, after, OPENINGS_SHOWN
        )
    except Refusal as refusal:
        return _search_page(form, refusal=refusal)
    return _search_page(form, found)


def _search_page(said: Form, found: FoundOpenings | None = None, refusal: Refusal | None = None) -> Shown:
    values = {
        "sent": said,
        "found": found,
        "asked": {one.index: asked(one) for one in found.openings} if found else {},
        "purposes": list(Purpose),
        "acts": list(Act),
    }
    return form_page("oversight.html", values, refusal)


def _criteria(visit: Visit, form: Form) -> Criteria:
    collection, reference = form.text("collection"), form.text("reference")
    if bool(collection) != bool(reference):
        raise Invalid("A record is named by its collection and its reference.", where="reference", do="Give both.")
    source = form.text("source") or visit.caller.bureau
    return made(
        Criteria,
        "about",
        concerning=sought(form),
        about=record_id(collection, source, reference) if reference else form.text("about"),
        officer=form.text("officer"),
        unit=form.text("unit"),
        bureau=form.text("bureau"),
        purpose=_chosen(Purpose, form, "purpose"),
        case=form.text("case"),
        clause=form.text("clause"),
        act=_chosen(Act, form, "act"),
        first_day=day(form.text("first_day"), "first_day"),
        last_day=day(form.text("last_day"), "last_day"),
    )


def _chosen(kind: type[Choice], form: Form, name: str) -> Choice | None:
    return choice(kind, form.text(name), name) if form.text(name) else None


def sought(form: Form) -> Query | None:
    """Whom, or what, is sought; at most one of them. Raises Invalid."""
    person = form.text("person") or form.text("birth")
    document, plate = form.text("document_number"), form.text("plate")
    if sum(map(bool, (person, document, plate))) > 1:
        raise Invalid(
            "Name a person, a document or a vehicle, not several.", where="person", do="Search once for each."
        )
    if person:
        return made(PersonQuery, "person", name=form.text("person"), birth=form.text("birth"))
    if document:
        return made(DocumentQuery, "document_number", country=form.text("document_country"), number=document)
    if plate:
        return made(VehicleQuery, "plate", plate_country=form.text("plate_country"), plate=plate)
    return None


def asked(opening: Opening) -> dict[str, str]:
    """Whom, or what, was asked for, field by field; empty where nobody was."""
    query = asked_of(opening.entry)
    return {name: str(value) for name, value in msgspec.to_builtins(query).items()} if query else {}


# -- one entry and its proof ------------------------------------------------------------------------------------------


def entry(visit: Visit) -> Shown:
    """Whoever may see the entry sees its proof: it was asked of the desk first, and journalled."""
    evidence = _evidence(visit)
    wrong: Refusal | None = None
    found: Proven | None = None
    try:
        found = proven(read_evidence_file(write_evidence_file(evidence)), read_policy(evidence.policy))
    except Refusal as refusal:
        wrong = refusal
    opening = evidence.opening
    values = {
        "opening": opening if isinstance(opening, Opening) else None,
        "erased": None if isinstance(opening, Opening) else opening,
        "asked": asked(opening) if isinstance(opening, Opening) else {},
        "proven": found,
        "seen": _witnesses(found) if found else {},
        "wrong": wrong,
        "log_alarms": [
            one
            for one in visit.desks.log_alarms.every().values()
            if found is not None and one.origin == found.checkpoint.origin
        ],
    }
    return Shown("oversight_entry.html", values)


def _witnesses(found: Proven) -> dict[str, datetime]:
    """By whom the log was seen; each signs with two keys, of which both were verified."""
    seen: dict[str, datetime] = {}
    for key, at in found.seen.items():
        name = key.removesuffix("-ed25519").removesuffix("-ml-dsa-44")
        seen[name] = max(at, seen.get(name, at))
    return seen


def evidence_file(visit: Visit) -> Sent:
    """What anyone can check without this node: `comity journal check`."""
    evidence = _evidence(visit)
    return Sent(write_evidence_file(evidence), f"entry-{evidence.opening.index}.zip", "application/zip")


def _evidence(visit: Visit) -> LogEvidence:
    index = number(visit.id, "entry")
    opening = visit.desks.oversight.one(index, visit.caller)
    return LogEvidence(opening, visit.desks.log.prove(index), visit.desks.log_policy())


# -- what a person may be told ----------------------------------------------------------------------------------------


def ask_disclosures(visit: Visit) -> Shown:
    return _disclosures_page(visit.query)


def disclosures(visit: Visit) -> Shown:
    try:
        return _disclosures_page(visit.form, _told(visit))
    except Refusal as refusal:
        return _disclosures_page(visit.form, refusal=refusal)


def disclosures_file(visit: Visit) -> Sent:
    """For the person: the list alone. What is left out, and that anything is, does not stand in it."""
    answer = {"disclosures": _told(visit).disclosed, "note": NEITHER}
    written = msgspec.json.format(msgspec.json.encode(answer), indent=2) + b"\n"
    return Sent(written, "disclosures.json", "application/json")


def _told(visit: Visit) -> ToldOf:
    concerning = sought(visit.form)
    if concerning is None:
        raise Invalid("Nobody is named.", where="person", do="Give a name with the birth, or a document.")
    return visit.desks.disclosures.of(concerning, visit.form.text("request"), visit.caller)


def _disclosures_page(said: Form, told: ToldOf | None = None, refusal: Refusal | None = None) -> Shown:
    return form_page("oversight_disclosures.html", {"sent": said, "told": told, "neither": NEITHER}, refusal)


# -- the rules --------------------------------------------------------------------------------------------------------


def terms(visit: Visit) -> Shown:
    """Who watches over what, and how long the text of an entry is kept: as the rulebook of today says."""
    book = visit.desks.agreements.law_today().book
    kept = sorted(book.openings.items(), key=lambda one: (one[0] == DEFAULT, one[0]))
    return Shown("oversight_terms.html", {"watching": book.oversight, "kept": kept, "default": DEFAULT})


PAGES = (
    Page(path="/oversight", show=ask, roles=WATCHERS, name="Oversight", letter="o"),
    Page(path="/oversight", show=search, method="POST", roles=WATCHERS),
    Page(path="/oversight/entries/{id}", show=entry, roles=WATCHERS),
    Page(path="/oversight/entries/{id}/evidence", show=evidence_file, roles=WATCHERS),
    Page(path="/oversight/disclosures", show=ask_disclosures, roles=ANSWERS),
    Page(path="/oversight/disclosures", show=disclosures, method="POST", roles=ANSWERS),
    Page(path="/oversight/disclosures/file", show=disclosures_file, method="POST", roles=ANSWERS),
    Page(path="/oversight/terms", show=terms, roles=WATCHERS),
)
