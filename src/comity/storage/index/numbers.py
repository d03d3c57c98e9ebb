"""Which records carry a number: one family serves the exact number and its look-alikes, another what each record has.

`numbers`: the digest of (kind, scope, folded number) leads to entries of 7 bytes, a record's row number (5) and a tag
of the exact number (2). One probe answers an exact question and its look-alikes; one probe for each of its neighbours
answers for numbers one edit away. The tag spares reading most records that only look alike: whoever reads compares in
full. `numbered`: what stands in the first family for each record, 64 records in one value, so that a record can be
taken out that no longer stands anywhere else.
"""

import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from comity.matching.key_value import KeyValue, Shape
from comity.matching.numbered import NumberKey, folded, one_edits
from comity.storage.index.seal import DIGEST_BYTES, Digests

NUMBERS = Shape("numbers", digests=True)
NUMBERED = Shape("numbered", digests=True)  # its keys are row numbers, which tell nothing

ROW_BYTES, TAG_BYTES = 5, 2
ENTRY_BYTES = ROW_BYTES + TAG_BYTES
TAGS = 1 << 8 * TAG_BYTES
BLOCK_BITS = 6
BLOCK_RECORDS = 1 << BLOCK_BITS
BLOCK_KEY_BYTES = ROW_BYTES


class Numbers:
    """The numbers of all records, within one transaction of the index."""

    def __init__(self, families: Mapping[str, KeyValue], digests: Digests) -> None:
        self._entries = families[NUMBERS.name]
        self._blocks = families[NUMBERED.name]
        self._digest_of = digests.of

    def exact(self, key: NumberKey) -> list[int]:
        """The row numbers of records that carry it; one in 65,536 that only look alike may be among them."""
        entries = self._entries.get(self.digest(key))
        if entries is None:
            return []
        asked = tag(key)
        if len(entries) == ENTRY_BYTES:  # nearly always
            row, found = divmod(int.from_bytes(entries, "big"), TAGS)
            return [row] if found == asked else []
        return [row for row, found in unpacked(entries) if found == asked]

    def near(self, key: NumberKey) -> list[int]:
        """Besides those, the records whose number looks alike or is one edit away; the nearest first."""
        own = self.digest(key)
        head = f"{key.kind}\0{key.scope}\0".encode()
        alike = {self._digest_of(head + number.encode()) for number in one_edits(key.number)} - {own}
        found = self._entries.get_many([own, *sorted(alike)])
        asked = tag(key)
        first = sorted(unpacked(found.pop(own, b"")), key=lambda entry: entry[1] != asked)
        rows = [row for row, _ in first] + [row for entries in found.values() for row, _ in unpacked(entries)]
        return list(dict.fromkeys(rows))

    def digest(self, key: NumberKey) -> bytes:
        return self._digest_of("\0".join((key.kind, key.scope, folded(key.number))).encode())

    def set_many(self, keys: Mapping[int, Sequence[NumberKey]]) -> bool:
        """Let the index say of each row what is given, and nothing else; True where anything was taken out."""
        blocks = self._read(keys)
        leaving: dict[bytes, set[int]] = defaultdict(set)
        coming: dict[bytes, list[bytes]] = defaultdict(list)
        for row, own in keys.items():
            entries = self.entries_of(row, own)
            block = blocks[row >> BLOCK_BITS]
            for digest in block.pop(row, ()):
                leaving[digest].add(row)
            if entries:
                block[row] = tuple(entries)
            for digest, some in entries.items():
                coming[digest] += some
        self._write(blocks)
        return self._replace(leaving, coming)

    def entries_of(self, row: int, keys: Sequence[NumberKey]) -> dict[bytes, list[bytes]]:
        """What stands in the index for a record: its entries by digest."""
        if len(keys) == 1:  # a document: nearly all of them
            return {self.digest(keys[0]): [entry(row, tag(keys[0]))]}
        entries: dict[bytes, list[bytes]] = {}
        for key in keys:
            entries.setdefault(self.digest(key), []).append(entry(row, tag(key)))
        return {digest: sorted(set(some)) for digest, some in entries.items()}

    def _replace(self, leaving: Mapping[bytes, set[int]], coming: Mapping[bytes, Sequence[bytes]]) -> bool:
        """In the order of the digests, so that each page of the tree is come to once. True where an entry went."""
        digests = sorted(leaving.keys() | coming.keys())
        found = self._entries.get_many(digests)
        written = {digest: some[0] for digest, some in coming.items() if len(some) == 1}  # nearly all are new
        taken_out = False
        for digest in found.keys() | leaving.keys() | coming.keys() - written.keys():
            rows, before = leaving.get(digest, ()), split(found.get(digest, b""))
            after = {one for one in before if row_of(one) not in rows}.union(coming.get(digest, ()))
            taken_out = taken_out or not after.issuperset(before)
            if after:
                written[digest] = b"".join(sorted(after))
            else:
                self._entries.delete(digest)
        self._entries.put_many(sorted(written.items()))
        return taken_out

    def _read(self, rows: Iterable[int]) -> dict[int, dict[int, tuple[bytes, ...]]]:
        blocks = sorted({row >> BLOCK_BITS for row in rows})
        found = self._blocks.get_many([block_key(block) for block in blocks])
        return {block: read_block(block, found.get(block_key(block), b"")) for block in blocks}

    def _write(self, blocks: Mapping[int, Mapping[int, tuple[bytes, ...]]]) -> None:
        for block, digests in blocks.items():
            if not digests:
                self._blocks.delete(block_key(block))
        self._blocks.put_many((block_key(block), write_block(own)) for block, own in sorted(blocks.items()) if own)

    def every_entry(self) -> Iterator[tuple[bytes, int]]:
        """(digest, how many entries it has), for whoever checks the whole."""
        for digest, entries in self._entries.range():
            yield digest, len(entries) // ENTRY_BYTES

    def every_record(self) -> Iterator[tuple[int, tuple[bytes, ...]]]:
        """(row number, its digests), in order, for whoever checks the whole."""
        for key, content in self._blocks.range():
            block = read_block(int.from_bytes(key, "big"), content)
            yield from sorted(block.items())

    def holding(self, digest: bytes, some: Sequence[bytes]) -> int:
        """How many of these entries stand under the digest."""
        return len(set(split(self._entries.get(digest) or b"")).intersection(some))


