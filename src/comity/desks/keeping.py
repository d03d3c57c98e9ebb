"""Retention at the source: somebody looks at a record before its end, keeps it for longer, or lets it come back."""

from collections.abc import Callable
from datetime import date

import msgspec

from comity.desks.here import Here
from comity.desks.needs import Clock, Store, Transaction
from comity.desks.records import SEE_OWN, WITHDRAW, Records
from comity.domain import limits
from comity.domain.caller import Caller, Role, require
from comity.domain.collection import collection
from comity.domain.errors import Conflict, Invalid
from comity.domain.journal import Act, Entry
from comity.domain.record import Header, Record, record_id
from comity.law.decision import Law
from comity.law.retention import reminded_from, retention, status_of
from comity.law.rulebook import shipped_rulebook

READMIT = frozenset({Role.SUPERVISOR, Role.REVIEWER})


class Keeping:
    def __init__(
        self, here: Here, store: Store, records: Records, law: Callable[[Transaction], Law], clock: Clock
    ) -> None:
        self.here = here
        self.store = store
        self.records = records
        self.law = law
        self.clock = clock
        self.reminded_on: date | None = None  # the day of the last look: once a day is enough

    def remind(self) -> int:
        """Note every own record whose review is due: a task for its desk; how many are new."""
        today = self.clock().date()
        if self.reminded_on == today:
            return 0
        with self.store.reading() as tx:
            # Those that stand have their day by the rulebook of their own day, which may have been the shipped one.
            ending = tx.records.ending(reminded_from(today, self.law(tx).book, shipped_rulebook()))
            due = [(one.header.id, one.header.review_at) for one in ending if _is_due(one, today)]
        with self.store.transaction() as tx:
            noted = sum(tx.reviews.note(one, day, self.clock()) for one, day in due)
            if noted:
                tx.journal.record(
                    Entry(act=Act.REVIEWS_DUE, at=self.clock(), actor=self.here.node, details={"records": noted})
                )
                tx.commit()
        self.reminded_on = today
        return noted

    def due(self, caller: Caller) -> list[Header]:
        """Own records that somebody has to look at: still needed, or to be withdrawn? Nobody answers: they expire."""
        require(caller, SEE_OWN, "see which records are due for review")
        today = self.clock().date()
        with self.store.reading() as tx:
            found = (tx.records.owned(one) for one in tx.reviews.due())
            return [one.header for one in found if one is not None and _is_due(one, today)]

    def extend(
        self, collection_code: str, reference: str, source: str, until: date, reason: str, caller: Caller
    ) -> Record:
        """Keep one of our own records until that day, everywhere; no longer than the rule for a new one of today."""
        require(caller, WITHDRAW, "keep records for longer")
        why, today = _said(reason), self.clock().date()
        with self.store.transaction() as tx:
            record = self.records.own(tx, collection_code, reference, source)
            book = self.law(tx).book
            rule = retention(collection_code, status_of(record.subject), book)
            # What has ended is gone, whether or not it was erased yet. Falls without it: tests/desks/test_keeping.py
            if record.header.retain_until < today:
                raise Conflict(f"{reference} ended on {record.header.retain_until}.", do="Have it readmitted.")
            if not record.header.retain_until < until <= rule.latest(today):
                raise Invalid(
                    f"It may be kept until {rule.latest(today)}, and stands until {record.header.retain_until}.",
                    where="until",
                    do=(
                        "Choose a day between the two."
                        if record.header.retain_until < rule.latest(today)
                        else "It cannot be kept any longer today; extend it nearer to its end."
                    ),
                )
            kept = self._put(tx, record, until, max(today, rule.review_at(until)))
            tx.reviews.done([kept.header.id])
            self.records.sharing.share(tx, collection_code, [kept])
            self._note(tx, Act.RECORD_EXTENDED, kept.header, caller, reason=why, until=str(until), rulebook=book.digest)
            tx.commit()
        return kept

    def readmit(self, collection_code: str, reference: str, source: str, reason: str, caller: Caller) -> str:
        """Let a record that was withdrawn or has expired be entered again, once: its tombstone holds off all others."""
        require(caller, READMIT, "let a record come back")
        why, owner = _said(reason), source or self.here.node
        target = collection(collection_code)
        with self.store.transaction() as tx:
            self.records.check_source(tx.members.directory(), target.entry, owner)
            readmitted = record_id(target.code, owner, reference)
            tx.reviews.readmit(readmitted, caller.account)
            entry = Entry(
                act=Act.RECORD_READMITTED,
                at=self.clock(),
                actor=caller.account,
                unit=caller.unit,
                subject=readmitted,
                details={"collection": target.code, "reference": reference, "reason": why},
            )
            tx.journal.record(entry)
            tx.commit()
        return readmitted

    def _put(self, tx: Transaction, record: Record, until: date, review_at: date) -> Record:
        header = msgspec.structs.replace(
            record.header, version=0, amended_at=self.clock(), retain_until=until, review_at=min(review_at, until)
        )
        tx.records.put([msgspec.structs.replace(record, header=header)])
        stored = tx.records.owned(record.header.id)
        assert stored is not None  # just put
        return stored

    def _note(self, tx: Transaction, act: Act, header: Header, caller: Caller, **details: str) -> None:
        entry = Entry(
            act=act,
            at=self.clock(),
            actor=caller.account,
            unit=caller.unit,
            subject=header.id,
            records=(header.id,),
            details={"collection": header.collection, "reference": header.reference, **details},
        )
        tx.journal.record(entry)


def _is_due(record: Record, today: date) -> bool:
    return record.header.review_at <= today <= record.header.retain_until


def _said(reason: str) -> str:
    if not 0 < len(reason.strip()) <= limits.REASON_CHARS_MAX:
        raise Invalid(
            f"A reason of at most {limits.REASON_CHARS_MAX} characters is needed.", where="reason", do="Say why."
        )
    return reason.strip()
