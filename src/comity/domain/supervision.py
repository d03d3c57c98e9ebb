"""What a supervised member asks or writes, and what waits until somebody here has looked at it."""

from datetime import date
from enum import StrEnum

from msgspec import Struct

from comity.domain.dates import Moment
from comity.domain.letter import (
    Body,
    CaseMessage,
    CaseMessageTranslated,
    ConfirmationRequest,
    ConsentAnswer,
    ConsentRequest,
    Lane,
    LateAnswer,
    Letter,
    OperationOrdered,
    OperationWritten,
    RecordPassed,
    RecordsShare,
)
from comity.domain.lookup import Question
from comity.domain.operation import Left

# What people here or other members act on. All other kinds are never held: a withdrawal, a denial, a receipt or a
# recall that waited would leave something standing that its owner has taken back.
# Falls without one: tests/desks/test_letter_review.py
HELD_KINDS: frozenset[type] = frozenset(
    {
        ConfirmationRequest,
        ConsentRequest,
        ConsentAnswer,
        RecordsShare,
        RecordPassed,
        CaseMessage,
        CaseMessageTranslated,
        OperationWritten,
        OperationOrdered,
    }
)


def may_wait(body: Body) -> bool:
    """Whether a letter of a supervised member waits for review.

    A consent that is refused or taken back never does; nor that a bureau leaves, or word of an entry without the entry.
    Falls without each: tests/desks/test_letter_review.py
    """
    match body:
        case ConsentAnswer(given=given):
            return given
        case OperationWritten(entry=entry):
            return not isinstance(entry.deed, Left)
        case OperationOrdered(ordered=ordered):
            return ordered.entry is not None and not isinstance(ordered.entry.deed, Left)
    return type(body) in HELD_KINDS


# What tells something of a case, a person or a thing: its sender's log must hold that it was disclosed.
DISCLOSING_KINDS: frozenset[type] = frozenset(
    {CaseMessage, CaseMessageTranslated, RecordPassed, OperationWritten, OperationOrdered}
)


def discloses(body: Body) -> bool:
    """Whether a letter waits until its sender has proved that its log holds it. What ends something never waits."""
    return isinstance(body, LateAnswer) or (type(body) in DISCLOSING_KINDS and may_wait(body))


class HeldQuestion(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """`until` is the last day on which it can be released; after it, it counts as refused."""

    question: Question
    measure: str  # under which it is held
    held_at: Moment
    until: date
    watch_until: date | None = None  # where it came as a watch: for how long

    @property
    def id(self) -> str:
        return self.question.id


class HeldLetter(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A letter as it came, not applied. `until` is the last day on which it can be released.

    It waits for a reviewer under a `measure`, or, with the `digest` of its box, until its sender has proved it.
    """

    letter: Letter
    measure: str
    held_at: Moment
    until: date
    digest: str = ""

    @property
    def id(self) -> str:
        """Of the sender and the letter: two senders may use the same."""
        return f"{self.letter.sender}/{self.letter.id}"

    @property
    def clause(self) -> str:
        return "no proof, no read" if self.digest else f"directory measure {self.measure}"


class HeldState(StrEnum):
    """What became of a letter of a supervised member."""

    HELD = "held"
    RELEASED = "released"
    REFUSED = "refused"


class Cover(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A held letter as its reviewer sees it: whole, but for the content of records, of which the ids are named."""

    id: str
    sender: str
    kind: str
    lane: Lane
    measure: str
    held_at: Moment
    until: date
    about: str = ""  # the hit, message, entry, consent, share or passing that it speaks of
    purpose: str = ""
    case: str = ""
    records: tuple[str, ...] = ()
    body: (
        ConfirmationRequest
        | ConsentRequest
        | ConsentAnswer
        | CaseMessage
        | CaseMessageTranslated
        | OperationWritten
        | OperationOrdered
        | None
    ) = None


def about(body: Body) -> str:
    """What a held letter speaks of, by its id."""
    match body:
        case ConfirmationRequest(hit=found):
            return found
        case ConsentRequest(consent=found) | ConsentAnswer(consent=found):
            return found
        case RecordsShare(share=found):
            return found
        case RecordPassed(passing=found):
            return found
        case OperationWritten(entry=entry):
            return entry.id
        case OperationOrdered(ordered=ordered):
            return ordered.entry.id if ordered.entry is not None else ordered.operation
        case CaseMessage(message=message):
            return message.id
        case CaseMessageTranslated(translation=translation):
            return translation.message
        case LateAnswer(answer=answer):
            return answer.question
    return ""
