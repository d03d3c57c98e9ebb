"""The log of a joint operation: the lead puts entries in order, every member applies them in that order."""

from collections.abc import Callable, Collection
from datetime import timedelta

from comity.desks.here import Here
from comity.desks.needs import Clock, Store, Transaction
from comity.domain import limits
from comity.domain.journal import Act, Entry
from comity.domain.letter import Letter, OperationOrdered, OperationRefused, OperationVouched, OperationWritten
from comity.domain.operation import (
    STRUCTURE,
    Joined,
    Left,
    Operation,
    OperationEntry,
    OperationHead,
    Ordered,
    Vouch,
    as_message,
    standing,
)
from comity.law.decision import Law
from comity.law.mail import telling

IN_ORDER = "an entry of that id is in order"


class OperationLog:
    """Works inside the transaction that writes or receives."""

    def __init__(self, here: Here, store: Store, law: Callable[[Transaction], Law], clock: Clock) -> None:
        self.here = here
        self.store = store
        self.law = law
        self.clock = clock

    # -- at the lead --------------------------------------------------------------------------------------------------

    def order(self, tx: Transaction, head: OperationHead, entry: OperationEntry, shares_from: int = 0) -> None:
        """Give an entry its place, and pass it on to whoever is in the operation before or after it."""
        before = standing(head, tx.operations.log(head.id))
        ordered = Ordered(operation=head.id, number=before.number + 1, entry=entry)
        tx.operations.log_entry(ordered)
        after = before.after(ordered)
        newcomer = entry.deed.bureau if isinstance(entry.deed, Joined) else ""
        # Whoever leaves learns that it has left, and nothing after it.
        # Falls without it: tests/desks/test_operation_log.py
        told = dict.fromkeys((*before.members, *after.members))
        for bureau in told:
            if bureau == newcomer:
                self._share(tx, head, after, newcomer, shares_from)
            elif bureau != self.here.node:
                self._pass_on(tx, after, ordered, bureau)

    def written(self, tx: Transaction, letter: Letter, body: OperationWritten) -> None:
        """A member's entry comes to us as the lead."""
        entry = body.entry
        head = tx.operations.get(entry.operation)
        if why := self._doubt(tx, letter, entry, head):
            self._not_applied(tx, letter, entry.operation, why)
            # What is in order already is no news to its writer. Falls without it: tests/desks/test_operation_log.py
            if why != IN_ORDER:
                told = OperationRefused(operation=entry.operation, entry=entry.id, why=why)
                tx.outbox.send(letter.sender, told, self.clock())
            return
        assert head is not None
        self.order(tx, head, entry)
        self.note(tx, Act.OPERATION_ARRIVED, head, letter.sender, self.here.node, entry=entry.id)

    def _doubt(self, tx: Transaction, letter: Letter, entry: OperationEntry, head: OperationHead | None) -> str:
        """Why an entry gets no place; '' where it gets one. Falls without each: tests/desks/test_operation_log.py"""
        if head is None or head.lead != self.here.node:
            return "we do not lead it"
        if entry.bureau != letter.sender:
            return "it names another bureau"
        log = tx.operations.log(head.id)
        if any(one.entry is not None and one.entry.id == entry.id for one in log):
            return IN_ORDER
        return standing(head, log).refuses(entry)

    def _share(
        self, tx: Transaction, head: OperationHead, operation: Operation, newcomer: str, shares_from: int
    ) -> None:
        """The log so far to a newcomer: who is in it, and of the rest what the lead chose."""
        for one in tx.operations.log(head.id):
            structural = one.entry is not None and isinstance(one.entry.deed, STRUCTURE)
            if structural or (shares_from and one.number >= shares_from):
                self._pass_on(tx, operation, one, newcomer)
            else:
                self._send(tx, Ordered(operation=head.id, number=one.number), newcomer)

    def _pass_on(self, tx: Transaction, operation: Operation, ordered: Ordered, bureau: str) -> None:
        """Or that there is something, where the law does not let its writer tell that bureau."""
        entry, about = ordered.entry, operation.about
        if entry is None or about is None or self._may_have(tx, operation, entry, bureau):
            self._send(tx, ordered, bureau)
        else:
            self._send(tx, Ordered(operation=ordered.operation, number=ordered.number), bureau)

    def _may_have(self, tx: Transaction, operation: Operation, entry: OperationEntry, bureau: str) -> bool:
        # What a bureau itself wrote, and that it is out, it may have whatever the law says of it today.
        if entry.bureau == bureau or (isinstance(entry.deed, Left) and entry.deed.bureau == bureau):
            return True
        directory, about = tx.members.directory(), operation.about
        author = directory.member(entry.bureau) if directory else None
        reader = directory.member(bureau) if directory else None
        if author is None or reader is None or about is None:
            return False
        message = as_message(about, entry, (bureau,))
        # Falls without it: tests/desks/test_operation_log.py
        return telling(message, author, reader, self.law(tx), self.clock().date()).reason is None

    def _send(self, tx: Transaction, ordered: Ordered, bureau: str) -> None:
        tx.outbox.send(bureau, OperationOrdered(ordered=ordered), self.clock())

    # -- at a member --------------------------------------------------------------------------------------------------

    def ordered(self, tx: Transaction, letter: Letter, body: OperationOrdered) -> None:
        """An entry at its place. Whatever the order of arrival, the log is applied from its first entry on."""
        ordered = body.ordered
        head = tx.operations.get(ordered.operation)
        if head is None and not self.here.is_hub:
            head = OperationHead(id=ordered.operation, lead=letter.sender, known_at=self.clock())
            tx.operations.put(head)
        # Falls without it: tests/desks/test_operation_log.py
        if head is None or head.lead != letter.sender or head.lead == self.here.node:
            self._not_applied(tx, letter, ordered.operation, "it does not lead it")
            return
        log = tx.operations.log(head.id)
        if any(one.number == ordered.number for one in log):
            self._not_applied(tx, letter, ordered.operation, "there is an entry at that place")
            return
        reached = standing(head, log)
        tx.operations.log_entry(ordered)
        log = tx.operations.log(head.id)
        self._vouch(tx, head, reached, log)
        self._wait_no_longer(tx, head, standing(head, log))
        entry = ordered.entry.id if ordered.entry is not None else ""
        self.note(tx, Act.OPERATION_ARRIVED, head, letter.sender, self.here.node, entry=entry, number=ordered.number)

    def vouched(self, tx: Transaction, letter: Letter, body: OperationVouched) -> None:
        """It may come before the entry, or before we know of the operation: another pair of nodes, another lane."""
        # A member could fill our disk with words on what nobody ever wrote.
        # Falls without it: tests/desks/test_operation_log.py
        if tx.operations.vouched_ahead(letter.sender) >= limits.OPERATION_VOUCHES_AHEAD_MAX:
            self._not_applied(tx, letter, body.vouch.operation, "it vouches for too much that is not here")
            return
        tx.operations.vouch(letter.sender, body.vouch)

    def refused(self, tx: Transaction, letter: Letter, body: OperationRefused) -> None:
        """The lead gave what we wrote no place: it waits no longer, and our people learn why."""
        head = tx.operations.get(body.operation)
        waiting = {one.id for one in tx.operations.awaiting(body.operation)}
        # Falls without each: tests/desks/test_operation_log.py
        if head is None or head.lead != letter.sender or body.entry not in waiting:
            self._not_applied(tx, letter, body.operation, "it refused nothing of ours")
            return
        tx.operations.placed(body.entry)
        self.note(tx, Act.OPERATION_ARRIVED, head, letter.sender, self.here.node, refused=body.entry, because=body.why)

    def _vouch(self, tx: Transaction, head: OperationHead, operation: Operation, log: Collection[Ordered]) -> None:
        """For what of ours has found its place by now: to whoever is in it at that place, and to nobody else."""
        for one in log:
            if one.number != operation.number + 1:
                continue
            before, operation = operation, operation.after(one)
            entry = one.entry
            if entry is None or entry.bureau != self.here.node:
                continue
            # A lead that changed our words gets no vouch for them. Falls without it: tests/desks/test_operation_log.py
            if tx.operations.placed(entry.id) != entry:
                self.note(tx, Act.OPERATION_ARRIVED, head, head.lead, self.here.node, disputed=entry.id)
                continue
            word = Vouch(operation=one.operation, number=one.number, digest=entry.digest())
            tx.operations.vouch(self.here.node, word)
            for bureau in before.members:
                if bureau in operation.members and bureau not in (self.here.node, operation.lead):
                    tx.outbox.send(bureau, OperationVouched(vouch=word), self.clock())

    def _wait_no_longer(self, tx: Transaction, head: OperationHead, operation: Operation) -> None:
        """What we wrote and the lead gave no place, for it was closed or we were out of it by then."""
        oldest = self.clock() - timedelta(days=limits.LETTER_DAYS_MAX)
        over = bool(operation.report) or self.here.node not in operation.members
        for entry in tx.operations.awaiting(head.id):
            # Falls without it: tests/desks/test_operation_log.py
            if over or entry.written_at < oldest:
                tx.operations.placed(entry.id)
                self.note(tx, Act.OPERATION_ARRIVED, head, head.lead, self.here.node, refused=entry.id)

    def refused_there(self, tx: Transaction, lead: str, entry_id: str) -> None:
        """We are supervised, and the lead's reviewer refused an entry of ours: it waits for its place no longer."""
        for head in (tx.operations.get(one) for one in tx.operations.awaited_in(entry_id)):
            # Falls without it: tests/desks/test_letter_review.py
            if head is not None and head.lead == lead:
                tx.operations.placed(entry_id)
                self.note(tx, Act.OPERATION_ARRIVED, head, lead, self.here.node, refused=entry_id)

    # -- the journal --------------------------------------------------------------------------------------------------

    def note(
        self,
        tx: Transaction,
        act: Act,
        head: OperationHead,
        actor: str,
        for_whom: str,
        clauses: Collection[str] = (),
        **details: str | int,
    ) -> None:
        entry = Entry(
            act=act,
            at=self.clock(),
            actor=actor,
            for_whom=for_whom,
            subject=head.id,
            clauses=tuple(clauses),
            details={**details},
        )
        tx.journal.record(entry)

    def _not_applied(self, tx: Transaction, letter: Letter, operation: str, why: str) -> None:
        entry = Entry(
            act=Act.OPERATION_ARRIVED,
            at=self.clock(),
            actor=letter.sender,
            subject=operation,
            outcome="not-applied",
            details={"letter": letter.id, "why": why},
        )
        tx.journal.record(entry)
