"""The index of the journal's openings: by officer, unit, purpose, case, clause, act, and by whom a question was about.

Its keys are drawn from the storage key, so that whoever reads this table learns no more than without it; an entry that
is found is read and compared, for two texts may have one key. It follows the journal, so that whatever is written down
waits for nothing; whoever searches lets it catch up first.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from sqlalchemy import Column, Connection, Integer, Select, Table, bindparam, delete, func, select

from comity.domain.journal import Entry, Opening
from comity.domain.lookup import Query
from comity.domain.oversight import asked_of, on_behalf_of, question_of
from comity.matching.concerned import KEYS_VERSION, keys_sought, keys_written
from comity.storage.columns import BY_KEY, WHOLE, metadata, ordinal
from comity.storage.contents import StorageKey
from comity.storage.journal import Journal, journal_subjects
from comity.storage.rows import add_rows, put_row

opening_keys = Table(
    "opening_keys",
    metadata,
    Column("key", WHOLE, primary_key=True, autoincrement=False),
    Column("position", WHOLE, primary_key=True, autoincrement=False),
    **BY_KEY,
)
# Entries are written in the order of time but for moments: of each day, where its first stands and its last.
opening_days = Table(
    "opening_days",
    metadata,
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("first", WHOLE, nullable=False),
    Column("last", WHOLE, nullable=False),
    **BY_KEY,
)
openings_indexed = Table(
    "openings_indexed",
    metadata,
    Column("one", Integer, primary_key=True, autoincrement=False),  # the only row
    Column("next", WHOLE, nullable=False),  # the first entry that the index does not have
    Column("version", Integer, nullable=False),  # by which its keys were made
    **BY_KEY,
)

TERMS_VERSION = 1_000 * KEYS_VERSION + 1  # the second part rises with everything that changes `terms`
AT_ONCE = 500  # parameters of one statement


class Openings:
    def __init__(self, connection: Connection, journal: Journal, key: StorageKey) -> None:
        self._connection = connection
        self._journal = journal
        self._key = key

    def behind(self) -> int:
        """How many entries the index does not have yet."""
        return self._journal.size() - self._next()

    def follow(self, at_most: int) -> int:
        """Take the next entries in; how many."""
        start = self._next()
        if start == 0:  # none yet, or keys of another release
            for table in (opening_keys, opening_days):
                self._connection.execute(delete(table))
        size = min(self._journal.size(), start + at_most)
        if start >= size:
            return 0
        found = self._journal.read(start - 1, size - start)
        taken = [one for one in found if one.index < size]
        rows = {(self._key.sought(term), one.index) for one in taken for term in terms(one.entry)}
        add_rows(self._connection, opening_keys, sorted(rows))
        self._note_days([(one.entry.at.date(), one.index) for one in taken])
        put_row(self._connection, openings_indexed, {"one": 1, "next": size, "version": TERMS_VERSION})
        return size - start

    def forget(self, openings: Sequence[Opening]) -> None:
        """Take entries out whose openings are erased."""
        rows = [{"of_key": self._key.sought(term), "at": one.index} for one in openings for term in terms(one.entry)]
        keys = opening_keys.c
        if rows:
            these = delete(opening_keys).where(keys.key == bindparam("of_key"), keys.position == bindparam("at"))
            self._connection.execute(these, rows)

    def having(self, wanted: Sequence[str], after: int, before: int, limit: int) -> list[int]:
        """The first entries between two that have all of these terms; the rarest term is best named first."""
        keys = opening_keys.c
        chosen = self._having(wanted).where(keys.position > after, keys.position < before)
        return list(self._connection.execute(chosen.order_by(keys.position).limit(limit)).scalars())

    def count(self, wanted: Sequence[str], after: int, before: int) -> int:
        keys = opening_keys.c
        chosen = self._having(wanted).where(keys.position > after, keys.position < before)
        return self._connection.execute(select(func.count()).select_from(chosen.subquery())).scalar() or 0

    def concerning(self, query: Query, limit: int) -> list[int]:
        """Entries with a question that may have been about the same; whether it was, a comparison says."""
        keys = [self._key.sought(f"whom {key}") for key in keys_sought(query)]
        return self._any_of(opening_keys, "key", keys, limit)

    def about(self, ids: Sequence[str], limit: int) -> list[int]:
        """Entries on any of these questions, hits, records ..., and of records those that disclosed them."""
        named = self._any_of(opening_keys, "key", [self._key.sought(f"question {one}") for one in ids], limit)
        return sorted({*named, *self._any_of(journal_subjects, "subject", ids, limit)})[:limit]

    def between(self, first: date | None, last: date | None) -> tuple[int, int]:
        """All entries of these days stand after the one position and before the other, and few besides."""
        days = opening_days.c
        after = select(func.min(days.first)).where(days.day >= ordinal(first)) if first else None
        before = select(func.max(days.last)).where(days.day <= ordinal(last)) if last else None
        low = self._connection.execute(after).scalar() if after is not None else 0
        high = self._connection.execute(before).scalar() if before is not None else self._journal.size()
        return (self._journal.size() if low is None else low) - 1, (-1 if high is None else high) + 1

    def _having(self, wanted: Sequence[str]) -> Select[int]:
        first, *rest = (self._key.sought(term) for term in wanted)
        chosen = select(opening_keys.c.position).where(opening_keys.c.key == first)
        for number, key in enumerate(rest):
            other = opening_keys.alias(f"other{number}")
            same = select(other.c.key).where(other.c.key == key, other.c.position == opening_keys.c.position)
            chosen = chosen.where(same.exists())
        return chosen

    def _any_of(self, table: Table, column: str, values: Sequence[int | str], limit: int) -> list[int]:
        found: set[int] = set()
        for start in range(0, len(values), AT_ONCE):
            among = table.c[column].in_(values[start : start + AT_ONCE])
            found.update(self._connection.execute(select(table.c.position).where(among).limit(limit)).scalars())
        return sorted(found)[:limit]

    def _next(self) -> int:
        row = self._connection.execute(select(openings_indexed.c.next, openings_indexed.c.version)).one_or_none()
        return row.next if row is not None and row.version == TERMS_VERSION else 0

    def _note_days(self, entries: Sequence[tuple[date, int]]) -> None:
        found: dict[int, list[int]] = {}
        for day, position in entries:
            found.setdefault(ordinal(day), []).append(position)
        for number, positions in found.items():
            days = opening_days.c
            row = self._connection.execute(select(days.first, days.last).where(days.day == number)).one_or_none()
            before = [row.first, row.last] if row is not None else []
            ends = {"first": min(positions + before), "last": max(positions + before)}
            put_row(self._connection, opening_days, {"day": number, **ends})


def terms(entry: Entry) -> Iterator[str]:
    """By which an entry is found."""
    yield f"act {entry.act}"
    yield f"month {entry.at:%Y-%m}"
    for name, value in (
        ("officer", entry.actor),
        ("officer", on_behalf_of(entry)),
        ("unit", entry.unit),
        ("bureau", entry.for_whom),
        ("purpose", entry.purpose),
        ("case", entry.case),
        ("outcome", entry.outcome),
        ("question", question_of(entry)),
    ):
        if value:
            yield f"{name} {value}"
    for clause in entry.clauses:
        yield f"clause {clause}"
        yield f"clause {clause.partition(' ')[0]}"
    if (query := asked_of(entry)) is not None:
        yield from (f"whom {key}" for key in keys_written(query))
