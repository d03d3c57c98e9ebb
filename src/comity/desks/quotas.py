"""Quotas: how much a party asked so far under each clause that sets one, and that it asked once more."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from comity.desks.needs import Clock, Store, Transaction
from comity.domain.caller import Asker
from comity.law.decision import Law


def asked_so_far(tx: Transaction, law: Law, asker: Asker, today: date) -> dict[str, int]:
    """By "instrument clause", of each quota that may bind the asker, what this node answered in its days."""
    quotas = law.texts.quotas(party_of(asker))
    found: dict[str, int] = {}
    for party in {one.party for one in quotas.values()}:
        since = {name: one.first_day(today) for name, one in quotas.items() if one.party == party}
        found |= tx.quotas.asked(party, since)
    return found


def count(tx: Transaction, law: Law, asker: Asker, clauses: Sequence[str], today: date) -> None:
    """One question more under each of these clauses, whatever was found."""
    quotas = law.texts.quotas(party_of(asker))
    for name in clauses:
        tx.quotas.count(quotas[name].party, [name], today)


def party_of(asker: Asker) -> str:
    """As instruments write it."""
    return asker.country or asker.bureau


class Quotas:
    """What is counted longer than any quota asks is erased."""

    def __init__(self, store: Store, law: Callable[[Transaction], Law], clock: Clock) -> None:
        self.store = store
        self.law = law
        self.clock = clock

    def expire(self) -> int:
        """Erase counts that no quota looks at any more; how many."""
        with self.store.transaction() as tx:
            days = self.law(tx).texts.quota_days_max
            erased = tx.quotas.expire(self.clock().date() - timedelta(days=max(0, days - 1)))
            if erased:
                tx.commit()
        return erased
