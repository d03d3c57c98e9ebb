"""How often what was done: counted from the index of the journal, without opening any entry."""

from collections.abc import Iterator
from datetime import date, timedelta

from comity.desks.needs import Clock, Store, Transaction
from comity.desks.oversight import Oversight
from comity.domain import limits
from comity.domain.caller import Caller
from comity.domain.errors import Invalid
from comity.domain.journal import Act
from comity.domain.oversight import Counted
from comity.domain.purpose import Purpose
from comity.law.oversight import Sight


class Statistics:
    def __init__(self, store: Store, clock: Clock, oversight: Oversight) -> None:
        self.store = store
        self.clock = clock
        self.oversight = oversight

    def of(self, first: date, last: date, caller: Caller) -> tuple[Counted, ...]:
        """By month, act and purpose, of the months of these days, as far as the caller may see the entries."""
        months = list(_months(first, last))
        if not 0 < len(months) <= limits.STATISTICS_MONTHS_MAX:
            raise Invalid(
                f"1 to {limits.STATISTICS_MONTHS_MAX} months are counted at once.", where="months", do="Name fewer."
            )
        with self.store.transaction() as tx:
            seen = self.oversight.sight(tx, caller)
            self.oversight.caught_up(tx)
            found = tuple(one for month in months for one in self._of_month(tx, seen, month))
            self.oversight.note(tx, caller, "", {"counted": len(found), "months": f"{months[0]} to {months[-1]}"})
            tx.commit()
        return found

    def _of_month(self, tx: Transaction, seen: Sight, month: str) -> Iterator[Counted]:
        first = date.fromisoformat(f"{month}-01")
        after, before = tx.openings.between(first, _next(first) - timedelta(days=1))
        if before - after < 2:  # nothing was written down in it
            return
        for act in Act:
            # A month that a role sees in part is not counted for it: else an older entry would be.
            within = seen.counts(act, first)
            if within is None:
                continue
            terms = [f"act {act}", f"month {month}", *([f"unit {within}"] if within else [])]
            whole = tx.openings.count(terms, after, before)
            for purpose in Purpose if whole else ():
                if some := tx.openings.count([*terms, f"purpose {purpose}"], after, before):
                    yield Counted(month=month, act=act, purpose=purpose, entries=some)
                    whole -= some
            if whole:
                yield Counted(month=month, act=act, purpose=None, entries=whole)


def _months(first: date, last: date) -> Iterator[str]:
    month = first.replace(day=1)
    while month <= last:
        yield f"{month:%Y-%m}"
        month = _next(month)


def _next(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)
