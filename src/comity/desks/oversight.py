"""Oversight: who reads the journal, and that this too is written down."""

from comity.desks.here import Here
from comity.desks.needs import Clock, Store
from comity.domain.caller import Caller, Role, require
from comity.domain.journal import Act, Entry, Opening

READ = frozenset({Role.AUDITOR, Role.DATA_PROTECTION_OFFICER, Role.SUPERVISOR})


class Oversight:
    def __init__(self, here: Here, store: Store, clock: Clock) -> None:
        self.here = here
        self.store = store
        self.clock = clock

    def read(self, caller: Caller, about: str = "", after: int = -1, limit: int = 100) -> list[Opening]:
        """The first entries after an index; with `about` only those on that question, hit, record, member, account."""
        require(caller, READ, "read the journal")
        with self.store.transaction() as tx:
            if about:
                found = [one for one in tx.journal.about(about) if one.index > after][:limit]
            else:
                found = tx.journal.read(after, limit)
            entry = Entry(
                act=Act.JOURNAL_READ,
                at=self.clock(),
                actor=caller.account,
                unit=caller.unit,
                subject=about,
                details={"after": after, "entries": len(found)},
            )
            tx.journal.record(entry)
            tx.commit()
        return found
