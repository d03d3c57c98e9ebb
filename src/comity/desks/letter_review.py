"""Reviewers look at letters of supervised members: released, they are applied in order; refused, told why."""

from datetime import date

from msgspec.structs import replace

from comity.desks.here import Here
from comity.desks.letters import Letters
from comity.desks.needs import Clock, Store, Transaction
from comity.desks.supervision import NOBODY_LOOKED, REVIEW, SEE
from comity.domain import limits
from comity.domain.bureau import Standing
from comity.domain.caller import Caller, require
from comity.domain.errors import Conflict, Invalid, Missing
from comity.domain.journal import Act, Entry
from comity.domain.letter import (
    RANK,
    Body,
    CaseMessage,
    CaseMessageTranslated,
    ConsentAnswer,
    ConsentRequest,
    LateAnswer,
    Letter,
    LetterReviewed,
    OperationOrdered,
    PassingReceipt,
    RecordPassed,
    RecordsReceipt,
    RecordsShare,
    RowRefused,
    kind_of,
    purpose_of,
)
from comity.domain.operation import Ordered
from comity.domain.supervision import Cover, HeldLetter, HeldState, about


class LetterReview:
    def __init__(self, here: Here, store: Store, letters: Letters, clock: Clock) -> None:
        self.here = here
        self.store = store
        self.letters = letters
        self.clock = clock

    def every(self, caller: Caller) -> list[Cover]:
        """What waits, emergencies first, then the oldest; who, what about and what for, not what it says."""
        require(caller, SEE, "see what is held for review")
        with self.store.reading() as tx:
            held = sorted(tx.held_letters.every(), key=lambda one: RANK[one.letter.lane])
        return [_cover(one, None) for one in held]

    def show(self, held_id: str, caller: Caller) -> Cover:
        """What it says, to whoever reviews it; of records their ids alone."""
        require(caller, REVIEW, "read what is held for review")
        with self.store.transaction() as tx:
            held = self._one(tx, held_id)
            self._note(tx, held, caller.account, "shown", "")
            tx.commit()
        return _cover(held, held.letter.body)

    def release(self, held_id: str, caller: Caller, with_earlier: bool = False) -> list[str]:
        """Apply it as if it had just come, where `with_earlier` all before it in its lane too; their ids, in order."""
        require(caller, REVIEW, "release what is held for review")
        with self.store.transaction() as tx:
            held = self._one(tx, held_id)
            earlier = self._earlier(tx, held)
            if earlier and not with_earlier:
                raise Conflict(
                    f"{len(earlier)} letters of {held.letter.sender} came before it in its lane and wait too.",
                    do=f"Decide {earlier[0].id} first, or release all with `--with-earlier`.",
                )
            for one in (*earlier, held):
                self._release(tx, one, caller.account)
            tx.commit()
        return [one.id for one in (*earlier, held)]

    def refuse(self, held_id: str, reason: str, caller: Caller) -> None:
        """It is not applied; whoever wrote it is told why."""
        require(caller, REVIEW, "refuse what is held for review")
        if not 0 < len(reason.strip()) <= limits.REASON_CHARS_MAX:
            raise Invalid(
                f"A reason of at most {limits.REASON_CHARS_MAX} characters is needed.",
                where="reason",
                do="Say why; whoever wrote it reads it.",
            )
        with self.store.transaction() as tx:
            self._refuse(tx, self._one(tx, held_id), reason.strip(), caller.account)
            tx.commit()

    def expire(self) -> int:
        """What nobody looked at in time counts as refused, and whoever wrote it is told so; how many."""
        with self.store.transaction() as tx:
            past = tx.held_letters.past(self.clock().date())
            for held in past:
                self._refuse(tx, held, NOBODY_LOOKED, self.here.node)
            if past:
                tx.commit()
        return len(past)

    def _one(self, tx: Transaction, held_id: str) -> HeldLetter:
        sender, _, letter = held_id.partition("/")
        held = tx.held_letters.get(sender, letter)
        if held is None:
            raise Missing(f"No letter {held_id} is held here.", do="See `comity held list`; it may be decided.")
        return held

    def _earlier(self, tx: Transaction, held: HeldLetter) -> list[HeldLetter]:
        """What must be decided before it: its lane keeps its order, and a message comes before its translation."""
        letter = held.letter
        if isinstance(letter.body, CaseMessageTranslated):
            same = tx.held_letters.speaking_of(letter.sender, about(letter.body))
            if waiting := [one for one in same if isinstance(one.letter.body, CaseMessage)]:
                raise Conflict("The message that it translates waits too.", do=f"Decide {waiting[0].id} first.")
        return tx.held_letters.before(letter.sender, letter.id)

    def _release(self, tx: Transaction, held: HeldLetter, actor: str) -> None:
        self._check_standing(tx, held.letter.sender, self.clock().date())
        tx.held_letters.forget(held.letter.sender, held.letter.id)
        self._note(tx, held, actor, HeldState.RELEASED, "")
        self._tell(tx, held, HeldState.RELEASED, "")
        self.letters.open(tx, held.letter)

    def _check_standing(self, tx: Transaction, sender: str, today: date) -> None:
        """What a suspended member wrote before is no more applied than what it writes now."""
        directory = tx.members.directory()
        member = directory.member(sender) if directory else None
        if member is None:
            raise Conflict(f"{sender} is no member any more.", do="Refuse it.")
        if member.stands(today) is Standing.SUSPENDED:
            raise Conflict(f"{sender} is suspended.", do="Wait until it is restored, or refuse it.")

    def _refuse(self, tx: Transaction, held: HeldLetter, reason: str, actor: str) -> None:
        tx.held_letters.forget(held.letter.sender, held.letter.id)
        self._note(tx, held, actor, HeldState.REFUSED, reason)
        directory = tx.members.directory()
        if directory is None or directory.member(held.letter.sender) is None:
            return
        self._tell(tx, held, HeldState.REFUSED, reason)
        if (answer := _refusal(held.letter.body, reason)) is not None:
            tx.outbox.send(held.letter.sender, answer, self.clock())
        if (rest := _without_content(held.letter)) is not None:
            self.letters.open(tx, rest)

    def _tell(self, tx: Transaction, held: HeldLetter, state: HeldState, reason: str) -> None:
        letter = held.letter
        told = LetterReviewed(letter=letter.id, about=about(letter.body), state=state, reason=reason)
        tx.outbox.send(letter.sender, told, self.clock())

    def _note(self, tx: Transaction, held: HeldLetter, actor: str, outcome: str, why: str) -> None:
        letter, digest = held.letter, {"digest": held.digest} if held.digest else {}
        entry = Entry(
            act=Act.LETTER_REVIEWED,
            at=self.clock(),
            actor=actor,
            for_whom=letter.sender,
            subject=letter.id,
            purpose=purpose_of(letter.body) or "",
            outcome=outcome,
            clauses=(held.clause,),
            details={"about": about(letter.body), "kind": kind_of(letter.body), "why": why, **digest},
        )
        tx.journal.record(entry)


