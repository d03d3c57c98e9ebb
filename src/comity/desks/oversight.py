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
        """Entries after an index, or all on one question, hit, record, member or account."""
        require(caller, READ, "read the journal")
        with self.store.transaction() as tx:
            found = tx.journal.about(about) if about else tx.journal.read(after, limit)
            tx.journal.record(
                Entry(
                    act=Act.JOURNAL_READ,
                    at=self.clock(),
                    actor=caller.account,
                    subject=about,
                    details={"entries": len(found)},
                )
            )
            tx.commit()
        return found
