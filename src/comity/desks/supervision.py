"""Reviewers look at what supervised members asked: released, it is answered by letter; refused, they learn why."""

from collections.abc import Callable, Sequence
from datetime import date

from comity.desks.here import Here
from comity.desks.late import LateAnswers
from comity.desks.needs import Clock, Store, Transaction
from comity.desks.quotas import count
from comity.desks.search import Search
from comity.domain import limits
from comity.domain.bureau import Member
from comity.domain.caller import Caller, Role, require
from comity.domain.errors import Conflict, Invalid, Missing
from comity.domain.journal import Act, Entry
from comity.domain.kept import Kept
from comity.domain.letter import QuestionReviewed
from comity.domain.lookup import Outcome, Question, Reason
from comity.domain.supervision import HeldQuestion
from comity.law.decision import Law
from comity.law.keeping import kept_until
from comity.law.standing import HELD_CLAUSE

REVIEW = frozenset({Role.REVIEWER, Role.SUPERVISOR})
SEE = REVIEW | {Role.AUDITOR, Role.DATA_PROTECTION_OFFICER}
NOBODY_LOOKED = "Nobody looked at it in time."


class Supervision:
    def __init__(
        self,
        here: Here,
        store: Store,
        search: Search,
        law: Callable[[Transaction], Law],
        late: LateAnswers,
        clock: Clock,
    ) -> None:
        self.here = here
        self.store = store
        self.search = search
        self.law = law
        self.late = late
        self.clock = clock

    def held(self, caller: Caller) -> Sequence[HeldQuestion]:
        """What waits, the oldest first."""
        require(caller, SEE, "see what is held for review")
        with self.store.reading() as tx:
            return tx.held.every()

    def release(self, question_id: str, caller: Caller) -> int:
        """Answer it as a lookup of today would be, by letter; how many findings were told."""
        require(caller, REVIEW, "release what is held for review")
        with self.store.transaction() as tx:
            held, member, today = self._held(tx, question_id), None, self.clock().date()
            directory = tx.members.directory()
            member = directory.member(held.question.asker.bureau) if directory else None
            if member is None:
                raise Conflict("Whoever asked is no member any more.", do="Refuse it.")
            law = self.law(tx)
            searched = self.search.answer(tx, law, held.question, member, today, reviewed=True)
            count(tx, law, held.question.asker, searched.counts, today)
            told = self.late.tell(tx, held.question, searched)
            if not told:
                outcome = Outcome.NO_RECORD if searched.answer.outcome is Outcome.HIT else searched.answer.outcome
                self._told(tx, held.question, member, outcome, searched.answer.reason)
            self._keep(tx, held, today)
            self._decided(tx, held, Act.LOOKUP_RELEASED, caller.account, outcome=searched.answer.outcome)
            tx.commit()
        return told

    def refuse(self, question_id: str, reason: str, caller: Caller) -> None:
        """It is not answered; whoever asked is told why."""
        require(caller, REVIEW, "refuse what is held for review")
        if not 0 < len(reason.strip()) <= limits.REASON_CHARS_MAX:
            raise Invalid(
                f"A reason of at most {limits.REASON_CHARS_MAX} characters is needed.",
                where="reason",
                do="Say why; whoever asked reads it.",
            )
        with self.store.transaction() as tx:
            self._refused(tx, self._held(tx, question_id), reason.strip(), caller.account)
            tx.commit()

    def expire(self) -> int:
        """What nobody looked at in time counts as refused, and whoever asked is told so; how many."""
        with self.store.transaction() as tx:
            past = tx.held.past(self.clock().date())
            for held in past:
                self._refused(tx, held, NOBODY_LOOKED, self.here.node)
            if past:
                tx.commit()
        return len(past)

    def _held(self, tx: Transaction, question_id: str) -> HeldQuestion:
        held = tx.held.get(question_id)
        if held is None:
            raise Missing(f"No question {question_id} is held here.", do="See `comity held list`; it may be decided.")
        return held

    def _refused(self, tx: Transaction, held: HeldQuestion, reason: str, actor: str) -> None:
        directory = tx.members.directory()
        member = directory.member(held.question.asker.bureau) if directory else None
        if member is not None:
            why = Reason(clause=HELD_CLAUSE, text=reason)
            self._told(tx, held.question, member, Outcome.REFUSED, why)
        self._decided(tx, held, Act.LOOKUP_REFUSED, actor, outcome=Outcome.REFUSED, why=reason)

    def _told(
        self, tx: Transaction, question: Question, member: Member, outcome: Outcome, reason: Reason | None
    ) -> None:
        tx.outbox.send(member.id, QuestionReviewed(question=question.id, outcome=outcome, reason=reason), self.clock())

    def _keep(self, tx: Transaction, held: HeldQuestion, today: date) -> None:
        """As after any answer: what comes later is compared with it, and held again while its asker is supervised."""
        until = held.watch_until or kept_until(held.question.purpose, today, self.law(tx).book)
        if until is not None and until >= today:
            tx.kept.keep(Kept(question=held.question, until=until, watch=held.watch_until is not None))

    def _decided(self, tx: Transaction, held: HeldQuestion, act: Act, actor: str, outcome: str, why: str = "") -> None:
        question = held.question
        entry = Entry(
            act=act,
            at=self.clock(),
            actor=actor,
            for_whom=question.asker.bureau,
            subject=question.id,
            purpose=question.purpose,
            case=question.case,
            outcome=outcome,
            clauses=(f"directory measure {held.measure}",),
            details={"why": why} if why else {},
        )
        tx.journal.record(entry)
        tx.held.forget(held.id)
