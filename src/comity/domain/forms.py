"""Structured forms: what officers ask and tell one another in codes, which every language has words for."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from comity.domain import limits
from comity.domain.country import country
from comity.domain.dates import partial_date
from comity.domain.hit import Hit, HitState, Priority
from comity.domain.purpose import Purpose

Code = Annotated[str, Meta(min_length=1, max_length=limits.CODE_CHARS_MAX)]
CodeOrNone = Annotated[str, Meta(max_length=limits.CODE_CHARS_MAX)]
Line = Annotated[str, Meta(min_length=1, max_length=limits.NAME_CHARS_MAX)]
LineOrNone = Annotated[str, Meta(max_length=limits.NAME_CHARS_MAX)]
Lines = Annotated[tuple[Line, ...], Meta(max_length=limits.LIST_ITEMS_MAX)]
Codes = Annotated[tuple[Code, ...], Meta(max_length=limits.LIST_ITEMS_MAX)]
Hours = Annotated[int, Meta(ge=0, le=10_000)]


class Sought(StrEnum):
    """What a bureau wants to know."""

    IDENTITY = "identity"
    RESIDENCE = "residence"
    WHEREABOUTS = "whereabouts"
    CRIMINAL_RECORD = "criminal-record"
    COMPANIONS = "companions"
    VEHICLES = "vehicles"
    TELEPHONES = "telephones"
    TRAVEL_DOCUMENTS = "travel-documents"
    BORDER_CROSSINGS = "border-crossings"
    OWNER = "owner"
    LAST_HOLDER = "last-holder"
    MAKER_RECORD = "maker-record"
    EXPORT = "export"


class Custody(StrEnum):
    """How somebody who was arrested is held."""

    DETAINED = "detained"
    BAILED = "bailed"
    RELEASED = "released"


class NextStep(StrEnum):
    """What is wanted of the other side after an arrest."""

    WARRANT = "warrant"
    PROVISIONAL_ARREST = "provisional-arrest"
    EXTRADITION_PAPERS = "extradition-papers"
    FINGERPRINTS = "fingerprints"
    INTERPRETER = "interpreter"
    CONSULATE = "consulate"
    TRANSFER = "transfer"


class Means(StrEnum):
    """By what an identity is checked."""

    PHOTOGRAPH = "photograph"
    FINGERPRINTS = "fingerprints"
    DNA = "dna"
    DOCUMENT = "document"
    WITNESS = "witness"


class IdentityResult(StrEnum):
    """What came of it."""

    SAME = "same"
    ANOTHER = "another"
    NOT_ESTABLISHED = "not-established"


class TracedThing(StrEnum):
    """What is traced."""

    FIREARM = "firearm"
    VEHICLE = "vehicle"
    VESSEL = "vessel"
    TRAVEL_DOCUMENT = "travel-document"
    TELEPHONE = "telephone"
    ACCOUNT = "account"


class InformationRequest(
    Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    tag_field="form",
    tag="information-request",
):
    """What is known of somebody."""

    sought: Annotated[tuple[Sought, ...], Meta(min_length=1)]
    names: Lines = ()  # in any script, as known
    births: Codes = ()  # YYYY, YYYY-MM or YYYY-MM-DD
    nationalities: Codes = ()  # two letters
    documents: Codes = ()  # numbers

    def __post_init__(self) -> None:
        _checked(self.births, self.nationalities)


class ArrestFollowUp(
    Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    tag_field="form",
    tag="arrest-follow-up",
):
    """Somebody was arrested on a hit. `hours_until_release`: how long they can be held without papers."""

    hit: Code
    arrested_on: date
    place: LineOrNone = ""
    custody: Custody
    hours_until_release: Hours | None = None
    next_steps: tuple[NextStep, ...] = ()


class IdentityCheck(
    Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    tag_field="form",
    tag="identity-check",
):
    """Is this the person? As a question without `result`, as an answer with it."""

    names: Annotated[Lines, Meta(min_length=1)]
    births: Codes = ()
    nationalities: Codes = ()
    documents: Codes = ()
    means: Annotated[tuple[Means, ...], Meta(min_length=1)]
    result: IdentityResult | None = None

    def __post_init__(self) -> None:
        _checked(self.births, self.nationalities)


class Trace(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True, tag_field="form", tag="trace"
):
    """Where a thing comes from, and through whose hands it went."""

    thing: TracedThing
    number: Code
    make: LineOrNone = ""
    found_on: date | None = None
    place: LineOrNone = ""
    sought: Annotated[tuple[Sought, ...], Meta(min_length=1)]


class HitConfirmation(
    Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    tag_field="form",
    tag="hit-confirmation",
):
    """How a hit stands, in codes. It is asked for and answered at the register of hits, and only shown as a form."""

    hit: Code
    owner: Code
    reference: CodeOrNone = ""
    purpose: Purpose
    priority: Priority | None = None
    state: HitState


# What a message may hold.
Form = InformationRequest | ArrestFollowUp | IdentityCheck | Trace
# What can be put into words.
AnyForm = Form | HitConfirmation


def confirmation(hit: Hit) -> HitConfirmation:
    """A hit of the register as a form."""
    return HitConfirmation(
        hit=hit.id,
        owner=hit.owner,
        reference=hit.reference,
        purpose=hit.purpose,
        priority=hit.priority,
        state=hit.state,
    )


def _checked(births: Codes, nationalities: Codes) -> None:
    for birth in births:
        partial_date(birth, where="births")
    for code in nationalities:
        country(code)
