"""Sorted lists of 32-bit numbers under keys, in pieces small enough to be changed one at a time."""

import struct
import sys
from array import array
from bisect import bisect_right
from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from comity.matching.key_value import KeyValue

Numbers = NDArray[np.uint32]

PIECE_NUMBERS_MAX = 448  # 1.8 kB: two pieces still share a page of 4 kB
# A list is its count and its numbers. A longer one is its count with this bit, then the directory of its pieces:
# for each its first number and its name; a piece lies under `PIECE`, the list's key and its name.
_IN_PIECES = 1 << 31
PIECE = b"c"
_WORD_BYTES = 4
_NOTHING = bytes(_WORD_BYTES)
_NAME = struct.Struct(">I")


class Lists(NamedTuple):
    """Several lists side by side: list n is `numbers` from starts[n] to starts[n] + counts[n], once it is read."""

    keys: Sequence[bytes]
    numbers: Numbers
    starts: NDArray[np.int64]
    counts: NDArray[np.int64]
    heads: Mapping[int, bytes]  # of those in pieces, which `whole` reads

    def whole(self, store: KeyValue, chosen: Container[int]) -> "Lists":
        """With the pieces of the long lists among those chosen."""
        names = {
            place: [_piece_key(self.keys[place], name) for name in _directory(head)[1]]
            for place, head in self.heads.items()
            if place in chosen
        }
        if not names:
            return self
        pieces = store.get_many([name for each in names.values() for name in each])
        starts, end = self.starts.copy(), len(self.numbers)
        for place in names:
            starts[place] = end
            end += int(self.counts[place])
        more = _numbers(b"".join([pieces[name] for each in names.values() for name in each]))
        return self._replace(numbers=np.concatenate((self.numbers, more)), starts=starts, heads={})


def lists(store: KeyValue, keys: Sequence[bytes]) -> Lists:
    """The lists under these keys; what is not there is empty."""
    held = store.get_many(keys)
    values = [held.get(key, _NOTHING) for key in keys]
    numbers = _numbers(b"".join(values))
    sizes = np.fromiter(map(len, values), np.int64, len(values)) // _WORD_BYTES
    heads_at = np.cumsum(sizes) - sizes
    head_words = numbers[heads_at]
    long = {place: values[place] for place in np.flatnonzero(head_words & np.uint32(_IN_PIECES)).tolist()}
    return Lists(keys, numbers, heads_at + 1, (head_words & np.uint32(_IN_PIECES - 1)).astype(np.int64), long)


def read(store: KeyValue, key: bytes) -> list[int]:
    """One list."""
    found = lists(store, [key]).whole(store, {0})
    start = int(found.starts[0])
    return [int(number) for number in found.numbers[start : start + int(found.counts[0])]]


def length(head: bytes) -> int:
    """How many numbers the list of this head has."""
    return int.from_bytes(head[:_WORD_BYTES], sys.byteorder) & (_IN_PIECES - 1)


def change(
    store: KeyValue, added: Mapping[bytes, Sequence[int]], removed: Mapping[bytes, Collection[int]] | None = None
) -> list[bytes]:
    """Adds numbers to lists and takes others out; the keys of the lists that became empty."""
    removed = removed or {}
    keys = sorted({*added, *removed})
    heads = store.get_many(keys)
    emptied: list[bytes] = []
    written: list[tuple[bytes, bytes]] = []
    for key in keys:
        head = heads.get(key)
        plus, minus = added.get(key, ()), removed.get(key, ())
        if head is not None and _in_pieces(head):
            head = _change_pieces(store, key, head, plus, minus, written)
        else:
            merged = _merged(array("I", head[4:]) if head else array("I"), plus, minus)
            head = _written(key, merged, written) if merged else None
        if head is None:
            store.delete(key)
            emptied.append(key)
        else:
            written.append((key, head))
    store.put_many(sorted(written))
    return emptied


