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
    ConsentRequest,
    Lane,
    Letter,
    RecordsShare,
)
from comity.domain.lookup import Question

# What people here or other members act on. All other kinds are never held: a withdrawal, a denial, a receipt or a
# recall that waited would leave something standing that its owner has taken back.
# Falls without one: tests/desks/test_letter_review.py
HELD_KINDS: frozenset[type] = frozenset(
    {ConfirmationRequest, ConsentRequest, RecordsShare, CaseMessage, CaseMessageTranslated}
)


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
    """A letter as it came, not applied. `until` is the last day on which it can be released."""

    letter: Letter
    measure: str
    held_at: Moment
    until: date

    @property
    def id(self) -> str:
        """Of the sender and the letter: two senders may use the same."""
        return f"{self.letter.sender}/{self.letter.id}"


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
    about: str = ""  # the hit, message or share that it speaks of
    purpose: str = ""
    case: str = ""
    records: tuple[str, ...] = ()
    body: ConfirmationRequest | ConsentRequest | CaseMessage | CaseMessageTranslated | None = None


def about(body: Body) -> str:
    """What a held letter speaks of, by its id."""
    match body:
        case ConfirmationRequest(hit=found):
            return found
        case ConsentRequest(consent=found):
            return found
        case RecordsShare(share=found):
            return found
        case CaseMessage(message=message):
            return message.id
        case CaseMessageTranslated(translation=translation):
            return translation.message
    return ""
