"""The usual cast before the law: Ada of Aldova asks, Ben of Bergenia owns, Cora of Corvia must not see."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from comity.domain.bureau import Standing
from comity.domain.caller import Asker, Role
from comity.domain.circumstances import Circumstances
from comity.domain.collection import Category
from comity.domain.decision import Envelope, Request
from comity.domain.document import DocumentFraud, TravelDocument
from comity.domain.firearm import Firearm, FirearmStatus
from comity.domain.instrument import Clause, Effect, Instrument, Reply
from comity.domain.lookup import DocumentQuery, FirearmQuery, PersonQuery, Query, Question, VehicleQuery, VesselQuery
from comity.domain.marking import Marking
from comity.domain.match import FieldMatch, Match
from comity.domain.person import (
    IdentityDocument,
    Name,
    Offence,
    Person,
    PersonStatus,
    PersonWarning,
    RecordPurpose,
    Sex,
    Warrant,
)
from comity.domain.purpose import Purpose
from comity.domain.record import Header, Record, Subject, record_id
from comity.domain.reply import ReplyLevel
from comity.domain.vehicle import Vehicle, VehicleStatus
from comity.domain.vessel import Vessel, VesselStatus
from comity.law.decision import Decision, Law
from comity.law.facts import facts
from comity.law.instruments import read_instrument
from comity.law.program import Near, Outcome, Program
from comity.law.shipped import model_agreements

TODAY = date(2026, 3, 1)
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
OFFICER = frozenset({Role.OFFICER})

ADA = Asker(bureau="aldova", country="XA", unit="border post 4", officer="a-17", roles=(Role.OFFICER,))
BEN = Asker(bureau="bergenia", country="XB", unit="duty desk", officer="b-2", roles=(Role.DUTY_OFFICER,))
CORA = Asker(bureau="corvia", country="XC", unit="harbour", officer="c-9", roles=(Role.OFFICER,))

FULL, CORE, HIT, NOTHING = ReplyLevel.FULL, ReplyLevel.CORE, ReplyLevel.HIT, ReplyLevel.NOTHING

WANTED = Person(
    names=(Name(full="Ilvar Tessmond", family="Tessmond", given="Ilvar"), Name(full="Илвар Тессмонд")),
    births=("1981-04-07",),
    sex=Sex.MALE,
    nationalities=("XB",),
    documents=(IdentityDocument(number="B1234567", country="XB"),),
    status=PersonStatus.WANTED,
    purpose=RecordPurpose.ARREST,
    action="Detain and ask Bergenia.",
    warnings=(PersonWarning.ARMED,),
    addresses=("4 Quay Row, Vellmark",),
    phones=("+999 555 0101",),
    offences=(Offence(code="robbery"),),
    warrants=(Warrant(reference="W-88", country="XB"),),
    facts="Robbed the Vellmark savings bank.",
)
PASSPORT = TravelDocument(
    number="B7654321", country="XBE", fraud=DocumentFraud.STOLEN, stolen_on="2026-01-09", note="From a parked car."
)
CAR = Vehicle(vin="1M8GDM9AXKP042788", plate="VM 401", plate_country="XB", status=VehicleStatus.STOLEN, note="Blue.")

PISTOL = Firearm(
    serial="KL004711", make="Bergwerk", calibre="9x19", status=FirearmStatus.STOLEN, note="From a guarded armoury."
)
YACHT = Vessel(
    imo="9074729", name="Petrel", flag="XB", status=VesselStatus.STOLEN, home_port="Vellmark", note="From her berth."
)

# collection, subject, and a query that finds it
KINDS: dict[str, tuple[str, Subject, Query]] = {
    "person": ("nominals", WANTED, PersonQuery(name="Ilvar Tessmond", birth="1981-04-07")),
    "document": ("sltd", PASSPORT, DocumentQuery(country="XBE", number="B7654321")),
    "vehicle": ("smv", CAR, VehicleQuery(vin="1M8GDM9AXKP042788")),
    "firearm": ("firearms", PISTOL, FirearmQuery(serial="KL004711", make="Bergwerk")),
    "vessel": ("vessels", YACHT, VesselQuery(imo="9074729", name="Petrel")),
}

MATCH = Match(
    probability=0.97,
    bits=31.0,
    fields=(
        FieldMatch(field="name", bits=14.0, how="exact", asked="Ilvar Tessmond", found="Ilvar Tessmond"),
        FieldMatch(field="birth", bits=11.0, how="exact", asked="1981-04-07", found="1981-04-07"),
        FieldMatch(field="document", bits=6.0, how="exact", asked="B1234567", found="B1234567"),
    ),
)


def record(subject: Subject = WANTED, marking: Marking | None = None, **changes: Any) -> Record:
    """Bergenia's record of the subject."""
    code = next(code for code, one, _ in KINDS.values() if type(one) is type(subject))
    header: dict[str, Any] = {
        "id": record_id(code, "bergenia", "B-1"),
        "collection": code,
        "source": "bergenia",
        "country": "XB",
        "reference": "B-1",
        "version": 3,
        "entered_at": NOW,
        "amended_at": NOW,
        "retain_until": date(2030, 1, 1),
        "review_at": date(2029, 7, 1),
        "contact": "duty desk of Bergenia, +999 555 0199",
        "marking": marking or Marking(),
    }
    return Record(header=Header(**(header | changes)), subject=subject)


