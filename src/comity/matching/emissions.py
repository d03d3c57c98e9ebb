"""What Latin letters a unit of another script may become, and how probable each is: the tables and their rows."""

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np
from anyascii import anyascii
from numpy.typing import NDArray

from comity.matching.units import units
from comity.matching.writing import Script

LETTERS_OF_A_SUBSTRING_MAX = 12  # five bits each in one integer
_TABLES = files("comity.matching") / "tables"
# Spellings that languages write for one another: what a rule says with certainty, a clerk may have written so.
_ALSO_WRITTEN = {
    "k": ("c", "q", "ck"),
    "q": ("k", "gh"),
    "kh": ("h", "ch", "x"),
    "gh": ("g", "q"),
    "g": ("gh", "gu"),
    "j": ("dj", "dzh", "dj"),
    "dz": ("z",),
    "zh": ("j", "z", "sh"),
    "sh": ("s", "sch", "ch", "sz"),
    "ch": ("c", "tch", "tsch", "cz"),
    "ts": ("tz", "c", "z"),
    "s": ("ss", "z", "c"),
    "z": ("s", "zz"),
    "f": ("ff", "ph"),
    "v": ("w", "f", "b"),
    "w": ("v", "u", "ou"),
    "y": ("i", "j", ""),
    "h": ("", "kh"),
    "t": ("th", "tt", "d"),
    "th": ("t",),
    "d": ("dd", "dh", "t"),
    "p": ("pp", "b"),
    "b": ("bb", "p"),
    "l": ("ll",),
    "m": ("mm",),
    "n": ("nn",),
    "r": ("rr",),
    "i": ("y", "ee", "e"),
    "u": ("ou", "oo", "w"),
    "o": ("u", "au"),
    "e": ("i", "a"),
    "a": ("aa", "e"),
    "ya": ("ia", "ja", "a"),
    "yu": ("iu", "ju", "u"),
    "ye": ("e", "ie", "je"),
    "yo": ("io", "jo", "o"),
}
_ALSO_WEIGHT = 0.03


class Emissions(NamedTuple):
    """All tables as one: row r has the entries from starts[r] to starts[r + 1], the most probable first."""

    rows: dict[tuple[str, str], int]  # (table, unit or unit in context) to row
    starts: NDArray[np.int32]
    codes: NDArray[np.uint64]  # the letters, five bits each, the first highest; 0 is no letter at all
    lengths: NDArray[np.int32]
    probabilities: NDArray[np.float64]


def code_of(letters: str) -> int:
    code = 0
    for letter in letters:
        code = code << 5 | (ord(letter) - 96)
    return code


def letters_of(code: int) -> str:
    letters = ""
    while code:
        letters = chr((code & 31) + 96) + letters
        code >>= 5
    return letters


def rows_of(native: str, script: Script) -> tuple[tuple[int, ...], ...]:
    """The rows of a word's units; several where it may be read by several tables."""
    table = emissions()
    return (tuple(row for unit in units(native, script) for row in _rows(table, script.value, unit)),)


def _rows(table: Emissions, name: str, unit: str) -> tuple[int, ...]:
    """The unit's row; for one that no table knows, those of the letters by which it is written in ASCII."""
    if (row := table.rows.get((name, unit))) is not None:
        return (row,)
    return tuple(table.rows["other", letter] for letter in anyascii(unit).lower() if "a" <= letter <= "z")


@cache
def emissions() -> Emissions:
    """Read when first needed, then kept."""
    return packed({("", ""): {"": 1.0}, **_rules()})


def packed(table: Mapping[tuple[str, str], Mapping[str, float]]) -> Emissions:
    starts, codes, lengths, probabilities = [0], [], [], []
    for row in table.values():
        whole = sum(row.values())
        for letters, weight in sorted(row.items(), key=lambda entry: -entry[1]):
            codes.append(code_of(letters))
            lengths.append(len(letters))
            probabilities.append(weight / whole)
        starts.append(len(codes))
    return Emissions(
        rows={key: index for index, key in enumerate(table)},
        starts=np.array(starts, np.int32),
        codes=np.array(codes, np.uint64),
        lengths=np.array(lengths, np.int32),
        probabilities=np.array(probabilities, np.float64),
    )


def _rules() -> dict[tuple[str, str], dict[str, float]]:
    """Rows written by hand, with what clerks also write; and one for each Latin letter, for scripts without rules."""
    written = tomllib.loads((_TABLES / "letters.toml").read_text(encoding="utf-8"))
    rows = {
        (script, unit): with_spellings(_weights(row))
        for script, table in written.items()
        for unit, row in table.items()
    }
    return rows | {("other", letter): with_spellings({letter: 1.0}) for letter in "abcdefghijklmnopqrstuvwxyz"}


def _weights(row: str) -> dict[str, float]:
    """`shch 6, sch 2, -`: what is written how often (once, where it is not said); `-` is nothing."""
    found: dict[str, float] = {}
    for one in row.split(","):
        letters, _, weight = one.strip().partition(" ")
        found["" if letters == "-" else letters] = float(weight or 1)
    return found


def with_spellings(row: Mapping[str, float]) -> dict[str, float]:
    whole = sum(row.values())
    found = {letters: weight / whole for letters, weight in row.items()}
    for letters, weight in list(found.items()):
        for other in _also(letters):
            found[other] = found.get(other, 0.0) + _ALSO_WEIGHT * weight
    return found


def _also(letters: str) -> Iterable[str]:
    for width in (2, 1):
        for start in range(len(letters) - width + 1):
            part = letters[start : start + width]
            for other in _ALSO_WRITTEN.get(part, ()):
                yield letters[:start] + other + letters[start + width :]
