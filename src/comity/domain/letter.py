"""Letters: what nodes tell each other reliably, applied exactly once and in order."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from comity.domain import limits
from comity.domain.bulletin import ProposalState, Publication
from comity.domain.bundle import Digest
from comity.domain.consent import Terms
from comity.domain.dates import Moment
from comity.domain.hit import Priority
from comity.domain.incident import IncidentTold
from comity.domain.lookup import Finding, Outcome, Question, Reason, SourceAnswer
from comity.domain.mail import Message, Translation, Urgency
from comity.domain.operation import OperationEntry, Ordered, Vouch
from comity.domain.override import OverrideTold
from comity.domain.purpose import Purpose
from comity.domain.record import Record, Withdrawal
from comity.domain.rights import RightsKind, SourceWord

Code = Annotated[str, Meta(min_length=1, max_length=limits.CODE_CHARS_MAX)]
Text = Annotated[str, Meta(max_length=limits.TEXT_CHARS_MAX)]
LawDocument = Annotated[str, Meta(max_length=limits.BUNDLE_BYTES_MAX)]  # as signed: a JWS in its General JSON form


class Lane(StrEnum):
    """Three queues per pair: what concerns lives and liberty never waits behind bulk."""

    EMERGENCY = "emergency"  # lives are at stake now
    URGENT = "urgent"
    BULK = "bulk"


BY_URGENCY = {Urgency.EMERGENCY: Lane.EMERGENCY, Urgency.URGENT: Lane.URGENT, Urgency.ROUTINE: Lane.BULK}
# Which lane goes first wherever one must.
RANK = {Lane.EMERGENCY: 0, Lane.URGENT: 1, Lane.BULK: 2}


class HitAlert(
    Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="kind",
    tag="hit-alert",
):
    """To the owner: your record was found."""

    hit: str
    question: str
    asker: str
    asker_unit: str
    collection: str
    record: str
    reference: str
    purpose: Purpose
    case: str
    level: str  # reply level that was told
    found_at: Moment


class ConfirmationRequest(
    Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="kind",
    tag="confirmation-request",
):
    """From the finder to the owner: does it still stand, and is it this one? `reminder` counts second requests."""

    hit: str
    question: str
    asker_unit: str
    purpose: Purpose
    case: str
    answered_by: str
    priority: Priority
    reminder: int = 0
    note: Text = ""


class ConfirmationReply(StrEnum):
    CONFIRMED = "confirmed"
    DENIED = "denied"
    PROMISED = "promised"


class ConfirmationAnswer(
    Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="kind",
    tag="confirmation-answer",
):
    """From the owner to the finder."""

    hit: str
    reply: ConfirmationReply
    by: Moment | None = None  # with `promised`: until when
    note: Text = ""


class RecordsShare(
    Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="kind",
    tag="records-share",
):
    """From a source to the hub: my records for a shared database, new or amended."""

    share: str
    records: Annotated[tuple[Record, ...], Meta(max_length=limits.RECORDS_PER_LETTER_MAX)]


class RecordsWithdraw(
    Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="kind",
    tag="records-withdraw",
):
    """From a source to every holder: erase these."""

    share: str
    withdrawals: Annotated[tuple[Withdrawal, ...], Meta(max_length=limits.RECORDS_PER_LETTER_MAX)]


class RowRefused(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    record: str
    reason: Text


class RecordsReceipt(
    Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="kind",
    tag="records-receipt",
):
    """From a holder to the source: done, and what was not."""

    share: str
    stored: int
    erased: int
    refused: Annotated[tuple[RowRefused, ...], Meta(max_length=limits.RECORDS_PER_LETTER_MAX)] = ()


class LateAnswer(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="late-answer"):
    """To the bureau that asked before: a record has come since that answers the question."""

    answer: SourceAnswer


class QuestionWatch(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="question-watch"
):
    """To a node that may answer: keep this question, and answer it again when a record comes, until that day."""

    question: Question
    until: date


class QuestionWatchEnd(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="question-watch-end"
):
    """From the bureau that asked for the watch: forget the question."""

    question: str


class QuestionReviewed(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="question-reviewed"
):
    """To a supervised member: what it asked was looked at, and there is nothing to tell, or it is refused."""

    question: str
    outcome: Outcome  # no-record or refused
    reason: Reason | None = None


class LetterReviewed(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="letter-reviewed"
):
    """To a supervised member: a letter of yours waits for review, or it was released or refused."""

    letter: Code
    about: Annotated[str, Meta(max_length=limits.CODE_CHARS_MAX)] = ""  # the hit, message or share it speaks of
    state: Code  # of `HeldState`; a later release may know more
    reason: Text = ""


class ConsentRequest(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="consent-request"
):
    """To the owner: may we use this record of yours further, on these terms?"""

    consent: str
    terms: Terms
    reason: Text


class ConsentAnswer(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="consent-answer"
):
    """From the owner: on exactly these terms until that day, or no. A later no takes an earlier yes back."""

    consent: str
    terms: Terms
    given: bool
    until: date | None = None
    note: Text = ""


class CaseMessage(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="case-message"):
    """From officers of one bureau to those of another."""

    message: Message


class CaseMessageOpened(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="case-message-opened"
):
    """To the sender of a message: an officer here has opened it."""

    message: Code
    opened_at: Moment


class CaseMessageTranslated(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="case-message-translated"
):
    """To whoever has the message too: its text in another language, as we understand it."""

    translation: Translation


class RecordPassed(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="record-passed"
):
    """To a third party: what an owner told us, with its marking and what is owed; erased by `until`, or when we say."""

    passing: Code
    finding: Finding
    purpose: Purpose
    case: Code
    consent: Annotated[str, Meta(max_length=limits.CODE_CHARS_MAX)] = ""  # the owner's, by its id
    until: date


class PassingWithdrawn(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="passing-withdrawn"
):
    """To whoever something was passed to: erase it."""

    passing: Code
    reason: Text = ""


class PassingReceipt(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="passing-receipt"
):
    """From whoever something was passed to: it is kept, or there is nothing of it here (any more)."""

    passing: Code
    stored: bool
    reason: Text = ""


class PassedOn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="passed-on"):
    """To the owner: your record was passed on."""

    passing: Code
    record: Code
    hit: Code
    recipient: Code
    purpose: Purpose
    case: Code
    consent: Annotated[str, Meta(max_length=limits.CODE_CHARS_MAX)] = ""
    until: date


class OverrideNotice(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="override-notice"
):
    """To the oversight body: two persons answer for telling something without the assurance that the law asks for."""

    notice: OverrideTold


class OverrideSeen(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="override-seen"
):
    """From the oversight body: somebody there has seen the notice."""

    override: Code


class RightsConsultation(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="rights-consultation"
):
    """To the source of a record: a person asks for this; what do you say? Silence by then is a word too."""

    consultation: Code
    record: Code
    asks: RightsKind
    said: Text = ""  # what the person wants changed, and why
    by: Moment


class RightsAnswer(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="rights-answer"
):
    """From the source of a record: whether the person may learn that it is held, and whether it agrees."""

    consultation: Code
    word: SourceWord


class IncidentNotice(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="incident-notice"
):
    """To a member concerned: a security incident here touches you."""

    notice: IncidentTold


class OperationWritten(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="operation-written"
):
    """From a member of a joint operation to its lead: put this into the log."""

    entry: OperationEntry


class OperationOrdered(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="operation-ordered"
):
    """From the lead to a member: the entry at that place of the log."""

    ordered: Ordered


class OperationVouched(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="operation-vouched"
):
    """From whoever wrote an entry to the other members: the one at that place is ours."""

    vouch: Vouch


class OperationRefused(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="operation-refused"
):
    """From the lead to whoever wrote an entry: it gets no place in the log, and why."""

    operation: Code
    entry: Code
    why: Annotated[str, Meta(min_length=1, max_length=limits.TEXT_CHARS_MAX)]


class LawSubmission(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="law-submission"
):
    """To the hub: publish this law of ours, add our signature to it, or end what we signed."""

    what: Publication  # bundle or withdrawal
    document: LawDocument


class LawProposal(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="law-proposal"):
    """To another party of an agreement: we have signed this text; will you?"""

    document: LawDocument


class LawAnswer(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="law-answer"):
    """From the hub, to whoever submitted law: published as that item, waiting for others, or refused."""

    digest: Digest  # of the payload; of a withdrawal, of the document
    state: ProposalState
    number: int = 0
    note: Text = ""


class LetterParked(
    Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="kind",
    tag="letter-parked",
):
    """To the sender: a letter that this node cannot read was kept, not applied; people must look at it."""

    letter: str
    unknown_kind: str
    reason: Text = ""


class LetterRecall(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="letter-recall"
):
    """To a recipient: this letter was a mistake; destroy it unopened, or delete what it brought."""

    letter: Code
    reason: Text = ""


class LettersLost(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="letters-lost"):
    """To their sender: these numbers of a lane were given up unseen, or were lost with our memory; write them anew."""

    lane: Lane
    first: Annotated[int, Meta(ge=1)]
    last: Annotated[int, Meta(ge=1)]
    since: Moment | None = None  # when the last letter that we still know was taken


class LetterVoid(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="letter-void"):
    """In the place of a letter that was given up after its time: its number is used, its content is gone."""

    was: str  # the kind of the letter that was given up


Body = (
    HitAlert
    | ConfirmationRequest
    | ConfirmationAnswer
    | RecordsShare
    | RecordsWithdraw
    | RecordsReceipt
    | LateAnswer
    | QuestionWatch
    | QuestionWatchEnd
    | QuestionReviewed
    | LetterReviewed
    | ConsentRequest
    | ConsentAnswer
    | CaseMessage
    | CaseMessageOpened
    | CaseMessageTranslated
    | RecordPassed
    | PassingWithdrawn
    | PassingReceipt
    | PassedOn
    | OverrideNotice
    | OverrideSeen
    | RightsConsultation
    | RightsAnswer
    | IncidentNotice
    | OperationWritten
    | OperationOrdered
    | OperationVouched
    | OperationRefused
    | LawSubmission
    | LawProposal
    | LawAnswer
    | LetterParked
    | LetterRecall
    | LettersLost
    | LetterVoid
)

# kind: the lane it travels in
LANES: dict[type, Lane] = {
    HitAlert: Lane.URGENT,
    ConfirmationRequest: Lane.URGENT,
    ConfirmationAnswer: Lane.URGENT,
    RecordsWithdraw: Lane.URGENT,
    LateAnswer: Lane.URGENT,
    QuestionWatch: Lane.BULK,
    QuestionWatchEnd: Lane.BULK,
    QuestionReviewed: Lane.BULK,
    LetterReviewed: Lane.URGENT,  # somebody waits for an answer that nobody is working on
    ConsentRequest: Lane.BULK,
    ConsentAnswer: Lane.URGENT,
    CaseMessage: Lane.URGENT,  # or that of its urgency
    CaseMessageOpened: Lane.BULK,
    CaseMessageTranslated: Lane.BULK,
    RecordPassed: Lane.BULK,
    PassingWithdrawn: Lane.URGENT,
    PassingReceipt: Lane.BULK,
    PassedOn: Lane.BULK,
    OverrideNotice: Lane.BULK,
    OverrideSeen: Lane.BULK,
    RightsConsultation: Lane.BULK,
    RightsAnswer: Lane.BULK,
    IncidentNotice: Lane.URGENT,
    OperationWritten: Lane.URGENT,
    OperationOrdered: Lane.URGENT,
    OperationVouched: Lane.URGENT,
    OperationRefused: Lane.URGENT,
    LawSubmission: Lane.URGENT,  # law that ends must not wait behind a million records
    LawProposal: Lane.BULK,
    LawAnswer: Lane.BULK,
    RecordsShare: Lane.BULK,
    RecordsReceipt: Lane.BULK,
    LetterParked: Lane.BULK,
    LetterRecall: Lane.URGENT,
    LettersLost: Lane.URGENT,
    LetterVoid: Lane.BULK,  # or that of the letter in whose place it stands
}


def lane_of(body: Body) -> Lane:
    """In which lane it travels: that of its kind; of a message, that of its urgency."""
    return BY_URGENCY[body.message.urgency] if isinstance(body, CaseMessage) else LANES[type(body)]


def purpose_of(body: Body) -> Purpose | None:
    """Why the letter is written, where it says so."""
    if isinstance(body, QuestionWatch):
        return body.question.purpose
    if isinstance(body, ConsentRequest | ConsentAnswer):
        return body.terms.purpose
    if isinstance(body, CaseMessage):
        return body.message.purpose
    return body.purpose if isinstance(body, HitAlert | ConfirmationRequest | RecordPassed) else None


def kind_of(body: Body) -> str:
    """The kind of a letter, as it stands on the wire."""
    return str(body.__struct_config__.tag)


class Letter(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A letter, not yet signed or already verified. `sequence` counts from 1 per sender, recipient and lane."""

    id: Code
    sender: str
    recipient: str
    lane: Lane
    sequence: Annotated[int, Meta(ge=1)]
    written_at: Moment
    expires_at: Moment
    body: Body


class Parked(Struct, frozen=True, kw_only=True):
    """A verified letter whose body this node cannot read, as a newer release may write it: kept as it came."""

    id: str
    sender: str
    recipient: str
    lane: Lane
    sequence: int
    written_at: Moment
    expires_at: Moment
    unknown_kind: str
    body: bytes  # JSON as received
    reason: str = ""