def question(
    asker: Asker = ADA, query: Query = KINDS["person"][2], purpose: Purpose = Purpose.BORDER_CONTROL
) -> Question:
    return Question(
        id="0190a0a0-0000-7000-8000-000000000001", query=query, purpose=purpose, case="C-1", asker=asker, asked_at=NOW
    )


def always(_query: Query, _subject: Subject) -> Match | None:
    return MATCH


def never(_query: Query, _subject: Subject) -> Match | None:
    return None


class Counting:
    """A comparison that counts how often it is made."""

    def __init__(self, compare: Callable[[Query, Subject], Match | None]) -> None:
        self.compare = compare
        self.made = 0

    def __call__(self, query: Query, subject: Subject) -> Match | None:
        self.made += 1
        return self.compare(query, subject)


def permit(name: str = "art-1", reply: Reply = Reply.FULL, **changes: Any) -> Clause:
    return Clause(id=name, title="Permits", effect=Effect.PERMIT, text="It is permitted.", reply=reply, **changes)


def forbid(name: str = "art-9", **changes: Any) -> Clause:
    return Clause(id=name, title="Forbids", effect=Effect.FORBID, text="It is forbidden.", **changes)


def agreement(*clauses: Clause, **changes: Any) -> Instrument:
    whole: dict[str, Any] = {
        "id": "treaty",
        "title": "A treaty",
        "source": "Fictitious",
        "parties": ("XA", "XB", "XC"),
        "in_force_from": date(2020, 1, 1),
        "clauses": clauses,
    }
    return Instrument(**(whole | changes))


def law(*agreements: Instrument) -> Law:
    return Law([(one, f"digest of {one.id}") for one in agreements])


@cache
def model_law() -> Law:
    """All model agreements, adopted."""
    return law(*(read_instrument(path.read_bytes(), path.name) for path in model_agreements()))


def between(
    law: Law,
    asker: str = "XA",
    owner: str = "XB",
    category: str = Category.PERSONS,
    purpose: str = Purpose.BORDER_CONTROL,
    roles: frozenset[Role] = OFFICER,
    on: date = TODAY,
    standing: Standing = Standing.ACTIVE,
) -> Decision:
    return law.between(asker, standing, owner, category, purpose, roles, on)


def request(**changes: Any) -> Request:
    """Ada asks Bergenia for a person at the border; what is no field of a request is one of its circumstances."""
    whole: dict[str, Any] = {
        "asker": "XA",
        "owner": "XB",
        "category": "persons",
        "purpose": "border-control",
        "roles": ("officer",),
        "bureau": "aldova",
    }
    stated = {name: value for name, value in changes.items() if name in Circumstances.__struct_fields__}
    others = {name: value for name, value in changes.items() if name not in stated}
    return Request(**(whole | others), circumstances=Circumstances(**stated))


def envelope(**changes: Any) -> Envelope:
    """Bergenia's record, by itself without any condition."""
    whole: dict[str, Any] = {"record": "r-1", "source": "bergenia", "country": "XB", "retain_until": date(2030, 1, 1)}
    return Envelope(**(whole | changes))


def program(*clauses: Clause) -> Program:
    return Program("treaty", ["XA", "XB", "XC"], clauses)


def outcome(program: Program, request: Request, envelope: Envelope | None = None) -> Outcome:
    return program.outcome(request, facts(request, envelope, TODAY))


def nearest(program: Program, request: Request) -> Near | None:
    return program.nearest(request, facts(request, None, TODAY))
