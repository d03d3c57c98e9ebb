"""A case: what one bureau holds together on a matter, and which of its own people may see it."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct
from msgspec.structs import replace

from comity.domain import limits
from comity.domain.collection import Category
from comity.domain.dates import Moment
from comity.domain.mail import Mail
from comity.domain.marking import Marking
from comity.domain.purpose import Purpose

Code = Annotated[str, Meta(min_length=1, max_length=limits.CODE_CHARS_MAX)]
Line = Annotated[str, Meta(min_length=1, max_length=limits.NAME_CHARS_MAX)]
Text = Annotated[str, Meta(max_length=limits.TEXT_CHARS_MAX)]


GONE = "ended"  # stands for what the days of retention took


class CaseState(StrEnum):
    """How a case stands."""

    OPEN = "open"
    CLOSED = "closed"


class ItemKind(StrEnum):
    """What can lie in a case beside its messages."""

    RECORD = "record"
    HIT = "hit"


class Reference(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The same matter at another bureau, under that bureau's number."""

    bureau: Code
    number: Code


class NewCase(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is said when a case is opened. `basis`: the law or order on which it rests."""

    number: Code
    title: Line
    category: Category
    purpose: Purpose
    basis: Line


class Case(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """`allowed` are ids of own accounts; nobody else learns that the case is there."""

    id: str
    about: NewCase
    allowed: frozenset[str]
    opened_by: str
    opened_at: Moment
    state: CaseState = CaseState.OPEN
    references: tuple[Reference, ...] = ()
    closed_at: Moment | None = None
    closed_because: Text = ""
    keep_until: date | None = None  # the last day; None while it is open, or not worked out yet
    told_of_end: bool = False
    erased_at: Moment | None = None  # only its number is left, and when it was worked on

    def emptied(self, at: datetime) -> "Case":
        """What is left where its content must go: its number, which nobody else gets."""
        about = replace(self.about, title=GONE, basis=GONE)
        return replace(self, about=about, allowed=frozenset(), references=(), closed_because="", erased_at=at)

    @property
    def number(self) -> str:
        return self.about.number

    def their_number(self, bureau: str) -> str:
        """Under which number that bureau knows the matter, '' where it never said."""
        return next((one.number for one in self.references if one.bureau == bureau), "")


class Item(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A record or a hit in a case, with what its owner said may be done with it."""

    case: str
    kind: ItemKind
    id: Code
    owner: str  # the bureau or body whose it is
    marking: Marking
    added_by: str
    added_at: Moment


class WholeCase(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A case with all that lies in it. `marking` holds for all of it together; None: nobody may see all of it."""

    case: Case
    items: tuple[Item, ...]
    mail: tuple[Mail, ...]
    marking: Marking | None
