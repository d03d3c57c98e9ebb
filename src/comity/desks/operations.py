"""Joint operations, for people: found one, take bureaus in, set tasks, tell the others, close it with a report."""

from collections.abc import Callable

from msgspec.structs import replace

from comity.desks.cases import WORK, open_case
from comity.desks.mail import DESK
from comity.desks.needs import Transaction
from comity.desks.operation_log import OperationLog
from comity.domain import limits
from comity.domain.bureau import NodeRole
from comity.domain.caller import Caller, require
from comity.domain.errors import Conflict, Invalid, Missing, NotPermitted, TooLarge
from comity.domain.ids import new_id
from comity.domain.journal import Act
from comity.domain.letter import OperationWritten
from comity.domain.marking import Marking
from comity.domain.operation import (
    Deed,
    Founded,
    Joined,
    LogLine,
    Operation,
    OperationAbout,
    OperationEntry,
    OperationHead,
    Ordered,
    WholeOperation,
    Word,
    as_message,
    standing,
)
from comity.law.mail import may_write, telling

NONCE_BYTES = 16


class Operations:
    def __init__(self, log: OperationLog, entropy: Callable[[int], bytes]) -> None:
        self.log = log
        self.here = log.here
        self.store = log.store
        self.clock = log.clock
        self.entropy = entropy

    def found(self, case_id: str, name: str, caller: Caller) -> WholeOperation:
        """Begin one from a case, as its lead; category, purpose and basis are the case's."""
        require(caller, WORK, "found an operation")
        with self.store.transaction() as tx:
            case, now = open_case(tx, case_id, caller), self.clock()
            about = OperationAbout(
                name=name, category=case.about.category, purpose=case.about.purpose, basis=case.about.basis
            )
            head = OperationHead(id=new_id(now, self.entropy(10)), lead=self.here.node, case=case.id, known_at=now)
            tx.operations.put(head)
            entry = self._entry(head.id, Founded(about=about), Marking(), caller)
            self.log.order(tx, head, entry)
            self.log.note(tx, Act.OPERATION_FOUNDED, head, caller.account, self.here.node)
            whole = _whole(tx, head, self.here.node)
            tx.commit()
        return whole

    def write(
        self, operation_id: str, deed: Deed, marking: Marking, shares_from: int, caller: Caller
    ) -> WholeOperation:
        """Put something into the log. The law decides for each other member; a refusal names its clause.

        With `joined`: from which number on the newcomer gets what was there before; 0 for nothing of it.
        """
        require(caller, WORK, "work on an operation")
        with self.store.transaction() as tx:
            head = self.seen(tx, operation_id, caller)
            operation = standing(head, tx.operations.log(head.id))
            entry = self._entry(head.id, deed, marking, caller)
            self._check(tx, operation, entry)
            self._decide(tx, head, operation, entry, caller)
            if head.lead == self.here.node:
                self.log.order(tx, head, entry, shares_from)
            else:
                tx.operations.await_order(entry)
                tx.outbox.send(head.lead, OperationWritten(entry=entry), entry.written_at)
            self.log.note(tx, Act.OPERATION_WRITTEN, head, caller.account, head.lead, entry=entry.id)
            whole = _whole(tx, head, self.here.node)
            tx.commit()
        return whole

    def every(self, caller: Caller) -> list[Operation]:
        """Those of the caller's cases and, for the duty desk, those that are not filed yet; newest first."""
        require(caller, WORK, "see operations")
        with self.store.reading() as tx:
            unfiled = not caller.roles.isdisjoint(DESK)
            heads = tx.operations.of(caller.account, unfiled, limits.CASES_LISTED_MAX)
            return [standing(head, tx.operations.log(head.id)) for head in heads]

    def show(self, operation_id: str, caller: Caller) -> WholeOperation:
        """One with its tasks and log; this is written down."""
        require(caller, WORK, "see operations")
        with self.store.transaction() as tx:
            head = self.seen(tx, operation_id, caller)
            self.log.note(tx, Act.OPERATION_SHOWN, head, caller.account, self.here.node)
            whole = _whole(tx, head, self.here.node)
            tx.commit()
        return whole

    def file(self, operation_id: str, case_id: str, caller: Caller) -> WholeOperation:
        """Put an operation that others invited us to into a case: from then on its people see it."""
        require(caller, WORK, "file operations")
        with self.store.transaction() as tx:
            head, case = self.seen(tx, operation_id, caller), open_case(tx, case_id, caller)
            if head.case:
                raise Conflict("It lies in a case.", do="Look at the case.")
            filed = replace(head, case=case.id)
            tx.operations.put(filed)
            self.log.note(tx, Act.OPERATION_FILED, filed, caller.account, self.here.node, case=case.number)
            whole = _whole(tx, filed, self.here.node)
            tx.commit()
        return whole

    def _entry(self, operation_id: str, deed: Deed, marking: Marking, caller: Caller) -> OperationEntry:
        now = self.clock()
        return OperationEntry(
            id=new_id(now, self.entropy(10)),
            operation=operation_id,
            bureau=self.here.node,
            unit=caller.unit,
            nonce=self.entropy(NONCE_BYTES).hex(),
            marking=marking,
            deed=deed,
            written_at=now,
        )

    def _check(self, tx: Transaction, operation: Operation, entry: OperationEntry) -> None:
        if why := operation.refuses(entry):
            raise Conflict(f"That has no effect: {why}.", do="Look at the operation as it stands.")
        if operation.number >= limits.OPERATION_ENTRIES_MAX:
            raise TooLarge("The log of the operation is full.", do="Close it and found another.")
        if isinstance(entry.deed, Joined):
            directory = tx.members.directory()
            member = directory.member(entry.deed.bureau) if directory else None
            if member is None:
                raise Missing(f"{entry.deed.bureau} is no member.", where="bureau", do="See `comity member list`.")
            if member.manifest.role is NodeRole.HUB:
                raise Invalid(f"{member.id} is a hub and has no officers.", where="bureau", do="Name a bureau.")

    def _decide(
        self, tx: Transaction, head: OperationHead, operation: Operation, entry: OperationEntry, caller: Caller
    ) -> None:
        """For every member but ourselves, a newcomer included: what we may not tell one of them is not written."""
        about, directory = operation.about, tx.members.directory()
        assert about is not None
        newcomer = (entry.deed.bureau,) if isinstance(entry.deed, Joined) else ()
        others = [one for one in (*operation.members, *newcomer) if one != self.here.node]
        message, law = as_message(about, entry, others), self.log.law(tx)
        members = [directory.member(one) if directory else None for one in (self.here.node, *others)]
        author, *recipients = [one for one in members if one is not None]
        rulings = [may_write(message, caller.roles, law)]
        rulings += [telling(message, author, one, law, self.clock().date()) for one in recipients]
        for one in rulings:
            if one.reason is not None:
                self.log.note(tx, Act.OPERATION_REFUSED, head, caller.account, head.lead, one.clauses)
                tx.commit()
                raise NotPermitted(one.reason.text, do=one.reason.do, clauses=one.clauses)

    def seen(self, tx: Transaction, operation_id: str, caller: Caller) -> OperationHead:
        head = tx.operations.get(operation_id)
        # Falls without it: tests/desks/test_operations.py
        if head is None or not _sees(tx, head, caller):
            raise Missing("There is no such operation, or it is not for you.", do="See `comity operation list`.")
        return head


def _sees(tx: Transaction, head: OperationHead, caller: Caller) -> bool:
    if not head.case:
        return not caller.roles.isdisjoint(DESK)
    case = tx.cases.get(head.case)
    return case is not None and caller.account in case.allowed


def _whole(tx: Transaction, head: OperationHead, here: str) -> WholeOperation:
    log, vouches = tx.operations.log(head.id), tx.operations.vouches(head.id)
    lines = tuple(LogLine(number=one.number, word=_word(one, head, vouches, here), entry=one.entry) for one in log)
    return WholeOperation(
        head=head, operation=standing(head, log), log=lines, pending=tuple(tx.operations.awaiting(head.id))
    )


def _word(one: Ordered, head: OperationHead, vouches: dict[tuple[int, str], str], here: str) -> Word:
    entry = one.entry
    if entry is None or entry.bureau == head.lead or here == head.lead:
        return Word.OWN
    told = vouches.get((one.number, entry.bureau))
    if entry.bureau == here:
        return Word.OWN if told == entry.digest() else Word.DISPUTED
    if told is None:
        return Word.LEAD
    # A lead could put words into a member's mouth. Falls without it: tests/desks/test_operation_log.py
    return Word.VOUCHED if told == entry.digest() else Word.DISPUTED
