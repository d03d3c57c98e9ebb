"""Letters that arrive: each applied once, in order, in the transaction that notes it."""

from collections.abc import Callable
from datetime import date

from msgspec.structs import replace

from comity.desks.arriving_mail import ArrivingMail
from comity.desks.bundles import Bundles
from comity.desks.consents import Consents
from comity.desks.consultations import Consultations
from comity.desks.copies import Copies
from comity.desks.hits import RUNNING, Hits
from comity.desks.holding import hold_letter
from comity.desks.incidents import Incidents
from comity.desks.lanes import Lanes
from comity.desks.late import LateAnswers
from comity.desks.needs import Clock, Once, Store, Transaction
from comity.desks.operation_log import OperationLog
from comity.desks.overrides import Overrides
from comity.desks.passing import Passings
from comity.desks.recalls import Recalls
from comity.domain import limits
from comity.domain.bureau import Member, Standing
from comity.domain.errors import Conflict, NotPermitted
from comity.domain.hit import Side
from comity.domain.journal import Act, Entry
from comity.domain.letter import (
    Body,
    CaseMessage,
    CaseMessageOpened,
    CaseMessageTranslated,
    ConfirmationAnswer,
    ConfirmationReply,
    ConfirmationRequest,
    ConsentAnswer,
    ConsentRequest,
    HitAlert,
    IncidentNotice,
    Lane,
    LateAnswer,
    LawAnswer,
    LawProposal,
    LawSubmission,
    Letter,
    LetterParked,
    LetterRecall,
    LetterReviewed,
    LettersLost,
    LetterVoid,
    OperationOrdered,
    OperationRefused,
    OperationVouched,
    OperationWritten,
    OverrideNotice,
    OverrideSeen,
    Parked,
    PassedOn,
    PassingReceipt,
    PassingWithdrawn,
    QuestionReviewed,
    QuestionWatch,
    QuestionWatchEnd,
    RecordPassed,
    RecordsReceipt,
    RecordsShare,
    RecordsWithdraw,
    RightsAnswer,
    RightsConsultation,
)
from comity.domain.supervision import HeldState

Hold = Callable[[Transaction, Letter], bool]  # whether a letter is kept, not applied


def hold_none(tx: Transaction, letter: Letter) -> bool:
    """Letters that came openly: the hub's, and those of a member without keys to seal by. Nothing proves them."""
    return False


