"""Names asked for with wildcards, and names that only sound alike: which recorded name fits, and how much that says."""

import re
from collections.abc import Sequence
from functools import lru_cache

from comity.domain.lookup import WILDCARDS
from comity.domain.match import FieldMatch
from comity.domain.person import Name
from comity.matching.frequency import consonants, rarity, rarity_of_all
from comity.matching.scripts import words

_BITS_MAX = 22.0  # as much as a whole name proves
_VOWELS = frozenset("aeiouyhw")


def fitting(asked: str, recorded: Sequence[Name]) -> FieldMatch | None:
    """The recorded name in which every word asked for has a word of its own that fits; None where there is none.

    Its bits: how rare words are that fit, all words together.
    """
    patterns = _patterns(asked)
    for name in recorded:
        if patterns and _each_has_its_own(patterns, _readings(name.full)):
            bits = min(sum(map(_bits, patterns)), _BITS_MAX)
            return FieldMatch(field="name", bits=bits, how="pattern", asked=asked, found=name.full)
    return None


def sound_alike(asked: str, recorded: str) -> bool:
    """Whether every word asked for is heard as a recorded word, in one of the ways to read it."""
    heard = {_heard(text) for readings in _readings(recorded) for text in readings}
    wanted = _readings(asked)
    return bool(wanted) and all(any(_heard(text) in heard for text in readings) for readings in wanted)


def _heard(text: str) -> str:
    """Its consonants, hard and soft ones alike; whichever vowel it begins with."""
    sounds = consonants(text.replace("g", "k"))
    return sounds if sounds[:1] not in _VOWELS else "." + sounds[1:]


@lru_cache(maxsize=1 << 12)
def _readings(full: str) -> tuple[tuple[str, ...], ...]:
    """Word by word the ways to write it in Latin letters."""
    return tuple(tuple(reading.text for reading in word.readings) for word in words(full))


@lru_cache(maxsize=256)
def _patterns(asked: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(_as_pattern(part)) for part in asked.split() if any(map(str.isalpha, part)))


def _as_pattern(part: str) -> str:
    """Its letters as small Latin ones, sign by sign; a word without wildcards as it is best read."""
    if not WILDCARDS & set(part):
        return re.escape("".join(word.text for word in words(part)))
    first, *others = ("".join(map(_sign, between)) for between in part.split("*"))
    if not others:
        return first
    # What stands between two stars is taken where it comes first, once and for all: to try all ways would let a
    # question with many stars hold the node up. Falls without it: tests/matching/test_what_is_known.py
    return first + "".join(f"(?>.*?{between})" for between in others[:-1] if between) + ".*" + others[-1]


def _sign(sign: str) -> str:
    return "." if sign == "?" else re.escape("".join(word.text for word in words(sign)))


def _each_has_its_own(patterns: Sequence[re.Pattern[str]], found: Sequence[Sequence[str]]) -> bool:
    """Word by word: where the one that fits is taken, whoever took it looks for another."""
    fit = [
        [place for place, readings in enumerate(found) if any(map(pattern.fullmatch, readings))] for pattern in patterns
    ]
    taken: dict[int, int] = {}

    def placed(pattern: int, tried: set[int]) -> bool:
        for place in fit[pattern]:
            if place not in tried:
                tried.add(place)
                if place not in taken or placed(taken[place], tried):
                    taken[place] = pattern
                    return True
        return False

    return all(placed(pattern, set()) for pattern in range(len(patterns)))


@lru_cache(maxsize=256)
def _bits(pattern: re.Pattern[str]) -> float:
    plain = pattern.pattern
    return rarity(plain) if plain.isalpha() else rarity_of_all(pattern)
