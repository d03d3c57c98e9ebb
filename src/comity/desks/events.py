"""Arrivals, as far as an officer may see what arrived: read from the journal, so that none is missed or told twice."""

from comity.desks.cases import WORK
from comity.desks.hits import SEE as SEE_HITS
from comity.desks.mail import Mailroom
from comity.desks.needs import Store, Transaction
from comity.desks.operations import Operations
from comity.domain import limits
from comity.domain.caller import Caller, require
from comity.domain.errors import Missing
from comity.domain.event import ARRIVALS, Arrival, Event
from comity.domain.journal import Entry

SEE = WORK | SEE_HITS


class Events:
    def __init__(self, store: Store, mailroom: Mailroom, operations: Operations) -> None:
        self.store = store
        self.mailroom = mailroom
        self.operations = operations

    def newest(self) -> int:
        """The place of the last entry of the journal; -1 where there is none."""
        with self.store.reading() as tx:
            return tx.journal.size() - 1

    def after(self, number: int, caller: Caller) -> tuple[list[Event], int]:
        """What came after that place for this caller, and the place up to which was looked."""
        require(caller, SEE, "see what arrives")
        with self.store.reading() as tx:
            openings = tx.journal.read(number, limits.EVENTS_READ_AT_ONCE)
            found = [
                Event(number=one.index, arrival=ARRIVALS[one.entry.act], subject=one.entry.subject, at=one.entry.at)
                for one in openings
                if one.entry.act in ARRIVALS and self._for(tx, one.entry, caller)
            ]
        return found, openings[-1].index if openings else number

    def _for(self, tx: Transaction, entry: Entry, caller: Caller) -> bool:
        """What somebody of ours did is no arrival to themselves; what was not applied changed nothing."""
        if entry.outcome == "not-applied" or entry.actor == caller.account:
            return False
        if ARRIVALS[entry.act] is Arrival.HIT:
            return not caller.roles.isdisjoint(SEE_HITS)
        # Falls without it: tests/desks/test_events.py
        if caller.roles.isdisjoint(WORK):
            return False
        try:
            if ARRIVALS[entry.act] is Arrival.OPERATION:
                self.operations.seen(tx, entry.subject, caller)
            else:
                self.mailroom.readable(tx, entry.subject, caller)
        except Missing:
            return False
        return True
