"""Does the index say what the shelves say? Every number and every name of every record, and nothing else."""

from collections.abc import Iterable

from msgspec import Struct

from comity.domain.record import Subject
from comity.matching.numbered import number_keys
from comity.storage.index.contents import Contents
from comity.storage.index.numbers import Numbers
from comity.storage.record_rows import batches

RECORDS_AT_ONCE = 20_000


class Checked(Struct, frozen=True):
    records: int = 0  # on the shelves
    entries: int = 0  # that they should have in the index
    missing: int = 0  # of these, not there
    surplus: int = 0  # there, and of no record

    @property
    def is_whole(self) -> bool:
        return not (self.missing or self.surplus)


def check(contents: Contents, subjects: Iterable[tuple[int, Subject]]) -> Checked:
    """Both read at one moment. What is not missing counts once, so that whatever the index has beyond it is surplus."""
    walk = _Walk(contents.numbers)
    records = entries = missing = 0
    for some in batches(subjects, RECORDS_AT_ONCE):
        records += len(some)
        for row, subject in some:
            walk.compare(row, subject)
        places, lacking = contents.persons.expected(dict(some))
        entries, missing = entries + places, missing + lacking
    surplus = walk.surplus() + contents.persons.places() - (entries - missing)
    return Checked(records, entries + walk.entries, missing + walk.missing, surplus)


class _Walk:
    """What the index has noted for each record, walked beside the shelves: both are in the order of the rows."""

    def __init__(self, numbers: Numbers) -> None:
        self.entries = self.missing = self._found = self._passed = 0
        self._numbers = numbers
        self._records = numbers.every_record()
        self._next = next(self._records, None)

    def compare(self, row: int, subject: Subject) -> None:
        own = self._numbers.entries_of(row, number_keys(subject))
        belong = sum(map(len, own.values()))
        there = sum(self._numbers.holding(digest, each) for digest, each in own.items())
        self.entries += belong
        self._found += there
        self.missing += belong - there + len(own.keys() ^ set(self._noted(row)))

    def surplus(self) -> int:
        """Entries of no record, and records noted that are on no shelf; once all are compared."""
        left = self._passed + (1 if self._next else 0) + sum(1 for _ in self._records)
        return sum(count for _, count in self._numbers.every_entry()) - self._found + left

    def _noted(self, row: int) -> tuple[bytes, ...]:
        while self._next and self._next[0] < row:
            self._passed += 1
            self._next = next(self._records, None)
        if self._next is None or self._next[0] != row:
            return ()
        digests = self._next[1]
        self._next = next(self._records, None)
        return digests
