"""A rulebook that keeps something for less long holds for what was entered before it, too: our own and copies."""

from collections.abc import Callable

from comity.desks.here import Here
from comity.desks.needs import Clock, Store, Transaction
from comity.domain import limits
from comity.domain.journal import Act, Entry
from comity.law.decision import Law
from comity.law.release import header_of
from comity.law.retention import EarlierPeriods, ends_sooner
from comity.law.rulebook import Rulebook


class Shortening:
    """Looks once at each rulebook: as it starts, and whenever another one is in force."""

    def __init__(self, here: Here, store: Store, law: Callable[[Transaction], Law], clock: Clock) -> None:
        self.here = here
        self.store = store
        self.law = law
        self.clock = clock
        self._tended = ""  # the digest of the rulebook

    def tend(self) -> int:
        """How many records end sooner now. What has ended by that is gone at once, and erased by the next round."""
        with self.store.reading() as tx:
            book = self.law(tx).book
            if book.digest == self._tended:
                return 0
            shorter = EarlierPeriods(tx.agreements.rulebooks()).longer_than(book)
        shortened = sum(self._shorten(code, book) for code in shorter)
        self._tended = book.digest
        return shortened

    def _shorten(self, code: str, book: Rulebook) -> int:
        """Some at a time: nobody waits for it. What is left over by a stop goes in the next round."""
        with self.store.reading() as tx:
            every = tx.records.every(code, self.clock().date())
            found = [header_of(held).id for held in every if ends_sooner(held, book) is not None]
        some = range(0, len(found), limits.RECORDS_PER_LETTER_MAX)
        return sum(self._end(code, found[at : at + limits.RECORDS_PER_LETTER_MAX], book) for at in some)

    def _end(self, code: str, record_ids: list[str], book: Rulebook) -> int:
        """As they stand in this very transaction: what was amended or kept for longer meanwhile counts."""
        with self.store.transaction() as tx:
            held = tx.records.some(record_ids, self.clock().date()).values()
            endings = [one for each in held if (one := ends_sooner(each, book)) is not None]
            shortened = tx.records.shorten({one.record: (one.retain_until, one.review_at) for one in endings})
            entry = Entry(
                act=Act.RECORDS_SHORTENED,
                at=self.clock(),
                actor=self.here.node,
                subject=code,
                details={"records": shortened, "rulebook": book.digest},
            )
            tx.journal.record(entry)
            tx.commit()
        return shortened