class Letters:
    """The desk that opens the post. What it cannot apply for good is refused; what it does not know is parked."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        hits: Hits,
        copies: Copies,
        late: LateAnswers,
        consents: Consents,
        mail: ArrivingMail,
        passings: Passings,
        overrides: Overrides,
        operations: OperationLog,
        recalls: Recalls,
        lanes: Lanes,
        bundles: Bundles,
        consultations: Consultations,
        incidents: Incidents,
    ) -> None:
        self.store = store
        self.clock = clock
        self.lanes = lanes
        self.operations = operations
        self.consultations = consultations
        # body: who applies it.  tests/house/test_docs.py holds this equal to docs/protocol/posting.md
        self.appliers: dict[type, Callable[..., None]] = {
            HitAlert: hits.alerted,
            ConfirmationRequest: hits.requested,
            ConfirmationAnswer: hits.answered,
            RecordsShare: copies.shared,
            RecordsWithdraw: copies.withdrawn,
            RecordsReceipt: copies.acknowledged,
            LateAnswer: late.arrived,
            QuestionWatch: late.watched,
            QuestionWatchEnd: late.unwatched,
            QuestionReviewed: late.reviewed,
            ConsentRequest: consents.requested,
            ConsentAnswer: consents.answered,
            CaseMessage: mail.arrived,
            CaseMessageOpened: mail.opened_there,
            CaseMessageTranslated: mail.translated,
            RecordPassed: passings.arrived,
            PassingWithdrawn: passings.withdrawn,
            PassingReceipt: passings.acknowledged,
            PassedOn: passings.told,
            OverrideNotice: overrides.noticed,
            OverrideSeen: overrides.seen_elsewhere,
            RightsConsultation: consultations.asked,
            RightsAnswer: consultations.answered,
            IncidentNotice: incidents.noticed,
            OperationWritten: operations.written,
            OperationOrdered: operations.ordered,
            OperationVouched: operations.vouched,
            OperationRefused: operations.refused,
            LawSubmission: bundles.submitted,
            LawProposal: bundles.proposed,
            LawAnswer: bundles.answered,
            LetterParked: self._parked_elsewhere,
            LetterReviewed: self._reviewed_elsewhere,
            LetterRecall: recalls.asked,
            LettersLost: lanes.lost,
            LetterVoid: self._given_up,
        }

    def receive(self, letter: Letter | Parked, sender: Member, once: Once) -> None:
        """Apply a verified letter. Again: nothing happens. Out of order: Conflict names the number expected.

        `once` notes the request that brought it, in the same transaction.
        """
        if letter.sender != sender.id:
            raise NotPermitted(f"{sender.id} may not bring a letter of {letter.sender}.", do="Send it as yourself.")
        try:
            with self.store.transaction() as tx:
                once(tx)
                self.apply(tx, letter, begins=letter.sequence == 1)
                tx.commit()
        except Conflict:
            self.lanes.out_of_step(letter)
            raise

    def apply(self, tx: Transaction, letter: Letter | Parked, begins: bool = False, hold: Hold = hold_none) -> None:
        """The same in the caller's transaction; `begins`: its sender may begin the lane anew with it.

        What is not proved yet may be held by `hold`, what a supervised member writes for review.
        """
        if not self._new(tx, letter, begins):
            return
        if isinstance(letter, Parked):
            self._park(tx, letter)
        elif not hold(tx, letter) and not hold_letter(tx, letter, self.clock()):
            self.open(tx, letter)

    def open(self, tx: Transaction, letter: Letter) -> None:
        """Do what it says."""
        self.appliers[type(letter.body)](tx, letter, letter.body)

    def expected(self, sender: Member, lane: Lane) -> int:
        """The sequence number that comes next from this sender."""
        with self.store.reading() as tx:
            return tx.inbox.expected(sender.id, lane)

    def expire(self) -> int:
        """Give up letters that could not be delivered in time; each is written down. How many.

        What must arrive however late, and what waits for a suspended member, is written anew in the same transaction.
        """
        with self.store.transaction() as tx:
            now = self.clock()
            expired = tx.outbox.expire(now)
            for letter in expired:
                self.given_up(tx, letter)
            if expired:
                tx.commit()
        return len(expired)

    def given_up(self, tx: Transaction, letter: Letter) -> None:
        """Write down that a letter of ours was given up, and write anew what must arrive however late."""
        now = self.clock()
        entry = Entry(
            act=Act.LETTER_EXPIRED,
            at=now,
            actor=letter.sender,
            for_whom=letter.recipient,
            subject=letter.id,
            details={"lane": letter.lane, "sequence": letter.sequence},
        )
        tx.journal.record(entry)
        if _holds_for_ever(letter.body) or _waits(tx, letter.recipient, now.date()):
            tx.outbox.send(letter.recipient, letter.body, now)

    def _new(self, tx: Transaction, letter: Letter | Parked, begins: bool) -> bool:
        """Whether it was not applied before; noted as applied where it is the next, or its lane is taken up with it."""
        try:
            return tx.inbox.applied(letter, self.clock())
        except Conflict:
            sealed = tx.sealed.taken(letter.sender, letter.lane).seq
            if not self.lanes.taken_up(tx, letter, sealed, begins):
                raise
        return tx.inbox.applied(letter, self.clock())

    def _park(self, tx: Transaction, letter: Parked) -> None:
        now, kind = self.clock(), letter.unknown_kind[: limits.CODE_CHARS_MAX]
        tx.inbox.park(letter, now)
        told = LetterParked(letter=letter.id, unknown_kind=kind, reason=letter.reason[: limits.REASON_CHARS_MAX])
        tx.outbox.send(letter.sender, told, now)
        tx.journal.record(Entry(act=Act.LETTER_PARKED, at=now, actor=letter.sender, subject=letter.id, outcome=kind))

    def _parked_elsewhere(self, tx: Transaction, letter: Letter, parked: LetterParked) -> None:
        entry = Entry(
            act=Act.LETTER_PARKED,
            at=self.clock(),
            actor=letter.sender,
            subject=parked.letter,
            outcome=parked.unknown_kind,
            details={"reason": parked.reason},
        )
        tx.journal.record(entry)
        self.consultations.unread(tx, letter, parked)

    def _reviewed_elsewhere(self, tx: Transaction, letter: Letter, told: LetterReviewed) -> None:
        """We are supervised: a letter of ours waits there, or was released or refused. Whoever waits for it sees so."""
        entry = Entry(
            act=Act.LETTER_REVIEWED,
            at=self.clock(),
            actor=letter.sender,
            subject=told.letter,
            outcome=told.state,
            details={"about": told.about, "why": told.reason},
        )
        tx.journal.record(entry)
        if told.state == HeldState.REFUSED:
            self.operations.refused_there(tx, letter.sender, told.about)
        hit = tx.hits.get(told.about) if told.about else None
        if hit is not None and hit.side is Side.ASKER and hit.owner == letter.sender and hit.state in RUNNING:
            note = f"{letter.sender} reviews what we ask: {told.state}. {told.reason}".strip()
            tx.hits.put(replace(hit, note=note[: limits.TEXT_CHARS_MAX]))

    def _given_up(self, tx: Transaction, letter: Letter, void: LetterVoid) -> None:
        """A letter to us could not be delivered in time: we learn at least that there was one."""
        entry = Entry(
            act=Act.LETTER_EXPIRED,
            at=self.clock(),
            actor=letter.sender,
            subject=letter.id,
            outcome=void.was,
            details={"lane": letter.lane, "sequence": letter.sequence},
        )
        tx.journal.record(entry)


def _waits(tx: Transaction, recipient: str, today: date) -> bool:
    """Whether nothing is sent to it because it is suspended: its letters are kept until it is restored.

    Falls without it: tests/desks/test_measures.py
    """
    directory = tx.members.directory()
    member = directory.member(recipient) if directory else None
    return member is not None and member.stands(today) is Standing.SUSPENDED


def _holds_for_ever(body: Body) -> bool:
    """What a recipient must learn however long it was out of reach, and may learn twice without harm.

    A withdrawal given up would leave its copy standing; a denial given up would leave somebody acting on it; an entry
    given up would leave a gap in a log that nobody could close.
    Falls without it: tests/desks/test_letters.py
    """
    if isinstance(body, ConfirmationAnswer):
        return body.reply is ConfirmationReply.DENIED
    return isinstance(
        body,
        RecordsShare
        | RecordsWithdraw
        | PassingWithdrawn
        | IncidentNotice
        | OperationOrdered
        | LawSubmission
        | LawProposal,
    )
