"""A name as bytes, the form in which batches read it: laid out once, compared often.

name: size (2 bytes) · words · flags · word …
word: size · flags · role · rarity · script · readings · rows · hash (4) · cost · row (3 each) … · reading …
reading: length · doubt · kinds it must have · kinds it may have · letters (a = 0) …
Rarity and doubt are in eighths of a bit, the cost of the letters (romanise.py) in halves; numbers of several bytes
begin with the lowest.
"""

import zlib
from collections.abc import Sequence
from enum import IntEnum
from functools import lru_cache

from msgspec import Struct

from comity.domain.limits import WORDS_KEPT_MAX
from comity.matching.compiled import compiled
from comity.matching.spelling import codes, folded, kinds

NAME_HEAD, TOKEN_HEAD, READING_HEAD = 4, 12, 4
NAME_LATIN, NAME_WEAK, NAME_SCRIPT = 1, 2, 8  # and NAME_SCRIPT times the kind of script: 0 for any other
FLAG_NATIVE, FLAG_INITIAL = 1, 2
TOKENS_MAX = 8
READINGS_MAX = 3
LETTERS_MAX = 22  # of one word; what follows is not looked at
ROWS_MAX = 48  # of a native word, all ways to read it together, each with its end
END_OF_WAY = 0xFFFFFF
EIGHTHS = 8.0


class Role(IntEnum):
    """What a word is in its name, as far as the way it is written tells."""

    UNKNOWN = 0
    FAMILY = 1
    GIVEN = 2
    MIDDLE = 3  # a further given name
    PATRONYMIC = 4  # after the father; in records as often left out as not
    FAMILY_MORE = 5  # the second of two family names


class Token(Struct, frozen=True, gc=False):
    """One word of a name, with all that is known of it before it is compared."""

    text: str  # a-z: the best reading
    readings: tuple[tuple[str, float], ...]  # best first; bits of doubt, 0 for the best
    role: Role = Role.UNKNOWN
    rarity: float = 0.0  # bits
    cost: float = 0.0  # bits that the letters of a Latin word cost a model of names
    native: str = ""  # as written, where that is not in Latin letters
    script: int = 0  # its kind, in the order of the weights LAPSE_NATIVE and on
    rows: tuple[tuple[int, ...], ...] = ()  # of `native` in the romanisation table, by each way to read it


def pack_name(tokens: tuple[Token, ...], latin: bool, weak: bool = False) -> bytes:
    body = b"".join(_token(one) for one in tokens[:TOKENS_MAX])
    flags = NAME_LATIN * latin + NAME_WEAK * weak + NAME_SCRIPT * max((one.script for one in tokens), default=0)
    size = NAME_HEAD + len(body)
    return bytes((size & 255, size >> 8, min(len(tokens), TOKENS_MAX), flags)) + body


@lru_cache(maxsize=WORDS_KEPT_MAX)
def _token(token: Token) -> bytes:
    """Words come again in name after name."""
    readings = [_reading(text, doubt) for text, doubt in token.readings[:READINGS_MAX] if text]
    rows = _all_ways(token.rows)
    flags = FLAG_NATIVE * bool(token.native) + FLAG_INITIAL * (len(token.text) == 1 and not token.native)
    body = b"".join(row.to_bytes(3, "little") for row in rows) + b"".join(readings)
    head = (flags, token.role, _eighths(token.rarity), token.script, len(readings), len(rows))
    size = TOKEN_HEAD + len(body)
    cost = min(255, round(2 * token.cost))
    return bytes((size, *head)) + word_hash(token.native or token.text).to_bytes(4, "little") + bytes((cost,)) + body


def _all_ways(ways: tuple[tuple[int, ...], ...]) -> list[int]:
    """One after the other, each with its end, as many as there is room for."""
    rows: list[int] = []
    for way in ways:
        if len(rows) + len(way) < ROWS_MAX:
            rows += (*way, END_OF_WAY)
    return rows


def _reading(text: str, doubt: float) -> bytes:
    plain = folded(text)[:LETTERS_MAX]
    return bytes((len(plain), _eighths(doubt), *kinds(plain))) + codes(plain)


def _eighths(bits: float) -> int:
    return max(0, min(255, round(bits * EIGHTHS)))


def word_hash(text: str) -> int:
    return zlib.crc32(text.encode())


@compiled
def pair_number(one: int, other: int) -> int:
    """One number for two word hashes in either order."""
    low, high = (one, other) if one < other else (other, one)
    return (low * 31 + high * 17) & 0x1FFFFFFFFFFF


@compiled
def byte(packed: Sequence[int], place: int) -> int:
    """A byte as a whole number with its sign: machine code would count on modulo 256, or in fractions."""
    return packed[place] + 0


@compiled
def find_tokens(packed: Sequence[int], name: int, tokens: list[int], first: int) -> int:
    """Writes down where the words of a name begin; returns how many there are."""
    count = byte(packed, name + 2)
    place = name + NAME_HEAD
    for index in range(count):
        tokens[first + index] = place
        place += byte(packed, place)
    return count


@compiled
def first_reading(packed: Sequence[int], token: int) -> int:
    return token + TOKEN_HEAD + 3 * byte(packed, token + 6)


@compiled
def copy_letters(packed: Sequence[int], reading: int, letters: list[int], start: int) -> int:
    """Appends the letters of a reading; returns where they end."""
    length = byte(packed, reading)
    for index in range(length):
        letters[start + index] = byte(packed, reading + READING_HEAD + index)
    return start + length


@compiled
def same_bytes(packed: Sequence[int], one: int, against: Sequence[int], two: int, count: int) -> bool:
    for index in range(count):  # noqa: SIM110 - what numba compiles
        if packed[one + index] != against[two + index]:
            return False
    return True
