"""Messages between officers of different bureaus: what is written, to whom, how urgent, and what became of it."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct
from msgspec.structs import replace

from comity.domain import limits
from comity.domain.clocks import ran_out
from comity.domain.collection import Category
from comity.domain.dates import Moment
from comity.domain.forms import Form
from comity.domain.marking import Marking
from comity.domain.purpose import Purpose
from comity.domain.region import Region

Code = Annotated[str, Meta(min_length=1, max_length=limits.CODE_CHARS_MAX)]
CodeOrNone = Annotated[str, Meta(max_length=limits.CODE_CHARS_MAX)]
Line = Annotated[str, Meta(min_length=1, max_length=limits.NAME_CHARS_MAX)]
Words = Annotated[str, Meta(max_length=limits.MESSAGE_CHARS_MAX)]
Language = Annotated[str, Meta(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=35)]  # RFC 5646
Files = Annotated[
    tuple[Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")], ...], Meta(max_length=limits.FILES_PER_MESSAGE_MAX)
]
Bureaus = Annotated[tuple[Code, ...], Meta(max_length=limits.MESSAGE_RECIPIENTS_MAX)]


class Urgency(StrEnum):
    """How soon an answer is needed. Directive (EU) 2023/977, article 5: 8 hours, 3 days, 7 days."""

    EMERGENCY = "emergency"  # lives or liberty, and the answer is at hand
    URGENT = "urgent"
    ROUTINE = "routine"


# where no agreement says otherwise
ANSWER_WITHIN = {
    Urgency.EMERGENCY: timedelta(hours=limits.ANSWER_EMERGENCY_HOURS),
    Urgency.URGENT: timedelta(days=limits.ANSWER_URGENT_DAYS),
    Urgency.ROUTINE: timedelta(days=limits.ANSWER_ROUTINE_DAYS),
}


class Draft(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A message as its officer writes it. Its number, purpose and category are those of its case."""

    to: Bureaus = ()
    regions: Annotated[tuple[Region, ...], Meta(max_length=len(Region))] = ()  # every bureau there, as it is sent
    to_all: bool = False  # every bureau
    but: Bureaus = ()  # of a region or of all
    subject: Line
    text: Words = ""
    language: Language = "en"
    form: Form | None = None
    urgency: Urgency = Urgency.ROUTINE
    asks: bool = False  # an answer is wanted, and the clock runs
    marking: Marking = Marking()
    includes: Annotated[tuple[Code, ...], Meta(max_length=limits.LIST_ITEMS_MAX)] = ()  # what of the case it draws on
    shows_recipients: bool = False  # each recipient learns who the others are
    keep_until: date | None = None  # its recipients keep it no longer

    @property
    def addressed(self) -> tuple[str, ...]:
        """Whom it names, in words: bureaus, regions, all."""
        return (*self.to, *self.regions, *(("all",) if self.to_all else ()))


class Message(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A message as it travels. `recipients` are those whom this recipient may know of, itself among them."""

    id: Code
    thread: Code  # the first message of the exchange
    reply_to: CodeOrNone = ""
    sender: Code
    unit: CodeOrNone = ""
    recipients: Bureaus
    case: Code  # the sender's number
    their_case: CodeOrNone = ""  # the recipient's, where the sender knows it
    subject: Line
    category: Category
    purpose: Purpose
    basis: Line
    urgency: Urgency
    asks: bool
    marking: Marking
    language: Language
    text: Words = ""
    form: Form | None = None
    keep_until: date | None = None  # the last day, where the sender sets one
    files: Files = ()  # that travel beside it, by the SHA-256 of what is sealed; the sealed letter says what they are
    written_at: Moment


class Way(StrEnum):
    """Whether a message is being written, was sent from here, or came."""

    DRAFT = "draft"
    OUT = "out"
    IN = "in"


class LegState(StrEnum):
    """How far a message has come with one bureau. A later release may know more."""

    SENT = "sent"
    OPENED = "opened"  # by an officer there; of one that came: here
    ANSWERED = "answered"
    RECALLED = "recalled"  # by its sender: its content is gone


class Leg(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One message between this node and one other bureau, and the clock that runs there."""

    bureau: str
    state: LegState = LegState.SENT
    due_at: Moment | None = None
    escalated_at: Moment | None = None
    opened_at: Moment | None = None
    answered_at: Moment | None = None
    letter: CodeOrNone = ""  # that carried it; '' where an earlier release noted none

    def overdue(self, now: datetime) -> bool:
        return self.answered_at is None and ran_out(self.due_at, self.escalated_at, now)

    def opened(self, at: datetime) -> "Leg":
        state = LegState.OPENED if self.state is LegState.SENT else self.state
        return replace(self, state=state, opened_at=self.opened_at or at)

    def recalled(self) -> "Leg":
        """Nobody waits for an answer any more."""
        return replace(self, state=LegState.RECALLED, due_at=None)

    def answered(self, at: datetime) -> "Leg":
        return replace(self, state=LegState.ANSWERED, answered_at=self.answered_at or at)


class ErasureReason(StrEnum):
    """Why the content of a message is gone."""

    RECALLED = "recalled"  # by its sender
    ENDED = "ended"  # the days for which it might be kept are over


class Erased(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    at: Moment
    why: ErasureReason


class Mail(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A message in this bureau's files. One that came lies with the duty desk until it is filed into a case."""

    id: str
    way: Way
    case: str = ""  # id of the case here, '' while it is not filed
    draft: Draft | None = None
    reply_to: str = ""  # of a draft
    written_by: str = ""  # account, of what was written here
    message: Message | None = None
    origins: tuple[str, ...] = ()  # whose information it holds, where that is neither ours nor the recipient's
    legs: tuple[Leg, ...] = ()
    noted_at: Moment  # written, sent or come
    keep_until: date | None = None  # the last day; the last day of all: with its case; None: not worked out yet
    told_of_end: bool = False
    erased: Erased | None = None  # only who wrote to whom, when, in which case is left of it

    def emptied(self, at: datetime, why: ErasureReason) -> "Mail":
        """What is left where its content must go: its place in the exchange."""
        message = self.message and replace(self.message, subject=why.value, text="", form=None, files=())
        legs = tuple(replace(leg, due_at=None) for leg in self.legs)
        return replace(self, message=message, draft=None, legs=legs, erased=Erased(at=at, why=why))

    def with_leg(self, leg: Leg) -> "Mail":
        return replace(self, legs=tuple(leg if one.bureau == leg.bureau else one for one in self.legs))

    def leg(self, bureau: str) -> Leg | None:
        return next((one for one in self.legs if one.bureau == bureau), None)


class Translation(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """The text of a message in another language: a word of its own by whoever made it, beside the original."""

    id: Code
    message: Code
    bureau: Code  # that answers for it; its signature is that of the letter that brings it
    translator: Code  # an opaque id
    from_language: Language
    to_language: Language
    by_machine: bool = False
    text: Annotated[str, Meta(min_length=1, max_length=limits.MESSAGE_CHARS_MAX)]
    made_at: Moment
