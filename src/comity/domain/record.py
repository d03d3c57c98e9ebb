"""A record: something about a person or thing, with the header that every record carries."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from comity.domain import document, firearm, limits, person, vehicle, vessel
from comity.domain.collection import Entry, collection
from comity.domain.country import country_of_issuer
from comity.domain.dates import Moment
from comity.domain.document import TravelDocument
from comity.domain.errors import Invalid
from comity.domain.firearm import Firearm
from comity.domain.ids import derived_id
from comity.domain.marking import Marking
from comity.domain.person import Person
from comity.domain.vehicle import Vehicle
from comity.domain.vessel import Vessel

Subject = Person | TravelDocument | Vehicle | Firearm | Vessel


class Header(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """Whose a record is and under which conditions. `id` follows from collection, source and reference."""

    id: str
    collection: str
    source: str  # the member that owns it, or the outside body whose list it is
    country: str  # the owner's, two letters, or "" for an organisation
    reference: Annotated[str, Meta(min_length=1, max_length=limits.CODE_CHARS_MAX)]  # the source's own file number
    version: int
    entered_at: Moment
    amended_at: Moment
    retain_until: date
    review_at: date
    contact: str  # whom to ask, day and night
    marking: Marking = Marking()


class Record(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    header: Header
    subject: Subject


class WithdrawalReason(StrEnum):
    """Why a source takes a record back."""

    PURPOSE_ACHIEVED = "purpose-achieved"
    ENTERED_IN_ERROR = "entered-in-error"
    RECOVERED = "recovered"
    CONDITIONS_GONE = "conditions-gone"
    COURT_OR_COMMISSION = "court-or-commission"


class Withdrawal(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The source takes a record back. Whoever holds a copy erases it and keeps only this tombstone."""

    id: str
    collection: str
    source: str
    reference: str
    version: int  # no version up to this one may come back
    reason: WithdrawalReason
    withdrawn_at: Moment


def record_id(collection_code: str, source: str, reference: str) -> str:
    """The id that a record has at every node."""
    return derived_id("record", collection_code, source, reference)


def check_entry(record: Record, source_country: str, source_is_member: bool) -> None:
    """What must be true before a record may be entered. Raises Invalid with what is missing.

    A travel document comes from its issuer alone; an outside body's list comes through the hub alone.
    """
    header, subject = record.header, record.subject
    target = collection(header.collection)
    if subject.__struct_config__.tag != target.kind:
        raise Invalid(
            f"{target.code} holds records of kind {target.kind!r}.",
            where="kind",
            do="Choose the right collection.",
        )
    if missing := gaps(subject):
        raise Invalid(
            f"The record lacks {', '.join(missing)}.",
            where=missing[0],
            do="Complete it at the source.",
        )
    if target.entry is Entry.HOST and source_is_member:
        raise Invalid(
            f"{target.code} is entered by the hub for an outside body.",
            where="source",
            do="Enter it at the hub.",
        )
    if target.entry is not Entry.HOST and not source_is_member:
        raise Invalid(
            f"Only members may enter into {target.code}.",
            where="source",
            do="Name a member as source.",
        )
    if isinstance(subject, TravelDocument) and country_of_issuer(subject.country) != source_country:
        raise Invalid(
            f"Only the issuing country may enter a travel document; {subject.country} is not {source_country}.",
            where="country",
            do="Ask the issuing country to enter it.",
        )
    if not header.review_at <= header.retain_until:
        raise Invalid(
            "The review must not be later than the end of retention.",
            where="review_at",
            do="Correct one of them.",
        )


def gaps(subject: Subject) -> tuple[str, ...]:
    """What it still needs before it may be entered."""
    match subject:
        case Person():
            return person.gaps(subject)
        case TravelDocument():
            return document.gaps(subject)
        case Vehicle():
            return vehicle.gaps(subject)
        case Firearm():
            return firearm.gaps(subject)
        case Vessel():
            return vessel.gaps(subject)
