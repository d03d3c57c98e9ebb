"""A whole index from the shelves, written in the order of its keys: packed pages, and no page written twice."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from comity.domain.person import Person
from comity.domain.record import Subject
from comity.matching.numbered import number_keys
from comity.storage.changes import Place
from comity.storage.index.contents import Contents
from comity.storage.index.environment import Environment
from comity.storage.index.numbers import BLOCK_BITS, ENTRY_BYTES, NUMBERED, NUMBERS, block_key, write_block
from comity.storage.index.seal import DIGEST_BYTES
from comity.storage.record_rows import batches

HEAP_BYTES_MAX = 128 * 1024 * 1024  # kept in memory before it goes to files, as the runs of a sort
ITEM_BYTES = DIGEST_BYTES + ENTRY_BYTES
RECORDS_AT_ONCE = 50_000


def build(draft: Environment, subjects: Iterable[tuple[int, Subject]], place: Place) -> int:
    """Fill an empty index with what the records in these rows, in their order, are found by; how many."""
    heaps = Heaps(draft.folder)
    counted = 0
    try:
        for some in batches(subjects, RECORDS_AT_ONCE):
            counted += len(some)
            _note_records(draft, some, heaps)
        with draft.writing() as families:
            for heap in heaps.sorted():
                families[NUMBERS.name].put_many(_by_digest(heap))
            Contents(families, draft.digests).set_place(place)
    finally:
        heaps.remove()
    return counted


def _note_records(draft: Environment, some: list[tuple[int, Subject]], heaps: "Heaps") -> None:
    with draft.writing() as families:
        contents = Contents(families, draft.digests)
        if people := {row: subject for row, subject in some if isinstance(subject, Person)}:
            contents.persons.set_many(people)
        blocks: dict[int, bytearray] = defaultdict(bytearray)
        for row, subject in some:
            entries = contents.numbers.entries_of(row, number_keys(subject))
            if entries:
                heaps.add(entries)
                blocks[row >> BLOCK_BITS] += write_block({row: tuple(entries)})
        numbered = families[NUMBERED.name]
        if blocks:  # the first may have been begun with the records before these
            first = next(iter(blocks))
            begun = numbered.get(block_key(first)) or b""
            numbered.put(block_key(first), begun + blocks.pop(first))
        numbered.put_many((block_key(block), bytes(own)) for block, own in blocks.items())


def _by_digest(heap: list[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """Sorted items, those of one digest together."""
    last, entries = b"", b""
    for item in heap:
        digest = item[:DIGEST_BYTES]
        if digest == last:
            entries += item[DIGEST_BYTES:]
            continue
        if entries:
            yield last, entries
        last, entries = digest, item[DIGEST_BYTES:]
    if entries:
        yield last, entries


class Heaps:
    """Entries under their digests, in 256 heaps by the first byte of the digest; each is sorted by itself."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._heaps = [bytearray() for _ in range(256)]
        self._bytes = 0

    def add(self, entries: Mapping[bytes, Sequence[bytes]]) -> None:
        for digest, each in entries.items():
            heap = self._heaps[digest[0]]
            for entry in each:
                heap += digest + entry
                self._bytes += ITEM_BYTES
        if self._bytes > HEAP_BYTES_MAX:
            self._put_away()

    def sorted(self) -> Iterator[list[bytes]]:
        """Heap by heap, in order within and between them."""
        for number, heap in enumerate(self._heaps):
            file = self._file(number)
            whole = (file.read_bytes() if file.exists() else b"") + heap
            heap.clear()
            yield sorted(whole[at : at + ITEM_BYTES] for at in range(0, len(whole), ITEM_BYTES))

    def remove(self) -> None:
        for number in range(256):
            self._file(number).unlink(missing_ok=True)

    def _put_away(self) -> None:
        for number, heap in enumerate(self._heaps):
            with open(self._file(number), "ab") as file:
                file.write(heap)
            heap.clear()
        self._bytes = 0

    def _file(self, number: int) -> Path:
        return self._folder / f"heap-{number:03}"
