"""The words of a name in any script, each with the ways it may be written in Latin letters."""

import tomllib
from functools import cache, lru_cache
from importlib.resources import files

from msgspec import Struct

from comity.matching.romanise import READINGS_MAX, Reading, readings
from comity.matching.writing import Piece, Script, folded, pieces

__all__ = ["Reading", "Script", "Word", "cuts", "words"]

_SYLLABLES_OF_A_NAME_MAX = 4
# What Germans, Danes and Swedes write where they have no such letter; and how often they do.
_WRITTEN_OUT = {"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "ñ": "nn"}
_WRITTEN_OUT_BITS = -2.0


class Word(Struct, frozen=True, gc=False):
    """One word of a name."""

    native: str  # cleaned, in its own script; "" where that is Latin
    script: Script
    readings: tuple[Reading, ...]  # best first, 1 to 8
    mixed: bool = False  # held letters of another script that look like this one's: a typing slip, or a disguise

    @property
    def text(self) -> str:
        """The likeliest reading."""
        return self.readings[0].text


def words(name: str) -> tuple[Word, ...]:
    """The words in the order written; a name of Han or Hangul without a blank is cut, the likeliest way."""
    return cuts(name)[0]


def cuts(name: str) -> tuple[tuple[Word, ...], ...]:
    """All ways to divide a name into words, the likeliest first; several only without a blank in Han or Hangul."""
    found = pieces(name)
    if len(found) == 1 and found[0].script in (Script.HAN, Script.HANGUL):
        (whole,) = found
        divided = [_cut(whole, at) for at in _family_lengths(whole)]
        return tuple(_words(one) for one in (*divided, found))
    return (_words(found),)


def _words(found: tuple[Piece, ...]) -> tuple[Word, ...]:
    return tuple(word for word in map(_word, found) if word.readings)


def _cut(whole: Piece, at: int) -> tuple[Piece, ...]:
    return (whole._replace(native=whole.native[:at]), whole._replace(native=whole.native[at:]))


def _family_lengths(whole: Piece) -> tuple[int, ...]:
    """How many signs the family name may have, the likeliest first."""
    length = len(whole.native)
    if not 2 <= length <= _SYLLABLES_OF_A_NAME_MAX:
        return ()
    single, longer = _families()[whole.script]
    likely = [width for width in (3, 2) if whole.native[:width] in longer]
    if whole.native[0] in single:
        likely.append(1)
    if whole.script is Script.HAN:
        likely += [2, 1] if length == _SYLLABLES_OF_A_NAME_MAX else [1, 2]
    return tuple(one for one in dict.fromkeys(likely) if one < length)


@cache
def _families() -> dict[Script, tuple[frozenset[str], frozenset[str]]]:
    """Family names of one sign, and longer ones."""
    folder = files("comity.matching") / "tables"
    table = tomllib.loads((folder / "families.toml").read_text(encoding="utf-8"))
    japanese = (folder / "japanese_families.txt").read_text(encoding="utf-8").split()
    return {
        Script.HAN: (frozenset(table["chinese"]), frozenset((*table["chinese_double"].split(), *japanese))),
        Script.HANGUL: (frozenset(table["korean"]), frozenset(table["korean_double"].split())),
    }


@lru_cache(maxsize=1 << 17)
def _word(piece: Piece) -> Word:
    native, script, mixed = piece
    if script is Script.LATIN:
        return Word("", script, _latin(native), mixed)
    return Word(native, script, readings(native, script, READINGS_MAX), mixed)


def _latin(native: str) -> tuple[Reading, ...]:
    text = folded(native)
    if not text:
        return ()
    written_out = folded("".join(_WRITTEN_OUT.get(letter, letter) for letter in native))
    plain = Reading(text, 0.0)
    return (plain,) if written_out == text else (plain, Reading(written_out, _WRITTEN_OUT_BITS))
