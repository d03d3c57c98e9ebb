"""Law that changes reaches what lies at the hub: what may not lie there any more goes, what may again comes back."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import TypeVar

from comity.desks.here import Here
from comity.desks.needs import Clock, Store, Transaction
from comity.desks.sharing import Sharing
from comity.domain import limits
from comity.domain.collection import COLLECTIONS
from comity.domain.collection import Entry as EnteredBy
from comity.domain.ids import new_id
from comity.domain.journal import Act, Entry
from comity.domain.letter import RecordsReceipt
from comity.law.decision import Law
from comity.law.deposit import Deposit
from comity.law.release import header_of

T = TypeVar("T")
SHARED = tuple(one.code for one in COLLECTIONS.values() if one.shared and one.entry is not EnteredBy.HOST)


class Deposits:
    """Looks once at each law: as it starts, and whenever another one is in force."""

    def __init__(
        self,
        here: Here,
        store: Store,
        sharing: Sharing,
        law: Callable[[Transaction], Law],
        clock: Clock,
        entropy: Callable[[int], bytes],
    ) -> None:
        self.here = here
        self.store = store
        self.sharing = sharing
        self.law = law
        self.clock = clock
        self.entropy = entropy
        self._tended: Law | None = None

    def tend(self) -> int:
        """How many copies were erased, or own records shared again."""
        with self.store.reading() as tx:
            law = self.law(tx)
        if law is self._tended:
            return 0
        moved = self._erase_copies(law) if self.here.is_hub else self._share_again(law)
        self._tended = law
        return moved

    # -- at the hub ---------------------------------------------------------------------------------------------------

    def _erase_copies(self, law: Law) -> int:
        today = self.clock().date()
        with self.store.reading() as tx:
            owners = {
                (code, source): Deposit(law, country or source, today)
                for kind in {COLLECTIONS[code].kind for code in SHARED}
                for code, source, country in tx.records.owners(kind)
                if code in SHARED and source != self.here.node
            }
        erased = 0
        for (code, source), deposit in owners.items():
            if deposit.keeps_some(code):
                erased += self._erase_of(code, source, deposit, today)
        return erased

    def _erase_of(self, code: str, source: str, deposit: Deposit, today: date) -> int:
        """Some at a time: nobody waits for it. What is left over by a stop goes in the next round."""
        with self.store.reading() as tx:
            found = [
                (header_of(held).id, why.clause)
                for held in tx.records.every(code, today)
                if header_of(held).source == source and (why := deposit.why_not_any_more(held)) is not None
            ]
        erased = 0
        for some in _letterfuls(found):
            with self.store.transaction() as tx:
                now = self.clock()
                gone = tx.records.let_go([record for record, _ in some])
                receipt = RecordsReceipt(share=new_id(now, self.entropy(10)), stored=0, erased=gone)
                tx.outbox.send(source, receipt, now)
                entry = Entry(
                    act=Act.RECORDS_SHARED,
                    at=now,
                    actor=self.here.node,
                    for_whom=source,
                    subject=receipt.share,
                    outcome="law-changed",
                    clauses=tuple(sorted({clause for _, clause in some})),
                    details={"collection": code, "erased": gone},
                )
                tx.journal.record(entry)
                tx.commit()
            erased += gone
        return erased

    # -- at the owner -------------------------------------------------------------------------------------------------

    def _share_again(self, law: Law) -> int:
        """The hub erases by itself what may not lie there: noted, so that it goes there again when it may."""
        today = self.clock().date()
        deposit, shared = Deposit(law, self.here.party, today), 0
        for code in SHARED:
            if deposit.keeps_some(code):
                self._note(code)
            elif self._is_noted(code):
                shared += sum(self._share(code, some) for some in self._own(code, today))
                self._forget(code)
        return shared

    def _own(self, code: str, today: date) -> Iterator[Sequence[str]]:
        with self.store.reading() as tx:
            references = [record.header.id for record in tx.records.own(self.here.node, code, today)]
        return _letterfuls(references)

    def _share(self, code: str, record_ids: Sequence[str]) -> int:
        """As they stand in this very transaction: what was withdrawn meanwhile is not shared."""
        with self.store.transaction() as tx:
            found = [one for one in map(tx.records.owned, record_ids) if one is not None]
            self.sharing.share(tx, code, found)
            tx.commit()
        return len(found)

    def _note(self, code: str) -> None:
        with self.store.transaction() as tx:
            if tx.kept_home.note(code, self.clock()):
                tx.commit()

    def _is_noted(self, code: str) -> bool:
        with self.store.reading() as tx:
            return code in tx.kept_home.every()

    def _forget(self, code: str) -> None:
        with self.store.transaction() as tx:
            tx.kept_home.forget(code)
            tx.commit()


def _letterfuls(all_: Sequence[T]) -> Iterator[Sequence[T]]:
    """As many at a time as one letter would carry, so that no transaction lasts long."""
    for at in range(0, len(all_), limits.RECORDS_PER_LETTER_MAX):
        yield all_[at : at + limits.RECORDS_PER_LETTER_MAX]
