"""May this caller see this record? The one place that opens boxes and cuts what comes out to what may be shown."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import msgspec

from comity.domain.caller import Asker
from comity.domain.collection import collection
from comity.domain.decision import Decision
from comity.domain.document import DocumentFraud, TravelDocument
from comity.domain.firearm import Firearm, FirearmStatus, FirearmType
from comity.domain.held import Held
from comity.domain.hit import hit_id
from comity.domain.lookup import Finding, Query, Question
from comity.domain.marking import Marking
from comity.domain.match import Match
from comity.domain.person import Name, Person, PersonStatus, RecordPurpose
from comity.domain.record import Header, Record, Subject
from comity.domain.reply import ReplyLevel
from comity.domain.vehicle import Vehicle, VehicleStatus
from comity.domain.vessel import Vessel, VesselStatus
from comity.law import extract, marking
from comity.law.decision import narrowest
from comity.law.duties import add_up
from comity.law.rulebook import Rulebook
from comity.law.weighed import Weighed
from comity.matching.number_bits import is_near, only_near

Compare = Callable[[Query, Subject], Match | None]


def release(
    held: Held[Record],
    decision: Decision,
    asker: Asker,
    question: Question,
    compare: Compare,
    book: Rulebook,
    weighed: Weighed | None = None,
) -> Finding | None:
    """As much of the record as both the decision and its own marking let this asker see.

    `decision` is what may be told of any record of that owner; where it is `weighed`, the law says of this very record
    what it says. `book` is the rulebook in force. None where the record does not match, and where it matches but must
    not be told: the two cannot be told apart.
    """
    record = held._content
    if weighed is not None:
        decision = narrowest(weighed.record(record), decision)
    match, level = _considered(record, decision, asker, question, compare, book)
    if match is None or level is ReplyLevel.NOTHING:
        return None
    if _misleads(match, extract.match_at(match, record.subject, level, book)):
        return None
    return _finding(record, match, level, decision, question, book)


def show(held: Held[Finding], decision: Decision, book: Rulebook) -> Finding | None:
    """A finding that travelled here, cut once more to what our own rules let our officer see; never more than came.

    None where that is nothing.
    """
    finding = held._content
    level = min(finding.level, decision.level)
    if level is ReplyLevel.NOTHING:
        return None
    if level < extract.least(finding.subject, book):
        return None
    match = extract.match_at(finding.match, finding.subject, level, book)
    if finding.match is not None and _misleads(finding.match, match):
        return None
    clauses = _each_once(finding.clauses, decision.clauses)
    obligations = _each_once(finding.obligations, decision.obligations)
    if level is ReplyLevel.HIT:
        # The source's own words speak of the record; who learns of the hit alone does not read them.
        words = finding.marking.conditions if finding.marking else ()
        return _bare(finding, clauses, tuple(owed for owed in obligations if owed not in words))
    return msgspec.structs.replace(
        finding,
        level=level,
        marking=_marking_at(finding.marking, level),
        subject=extract.subject_at(finding.subject, level, book),
        match=match,
        clauses=clauses,
        obligations=obligations,
    )


def _misleads(match: Match, told: Match | None) -> bool:
    """What is only near is told only where its reader sees that it is: a bare hit would be taken for the thing itself.

    Falls without it: tests/law/test_near.py
    """
    return only_near(match) and not (told and any(map(is_near, told.fields)))


def decoy(
    asker: Asker,
    question: Question,
    compare: Compare,
    book: Rulebook,
    weighed: Weighed | None = None,
) -> None:
    """The work that `release` does for one record that it withholds, done for none.

    Where nothing is held at all, an answer without this work would come back sooner than one that withholds a record.
    """
    record = _DECOYS[str(question.query.__struct_config__.tag)]
    if weighed is not None:
        weighed.decoy(record)
    _considered(record, _NOBODY_MAY, asker, question, compare, book)


def header_of(held: Held[Record]) -> Header:
    """Whose the record is: for the journal and the owner's alert, never for the asker."""
    return held._content.header


