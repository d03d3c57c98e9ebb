"""What Latin letters a unit of another script may become, and how probable each is: the tables and their rows."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from comity.matching.rules import ascii_letters, rules, with_spellings
from comity.matching.units import context_keys, units
from comity.matching.writing import Script, script_of

LETTERS_OF_A_SUBSTRING_MAX = 12  # five bits each in one integer
STEPS_A_BIT = 16  # how finely learned probabilities are kept
_LEARNED_UNITS = ("arabic", "cyrillic", "han", "hangul", "hebrew", "kana", "kanji", "pinyin")
_LEARNED_WORDS = ("arabic", "cyrillic", "han", "hangul", "hebrew", "kana")
_LEARNED = frozenset(f"{name}.npz" for name in (*_LEARNED_UNITS, *(f"{name}_words" for name in _LEARNED_WORDS)))
# Scripts of India (by their place in Unicode) whose letters do not all sound as their place says.
_INDIC_TABLES = {1: "bengali", 5: "tamil"}
_SIGNS_OF_A_CHINESE_NAME_MAX = 3
_JAPANESE_SHARE = 0.6  # of what is not spelt by sound and whose signs both use: a Japanese reading has more rivals
_FOREIGN_BITS, _DOUBT = -4, 0.15  # no Japanese reading of what is spelt by sound; short names may deceive
_ARTICLE, _WITH_ARTICLE_MIN = "ال", 5
_TABLES = files("comity.matching") / "tables"


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


class Way(NamedTuple):
    """One way to read a word: its units, the tables for them (the first that knows one), and how usual the way is."""

    units: tuple[str, ...]
    tables: tuple[str, ...]
    share: float = 1.0


def rows_of(native: str, script: Script) -> tuple[tuple[int, ...], ...]:
    """The rows of a word's units; several where it may be read in several ways."""
    return tuple(rows for rows, _ in ways_of(native, script))


def ways_of(native: str, script: Script) -> tuple[tuple[tuple[int, ...], float], ...]:
    """As `rows_of`, each with how usual it is to read the word so, beside the others."""
    table = emissions()
    read = [(_read(table, way), way.share) for way in _ways(table, native, script)]
    return tuple(way for way in read if way[0])


