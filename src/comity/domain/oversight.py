"""Oversight: what of the journal is sought, what is found, and what is left of an entry whose term has ended."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from comity.domain import limits
from comity.domain.dates import Moment
from comity.domain.errors import Invalid
from comity.domain.journal import Act, Entry, Opening
from comity.domain.lookup import Query
from comity.domain.purpose import Purpose

Code = Annotated[str, Meta(max_length=limits.CODE_CHARS_MAX)]
NameText = Annotated[str, Meta(max_length=limits.NAME_CHARS_MAX)]
_query = msgspec.json.Decoder(Query)


class Criteria(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What an entry of the journal must say; what is left empty is not asked for."""

    concerning: Query | None = None  # whom: as one would look them up
    about: Code = ""  # the id of a question, hit, record, letter, case, member or account
    officer: Code = ""  # an account's id; of this bureau also its login
    unit: NameText = ""
    bureau: Code = ""  # who asked from elsewhere, or was told
    purpose: Purpose | None = None
    case: Code = ""
    clause: Code = ""  # "INSTRUMENT ARTICLE", or the instrument alone
    act: Act | None = None
    first_day: date | None = None
    last_day: date | None = None

    def __post_init__(self) -> None:
        if self.first_day and self.last_day and self.last_day < self.first_day:
            raise Invalid("The last day is before the first.", where="last_day", do="Change one of them.")


class FoundOpenings(Struct, frozen=True, kw_only=True):
    """A page of entries, oldest first; `after` is where the next one begins, None where this is the last."""

    openings: tuple[Opening, ...]
    after: int | None = None


class Counted(Struct, frozen=True, kw_only=True):
    """How many entries of one month, act and purpose there are."""

    month: str  # YYYY-MM
    act: Act
    purpose: Purpose | None  # None: of an act that has none
    entries: int


# Said in every reply, whether or not anything is left out: so it tells nothing.
NEITHER = (
    "This list has what may be told to you. The law lets some disclosures be kept from whoever asks. "
    "This reply neither confirms nor denies that there are any."
)


class LeftOut(StrEnum):
    """Why a person is not told of a disclosure."""

    ANOTHERS = "anothers"  # the record is another member's: it answers for it
    CONFIDENTIAL = "confidential"  # its source has marked it above the lowest level
    TOO_SOON = "too-soon"  # an inquiry could be lost by it


class Disclosed(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One disclosure of one record, as the person is told of it whom the record is about."""

    at: Moment
    to: str  # the organisation: never the officer
    purpose: str
    level: str
    clauses: tuple[str, ...]
    collection: str
    reference: str


class ToldOf(Struct, frozen=True, kw_only=True):
    """What a person may be told of, and how much is left out for which reason: the second is never told to them."""

    disclosed: tuple[Disclosed, ...]
    left_out: dict[LeftOut, int]


class ErasedOpening(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is left of an entry whose term has ended: its leaf in the log, and by which rule it was erased when."""

    index: int
    erased_on: date
    under: NameText
    leaf: NameText  # canonical JSON: a salted digest whose salt is gone


def follows(one: ErasedOpening, other: ErasedOpening) -> bool:
    """Whether the other stands next to it and was erased with it."""
    same = (one.erased_on, one.under) == (other.erased_on, other.under)
    return same and other.index == one.index + 1


def first_of_each(erased: Sequence[ErasedOpening]) -> list[ErasedOpening]:
    """Where each run of entries begins that were erased together, in the order of the journal."""
    return [one for place, one in enumerate(erased) if not place or not follows(erased[place - 1], one)]


def on_behalf_of(entry: Entry) -> str:
    """For which officer a system asked, where one did."""
    return str(entry.details.get("on_behalf_of", ""))


def question_of(entry: Entry) -> str:
    """The question that an entry on something else comes from, where it names one."""
    return str(entry.details.get("question", ""))


def asked_of(entry: Entry) -> Query | None:
    """What was asked, where the entry says it, and this release can read it."""
    written = entry.details.get("query")
    try:
        return _query.decode(written) if isinstance(written, str) else None
    except msgspec.MsgspecError:
        return None
