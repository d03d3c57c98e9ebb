"""The shelf of records: what this node holds about persons and things, and what was withdrawn.

Erased means: the row is gone at commit, and no read finds it; the index lets go of it right after, and of its bytes
when it is next compacted (docs/operating.md, The index). From the files of SQLite the bytes go in three steps. They are
overwritten with zeros where the row stood, at commit. The write-ahead log, which holds pages as they were, is emptied
right after, or, where a reader or another process still needs it, after the next erasure or round of `expire` that
finds it free. And as SQLite moves rows between pages it may, rarely, have left a copy of one in the unused part of a
page: `Database.compact` leaves none, and a node runs it in quiet hours.

PostgreSQL keeps dead rows until it vacuums (`compact` asks for it), and its log until it recycles it: there, disk
encryption and how long the operator keeps backups are part of the promise.

What is past `retain_until` is found by no read, from the first day on, whether or not `expire` has come by.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Row,
    Select,
    bindparam,
    delete,
    func,
    select,
    update,
)

from comity.desks.shelves.records import Stored
from comity.domain import limits
from comity.domain.collection import COLLECTIONS, Entry
from comity.domain.held import Held
from comity.domain.lookup import PersonQuery
from comity.domain.person import Person
from comity.domain.record import Header, Record, Withdrawal, WithdrawalReason
from comity.matching.numbered import NEAR_KINDS, Nearness, NumberKey, grade, number_keys
from comity.matching.seeking import Reason, Stage
from comity.storage import expired
from comity.storage.changes import Changes
from comity.storage.columns import ordinal
from comity.storage.index.view import Views
from comity.storage.links import erase_links
from comity.storage.record_rows import (
    NUMBERS,
    chunks,
    decode,
    encode,
    holdings,
    records,
    records_apart,
    row_of,
    tombstones,
)
from comity.storage.reviews import readmissions
from comity.storage.rows import add_rows, put_row
from comity.storage.versions import successor

RETENTION_ENDED = "retention-ended"  # beside the reasons of domain/record.py WithdrawalReason
EXPORTED_AT_ONCE = 1_000
ERASED_AT_ONCE = 5_000

# Written once: to build a statement with hundreds of values each time costs more than to run it.
_IDS: BindParameter[str] = bindparam("ids", expanding=True)
_STANDING = select(records.c.number, records.c.id, records.c.content).where(records.c.id.in_(_IDS))
_WITHDRAWN = select(tombstones.c.id, tombstones.c.version).where(tombstones.c.id.in_(_IDS))
_READMITTED = select(readmissions.c.id).where(readmissions.c.id.in_(_IDS))
_ERASE = delete(records).where(records.c.number.in_(NUMBERS))
_FOUND = select(records.c.number, records.c.content).where(
    records.c.number.in_(NUMBERS), records.c.retain_until >= bindparam("today")
)
_FOUND_IN_ONE = select(records.c.content).where(
    records.c.number == bindparam("row"), records.c.retain_until >= bindparam("today")
)
_SHORTEN = (
    update(records)
    .where(records.c.number == bindparam("row"))
    .values(retain_until=bindparam("until"), content=bindparam("shorter"))
)
_OWNERS = (
    select(holdings.c.collection, holdings.c.source, holdings.c.country)
    .where(holdings.c.kind == bindparam("of_kind"))
    .order_by(holdings.c.collection, holdings.c.source, holdings.c.country)
)
_COUNTED = select(holdings.c.collection, func.sum(holdings.c.records)).group_by(holdings.c.collection)

_NEARNESS = list(Nearness)
Holding = tuple[str, str, str, str]  # kind, collection, source, country


class _Standing(Struct, frozen=True):
    number: int  # of its row, 0 where it is not written yet
    record: Record


class Records:
    def __init__(
        self,
        connection: Connection,
        node: str,
        views: Views,
        erased: Callable[[], None],
        changed: Callable[[int], None],
    ) -> None:
        """`erased` is told whenever bytes should leave the disk too, `changed` how many rows the index follows."""
        self._connection = connection
        self._node = node
        self._views = views
        self._changes = Changes(connection)
        self._erased = erased
        self._changed = changed
        self._owners: dict[str, list[tuple[str, str, str]]] = {}  # by kind; of this transaction
        self._counts: dict[str, int] | None = None

    def put(self, incoming: Sequence[Record]) -> list[Stored]:
        ids = [record.header.id for record in incoming]
        standing, withdrawn = self._standing(ids), self._withdrawn(ids)
        readmitted = self._readmitted(ids)
        apart = self._apart(ids)
        # Under another reference it would come back unseen. Falls without it: tests/desks/test_keeping.py
        known = {*standing, *withdrawn, *readmitted}
        new = [one for one in incoming if one.header.version == 0 and one.header.id not in known]
        come_back = expired.come_back(self._connection, new)
        outcomes: list[Stored] = []
        written: dict[str, Record] = {}
        for record in incoming:
            record_id = record.header.id
            # Handed in again it would undo the block. Falls without it: tests/shelves/test_records_apart.py
            if record_id in apart:
                outcomes.append(self._put_apart(record, apart[record_id]))
                continue
            if record_id in come_back:
                outcomes.append(Stored.WITHDRAWN)
                continue
            stands = written.get(record_id) or (standing[record_id].record if record_id in standing else None)
            outcome, stored = successor(record, stands, withdrawn.get(record_id, 0), record_id in readmitted)
            outcomes.append(outcome)
            if outcome in (Stored.NEW, Stored.READMITTED, Stored.AMENDED):
                written[record_id] = stored
        self._erase(standing[record_id] for record_id in written if record_id in standing)
        self._write(list(written.values()))
        for chunk in chunks([one for one in readmitted if one in written]):
            self._connection.execute(delete(readmissions).where(readmissions.c.id.in_(chunk)))
        return outcomes

    def get(self, record_id: str, today: date) -> Held[Record] | None:
        found = self._held(_visible(today).where(records.c.id == record_id))
        return found[0] if found else None

    def some(self, record_ids: Sequence[str], today: date) -> dict[str, Held[Record]]:
        """Those of them that stand, by id."""
        standing = ((one_id, one.record) for one_id, one in self._standing(record_ids).items())
        return {one_id: Held(record) for one_id, record in standing if record.header.retain_until >= today}

    def owned(self, record_id: str) -> Record | None:
        one = self._standing([record_id]).get(record_id)
        return one.record if one and self._is_own(one.record.header.source, one.record.header.collection) else None

    def dates(self, record_ids: Sequence[str], today: date) -> dict[str, tuple[date, date]]:
        """(retain_until, review_at) of those that stand, by id."""
        headers = (one.record.header for one in self._standing(record_ids).values())
        return {one.id: (one.retain_until, one.review_at) for one in headers if one.retain_until >= today}

    def numbered(self, keys: Sequence[NumberKey], near: bool, today: date) -> list[Held[Record]]:
        """Records that carry one of these numbers, where `near` also a number like it: the nearest first."""
        if not keys:
            return []
        view = self._views.current()
        index = view.contents.numbers
        search = {key: index.near if near and key.kind in NEAR_KINDS else index.exact for key in keys}
        rows = list(dict.fromkeys(row for key in keys for row in search[key](key)))[: limits.CANDIDATES_MAX]
        found: list[tuple[int, int, Record]] = []
        for row, record in self._standing_in(sorted({*rows, *view.doubtful}), today).items():
            # The index knows digests, and may be ahead of this transaction: what counts is the record.
            # Falls without it: tests/shelves/test_index.py
            if (distance := _distance(record, keys, near)) is not None:
                found.append((distance, row, record))
        return [Held(record) for _, _, record in sorted(found, key=lambda one: one[:2])]

    def persons(self, query: PersonQuery, limit: int, today: date) -> list[Held[Record]]:
        """Persons whom the question may mean, the most likely first: no verdict, the comparison gives that."""
        view = self._views.current()
        found: dict[int, Record] = {}
        reached = 0
        # What is past its retention, and not erased yet, must not use up the limit.
        # Falls without it: tests/shelves/test_records.py
        while len(found) < limit:
            ranked = [row for row, _ in view.contents.persons.search(query, limit, reached)]
            found |= self._standing_in(ranked, today)
            reached += len(ranked)
            if len(ranked) < limit:
                break
        best = dict(list(found.items())[:limit])
        doubtful = self._standing_in(view.doubtful, today).items()
        more = {row: record for row, record in doubtful if isinstance(record.subject, Person)}
        return [Held(record) for record in (best | more).values()]

    def why_not(self, query: PersonQuery, record_id: str, limit: int) -> tuple[Reason, ...]:
        """Why the index does not lead to that record; empty where it does, or has not followed it yet."""
        view, standing = self._views.current(), self._standing([record_id])
        rows = [one.number for one in standing.values()]
        if not rows:
            return (Reason(Stage.NOT_RECORDED),)
        return () if rows[0] in view.doubtful else view.contents.persons.why_not(query, rows[0], limit)

    def owners(self, kind: str) -> list[tuple[str, str, str]]:
        """(collection, source, country) of everything held of that kind of subject."""
        if kind not in self._owners:  # asked once for each of many questions
            found = self._connection.execute(_OWNERS, {"of_kind": kind})
            self._owners[kind] = [(row.collection, row.source, row.country) for row in found]
        return self._owners[kind]

    def withdraw(self, withdrawal: Withdrawal) -> bool:
        """Erase the record, keep a tombstone; True where a record was erased.

        A later version stays: the withdrawal speaks of an older one.
        """
        before = self._withdrawn([withdrawal.id]).get(withdrawal.id, 0)
        if withdrawal.version > before:
            row = {
                "id": withdrawal.id,
                "version": withdrawal.version,
                "reason": withdrawal.reason.value,
                "withdrawn_at": withdrawal.withdrawn_at,
            }
            put_row(self._connection, tombstones, row)
        standing, apart = self._standing([withdrawal.id]), self._apart([withdrawal.id])
        gone = [one for one in standing.values() if one.record.header.version <= withdrawal.version]
        if withdrawal.reason is WithdrawalReason.COURT_OR_COMMISSION:
            own = [one.record for one in gone] + list(apart.values())
            expired.note(self._connection, (one for one in own if one.header.source == self._node))
        self._erase(gone)
        erase_links(self._connection, [withdrawal.id])
        if any(one.header.version <= withdrawal.version for one in apart.values()):
            self._forget_apart([withdrawal.id])
            return True
        return bool(gone)

    def set_apart(self, record_id: str, today: date) -> Header | None:
        """Out of every read, until it is brought back; its header, None where it does not stand."""
        one = self._standing([record_id]).get(record_id)
        if one is None or one.record.header.retain_until < today:
            return None
        self._keep_apart(one.record)
        self._erase([one])
        erase_links(self._connection, [record_id])
        return one.record.header

    def apart(self, record_id: str) -> Header | None:
        found = self._apart([record_id]).get(record_id)
        return found.header if found else None

    def bring_back(self, record_id: str, today: date) -> bool:
        """A copy as it was; an own one as its next version, so that holders take it again. Not past its retention."""
        record = self._apart([record_id]).get(record_id)
        if record is None or record.header.retain_until < today:
            return False
        self._forget_apart([record_id])
        if self._is_own(record.header.source, record.header.collection):
            record = replace(record, header=replace(record.header, version=record.header.version + 1))
        self._write([record])
        return True

    def own(self, source: str, collection: str, today: date) -> Iterator[Record]:
        """All of one source's records in one collection, by reference; for its own export."""
        if not self._is_own(source, collection):
            return
        held = holdings.c
        theirs = select(held.number).where(held.source == source, held.collection == collection)
        mine = _visible(today).where(records.c.holding.in_(theirs))
        after = ""
        while True:
            page = mine.where(records.c.reference > after).order_by(records.c.reference).limit(EXPORTED_AT_ONCE)
            contents = self._connection.execute(page).scalars().all()
            if not contents:
                return
            for content in contents:
                record = decode(content)
                after = record.header.reference
                yield record

    def every(self, collection: str, today: date) -> Iterator[Held[Record]]:
        """All that is held in one collection, own and others', each in its box; in the order of entry."""
        holding = select(holdings.c.number).where(holdings.c.collection == collection)
        chosen = select(records.c.number, records.c.content).where(_in_time(today), records.c.holding.in_(holding))
        after = 0
        while True:
            page = chosen.where(records.c.number > after).order_by(records.c.number).limit(EXPORTED_AT_ONCE)
            rows = self._connection.execute(page).all()
            if not rows:
                return
            for row in rows:
                yield Held(decode(row.content))
            after = rows[-1].number

    def shorten(self, ends: Mapping[str, tuple[date, date]]) -> int:
        """Own ones and copies. Nobody is told: every holder comes to the same, by the same rules."""
        shorter = []
        for record_id, one in self._standing(list(ends)).items():
            until, review_at = ends[record_id]
            # Never longer, whoever asks. Falls without it: tests/shelves/test_records.py
            if until < one.record.header.retain_until:
                header = replace(one.record.header, retain_until=until, review_at=min(review_at, until))
                content = encode(replace(one.record, header=header))
                shorter.append({"row": one.number, "until": ordinal(until), "shorter": content})
        if shorter:
            self._connection.execute(_SHORTEN, shorter)
        return len(shorter)

    def let_go(self, record_ids: Sequence[str]) -> int:
        """Erase copies without a tombstone: their source still has them, and may share them again. How many.

        Never one of our own: nothing would be left of it. Falls without it: tests/desks/test_deposits.py
        """
        found = self._standing(record_ids).values()
        copies = [one for one in found if not self._is_own(one.record.header.source, one.record.header.collection)]
        self._erase(copies)
        erase_links(self._connection, [one.record.header.id for one in copies])
        apart = [one.header for one in self._apart(record_ids).values()]
        self._forget_apart([one.id for one in apart if not self._is_own(one.source, one.collection)])
        return len(copies)

    def expire(self, today: date) -> int:
        """Erase what is past its retention and keep a tombstone of each; how many."""
        self._erased()  # also what earlier erasures had to leave in the log
        past = (
            select(records.c.number, records.c.content)
            .where(records.c.retain_until < ordinal(today))
            .limit(ERASED_AT_ONCE)
        )
        erased = 0
        while rows := self._connection.execute(past.limit(ERASED_AT_ONCE)).all():
            gone = [_Standing(row.number, decode(row.content)) for row in rows]
            self._bury((one.record.header for one in gone), today)
            expired.note(self._connection, (one.record for one in gone if one.record.header.source == self._node))
            self._erase(gone)
            erase_links(self._connection, [one.record.header.id for one in gone])
            erased += len(rows)
        ended = select(records_apart.c.content).where(records_apart.c.retain_until < ordinal(today))
        apart = [decode(content) for content in self._connection.execute(ended).scalars()]
        self._bury((one.header for one in apart), today)
        expired.note(self._connection, (one for one in apart if one.header.source == self._node))
        self._forget_apart([one.header.id for one in apart])
        return erased + len(apart)

    def ending(self, by: date) -> Iterator[Record]:
        """This node's own records that end by that day, the first to end first."""
        chosen = select(records.c.content).where(records.c.retain_until <= ordinal(by)).order_by(records.c.retain_until)
        for content in self._connection.execute(chosen.execution_options(yield_per=EXPORTED_AT_ONCE)).scalars():
            record = decode(content)
            if self._is_own(record.header.source, record.header.collection):
                yield record

    def count(self) -> dict[str, int]:
        """Records by collection."""
        if self._counts is None:
            self._counts = {one: int(number) for one, number in self._connection.execute(_COUNTED)}
        return dict(self._counts)

    def _is_own(self, source: str, collection: str) -> bool:
        """This node's own, or of an outside body's list, which only its host ever holds."""
        # Others' records leave only in a box. Falls without it: tests/shelves/test_records.py
        hosted = collection in COLLECTIONS and COLLECTIONS[collection].entry is Entry.HOST
        return source == self._node or hosted

    def _held(self, chosen: Select[bytes]) -> list[Held[Record]]:
        return [Held(decode(content)) for content in self._connection.execute(chosen).scalars()]

    def _standing_in(self, rows: Sequence[int], today: date) -> dict[int, Record]:
        """The records in these rows, in their order; of those that stand."""
        if len(rows) == 1:  # nearly always, of a number
            content = self._connection.execute(_FOUND_IN_ONE, {"row": rows[0], "today": ordinal(today)}).scalar()
            return {} if content is None else {rows[0]: decode(content)}
        found: dict[int, Record] = {}
        for chunk in chunks(rows):
            for one in self._connection.execute(_FOUND, {"numbers": chunk, "today": ordinal(today)}):
                found[one.number] = decode(one.content)
        return {row: found[row] for row in rows if row in found}

    def _standing(self, ids: Sequence[str]) -> dict[str, _Standing]:
        found: dict[str, _Standing] = {}
        for chunk in chunks(ids):
            for row in self._connection.execute(_STANDING, {"ids": chunk}):
                found[row.id] = _Standing(row.number, decode(row.content))
        return found

    def _withdrawn(self, ids: Sequence[str]) -> dict[str, int]:
        found: dict[str, int] = {}
        for chunk in chunks(ids):
            found.update((row.id, row.version) for row in self._connection.execute(_WITHDRAWN, {"ids": chunk}))
        return found

    def _bury(self, headers: Iterable[Header], today: date) -> None:
        """What has expired leaves a tombstone as what was withdrawn does: it does not come back unseen.

        Falls without it: tests/shelves/test_records.py
        """
        at = datetime.combine(today, time(), UTC)
        for header in headers:
            row = {"id": header.id, "version": header.version, "reason": RETENTION_ENDED, "withdrawn_at": at}
            put_row(self._connection, tombstones, row)

    def _readmitted(self, ids: Sequence[str]) -> set[str]:
        found: set[str] = set()
        if self._connection.execute(select(readmissions.c.id).limit(1)).scalar() is None:
            return found
        for chunk in chunks(ids):
            found.update(self._connection.execute(_READMITTED, {"ids": chunk}).scalars())
        return found

    def _apart(self, ids: Sequence[str]) -> dict[str, Record]:
        if self._connection.execute(select(records_apart.c.id).limit(1)).scalar() is None:
            return {}
        found: dict[str, Record] = {}
        for chunk in chunks(ids):
            rows = select(records_apart.c.id, records_apart.c.content).where(records_apart.c.id.in_(chunk))
            found.update((row.id, decode(row.content)) for row in self._connection.execute(rows))
        return found

    def _keep_apart(self, record: Record) -> None:
        header = record.header
        row = {"id": header.id, "retain_until": ordinal(header.retain_until), "content": encode(record)}
        put_row(self._connection, records_apart, row)

    def _put_apart(self, incoming: Record, apart: Record) -> Stored:
        """Of a copy the newest version is kept, apart; what this node enters itself waits for the end of the block."""
        if incoming.header.version == 0:
            return Stored.WITHDRAWN
        if incoming.header.version > apart.header.version:
            self._keep_apart(incoming)
        return Stored.UNCHANGED

    def _forget_apart(self, ids: Sequence[str]) -> None:
        for chunk in chunks(ids):
            self._connection.execute(delete(records_apart).where(records_apart.c.id.in_(chunk)))
        if ids:
            self._erased()

    def _erase(self, ones: Iterable[_Standing]) -> None:
        gone = list(ones)
        for chunk in chunks([one.number for one in gone]):
            self._connection.execute(_ERASE, {"numbers": chunk})
        self._note([one.number for one in gone])
        if gone:
            self._hold(Counter(_holding(one.record) for one in gone), -1)
            self._erased()

    def _write(self, new: Sequence[Record]) -> None:
        if not new:
            return
        held = self._hold(Counter(map(_holding, new)), 1)
        # Safe to count on: writers follow one another.
        first = (self._connection.execute(select(func.max(records.c.number))).scalar() or 0) + 1
        rows = [row_of(number, record, held[_holding(record)]) for number, record in enumerate(new, first)]
        add_rows(self._connection, records, rows)
        self._note(range(first, first + len(new)))

    def _note(self, rows: Sequence[int]) -> None:
        """In the same transaction as the change itself, so that the index misses none."""
        if rows:
            self._changes.note(rows)
            self._views.close()
            self._changed(len(rows))

    def _hold(self, changed: Mapping[Holding, int], sign: int) -> dict[Holding, int]:
        """Count records in or out; the number of each holding."""
        self._owners.clear()
        self._counts = None
        held = {_of_row(row): (row.number, row.records) for row in self._connection.execute(select(holdings))}
        free = max((number for number, _ in held.values()), default=0) + 1
        for holding, change in changed.items():
            number, before = held.get(holding, (free, 0))
            free = max(free, number + 1)
            held[holding] = (number, before + sign * change)
            kind, collection, source, country = holding
            row = {"kind": kind, "collection": collection, "source": source, "country": country}
            put_row(self._connection, holdings, {"number": number, **row, "records": before + sign * change})
        if sign < 0:
            self._connection.execute(delete(holdings).where(holdings.c.records == 0))
        return {holding: number for holding, (number, _) in held.items()}


def _distance(record: Record, keys: Sequence[NumberKey], near: bool) -> int | None:
    """How far the nearest number of the record is from one of these: 0 for the same; None where none is near."""
    own = number_keys(record.subject)
    if any(key in own for key in keys):
        return 0
    if not near:
        return None
    asked_near = [key for key in keys if key.kind in NEAR_KINDS]
    alike = ((one, other) for one in asked_near for other in own if (one.kind, one.scope) == (other.kind, other.scope))
    grades = (grade(asked.number, found.number) for asked, found in alike)
    return min((_NEARNESS.index(one.nearness) for one in grades if one), default=None)


def _in_time(today: date) -> ColumnElement[bool]:
    return records.c.retain_until >= ordinal(today)


def _visible(today: date) -> Select[bytes]:
    return select(records.c.content).where(_in_time(today))


def _holding(record: Record) -> Holding:
    header = record.header
    return _kind(record), header.collection, header.source, header.country


def _kind(record: Record) -> str:
    return str(record.subject.__struct_config__.tag)


def _of_row(row: Row[*tuple[Any, ...]]) -> Holding:
    return row.kind, row.collection, row.source, row.country
