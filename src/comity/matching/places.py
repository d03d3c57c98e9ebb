"""Places of birth: how far apart two spellings of places are, whole or by their words."""

from collections.abc import Sequence
from functools import lru_cache

from comity.matching.compiled import compiled
from comity.matching.likeness import APART_MAX, Room, Tables, per_letter
from comity.matching.packed import LETTERS_MAX, byte
from comity.matching.scripts import words
from comity.matching.spelling import codes, edits, folded

WORDS_MAX = 3
_WORD_LETTERS_MIN = 4  # shorter words of a place (san, los, new) do not make two places alike
_PART_DOUBT = 0.1  # where only a word of each agrees: Paris, Paris 13e


def spellings(place: str) -> tuple[str, ...]:
    """The whole without blanks, then its longer words: each in Latin letters, folded."""
    found = [folded(word.readings[0].text) for word in words(place) if word.readings]
    whole = "".join(found)[:LETTERS_MAX]
    if not whole:
        return ()
    longer = [word[:LETTERS_MAX] for word in found if len(word) >= _WORD_LETTERS_MIN] if len(found) > 1 else []
    return (whole, *longer[:WORDS_MAX])


@lru_cache(maxsize=1 << 15)
def pack_place(place: str) -> bytes:
    """count · (length · letters …) …; the whole comes first."""
    found = spellings(place)
    return bytes((len(found),)) + b"".join(bytes((len(one),)) + codes(one) for one in found)


@compiled
def place_size(packed: Sequence[int], place: int) -> int:
    """How many bytes a packed place takes."""
    at = place + 1
    for _ in range(byte(packed, place)):
        at += 1 + byte(packed, at)
    return at - place


@compiled
def places_apart(
    packed: Sequence[int], place: int, against: Sequence[int], other: int, tables: Tables, room: Room
) -> float:
    """Edits per letter between two places, or between the nearest of their words; APART_MAX where they differ."""
    best = APART_MAX
    one = place + 1
    for i in range(byte(packed, place)):
        length = byte(packed, one)
        two = other + 1
        for j in range(byte(against, other)):
            other_length = byte(against, two)
            doubt = 0.0 if i == 0 and j == 0 else 0.1
            if doubt < best:
                for index in range(length):
                    room.one[index] = byte(packed, one + 1 + index)
                for index in range(other_length):
                    room.other[index] = byte(against, two + 1 + index)
                letters = per_letter(length, other_length)
                found = edits(room, length, other_length, tables, (best - doubt) * letters) / letters + doubt
                best = min(best, found)
            two += 1 + other_length
        one += 1 + length
    return best