def _ways(table: Emissions, native: str, script: Script) -> Iterator[Way]:
    if (f"{script.value}_words", f"\t{native}\t") in table.rows:
        yield Way((native,), (f"{script.value}_words",))
    found = units(native, script)
    match script:
        case Script.HAN:
            yield from _ways_of_han(table, native, found)
        case Script.INDIC:
            yield Way(found, (_INDIC_TABLES.get((ord(native[0]) - 0x0900) // 0x80, "indic"), "indic"))
        case Script.ARABIC if native.startswith(_ARTICLE) and len(native) >= _WITH_ARTICLE_MIN:
            yield Way(found, ("arabic",))
            yield Way(found[len(_ARTICLE) :], ("arabic",))
        case _:
            yield Way(found, (script.value,))


def _ways_of_han(table: Emissions, native: str, found: tuple[str, ...]) -> Iterator[Way]:
    """As a foreign name by its sound, as a Chinese name, as a Japanese one; the signs tell which is likelier."""
    origin = sum(_origins().get(sign, 0) for sign in native)
    foreign = min(max(1.0 / (1.0 + 2.0**origin), _DOUBT), 1.0 - _DOUBT)
    chinese = not any(script_of(sign) is Script.KANA for sign in native)
    if chinese:
        yield Way(found, ("han", "pinyin"), foreign)
    if chinese and len(found) <= _SIGNS_OF_A_CHINESE_NAME_MAX:
        yield Way(found, ("cantonese", "mandarin"), (1.0 - foreign) * (1.0 - _JAPANESE_SHARE))
    if origin > _FOREIGN_BITS and all(("kanji", f"\t{unit}\t") in table.rows for unit in found):
        yield Way(found, ("kanji",), (1.0 - foreign) * _JAPANESE_SHARE)


@cache
def _origins() -> dict[str, int]:
    """How much oftener, in bits, a sign stands in names of Japanese than in names that Chinese transliterates."""
    with (_TABLES / "origins.npz").open("rb") as opened, np.load(opened, allow_pickle=False) as arrays:
        return dict(zip(bytes(arrays["signs"]).decode("utf-8"), arrays["bits"].tolist(), strict=True))


def _read(table: Emissions, way: Way) -> tuple[int, ...]:
    return tuple(row for at in range(len(way.units)) for row in _rows(table, way, at))


def _rows(table: Emissions, way: Way, at: int) -> tuple[int, ...]:
    """The unit's row, in as much of its surroundings as was learned; of an unknown unit, those of its ASCII letters."""
    keys = context_keys(way.units, at)
    for name in way.tables:
        for key in keys:
            if (row := table.rows.get((name, key))) is not None:
                return (row,)
    letters = ascii_letters(way.units[at])
    if (row := table.rows.get((way.tables[-1], f"\t{letters}\t"))) is not None:
        return (row,)
    return tuple(table.rows["other", f"\t{letter}\t"] for letter in letters)


@cache
def emissions() -> Emissions:
    """Read when first needed, then kept."""
    written = {
        (name, f"\t{unit}\t"): with_spellings(row) for name, table in rules().items() for unit, row in table.items()
    }
    other = {("other", f"\t{letter}\t"): with_spellings({letter: 1.0}) for letter in "abcdefghijklmnopqrstuvwxyz"}
    tables = sorted(_TABLES.iterdir(), key=lambda file: file.name)
    return _joined([packed(written | other), *(_learned(file) for file in tables if file.name in _LEARNED)])


@cache
def letter_bits() -> NDArray[np.float64]:
    """What a letter of a Latin name costs after the two before it (a = 1 to z = 26, 0 beyond the ends), in bits."""
    with (_TABLES / "latin.npz").open("rb") as opened, np.load(opened, allow_pickle=False) as arrays:
        return np.asarray(arrays["bits"] / STEPS_A_BIT, np.float64)


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


def _learned(file: Traversable) -> Emissions:
    """As `scripts/learn.py` wrote it: rows by name, entries a row, which letters each, sixteenths of a bit each."""
    with file.open("rb") as opened, np.load(opened, allow_pickle=False) as arrays:
        names = bytes(arrays["names"]).decode("utf-8").split("\n")
        letters = bytes(arrays["letters"]).decode("ascii").split("\n")
        starts = np.concatenate(([0], np.cumsum(arrays["counts"], dtype=np.int64))).astype(np.int32)
        entries = arrays["entries"]
        probabilities = np.exp2(arrays["bits"] / -STEPS_A_BIT)
    name = file.name.partition(".")[0]
    return Emissions(
        rows={(name, key): index for index, key in enumerate(names)},
        starts=starts,
        codes=np.array([code_of(one) for one in letters], np.uint64)[entries],
        lengths=np.array([len(one) for one in letters], np.int32)[entries],
        probabilities=probabilities / np.repeat(np.add.reduceat(probabilities, starts[:-1]), np.diff(starts)),
    )


def _joined(tables: Sequence[Emissions]) -> Emissions:
    """Later tables over earlier ones, where both know a row."""
    rows: dict[tuple[str, str], int] = {}
    starts, first_row, first_entry = [np.zeros(1, np.int32)], 0, 0
    for table in tables:
        rows |= {key: row + first_row for key, row in table.rows.items()}
        starts.append(table.starts[1:] + np.int32(first_entry))
        first_row, first_entry = first_row + len(table.starts) - 1, first_entry + len(table.codes)
    return Emissions(
        rows,
        np.concatenate(starts),
        np.concatenate([table.codes for table in tables]),
        np.concatenate([table.lengths for table in tables]),
        np.concatenate([table.probabilities for table in tables]),
    )
