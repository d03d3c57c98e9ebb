"""Does the index say what the shelves say? Every number of every record, and nothing else."""

from collections.abc import Iterable, Iterator

from msgspec import Struct

from comity.domain.record import Subject
from comity.matching.numbered import number_keys
from comity.storage.index.contents import Contents


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
    numbers = contents.numbers
    noted = _Noted(numbers.every_record())
    records = entries = missing = found = 0
    for row, subject in subjects:
        own = numbers.entries_of(row, number_keys(subject))
        records += 1
        entries += sum(map(len, own.values()))
        found += (there := sum(numbers.holding(digest, each) for digest, each in own.items()))
        missing += sum(map(len, own.values())) - there
        missing += len(own.keys() ^ set(noted.of(row)))
    surplus = sum(count for _, count in numbers.every_entry()) - found + noted.left()
    return Checked(records, entries, missing, surplus)


class _Noted:
    """What the index has noted for each record, walked beside the shelves: both are in the order of the rows."""

    def __init__(self, records: Iterator[tuple[int, tuple[bytes, ...]]]) -> None:
        self._records = records
        self._next = next(records, None)
        self._passed = 0

    def of(self, row: int) -> tuple[bytes, ...]:
        while self._next and self._next[0] < row:
            self._passed += 1
            self._next = next(self._records, None)
        if self._next and self._next[0] == row:
            digests = self._next[1]
            self._next = next(self._records, None)
            return digests
        return ()

    def left(self) -> int:
        """Records noted that are on no shelf."""
        return self._passed + (1 if self._next else 0) + sum(1 for _ in self._records)
