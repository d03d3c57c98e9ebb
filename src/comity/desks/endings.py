"""The end of cases and messages: how long each may be kept, who is told before, and what is left after."""

from collections.abc import Callable
from datetime import date, timedelta

from msgspec.structs import replace

from comity.desks import file_post
from comity.desks.here import Here
from comity.desks.needs import Clock, Store, Transaction
from comity.domain import limits
from comity.domain.bureau import Directory
from comity.domain.case import Case
from comity.domain.journal import Act, Entry
from comity.domain.mail import ErasureReason, Mail, Way
from comity.domain.operation import standing
from comity.law.decision import Law
from comity.law.ending import case_until, message_until, told_from


class Endings:
    """By the clock, a few in each transaction: others write meanwhile."""

    def __init__(self, here: Here, store: Store, law: Callable[[Transaction], Law], clock: Clock) -> None:
        self.here = here
        self.store = store
        self.law = law
        self.clock = clock

    def tend(self) -> int:
        """Work out what has no last day yet, tell of what ends soon, empty what has ended; how many were emptied."""
        for step in (self._work_out, self._tell):
            while step():
                pass
        emptied = 0
        while some := self._empty():
            emptied += some
        return emptied

    def _work_out(self) -> int:
        """For what came or was closed since, and for what an earlier release left without."""
        with self.store.transaction() as tx:
            directory, law, today = tx.members.directory(), self.law(tx), self.clock().date()
            if directory is None:
                return 0
            messages = tx.mail.without_end(limits.ENDINGS_AT_ONCE)
            for one in messages:
                tx.mail.put(replace(one, keep_until=self._until(one, directory, law, today)))
            cases = tx.cases.without_end(limits.ENDINGS_AT_ONCE)
            for case in cases:
                tx.cases.put(replace(case, keep_until=case_until(case, law.book)))
            if messages or cases:
                tx.commit()
        return len(messages) + len(cases)

    def _tell(self) -> int:
        """Once for each: the people of the case are told by the event, and the journal says that they were."""
        with self.store.transaction() as tx:
            book, today = self.law(tx).book, self.clock().date()
            messages = tx.mail.ending_untold(told_from(today, book, "message"), limits.ENDINGS_AT_ONCE)
            for one in messages:
                tx.mail.put(replace(one, told_of_end=True))
                self._note_mail(tx, Act.MESSAGE_ENDING, one)
            cases = tx.cases.ending_untold(told_from(today, book, "case"), limits.ENDINGS_AT_ONCE)
            for case in cases:
                tx.cases.put(replace(case, told_of_end=True))
                self._note_case(tx, Act.CASE_ENDING, case)
            if messages or cases:
                tx.commit()
        return len(messages) + len(cases)

    def _empty(self) -> int:
        with self.store.transaction() as tx:
            yesterday = self.clock().date() - timedelta(days=1)
            messages = tx.mail.ending(yesterday, limits.ENDINGS_AT_ONCE)
            for one in messages:
                self._empty_mail(tx, one)
            # A log that goes on is still worked with. Falls without it: tests/desks/test_endings.py
            cases = [one for one in tx.cases.ending(yesterday, limits.ENDINGS_AT_ONCE) if not self._goes_on(tx, one)]
            for case in cases:
                self._empty_case(tx, case)
            if messages or cases:
                tx.commit()
        return len(messages) + len(cases)

    def _empty_case(self, tx: Transaction, case: Case) -> None:
        for one in tx.mail.of_case(case.id):
            if one.erased is None:
                self._empty_mail(tx, one)
        for head in tx.operations.of_case(case.id):
            tx.operations.forget(head.id)
        tx.cases.empty(case.emptied(self.clock()))
        self._note_case(tx, Act.CASE_EMPTIED, case)

    def _empty_mail(self, tx: Transaction, one: Mail) -> None:
        if one.way is Way.DRAFT:
            tx.mail.forget(one.id)
        else:
            tx.mail.put(one.emptied(self.clock(), ErasureReason.ENDED))
        sender = one.message.sender if one.message is not None and one.way is Way.IN else ""
        file_post.destroy(tx, self.here.node, sender, one.id, self.clock(), ErasureReason.ENDED)
        self._note_mail(tx, Act.MESSAGE_EMPTIED, one)

    def _goes_on(self, tx: Transaction, case: Case) -> bool:
        """Whether a joint operation lies in it that is not closed, and that we have not left."""
        found = [standing(head, tx.operations.log(head.id)) for head in tx.operations.of_case(case.id)]
        return any(not one.report and self.here.node in one.members for one in found)

    def _until(self, one: Mail, directory: Directory, law: Law, today: date) -> date:
        message = one.message
        assert message is not None  # only what came is asked for
        here = directory.member(self.here.node)
        assert here is not None  # a member, or nothing would have come
        return message_until(one, here, directory.member(message.sender), law, today)

    def _note_mail(self, tx: Transaction, act: Act, one: Mail) -> None:
        message, case = one.message, tx.cases.get(one.case) if one.case else None
        entry = Entry(
            act=act,
            at=self.clock(),
            actor=self.here.node,
            for_whom=self.here.node,
            subject=one.id,
            purpose=message.purpose if message is not None else "",
            case=case.number if case is not None else "",
            outcome=one.way,
            details={"until": str(one.keep_until or "with its case")},
        )
        tx.journal.record(entry)

    def _note_case(self, tx: Transaction, act: Act, case: Case) -> None:
        entry = Entry(
            act=act,
            at=self.clock(),
            actor=self.here.node,
            subject=case.id,
            purpose=case.about.purpose,
            case=case.number,
            outcome=case.state,
            details={"until": str(case.keep_until)},
        )
        tx.journal.record(entry)