def tag(key: NumberKey) -> int:
    """16 bits of the exact number."""
    return zlib.crc32(key.number.encode()) & 0xFFFF


def entry(row: int, tagged: int) -> bytes:
    return (row << 16 | tagged).to_bytes(ENTRY_BYTES, "big")


def split(entries: bytes) -> list[bytes]:
    return [entries[at : at + ENTRY_BYTES] for at in range(0, len(entries), ENTRY_BYTES)]


def row_of(one: bytes) -> int:
    return int.from_bytes(one[:ROW_BYTES], "big")


def unpacked(entries: bytes) -> list[tuple[int, int]]:
    """(row number, tag) of each entry."""
    whole = (int.from_bytes(one, "big") for one in split(entries))
    return [(one >> 16, one & 0xFFFF) for one in whole]


def block_key(block: int) -> bytes:
    return block.to_bytes(BLOCK_KEY_BYTES, "big")


def write_block(digests: Mapping[int, Sequence[bytes]]) -> bytes:
    """For each record in order: its place in the block, how many digests, the digests."""
    return b"".join(
        bytes((row & (BLOCK_RECORDS - 1), len(own))) + b"".join(own) for row, own in sorted(digests.items())
    )


def read_block(block: int, content: bytes) -> dict[int, tuple[bytes, ...]]:
    found: dict[int, tuple[bytes, ...]] = {}
    at = 0
    while at < len(content):
        row, many = content[at], content[at + 1]
        at += 2
        end = at + many * DIGEST_BYTES
        found[(block << BLOCK_BITS) | row] = tuple(
            content[start : start + DIGEST_BYTES] for start in range(at, end, DIGEST_BYTES)
        )
        at = end
    return found
