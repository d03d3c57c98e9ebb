"""A question, and what its sources answer."""

import unicodedata
from collections.abc import Collection
from enum import StrEnum
from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType, structs

from comity.domain import limits
from comity.domain.caller import Asker
from comity.domain.circumstances import StatedOffence
from comity.domain.country import country, issuer
from comity.domain.dates import Moment, partial_date
from comity.domain.document import DocumentType
from comity.domain.firearm import FirearmType
from comity.domain.journal import Receipt
from comity.domain.marking import Marking
from comity.domain.match import Match
from comity.domain.person import Sex
from comity.domain.promise import Promise
from comity.domain.purpose import Purpose
from comity.domain.record import Subject
from comity.domain.reply import ReplyLevel
from comity.domain.stated import Stated, StatedOverride

Code = Annotated[str, Meta(max_length=limits.CODE_CHARS_MAX)]
NameText = Annotated[str, Meta(max_length=limits.NAME_CHARS_MAX)]


class PersonQuery(
    Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    tag_field="kind",
    tag="person",
):
    """Whatever is known of a person: name in any script, birth, place, description, an identity document's number.

    Without a name or a number it takes several fields together to narrow a question down far enough.
    """

    name: NameText = ""
    birth: Code = ""  # partial date
    sex: Sex = Sex.UNSPECIFIED
    nationality: Code = ""  # two letters
    document_number: Code = ""
    document_country: Code = ""  # two letters
    place: NameText = ""  # of birth
    height_cm: Annotated[int, Meta(ge=0, le=280)] = 0
    eyes: Code = ""
    hair: Code = ""
    wildcard: bool = False  # in the name * stands for any letters and ? for one
    sounds_like: bool = False  # names are told too that only sound like the one asked for

    def __post_init__(self) -> None:
        if self.birth:
            partial_date(self.birth, "birth")
        for code in (self.nationality, self.document_country):
            if code:
                country(code)
        if self.wildcard and not WILDCARDS & set(self.name):
            raise ValueError("With wildcard the name needs a * (any letters) or a ? (one letter).")
        if self.wildcard and not all("LATIN" in unicodedata.name(sign, "") for sign in self.name if sign.isalpha()):
            raise ValueError("With wildcard write the name in Latin letters; recorded names are read in any script.")
        if self.sounds_like and (self.wildcard or not self.name.strip()):
            raise ValueError("sounds_like needs a name, and one without wildcards.")
        if narrowed_bits(self, FIELDS_OF_PERSONS) < NARROWED_BITS_MIN:
            raise ValueError(
                "The question is too wide: too many would answer it. Give a name or a document_number, or more of "
                "birth, place, nationality, sex, height_cm, eyes and hair together; with wildcard more letters."
            )


WILDCARDS = frozenset("*?")
# How far each field narrows a question down, in bits: as little as it is in an average of countries and years.
NARROWED_BITS_MIN = 10.0
_NARROWS = {"document": 20.0, "place": 5.0, "nationality": 3.0, "sex": 1.0, "height": 2.0, "eyes": 1.0, "hair": 1.0}
_NARROWS_BY_BIRTH = {4: 6.0, 7: 10.0, 10: 14.0}  # a year, a month, a day: by the signs of the date
_NARROWS_BY_LETTER = 4.0  # of a name with wildcards
FIELDS_OF_PERSONS = frozenset(_NARROWS) | {"name", "birth"}  # as a match calls them


def narrowed_bits(query: PersonQuery, fields: Collection[str]) -> float:
    """How far these fields of the question, as far as it states them, narrow down who may be meant."""
    stated = {
        "document": query.document_number.strip(),
        "place": query.place.strip(),
        "nationality": query.nationality,
        "sex": query.sex is not Sex.UNSPECIFIED,
        "height": query.height_cm,
        "eyes": query.eyes.strip(),
        "hair": query.hair.strip(),
    }
    bits = sum(_NARROWS[field] for field, value in stated.items() if value and field in fields)
    if "birth" in fields:
        bits += _NARROWS_BY_BIRTH.get(len(query.birth), 0.0)
    if "name" not in fields or not query.name.strip():
        return bits
    letters = sum(map(str.isalpha, query.name))
    return bits + (_NARROWS_BY_LETTER * letters if query.wildcard else NARROWED_BITS_MIN)


