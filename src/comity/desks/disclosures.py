"""What was told about a person, to whom, when and under which clause: for their own request for it."""

from collections import Counter
from collections.abc import Callable, Iterable

import msgspec

from comity.desks.here import Here
from comity.desks.needs import Clock, Store, Transaction
from comity.desks.oversight import Oversight
from comity.domain import limits
from comity.domain.caller import Caller
from comity.domain.errors import Invalid, TooLarge
from comity.domain.journal import Entry
from comity.domain.lookup import Query
from comity.domain.oversight import Disclosed, LeftOut, ToldOf
from comity.domain.record import Header
from comity.law.decision import Law
from comity.law.oversight import check_answers
from comity.law.telling import DISCLOSES, left_out, left_out_of


class Disclosures:
    def __init__(
        self, here: Here, store: Store, law: Callable[[Transaction], Law], clock: Clock, oversight: Oversight
    ) -> None:
        self.here = here
        self.store = store
        self.law = law
        self.clock = clock
        self.oversight = oversight

    def of(self, sought: Query, request: str, caller: Caller) -> ToldOf:
        """What the law lets that person be told, oldest first; `request` is the number of theirs, and is journalled.

        Raises NotPermitted, TooLarge, and Unavailable while the index of the journal is made.
        """
        if not request.strip():
            raise Invalid(
                "The person's request is not named.", where="request", do="Give its number; it is journalled."
            )
        with self.store.transaction() as tx:
            check_answers(self.oversight.sight(tx, caller))
            self.oversight.caught_up(tx)
            told = self.told(tx, sought)
            asked = msgspec.json.encode(sought, order="sorted").decode()
            what: dict[str, str | int] = {"query": asked, "why": request, "told": len(told.disclosed)}
            self.oversight.note(tx, caller, "", {**what, "left_out": sum(told.left_out.values())})
            tx.commit()
        return told

    def told(self, tx: Transaction, sought: Query) -> ToldOf:
        """The same for another desk, within its transaction; that desk has asked who may, and writes it down."""
        return self.of_records(tx, self.oversight.records(tx, sought))

    def of_records(self, tx: Transaction, headers: Iterable[Header]) -> ToldOf:
        """The same of records that are known to be about the person."""
        left: Counter[LeftOut] = Counter()
        found: list[Disclosed] = []
        telling, today = self.law(tx).book.disclosures, self.clock().date()
        for header in headers:
            why = left_out_of(header, self.here.node)
            for entry in self._of_record(tx, header):
                reason = why or left_out(entry, telling, today)
                if reason is None:
                    found.append(self._disclosed(entry, header))
                else:
                    left[reason] += 1
        return ToldOf(disclosed=tuple(sorted(found, key=lambda one: one.at)), left_out=dict(left))

    def _of_record(self, tx: Transaction, header: Header) -> list[Entry]:
        """Every entry by which something of it was told."""
        positions = tx.openings.about([header.id], limits.OPENINGS_MET_MAX)
        if len(positions) == limits.OPENINGS_MET_MAX:
            raise TooLarge(
                f"{len(positions)} entries or more are about one record.", do="Answer this one from the journal itself."
            )
        entries = (one.entry for one in tx.journal.some(positions))
        return [entry for entry in entries if entry.act in DISCLOSES and header.id in entry.records]

    def _disclosed(self, entry: Entry, header: Header) -> Disclosed:
        """Of this record alone: who else was in the same answer is nobody's business here, nor which officer asked."""
        return Disclosed(
            at=entry.at,
            to=entry.for_whom or self.here.node,
            purpose=entry.purpose,
            level=entry.level,
            clauses=entry.clauses,
            collection=header.collection,
            reference=header.reference,
        )
