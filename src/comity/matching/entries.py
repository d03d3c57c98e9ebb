"""What the index of persons keeps of one person, in some twenty bytes: enough to rank by, far from enough to show."""

import struct
from collections.abc import Sequence
from hashlib import blake2b
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from comity.matching.compiled import compiled

# Thirty-two persons to a value, so that keys take little room and a change rewrites less than a kilobyte.
BLOCK = 32

NAMES_MAX, WORDS_MAX, OTHERS_MAX = 63, 15, 15  # of one person: names, words of one name, births ...
_U16, _U32 = struct.Struct("<H"), struct.Struct("<I")
SEXES = "UFM"
HASH_BYTES = 4


class Entry(NamedTuple):
    """Words as their numbers in the vocabulary; places, documents and colours as hashes."""

    names: tuple[tuple[int, ...], ...] = ()
    births: tuple[int, ...] = ()  # see `day`
    sex: int = 0  # place in SEXES
    nationalities: tuple[int, ...] = ()  # see `code`
    places: tuple[int, ...] = ()
    numbers: tuple[int, ...] = ()  # of documents, look-alikes folded
    height_cm: int = 0
    colours: tuple[int, int] = (0, 0)  # eyes, hair


def day(partial: str) -> int:
    """A partial date as year × 512 + month × 32 + day; 0 for what is not known of it."""
    year, month, number = (int(part) for part in (*partial.split("-"), "0", "0")[:3])
    return year << 9 | month << 5 | number


def code(country: str) -> int:
    """Two letters as one number; 0 for none."""
    return (ord(country[0]) - 64) * 32 + ord(country[1]) - 64 if country else 0


def hashed(text: str, size: int = HASH_BYTES) -> int:
    """The same everywhere and always, never 0; '' is 0."""
    return (int.from_bytes(blake2b(text.encode(), digest_size=size).digest(), "big") or 1) if text else 0


def packed(entry: Entry) -> bytes:
    """Read by `unpacked`, and in bulk by pool.weigh; the layout stands in both.

    sex and which parts there are · births · nationalities · places · numbers · height and colours · names
    """
    described = bool(entry.height_cm or any(entry.colours))
    parts = bytearray((entry.sex | described << 2 | bool(entry.places or entry.numbers) << 3,))
    parts.append(len(entry.births) | len(entry.nationalities) << 4)
    for birth in entry.births:
        parts += birth.to_bytes(3, "little")
    for nationality in entry.nationalities:
        parts += _U16.pack(nationality)
    if entry.places or entry.numbers:
        parts.append(len(entry.places) | len(entry.numbers) << 4)
        for one in (*entry.places, *entry.numbers):
            parts += _U32.pack(one)
    if described:
        parts += _U16.pack(entry.height_cm) + bytes(entry.colours)
    for name in entry.names:
        parts.append(len(name))
        for word in name:
            _put(parts, word)
    return bytes(parts)


def _put(parts: bytearray, number: int) -> None:
    """Seven bits a byte, the lowest first; the eighth says that more follows."""
    while number > 127:
        parts.append(number & 127 | 128)
        number >>= 7
    parts.append(number)


def unpacked(data: bytes) -> Entry:
    flags, counts = data[0], data[1]
    at = 2
    births = tuple(int.from_bytes(data[at + 3 * n : at + 3 * n + 3], "little") for n in range(counts & 15))
    at += 3 * len(births)
    nationalities = tuple(_U16.unpack_from(data, at + 2 * n)[0] for n in range(counts >> 4))
    at += 2 * len(nationalities)
    places: tuple[int, ...] = ()
    numbers: tuple[int, ...] = ()
    if flags & 8:
        several, at = data[at], at + 1
        hashes = tuple(_U32.unpack_from(data, at + 4 * n)[0] for n in range((several & 15) + (several >> 4)))
        places, numbers, at = hashes[: several & 15], hashes[several & 15 :], at + 4 * len(hashes)
    height_cm, colours = 0, (0, 0)
    if flags & 4:
        height_cm, colours, at = _U16.unpack_from(data, at)[0], (data[at + 2], data[at + 3]), at + 4
    return Entry(_names(data, at), births, flags & 3, nationalities, places, numbers, height_cm, colours)


def _names(data: bytes, at: int) -> tuple[tuple[int, ...], ...]:
    names = []
    while at < len(data):
        words, count, at = [], data[at], at + 1
        for _ in range(count):
            number, shift = data[at] & 127, 7
            while data[at] > 127:
                at += 1
                number |= (data[at] & 127) << shift
                shift += 7
            words.append(number)
            at += 1
        names.append(tuple(words))
    return tuple(names)


def with_changes(block: bytes, changed: Sequence[tuple[int, bytes]]) -> bytes:
    """A block with the entries of these places put (b"" takes one out); each is its place, its length, itself."""
    held = dict(places(block))
    held.update(changed)
    return b"".join(bytes((place,)) + _U16.pack(len(entry)) + entry for place, entry in sorted(held.items()) if entry)


def places(block: bytes) -> list[tuple[int, bytes]]:
    """(place in the block, entry)."""
    found, at = [], 0
    while at < len(block):
        length = _U16.unpack_from(block, at + 1)[0]
        found.append((block[at], block[at + 3 : at + 3 + length]))
        at += 3 + length
    return found


# Numbers of one, two, three and four bytes, for inner loops: whole numbers with a sign, so that sums stay whole.
@compiled
def byte(data: NDArray[np.uint8], at: int) -> int:
    return np.int64(data[at])  # type: ignore[return-value]


@compiled
def two_bytes(data: NDArray[np.uint8], at: int) -> int:
    return byte(data, at) | byte(data, at + 1) << 8


@compiled
def three_bytes(data: NDArray[np.uint8], at: int) -> int:
    return two_bytes(data, at) | byte(data, at + 2) << 16


@compiled
def four_bytes(data: NDArray[np.uint8], at: int) -> int:
    return three_bytes(data, at) | byte(data, at + 3) << 24