class DocumentQuery(
    Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    tag_field="kind",
    tag="document",
):
    """Issuer, type and number as printed. `type` None: any type. An MRZ is read into this before it is asked."""

    country: Code  # the issuer's three (or two) letters
    number: Annotated[str, Meta(min_length=1, max_length=limits.CODE_CHARS_MAX)]
    type: DocumentType | None = None
    near: bool = False  # numbers that look alike or are one edit away are told too, each as what it is

    def __post_init__(self) -> None:
        issuer(self.country)


class VehicleQuery(
    Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    tag_field="kind",
    tag="vehicle",
):
    """A VIN, an engine's number, or a plate with its country; make, model and colour tell doubles apart."""

    vin: Code = ""
    plate: Code = ""
    plate_country: Code = ""
    engine_number: Code = ""
    make: Code = ""
    model: Code = ""
    colour: Code = ""
    near: bool = False  # as of a document

    def __post_init__(self) -> None:
        if not (self.vin or self.plate or self.engine_number):
            raise ValueError("Give a vin, an engine_number, or a plate with its plate_country.")
        if self.plate and not self.plate_country:
            raise ValueError("A plate needs its plate_country.")
        if self.plate_country:
            country(self.plate_country)


class FirearmQuery(
    Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    tag_field="kind",
    tag="firearm",
):
    """A serial number as marked, with whatever else is known: makers use the same serial numbers."""

    serial: Annotated[str, Meta(min_length=1, max_length=limits.CODE_CHARS_MAX)]
    make: Code = ""
    model: Code = ""
    type: FirearmType | None = None
    calibre: Code = ""
    near: bool = False  # as of a document

    def __post_init__(self) -> None:
        if not self.serial.strip():
            raise ValueError("Give the serial number as marked.")


class VesselQuery(
    Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    tag_field="kind",
    tag="vessel",
):
    """Any number of a ship, a boat or its engine, or a name; flag and make tell doubles apart."""

    imo: Code = ""
    hull_number: Code = ""
    eni: Code = ""
    mmsi: Code = ""
    call_sign: Code = ""
    registration: Code = ""
    flag: Code = ""  # two letters
    name: NameText = ""
    engine_number: Code = ""
    make: Code = ""
    near: bool = False  # as of a document; not of names

    def __post_init__(self) -> None:
        lasting = self.imo or self.hull_number or self.eni or self.engine_number
        if not (lasting or self.mmsi or self.call_sign or self.registration or self.name):
            raise ValueError("Give a number of the vessel or of its engine, or its name.")
        if self.registration and not self.flag:
            raise ValueError("A registration needs its flag.")
        if self.flag:
            country(self.flag)


Query = PersonQuery | DocumentQuery | VehicleQuery | FirearmQuery | VesselQuery


def exactly(query: Query) -> Query | None:
    """The same query for exact numbers only; None where it asks for no near ones."""
    if isinstance(query, PersonQuery) or not query.near:
        return None
    return structs.replace(query, near=False)


class LookupRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What an officer states: the query, why, and for which case. These three are compulsory."""

    query: Query
    purpose: Purpose
    case: Annotated[str, Meta(min_length=1, max_length=limits.CODE_CHARS_MAX)]
    on_behalf_of: Code = ""  # a system names the officer it asks for
    offence: StatedOffence | None = None  # that is investigated, where it is known
    stated: Stated | None = None


class Question(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A lookup as it travels: from one bureau to one node, answered by that node, never forwarded."""

    id: str  # UUIDv7
    query: Query
    purpose: Purpose
    case: Annotated[str, Meta(min_length=1, max_length=limits.CODE_CHARS_MAX)]
    asker: Asker
    asked_at: Moment
    offence: StatedOffence | None = None  # this and the next are left out towards nodes that do not know them
    stated: Stated | None = None
    # Of the asker's own law. Not of `stated`: an officer cannot state them, two others answer for them.
    overrides: Annotated[tuple[StatedOverride, ...], Meta(max_length=limits.OVERRIDES_MAX)] = ()


class Outcome(StrEnum):
    """How one source stands to a question. "No record" never means clear."""

    HIT = "hit"
    NO_RECORD = "no-record"
    SILENT = "silent"
    REFUSED = "refused"


class Finding(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """As much of one record as the law let out. A lead, never proof.

    At level HIT there is no subject and no record id: only the hit's own id, the owner and whom to ask.
    """

    hit: str  # the hit's id, the same at asker, answerer and owner
    owner: str
    contact: str
    category: str
    level: ReplyLevel
    collection: str = ""
    record: str = ""
    reference: str = ""
    version: int = 0
    amended_at: Moment | None = None
    marking: Marking | None = None
    subject: Subject | None = None
    match: Match | None = None
    clauses: tuple[str, ...] = ()  # that allowed it
    obligations: tuple[str, ...] = ()  # what the receiver owes


class Reason(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a source refused: the clause and what it says, and what would be needed."""

    clause: str  # "agreement-id art-7", or a rule of the organisation
    text: str
    needed: str = ""

    @property
    def do(self) -> str:
        """What would help, as whoever was refused reads it; '' where nothing would."""
        return f"Needed: {self.needed}" if self.needed else ""


class SourceAnswer(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one node answered, or that it did not."""

    source: str
    question: str
    outcome: Outcome
    findings: Annotated[tuple[Finding, ...], Meta(max_length=limits.FINDINGS_PER_SOURCE_MAX)] = ()
    reason: Reason | None = None
    receipt: Receipt | None = None  # where the answering node wrote it down
    more: bool = False  # there were more findings than the limit
    took_ms: float = 0.0
    promise: Promise | UnsetType = UNSET  # left out towards an asker that does not ask for it


def without_answer(
    source: str, question: Question, outcome: Outcome, reason: Reason | None, took_ms: float = 0.0
) -> SourceAnswer:
    """Of a source that told nothing, or kept silent."""
    return SourceAnswer(source=source, question=question.id, outcome=outcome, reason=reason, took_ms=took_ms)


class Answer(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the officer gets: every source with how it stands, findings in order of likeness."""

    question: str
    asked_at: Moment
    sources: tuple[SourceAnswer, ...]
    receipt: Receipt | None = None  # where the asking bureau wrote it down
    took_ms: float = 0.0


def each_hit(answer: Answer) -> list[tuple[Finding, list[str]]]:
    """Every hit once, as deep as it was told, with all who told of it."""
    deepest: dict[str, tuple[Finding, list[str]]] = {}
    for source in answer.sources:
        for finding in source.findings:
            held, sources = deepest.get(finding.hit, (finding, []))
            deepest[finding.hit] = (max(held, finding, key=lambda one: one.level), [*sources, source.source])
    return list(deepest.values())


class QuestionBatch(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Many questions to one node in one request; each stands for itself, in law and in the journal."""

    questions: Annotated[tuple[Question, ...], Meta(min_length=1, max_length=limits.QUESTIONS_PER_BATCH_MAX)]


class AnswerBatch(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The answers to the first of them, in their order: as many as fit in time and size, and at least one.

    What is not answered was not looked at: it is asked again.
    """

    answers: Annotated[tuple[SourceAnswer, ...], Meta(min_length=1, max_length=limits.QUESTIONS_PER_BATCH_MAX)]
