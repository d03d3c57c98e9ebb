"""A question, and what its sources answer."""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from comity.domain import limits
from comity.domain.caller import Asker
from comity.domain.country import country, issuer
from comity.domain.dates import Moment, partial_date
from comity.domain.document import DocumentType
from comity.domain.journal import Receipt
from comity.domain.marking import Marking
from comity.domain.match import Match
from comity.domain.person import Sex
from comity.domain.purpose import Purpose
from comity.domain.record import Subject
from comity.domain.reply import ReplyLevel

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
    """Name in any script, with whatever else is known; or an identity document's number alone."""

    name: NameText = ""
    birth: Code = ""  # partial date
    sex: Sex = Sex.UNSPECIFIED
    nationality: Code = ""  # two letters
    document_number: Code = ""
    document_country: Code = ""  # two letters

    def __post_init__(self) -> None:
        if not (self.name.strip() or self.document_number.strip()):
            raise ValueError("Give a name or a document_number.")
        if self.birth:
            partial_date(self.birth, "birth")
        for code in (self.nationality, self.document_country):
            if code:
                country(code)


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
    """A VIN, or a plate with its country (two letters)."""

    vin: Code = ""
    plate: Code = ""
    plate_country: Code = ""

    def __post_init__(self) -> None:
        if not self.vin and not self.plate:
            raise ValueError("Give a vin, or a plate with its plate_country.")
        if self.plate and not self.plate_country:
            raise ValueError("A plate needs its plate_country.")
        if self.plate_country:
            country(self.plate_country)


Query = PersonQuery | DocumentQuery | VehicleQuery


class LookupRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What an officer states: the query, why, and for which case. All three are compulsory."""

    query: Query
    purpose: Purpose
    case: Annotated[str, Meta(min_length=1, max_length=limits.CODE_CHARS_MAX)]
    on_behalf_of: Code = ""  # a system names the officer it asks for


class Question(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A lookup as it travels: from one bureau to one node, answered by that node, never forwarded."""

    id: str  # UUIDv7
    query: Query
    purpose: Purpose
    case: Annotated[str, Meta(min_length=1, max_length=limits.CODE_CHARS_MAX)]
    asker: Asker
    asked_at: Moment


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


class Answer(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the officer gets: every source with how it stands, findings in order of likeness."""

    question: str
    asked_at: Moment
    sources: tuple[SourceAnswer, ...]
    receipt: Receipt | None = None  # where the asking bureau wrote it down
    took_ms: float = 0.0
