"""Learns from lists of names how words of other scripts are written in Latin letters: `make learn`."""

import gzip
import os
import sys
from collections.abc import Iterator
from math import log2
from pathlib import Path
from typing import NamedTuple

import numpy as np
from learning.alignment import Pair, Rules, learn, usable
from learning.letters import costs, letter_model
from numpy.typing import NDArray

from comity.matching.emissions import STEPS_A_BIT
from comity.matching.rules import ascii_letters, rule_row
from comity.matching.units import units
from comity.matching.writing import Script, folded, pieces

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = Path(os.environ.get("COMITY_SAMPLE_DATA", ROOT.parent / "shared" / "data"))
TABLES = ROOT / "src" / "comity" / "matching" / "tables"
TRANSLITERATION, VARIANTS = Path("names/transliteration"), Path("names/variants")


class Source(NamedTuple):
    """One table to learn: its name, the script, the files, how many letters a unit may become."""

    table: str
    script: Script
    files: tuple[Path, ...]
    letters_max: int


SOURCES = (
    Source("arabic", Script.ARABIC, (TRANSLITERATION / "wd_arabic_64.gz",), 4),
    Source("cyrillic", Script.CYRILLIC, (TRANSLITERATION / "wd_russian_64.gz",), 4),
    Source("han", Script.HAN, (TRANSLITERATION / "wd_chinese_64.gz",), 7),
    Source("hangul", Script.HANGUL, (TRANSLITERATION / "wd_korean_64.gz",), 4),
    Source("hebrew", Script.HEBREW, (TRANSLITERATION / "wd_hebrew_64.gz",), 4),
    Source("kana", Script.KANA, (TRANSLITERATION / "wd_katakana_64.gz",), 5),
)
KANJI = Source(
    "kanji",
    Script.HAN,
    tuple(VARIANTS / f"ja_{name}_org.csv" for name in ("first_name_man", "first_name_woman", "last_name")),
    9,
)


def main() -> None:
    """All tables, or those named."""
    model = letter_model([word for word in _latin_words() if word])
    np.savez_compressed(TABLES / "latin.npz", bits=np.round(-model * STEPS_A_BIT).clip(0, 255).astype(np.uint8))
    for source in SOURCES:
        if len(sys.argv) > 1 and source.table not in sys.argv[1:]:
            continue
        pairs = usable(_transliterations(source, model), source.letters_max)
        rules = _rules(source.table, pairs)
        if source.table == "han":
            rules = _by_sound(pairs, source.letters_max)
        _write(source.table, learn(pairs, source.letters_max, rules))


def _by_sound(pairs: list[Pair], letters_max: int) -> Rules:
    """What signs that Mandarin reads alike become together: for rare signs and their simplified or traditional twins."""
    sounds = [pair._replace(units=tuple(ascii_letters(unit) or unit for unit in pair.units)) for pair in pairs]
    rows = learn(sounds, letters_max, {unit: {unit: 1.0} for pair in sounds for unit in pair.units})
    _write("pinyin", rows)
    signs = {unit for pair in pairs for unit in pair.units}
    return {sign: rows[key] for sign in signs if (key := f"\t{ascii_letters(sign)}\t") in rows}


def _latin_words() -> Iterator[str]:
    for source in SOURCES:
        for latin, _, _ in _lines(source):
            yield folded(latin)


def _lines(source: Source) -> Iterator[list[str]]:
    for file in source.files:
        with gzip.open(SAMPLES / file, "rt", encoding="utf-8") as lines:
            yield from (line.rstrip("\n").split("\t") for line in lines)


def _transliterations(source: Source, model: NDArray[np.float64]) -> Iterator[Pair]:
    """Pairs of a list from Wikidata: Latin word, native letters with blanks between, how often it was found."""
    found = [(folded(latin), pieces(native.replace(" ", "")), float(count)) for latin, native, count in _lines(source)]
    kept = [one for one in found if one[0] and [piece.script for piece in one[1]] == [source.script]]
    costs_bits = costs(model, [latin for latin, _, _ in kept])
    for (latin, (piece,), count), bits in zip(kept, costs_bits, strict=True):
        yield Pair(units(piece.native, source.script), latin, 1.0 + log2(count), bits)


def _rules(table: str, pairs: list[Pair]) -> Rules:
    return {unit: rule_row(table, unit) for unit in {unit for pair in pairs for unit in pair.units}}


def _write(name: str, rows: Rules) -> None:
    letters = sorted({one for row in rows.values() for one in row})
    number = {one: index for index, one in enumerate(letters)}
    entries = [(number[one], probability) for key in sorted(rows) for one, probability in rows[key].items()]
    np.savez_compressed(
        TABLES / f"{name}.npz",
        names=np.frombuffer("\n".join(sorted(rows)).encode(), np.uint8),
        counts=np.array([len(rows[key]) for key in sorted(rows)], np.uint8),
        letters=np.frombuffer("\n".join(letters).encode(), np.uint8),
        entries=np.array([entry for entry, _ in entries], np.uint16),
        bits=np.array([min(255, round(-log2(probability) * STEPS_A_BIT)) for _, probability in entries], np.uint8),
    )


if __name__ == "__main__":
    main()