def _refusal(body: Body, reason: str) -> Body | None:
    """What the kind of a refused letter is answered with anyway, so that its sender's own books are right."""
    if isinstance(body, RecordsShare):
        refused = tuple(RowRefused(record=one.header.id, reason=reason) for one in body.records)
        return RecordsReceipt(share=body.share, stored=0, erased=0, refused=refused)
    if isinstance(body, ConsentRequest):
        return ConsentAnswer(consent=body.consent, terms=body.terms, given=False, note=reason)
    if isinstance(body, RecordPassed):
        return PassingReceipt(passing=body.passing, stored=False, reason=reason)
    return None


def _without_content(letter: Letter) -> Letter | None:
    """What of a refused letter is applied all the same: that there is an entry at that place of a log.

    Without it the log would stand still there for ever. Falls without it: tests/desks/test_letter_review.py
    """
    if not isinstance(letter.body, OperationOrdered):
        return None
    place = letter.body.ordered
    return replace(letter, body=OperationOrdered(ordered=Ordered(operation=place.operation, number=place.number)))


def _cover(held: HeldLetter, body: Body | None) -> Cover:
    letter = held.letter
    return Cover(
        id=held.id,
        sender=letter.sender,
        kind=kind_of(letter.body),
        lane=letter.lane,
        measure=held.measure or held.clause,
        held_at=held.held_at,
        until=held.until,
        about=about(letter.body),
        purpose=purpose_of(letter.body) or "",
        case=_case(letter.body),
        # A record that somebody else owns is no reviewer's to read. Falls without it: tests/desks/test_letter_review.py
        records=_records(letter.body),
        body=None if isinstance(body, _OF_OTHERS) else body,  # type: ignore[arg-type]
    )


_OF_OTHERS = (type(None), RecordsShare, RecordPassed, LateAnswer)


def _records(body: Body) -> tuple[str, ...]:
    if isinstance(body, RecordPassed):
        return (body.finding.record,)
    if isinstance(body, LateAnswer):
        return tuple(one.record or one.hit for one in body.answer.findings)
    return tuple(one.header.id for one in body.records) if isinstance(body, RecordsShare) else ()


def _case(body: Body) -> str:
    if isinstance(body, CaseMessage):
        return body.message.case
    return getattr(body, "case", "")
