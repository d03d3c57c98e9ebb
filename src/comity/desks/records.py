"""A source's own records: entered, shown, exported, shared with the hub, withdrawn everywhere."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import islice
from typing import TypeVar

import msgspec

from comity.desks.here import Here
from comity.desks.hits import Hits
from comity.desks.needs import Clock, Store, Transaction
from comity.desks.sharing import Sharing
from comity.desks.shelves.records import Stored
from comity.domain import limits
from comity.domain.bureau import Directory
from comity.domain.caller import Caller, Role, require
from comity.domain.collection import Entry as EnteredBy
from comity.domain.collection import collection
from comity.domain.errors import Conflict, Invalid, Missing, NotPermitted, Refusal
from comity.domain.ids import derived_id, slug
from comity.domain.importing import Import, RefusedRow
from comity.domain.journal import Act, Entry
from comity.domain.offence import with_coded_offences
from comity.domain.record import Header, Record, Withdrawal, WithdrawalReason, check_entry, record_id
from comity.formats.row import Row
from comity.law.decision import Law
from comity.law.retention import retention, status_of
from comity.law.rulebook import Rulebook

ENTER = frozenset({Role.DUTY_OFFICER, Role.SUPERVISOR, Role.SYSTEM, Role.ADMINISTRATOR})
WITHDRAW = frozenset({Role.DUTY_OFFICER, Role.SUPERVISOR, Role.SYSTEM})
SEE_OWN = frozenset({Role.DUTY_OFFICER, Role.SUPERVISOR, Role.SYSTEM, Role.DATA_PROTECTION_OFFICER})
T = TypeVar("T")


class Records:
    def __init__(
        self,
        here: Here,
        store: Store,
        hits: Hits,
        sharing: Sharing,
        law: Callable[[Transaction], Law],
        clock: Clock,
    ) -> None:
        self.here = here
        self.store = store
        self.hits = hits
        self.sharing = sharing
        self.law = law
        self.clock = clock

    # -- entering -------------------------------------------------------------------------------------------------

    def begin(self, file_name: str, file_digest: str, collection_code: str, source: str, caller: Caller) -> Import:
        """Start an import, or find how far the same file came before. `source` '' is this node."""
        require(caller, ENTER, "enter records")
        target, owner = collection(collection_code), source or self.here.node
        with self.store.transaction() as tx:
            self.check_source(tx.members.directory(), target.entry, owner)
            import_id = derived_id("import", file_digest, target.code, owner)
            if (known := tx.imports.get(import_id)) is not None:
                return known
            begun = Import(
                id=import_id,
                file_digest=file_digest,
                file_name=file_name,
                collection=target.code,
                source=owner,
                started_at=self.clock(),
            )
            tx.imports.put(begun)
            tx.journal.record(self._import_entry(tx, begun, caller, "begun"))
            tx.commit()
        return begun

    def enter(
        self, progress: Import, rows: Iterable[Row], caller: Caller, tell: Callable[[Import], None] = lambda _: None
    ) -> Import:
        """Enter rows batch by batch, each with the place reached in one transaction: a kill loses or doubles none.

        A refused row is kept with its line and reason; the others go on. `tell` hears of every batch.
        """
        require(caller, ENTER, "enter records")
        for batch in _batches(rows, limits.IMPORT_ROWS_PER_TRANSACTION):
            with self.store.transaction() as tx:
                self._check_alone(tx, progress)
                progress = self._enter_batch(tx, progress, batch)
                tx.imports.put(progress)
                tx.commit()
            tell(progress)
        with self.store.transaction() as tx:
            self._check_alone(tx, progress)
            progress = msgspec.structs.replace(progress, finished_at=self.clock())
            tx.imports.put(progress)
            tx.journal.record(self._import_entry(tx, progress, caller, "finished"))
            tx.commit()
        return progress

    def progress(self, import_id: str, caller: Caller) -> Import:
        """How far an import has come."""
        require(caller, ENTER, "enter records")
        with self.store.reading() as tx:
            found = tx.imports.get(import_id)
        if found is None:
            raise Missing(f"There is no import {import_id}.", do="Its id is printed when a file is imported.")
        return found

    def imports(self, caller: Caller) -> list[Import]:
        """What was read in last, the newest first."""
        require(caller, ENTER, "enter records")
        with self.store.reading() as tx:
            return tx.imports.newest(limits.IMPORTS_LISTED_MAX)

    def restart(self, finished: Import, caller: Caller) -> Import:
        """Read a file in anew from its first line, as after a change of the rules: what is the same stays the same."""
        require(caller, ENTER, "enter records")
        with self.store.transaction() as tx:
            anew = Import(
                id=finished.id,
                file_digest=finished.file_digest,
                file_name=finished.file_name,
                collection=finished.collection,
                source=finished.source,
                started_at=self.clock(),
            )
            tx.imports.put(anew)
            tx.imports.forget_refused(anew.id)
            tx.journal.record(self._import_entry(tx, anew, caller, "begun"))
            tx.commit()
        return anew

    def refused_rows(self, progress: Import) -> list[RefusedRow]:
        with self.store.reading() as tx:
            return tx.imports.refused(progress.id)

    def _check_alone(self, tx: Transaction, progress: Import) -> None:
        """Two who read in one file would each set the place back that the other has reached."""
        if tx.imports.get(progress.id) != progress:
            raise Conflict(
                f"Import {progress.id} is going on elsewhere.", do="Let it finish, or end it; then run it again."
            )

    def _enter_batch(self, tx: Transaction, progress: Import, batch: Sequence[Row]) -> Import:
        source_country = self._country_of(tx.members.directory(), progress.source)
        is_member = progress.source == self.here.node and not self.here.is_hub
        lines: list[int] = []
        records: list[Record] = []
        refused: list[RefusedRow] = []
        skipped = 0
        ids = [self._id(row, progress) for row in batch]
        standing, book = self._standing_dates(tx, batch, ids), self.law(tx).book
        for row, named in zip(batch, ids, strict=True):
            if row.skipped:
                skipped += 1
                continue
            try:
                record = self._record(row, named, progress, source_country, standing, book)
                check_entry(record, source_country, is_member)
            except Refusal as refusal:
                refused.append(RefusedRow(line=row.line, reason=str(refusal)))
            else:
                lines.append(row.line)
                records.append(record)
        outcomes = tx.records.put(records)
        changed = []
        counts = dict.fromkeys(Stored, 0)
        for line, record, outcome in zip(lines, records, outcomes, strict=True):
            counts[outcome] += 1
            if outcome in (Stored.WITHDRAWN, Stored.OLDER):
                refused.append(RefusedRow(line=line, reason=GONE))
            elif outcome is Stored.NEW:
                changed.append(_with_version(record, 1))
            elif outcome in (Stored.AMENDED, Stored.READMITTED):
                changed.append(tx.records.owned(record.header.id) or record)
        self.sharing.share(tx, progress.collection, changed)
        tx.kept.note([record.header.id for record in changed], collection(progress.collection).kind)
        room = max(0, limits.REFUSED_ROWS_KEPT_MAX - progress.refused)
        tx.imports.refuse(progress.id, refused[:room])
        return msgspec.structs.replace(
            progress,
            next_line=batch[-1].line + 1,
            stored=progress.stored + counts[Stored.NEW] + counts[Stored.READMITTED],
            amended=progress.amended + counts[Stored.AMENDED],
            unchanged=progress.unchanged + counts[Stored.UNCHANGED],
            refused=progress.refused + len(refused),
            skipped=progress.skipped + skipped,
        )

    def _standing_dates(
        self, tx: Transaction, batch: Sequence[Row], ids: Sequence[str]
    ) -> dict[str, tuple[date, date]]:
        """What a row that gives no dates keeps: to hand a record in again is no reason to keep it longer."""
        undated = [
            named for row, named in zip(batch, ids, strict=True) if row.subject is not None and row.retain_until is None
        ]
        return tx.records.dates(undated, self.clock().date()) if undated else {}

    def _id(self, row: Row, progress: Import) -> str:
        return record_id(progress.collection, progress.source, row.reference)

    def _record(
        self,
        row: Row,
        named: str,
        progress: Import,
        source_country: str,
        standing: Mapping[str, tuple[date, date]],
        book: Rulebook,
    ) -> Record:
        if row.subject is None:
            raise Invalid(row.refused or "The row holds nothing.", do="Correct the row and import the file again.")
        now = self.clock()
        kept = retention(progress.collection, status_of(row.subject), book)
        stands_until, stands_review = standing.get(named, (None, None))
        retain_until = row.retain_until or stands_until or kept.retain_until(now.date())
        if retain_until > kept.latest(now.date()):
            raise Invalid(
                f"retain_until {retain_until} is later than the law allows ({kept.latest(now.date())}).",
                where="retain_until",
                do="Shorten it, or leave it out for the default.",
            )
        header = Header(
            id=named,
            collection=progress.collection,
            source=progress.source,
            country=source_country,
            reference=row.reference,
            version=0,
            entered_at=now,
            amended_at=now,
            retain_until=retain_until,
            review_at=row.review_at or stands_review or kept.review_at(retain_until),
            contact=self.here.contact,
            marking=row.marking,
        )
        return Record(header=header, subject=with_coded_offences(row.subject))

    # -- own records ------------------------------------------------------------------------------------------------

    def show(self, collection_code: str, reference: str, source: str, caller: Caller) -> Record:
        """One of our own records, whole."""
        require(caller, SEE_OWN, "see whole records")
        with self.store.transaction() as tx:
            record = self.own(tx, collection_code, reference, source)
            tx.journal.record(self._record_entry(Act.RECORD_SHOWN, record.header, caller))
            tx.commit()
        return record

    def withdraw(
        self, collection_code: str, reference: str, source: str, reason: WithdrawalReason, caller: Caller
    ) -> Withdrawal:
        """Take one of our own records back everywhere: erased here and at the hub, told to all who had a hit."""
        require(caller, WITHDRAW, "withdraw records")
        with self.store.transaction() as tx:
            header = self.own(tx, collection_code, reference, source).header
            withdrawal, _ = self.gone(tx, header, reason, caller)
            tx.commit()
        return withdrawal

    def gone(
        self, tx: Transaction, header: Header, reason: WithdrawalReason, caller: Caller
    ) -> tuple[Withdrawal, tuple[str, ...]]:
        """The same in the caller's transaction, with the ids under which the hub acknowledges it."""
        withdrawal = withdrawal_of(header, reason, self.clock())
        tx.records.withdraw(withdrawal)
        shares = self.sharing.withdraw(tx, [withdrawal])
        self.hits.withdrawn(tx, header.id, caller.account)
        tx.journal.record(self._record_entry(Act.RECORD_WITHDRAWN, header, caller, outcome=reason))
        return withdrawal, shares

    def export(self, collection_code: str, source: str, caller: Caller) -> Iterator[Record]:
        """All of our own records in a collection. Written down before the first leaves."""
        require(caller, SEE_OWN, "export records")
        owner, target = source or self.here.node, collection(collection_code)
        with self.store.transaction() as tx:
            self.check_source(tx.members.directory(), target.entry, owner)
            entry = Entry(
                act=Act.RECORDS_EXPORTED, at=self.clock(), actor=caller.account, unit=caller.unit, subject=target.code
            )
            tx.journal.record(entry)
            tx.commit()
        with self.store.reading() as tx:
            yield from tx.records.own(owner, target.code, self.clock().date())

    def expire(self) -> int:
        """Erase what is past its retention; it has been invisible since then."""
        with self.store.transaction() as tx:
            erased = tx.records.expire(self.clock().date())
            if erased:
                tx.journal.record(
                    Entry(act=Act.RECORDS_EXPIRED, at=self.clock(), actor=self.here.node, details={"erased": erased})
                )
                tx.commit()
        return erased

    # -- whose ------------------------------------------------------------------------------------------------------

    def own(self, tx: Transaction, collection_code: str, reference: str, source: str) -> Record:
        """One of our own, whole. Raises Missing."""
        owner, target = source or self.here.node, collection(collection_code)
        self.check_source(tx.members.directory(), target.entry, owner)
        record = tx.records.owned(record_id(target.code, owner, reference))
        if record is None:
            raise Missing(
                f"{owner} has no record {reference!r} in {target.code} here.",
                do="Check the reference; it may be withdrawn.",
            )
        return record

    def check_source(self, directory: Directory | None, entered_by: EnteredBy, owner: str) -> None:
        """A bureau enters its own; a hub only the lists it hosts for outside bodies."""
        slug(owner, "name of a source")
        if not self.here.is_hub and owner != self.here.node:
            raise NotPermitted(
                f"{self.here.node} may not act for {owner}.", do="Only the source may enter, amend or withdraw."
            )
        if self.here.is_hub and (owner == self.here.node or (directory and directory.member(owner))):
            raise NotPermitted(
                f"The hub has no records of {owner} to enter or withdraw.",
                do="Name the outside body whose list this is with --source; members act from their own node.",
            )
        if self.here.is_hub != (entered_by is EnteredBy.HOST):
            where = "the hub" if entered_by is EnteredBy.HOST else "its source's own bureau"
            raise Conflict("This collection is not entered here.", do=f"Enter it at {where}.")

    def _country_of(self, directory: Directory | None, source: str) -> str:
        if source == self.here.node:
            return self.here.country
        member = directory.member(source) if directory else None
        return member.manifest.country if member else ""

    def _import_entry(self, tx: Transaction, progress: Import, caller: Caller, outcome: str) -> Entry:
        return Entry(
            act=Act.RECORDS_IMPORTED,
            at=self.clock(),
            actor=caller.account,
            unit=caller.unit,
            for_whom=progress.source,
            subject=progress.id,
            outcome=outcome,
            details={
                "collection": progress.collection,
                "file_sha256": progress.file_digest,
                "new": progress.stored,
                "amended": progress.amended,
                "unchanged": progress.unchanged,
                "refused": progress.refused,
                "skipped": progress.skipped,
                "rulebook": self.law(tx).book.digest,  # by which what it brings is kept
            },
        )

    def _record_entry(self, act: Act, header: Header, caller: Caller, outcome: str = "") -> Entry:
        return Entry(
            act=act,
            at=self.clock(),
            actor=caller.account,
            unit=caller.unit,
            subject=header.id,
            outcome=outcome,
            records=(header.id,),
            details={"collection": header.collection, "reference": header.reference},
        )


GONE = "This record was withdrawn or has expired, or a later version stands. Somebody must look at it and readmit it."


def withdrawal_of(header: Header, reason: WithdrawalReason, at: datetime) -> Withdrawal:
    return Withdrawal(
        id=header.id,
        collection=header.collection,
        source=header.source,
        reference=header.reference,
        version=header.version,
        reason=reason,
        withdrawn_at=at,
    )


def _with_version(record: Record, version: int) -> Record:
    return msgspec.structs.replace(record, header=msgspec.structs.replace(record.header, version=version))


def _batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch
