"""The answer to another node's question, from this node's own shelves."""

import time
from collections.abc import Callable, Sequence

import msgspec

from comity.desks import lookup_notes as notes
from comity.desks.alerting import Alerts
from comity.desks.here import Here
from comity.desks.holding import hold
from comity.desks.kept_questions import keep
from comity.desks.needs import Clock, Once, Store, Transaction
from comity.desks.quotas import count
from comity.desks.search import Search, Searched
from comity.desks.stopwatch import milliseconds_since, seconds_since
from comity.domain import limits
from comity.domain.bureau import Member
from comity.domain.errors import Invalid
from comity.domain.lookup import Outcome, Question, SourceAnswer, without_answer
from comity.domain.offence import known_offence
from comity.law.decision import Law
from comity.law.rulebook import Rulebook
from comity.law.standing import HELD_CLAUSE


class Answering:
    """The desk that every question of another node goes through; its answer is journalled before it leaves."""

    def __init__(
        self, here: Here, store: Store, search: Search, law: Callable[[Transaction], Law], clock: Clock
    ) -> None:
        self.here = here
        self.store = store
        self.search = search
        self.law = law
        self.clock = clock
        self.alerts = Alerts(here, clock)

    def answer(self, question: Question, member: Member, once: Once) -> SourceAnswer:
        """Answer another node from this node's own shelves, as far as the law between the two allows.

        `once` notes the request that brought the question, in the same transaction.
        """
        with self.store.together() as tx:
            once(tx)
            [answer] = self._answered(tx, [question], member, None)
            tx.commit()
        return answer

    def answer_many(self, questions: Sequence[Question], member: Member, once: Once) -> list[SourceAnswer]:
        """Answer the first of many questions of another node: as many as fit in time and size, at least one.

        Each is decided, journalled and kept as if it had come alone. What is left out was not looked at.
        """
        if len({question.id for question in questions}) < len(questions):
            raise Invalid("Two questions have one id.", where="questions", do="Give each an id of its own.")
        started, left = time.perf_counter(), None
        answers: list[SourceAnswer] = []
        while len(answers) < len(questions) and seconds_since(started) < limits.BATCH_WORKS_SECONDS_MAX:
            with self.store.transaction() as tx:
                if not answers:
                    once(tx)
                more = self._answered(tx, questions[len(answers) :], member, left)
                tx.commit()
            if not more:
                break
            answers += more
            left = limits.FINDINGS_BYTES_PER_SOURCE_MAX - len(msgspec.json.encode(answers))
        return answers

    def _answered(
        self, tx: Transaction, questions: Sequence[Question], member: Member, bytes_left: int | None
    ) -> list[SourceAnswer]:
        """Answer the first of them in the transaction that is open: while they fit and nobody waits for it too long.

        `bytes_left` is None before the very first, which fits always.
        """
        law, locked, today = self.law(tx), time.perf_counter(), self.clock().date()
        found: list[tuple[Question, Searched, float]] = []
        for question in questions:
            started = time.perf_counter()
            # Refused as a field is that nobody knows: the asker asks without it, and says so to its officer.
            # Falls without it: tests/desks/test_offences.py
            if question.offence is not None:
                known_offence(question.offence.code)
            searched = self._held(tx, question, member) or self.search.answer(tx, law, question, member, today)
            size = len(msgspec.json.encode(searched.answer))
            if bytes_left is not None and size > bytes_left:
                break
            bytes_left = (limits.FINDINGS_BYTES_PER_SOURCE_MAX if bytes_left is None else bytes_left) - size
            # At once: the next question of the same list must see that this one was asked.
            # Falls without it: tests/desks/test_quotas.py
            count(tx, law, question.asker, searched.counts, today)
            found.append((question, searched, milliseconds_since(started)))
            if seconds_since(locked) > limits.LOCK_HELD_SECONDS_MAX:
                break
        return self._disclosed(tx, found, law.book)

    def _held(self, tx: Transaction, question: Question, member: Member) -> Searched | None:
        """What a supervised member is told: somebody has to look at it first."""
        reason = hold(tx, question, member, self.clock())
        return Searched(without_answer(self.here.node, question, Outcome.REFUSED, reason), {}) if reason else None

    def _disclosed(
        self, tx: Transaction, found: Sequence[tuple[Question, Searched, float]], book: Rulebook
    ) -> list[SourceAnswer]:
        """Alert the owners, keep the questions, write down what is told; then it may leave."""
        now = self.clock()
        for question, searched, _ in found:
            self.alerts.tell(tx, question, searched)
        # What is held is kept from its release on: until then a record that comes must not answer it.
        # Falls without it: tests/desks/test_supervision.py
        keep(tx, [question for question, told, _ in found if not _is_held(told.answer)], "", now.date(), book)
        receipts = tx.journal.record_all(
            [notes.answered(one, now, told.answer, told.records, told.taken) for one, told, _ in found]
        )
        return [
            msgspec.structs.replace(searched.answer, receipt=receipt, took_ms=took_ms)
            for (_, searched, took_ms), receipt in zip(found, receipts, strict=True)
        ]


def _is_held(answer: SourceAnswer) -> bool:
    return answer.reason is not None and answer.reason.clause == HELD_CLAUSE