def _considered(
    record: Record, decision: Decision, asker: Asker, question: Question, compare: Compare, book: Rulebook
) -> tuple[Match | None, ReplyLevel]:
    """How alike they are, and how much may be told. Both are worked out whatever the other says.

    An early end would tell a withheld record from an absent one by the time it takes.
    Falls without it: tests/law/test_withheld.py
    """
    match = compare(question.query, record.subject)
    level = min(decision.level, marking.level(record.header, asker, book))
    least = extract.least(record.subject, book)
    return match, level if level >= least else ReplyLevel.NOTHING


def _finding(
    record: Record, match: Match, level: ReplyLevel, decision: Decision, question: Question, book: Rulebook
) -> Finding:
    header = record.header
    bare = Finding(
        hit=hit_id(question.id, header.id),
        owner=header.source,
        contact=header.contact,
        category=collection(header.collection).category,
        level=level,
        clauses=decision.clauses,
        obligations=decision.obligations,
    )
    if level is ReplyLevel.HIT:
        return msgspec.structs.replace(bare, obligations=_without_marking(decision))
    return msgspec.structs.replace(
        bare,
        collection=header.collection,
        record=header.id,
        reference=header.reference,
        version=header.version,
        amended_at=header.amended_at,
        marking=_marking_at(header.marking, level),
        subject=extract.subject_at(record.subject, level, book),
        match=extract.match_at(match, record.subject, level, book),
        obligations=_each_once(decision.obligations, marking.obligations(header.marking, book)),
    )


def _without_marking(decision: Decision) -> tuple[str, ...]:
    """The source's conditions speak of the record; who learns of the hit alone does not read them."""
    if not decision.layers:
        return decision.obligations
    return add_up(code for one in decision.layers if one.layer != "marking" for code in one.obligations)


def _bare(finding: Finding, clauses: tuple[str, ...], obligations: tuple[str, ...]) -> Finding:
    """That there is a hit, and whom to ask. Built anew, so that a field added later is not carried along."""
    return Finding(
        hit=finding.hit,
        owner=finding.owner,
        contact=finding.contact,
        category=finding.category,
        level=ReplyLevel.HIT,
        clauses=clauses,
        obligations=obligations,
    )


def _marking_at(marking: Marking | None, level: ReplyLevel) -> Marking | None:
    """With the whole record goes its list of countries; whoever sees less does not learn who is kept out."""
    if marking is None or level >= ReplyLevel.FULL:
        return marking
    return msgspec.structs.replace(marking, closed_to=(), only_for=())


def _each_once(*lists: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for values in lists for value in values))


_NOBODY_MAY = Decision(ReplyLevel.NOTHING)


def _decoy(code: str, subject: Subject) -> Record:
    header = Header(
        id="decoy",
        collection=code,
        source="nobody",
        country="",
        reference="decoy",
        version=1,
        entered_at=datetime(2000, 1, 1, tzinfo=UTC),
        amended_at=datetime(2000, 1, 1, tzinfo=UTC),
        retain_until=date(2000, 1, 1),
        review_at=date(2000, 1, 1),
        contact="",
        marking=Marking(closed_to=("XA", "XB"), only_for=("XC",)),
    )
    return Record(header=header, subject=subject)


# kind of query: a record of nobody, of usual size
_DECOYS = {
    "person": _decoy(
        "nominals",
        Person(
            names=(Name(full="Nobody Atall", family="Atall", given="Nobody"), Name(full="Нободи Атолл")),
            births=("1970-01-01",),
            nationalities=("XA",),
            status=PersonStatus.MISSING,
            purpose=RecordPurpose.LOCATE,
        ),
    ),
    "document": _decoy("sltd", TravelDocument(number="X0000000", country="XAL", fraud=DocumentFraud.LOST)),
    "vehicle": _decoy(
        "smv",
        Vehicle(vin="XXXXXXXXXXXXXXXXX", plate="X0000", plate_country="XA", status=VehicleStatus.STOLEN),
    ),
    "firearm": _decoy(
        "firearms",
        Firearm(serial="X0000000", make="Nobody", type=FirearmType.PISTOL, calibre="9 mm", status=FirearmStatus.STOLEN),
    ),
    "vessel": _decoy(
        "vessels",
        Vessel(imo="0000000", hull_number="XXX00000X000", name="Nobody", flag="XA", status=VesselStatus.STOLEN),
    ),
}
