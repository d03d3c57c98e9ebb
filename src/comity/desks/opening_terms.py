"""The end of what the journal says: an entry's text is erased when its term ends, and its leaf stays in the log."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

from comity.desks.here import Here
from comity.desks.needs import Clock, Store, Transaction
from comity.domain import limits
from comity.domain.journal import Act, Entry, Opening
from comity.law.decision import Law
from comity.law.oversight import OpeningTerm, term_of, years_before


class OpeningTerms:
    """By the clock, a few in each transaction: others write meanwhile."""

    def __init__(self, here: Here, store: Store, law: Callable[[Transaction], Law], clock: Clock) -> None:
        self.here = here
        self.store = store
        self.law = law
        self.clock = clock

    def tend(self) -> int:
        """Erase what has reached its end; how many entries."""
        self._forget_spot_checks()
        erased = 0
        for act in Act:
            while some := self._erase(act):
                erased += some
        return erased

    def _forget_spot_checks(self) -> None:
        """Closed ones are kept as long as their own entries of the journal."""
        with self.store.transaction() as tx:
            _, term = term_of(Act.SPOT_CHECK_DRAWN, self.law(tx).book.openings)
            first_day = years_before(self.clock().date(), term.years)
            if tx.spot_checks.expire(datetime.combine(first_day, time.min, UTC)):
                tx.commit()

    def _erase(self, act: Act) -> int:
        with self.store.reading() as tx:  # most days there is nothing of most acts
            if not self._ended(tx, act):
                return 0
        with self.store.transaction() as tx:
            book, today = self.law(tx).book, self.clock().date()
            if ended := self._ended(tx, act):
                rule, term = term_of(act, book.openings)
                under = _under(rule, term)
                tx.openings.forget(ended)
                tx.journal.erase(ended, today, under)
                tx.journal.record(self._entry(act, ended, under, book.digest))
                tx.commit()
        return len(ended)

    def _ended(self, tx: Transaction, act: Act) -> list[Opening]:
        _, term = term_of(act, self.law(tx).book.openings)
        last_day = years_before(self.clock().date(), term.years) - timedelta(days=1)
        _, before = tx.openings.between(None, last_day)
        # What somebody reviews is kept until the review is closed. Falls without it: tests/desks/test_spot_checks.py
        kept = tx.spot_checks.under_review()
        found = tx.openings.having([f"act {act}"], -1, before, limits.OPENINGS_ERASED_AT_ONCE + len(kept))
        left = tx.journal.some([at for at in found if at not in kept])
        return [one for one in left if self._has_ended(one.entry, act, last_day)]

    def _has_ended(self, entry: Entry, act: Act, last_day: date) -> bool:
        # Days lie close in the journal, and two acts may have one key. Falls without it:
        # tests/desks/test_opening_terms.py
        return entry.act is act and entry.at.date() <= last_day

    def _entry(self, act: Act, ended: list[Opening], under: str, rulebook: str) -> Entry:
        return Entry(
            act=Act.OPENINGS_EXPIRED,
            at=self.clock(),
            actor=self.here.node,
            subject=act.value,
            clauses=(under,),
            details={
                "erased": len(ended),
                "first": ended[0].index,
                "last": ended[-1].index,
                "rulebook": rulebook,
            },
        )


def _under(rule: str, term: OpeningTerm) -> str:
    return f"rulebook openings.{rule}, {term.years} years"
