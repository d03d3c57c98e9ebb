"""What belongs in a shared database goes to the hub, as far as the law of its owner lets it lie there."""

from collections.abc import Callable, Iterator, Sequence

import msgspec

from comity.desks.here import Here
from comity.desks.needs import Clock, Transaction
from comity.domain import limits
from comity.domain.collection import collection
from comity.domain.errors import Conflict
from comity.domain.ids import new_id
from comity.domain.journal import Act, Entry
from comity.domain.letter import RecordsShare, RecordsWithdraw
from comity.domain.lookup import Reason
from comity.domain.record import Record, Withdrawal, WithdrawalReason
from comity.law.decision import Law
from comity.law.deposit import Deposit


class Sharing:
    """Every method works inside the transaction that changes the records."""

    def __init__(
        self, here: Here, law: Callable[[Transaction], Law], clock: Clock, entropy: Callable[[int], bytes]
    ) -> None:
        self.here = here
        self.law = law
        self.clock = clock
        self.entropy = entropy

    def share(self, tx: Transaction, collection_code: str, records: Sequence[Record]) -> tuple[str, ...]:
        """Send the hub what is new or amended. What may not lie there stays, and an earlier copy is taken back.

        The ids under which the hub acknowledges it.
        """
        if self.here.is_hub or not collection(collection_code).shared or not records:
            return ()
        shares = []
        deposit = Deposit(self.law(tx), self.here.party, self.clock().date())
        # Falls without it: tests/house/test_nothing_without_the_law.py
        kept_home = [(record, why) for record in records if (why := deposit.why_not(record)) is not None]
        stays = {record.header.id for record, _ in kept_home}
        for chunk in _letterfuls([record for record in records if record.header.id not in stays]):
            now = self.clock()
            share = RecordsShare(share=new_id(now, self.entropy(10)), records=tuple(chunk))
            tx.outbox.send(self._hub(tx), share, now)
            shares.append(share.share)
        return (*shares, *self._keep_home(tx, kept_home))

    def withdraw(self, tx: Transaction, withdrawals: Sequence[Withdrawal]) -> tuple[str, ...]:
        """Take back what may lie at the hub; the ids under which it acknowledges that."""
        shared = [one for one in withdrawals if collection(one.collection).shared]
        if self.here.is_hub or not shared:
            return ()
        shares = []
        for at in range(0, len(shared), limits.RECORDS_PER_LETTER_MAX):
            chunk = tuple(shared[at : at + limits.RECORDS_PER_LETTER_MAX])
            share = RecordsWithdraw(share=new_id(self.clock(), self.entropy(10)), withdrawals=chunk)
            tx.outbox.send(self._hub(tx), share, self.clock())
            shares.append(share.share)
        return tuple(shares)

    def _keep_home(self, tx: Transaction, kept: Sequence[tuple[Record, Reason]]) -> tuple[str, ...]:
        if not kept:
            return ()
        # The version before: the hub's tombstone must not hold this one off, should the law let it out again.
        earlier = [_before(record, self.clock) for record, _ in kept if record.header.version > 1]
        shares = self.withdraw(tx, earlier)
        entry = Entry(
            act=Act.RECORDS_SHARED,
            at=self.clock(),
            actor=self.here.node,
            outcome="kept-home",
            clauses=tuple(sorted({why.clause for _, why in kept})),
            details={"records": len(kept), "taken_back": len(earlier), "why": kept[0][1].text},
        )
        tx.journal.record(entry)
        return shares

    def _hub(self, tx: Transaction) -> str:
        if (hub := tx.members.hub()) is None:
            raise Conflict("This bureau has joined no hub to share with.", do="Run `comity member join` first.")
        return hub[0]


def _before(record: Record, clock: Clock) -> Withdrawal:
    header = record.header
    return Withdrawal(
        id=header.id,
        collection=header.collection,
        source=header.source,
        reference=header.reference,
        version=header.version - 1,
        reason=WithdrawalReason.CONDITIONS_GONE,
        withdrawn_at=clock(),
    )


def _letterfuls(records: Sequence[Record]) -> Iterator[list[Record]]:
    """As many at a time as a letter may carry, by number and by size: one too large would hold its lane up for ever."""
    letter: list[Record] = []
    left = limits.RECORDS_BYTES_PER_LETTER_MAX
    for record in records:
        size = len(msgspec.json.encode(record))
        if letter and (len(letter) == limits.RECORDS_PER_LETTER_MAX or size > left):
            yield letter
            letter, left = [], limits.RECORDS_BYTES_PER_LETTER_MAX
        letter.append(record)
        left -= size
    if letter:
        yield letter