def _merged(numbers: "array[int]", plus: Iterable[int], minus: Collection[int]) -> "array[int]":
    """Ascending, each once."""
    more = sorted(set(plus))
    if minus:
        numbers = array("I", (number for number in numbers if number not in minus))
    if not more or not numbers or numbers[-1] < more[0]:
        numbers.extend(more)
        return numbers
    return array("I", sorted({*numbers, *more}))


def _written(key: bytes, numbers: "array[int]", written: list[tuple[bytes, bytes]]) -> bytes:
    """The head of a list, its pieces noted for writing where it needs them."""
    if len(numbers) <= PIECE_NUMBERS_MAX:
        return array("I", [len(numbers)]).tobytes() + numbers.tobytes()
    firsts, names = array("I"), array("I")
    for name, start in enumerate(range(0, len(numbers), PIECE_NUMBERS_MAX)):
        piece = numbers[start : start + PIECE_NUMBERS_MAX]
        firsts.append(piece[0])
        names.append(name)
        written.append((_piece_key(key, name), piece.tobytes()))
    return _head(len(numbers), firsts, names)


def _change_pieces(
    store: KeyValue,
    key: bytes,
    head: bytes,
    plus: Iterable[int],
    minus: Collection[int],
    written: list[tuple[bytes, bytes]],
) -> bytes | None:
    firsts, names = _directory(head)
    per_piece: dict[int, tuple[list[int], set[int]]] = {}
    for number in sorted(set(plus)):
        per_piece.setdefault(_place(firsts, number), ([], set()))[0].append(number)
    for number in minus:
        per_piece.setdefault(_place(firsts, number), ([], set()))[1].add(number)
    total = _count_word(head) & ~_IN_PIECES
    touched = store.get_many([_piece_key(key, names[place]) for place in per_piece])
    parts: dict[int, list[tuple[int, int]]] = {}  # by place: the (first number, name) of what the piece became
    next_name = max(names) + 1
    for place, (more, less) in per_piece.items():
        piece_key = _piece_key(key, names[place])
        piece = array("I", touched[piece_key])
        total -= len(piece)
        piece = _merged(piece, more, less)
        total += len(piece)
        parts[place] = []
        name = names[place]
        for part in _parts(piece, last=place == len(firsts) - 1):
            parts[place].append((part[0], name))
            written.append((_piece_key(key, name), part.tobytes()))
            name, next_name = next_name, next_name + 1
        if not piece:
            store.delete(piece_key)
    places = [pair for place in range(len(firsts)) for pair in parts.get(place, [(firsts[place], names[place])])]
    if not places:
        return None
    return _head(total, array("I", (first for first, _ in places)), array("I", (name for _, name in places)))


def _parts(piece: "array[int]", last: bool) -> list["array[int]"]:
    """A piece cut where it is too long: the last of a list grows at its end and is left full, others in halves."""
    count = -(-len(piece) // PIECE_NUMBERS_MAX)
    size = PIECE_NUMBERS_MAX if last else -(-len(piece) // max(count, 1))
    return [piece[start : start + size] for start in range(0, len(piece), max(size, 1))]


def _place(firsts: "array[int]", number: int) -> int:
    return max(0, bisect_right(firsts, number) - 1)


def _head(count: int, firsts: "array[int]", names: "array[int]") -> bytes:
    return array("I", [count | _IN_PIECES]).tobytes() + firsts.tobytes() + names.tobytes()


def _directory(head: bytes) -> tuple["array[int]", "array[int]"]:
    both = array("I", head[4:])
    return both[: len(both) // 2], both[len(both) // 2 :]


def _in_pieces(head: bytes) -> bool:
    return bool(_count_word(head) & _IN_PIECES)


def _count_word(head: bytes) -> int:
    return int.from_bytes(head[:4], sys.byteorder)


def _piece_key(key: bytes, name: int) -> bytes:
    return PIECE + key + _NAME.pack(name)


def _numbers(value: bytes) -> Numbers:
    return np.frombuffer(value, np.uint32)
