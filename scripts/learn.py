"""Learns from lists of names how words of other scripts are written in Latin letters: `make learn`."""

import csv
import gzip
import os
import sys
from collections import Counter
from collections.abc import Iterator
from math import log2
from pathlib import Path
from typing import NamedTuple

import numpy as np
from learning.alignment import Pair, Rules, learn, usable
from learning.letters import costs, letter_model
from numpy.typing import NDArray

from comity.matching.emissions import LETTERS_OF_A_SUBSTRING_MAX, STEPS_A_BIT
from comity.matching.rules import ascii_letters, rule_row, rules
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
_WORDS_MAX, _WORD_COUNT_MIN, _GENUINE_MIN = 2500, 6, 0.5  # words learned whole
_BEARERS_MIN = 20_000
_SIGN_COUNT = 0.5  # of a sign never seen in one of the lists
KANJI = ("kanji", 9)
KANJI_FILES = tuple(VARIANTS / f"ja_{name}_org.csv" for name in ("first_name_man", "first_name_woman", "last_name"))
_KANJI_NOISE_BITS = 40.0  # these lists hold no pair that is not one name
# Long vowels, and sounds that have two spellings, as passports and clerks write them; how often for the list's own.
_LONG = {"ou": (("o", 0.9), ("oh", 0.15), ("oo", 0.05)), "oo": (("o", 0.8), ("oh", 0.15)), "uu": (("u", 0.9),)}
_SPELT = {"shi": "si", "chi": "ti", "tsu": "tu", "fu": "hu", "ji": "zi", "sh": "sy", "ch": "ty", "j": "zy"}
_SPELT_SHARE = 0.03


def main() -> None:
    """All tables, or those named."""
    named = set(sys.argv[1:])
    model = letter_model([word for word in _latin_words() if word])
    _save("latin", bits=np.round(-model * STEPS_A_BIT).clip(0, 255).astype(np.uint8))
    for source in SOURCES:
        if not named or source.table in named:
            pairs = usable(_transliterations(source, model), source.letters_max)
            by_hand = _rules(source.table, pairs)
            begun = _by_sound(pairs, source.letters_max) if source.table == "han" else by_hand
            # of a Chinese sign the neighbours say next to nothing
            learned = learn(pairs, source.letters_max, begun, in_context=source.script is not Script.HAN)
            _write(source.table, learned.rows)
            _write(f"{source.table}_words", _frequent_words(source.table, pairs, learned.genuine))
    if not named or "kanji" in named:
        table, letters_max = KANJI
        japanese = usable(_japanese_names(), letters_max)
        _write(table, learn(japanese, letters_max, {}).rows)
        _write_families()
        _write_origins(japanese, list(_transliterations(next(one for one in SOURCES if one.table == "han"), model)))


def _by_sound(pairs: list[Pair], letters_max: int) -> Rules:
    """What signs that Mandarin reads alike become together: for rare signs, and simplified beside traditional ones."""
    sounds = [pair._replace(units=tuple(ascii_letters(unit) or unit for unit in pair.units)) for pair in pairs]
    rows = learn(
        sounds, letters_max, {unit: {unit: 1.0} for pair in sounds for unit in pair.units}, in_context=False
    ).rows
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
        yield Pair(piece.native, units(piece.native, source.script), latin, count, 1.0 + log2(count) / 2, bits)


def _japanese_names() -> Iterator[Pair]:
    """Given names as often as listed, family names by how many bear them; each reading in its usual spellings."""
    for file in KANJI_FILES:
        with (SAMPLES / file).open(encoding="utf-8") as lines:
            for row in csv.reader(lines):
                named = (
                    [(row[0], row[3], log2(float(row[1])) / 2)]
                    if "last" in file.name
                    else [(k, row[1], 0.3) for k in row[2:]]
                )
                for kanji, reading, weight in named:
                    yield from _spelt(kanji, folded(reading), weight)


def _spelt(kanji: str, reading: str, weight: float) -> Iterator[Pair]:
    found = [piece for piece in pieces(kanji) if piece.script in (Script.HAN, Script.KANA)]
    if len(found) == 1:
        for latin, share in spellings(reading).items():
            native = found[0].native
            yield Pair(native, units(native, Script.HAN), latin, weight, weight * share, _KANJI_NOISE_BITS)


def spellings(reading: str) -> dict[str, float]:
    """A reading as the list has it (`satou`), and how else it is written (`sato`, `satoh`), with shares."""
    found = {reading: 1.0}
    for long, others in _LONG.items():
        for latin, share in list(found.items()):
            for other, part in others if long in latin else ():
                found[latin.replace(long, other)] = share * part
    for sound, other in _SPELT.items():
        if sound in reading:
            found.setdefault(reading.replace(sound, other), _SPELT_SHARE)
    whole = sum(found.values())
    return {latin: share / whole for latin, share in found.items()}


def _frequent_words(table: str, pairs: list[Pair], genuine: NDArray[np.float64]) -> Rules:
    """Whole words found so often that their spellings need no rule; not those that hand-written rules hold."""
    found: dict[str, dict[str, float]] = {}
    for pair, probability in zip(pairs, genuine, strict=True):
        if probability > _GENUINE_MIN and len(pair.latin) <= LETTERS_OF_A_SUBSTRING_MAX:
            row = found.setdefault(pair.native, {})
            row[pair.latin] = row.get(pair.latin, 0.0) + pair.count
    totals = {
        native: sum(row.values()) for native, row in found.items() if native not in rules().get(f"{table}_words", {})
    }
    frequent = sorted(totals, key=lambda native: (-totals[native], native))[:_WORDS_MAX]
    return {
        f"\t{native}\t": {
            latin: count / totals[native] for latin, count in found[native].items() if count > totals[native] / 50
        }
        for native in frequent
        if totals[native] >= _WORD_COUNT_MIN
    }


def _rules(table: str, pairs: list[Pair]) -> Rules:
    return {unit: rule_row(table, unit) for unit in {unit for pair in pairs for unit in pair.units}}


def _write(name: str, rows: Rules) -> None:
    letters = sorted({one for row in rows.values() for one in row})
    number = {one: index for index, one in enumerate(letters)}
    entries = [(number[one], probability) for key in sorted(rows) for one, probability in rows[key].items()]
    _save(
        name,
        names=np.frombuffer("\n".join(sorted(rows)).encode(), np.uint8),
        counts=np.array([len(rows[key]) for key in sorted(rows)], np.uint8),
        letters=np.frombuffer("\n".join(letters).encode(), np.uint8),
        entries=np.array([entry for entry, _ in entries], np.uint16),
        bits=np.array([min(255, round(-log2(probability) * STEPS_A_BIT)) for _, probability in entries], np.uint8),
    )


def _write_families() -> None:
    """Family names by which a Japanese name without a blank is cut."""
    with (SAMPLES / KANJI_FILES[-1]).open(encoding="utf-8") as lines:
        found = sorted(row[0] for row in csv.reader(lines) if int(row[1]) >= _BEARERS_MIN and len(row[0]) > 1)
    (TABLES / "japanese_families.txt").write_text("\n".join(found) + "\n", encoding="utf-8")


def _write_origins(japanese: list[Pair], chinese: list[Pair]) -> None:
    """Of each sign: how much oftener, in bits, it stands in names of Japanese than in names that Chinese transliterates."""
    counts = [Counter[str](), Counter[str]()]
    for pairs, count in zip((japanese, chinese), counts, strict=True):
        for pair in pairs:
            for sign in pair.native:
                count[sign] += pair.weight
    signs = sorted(sign for sign in counts[0].keys() | counts[1].keys() if len(sign.encode()) > 1)
    shares = [np.array([count[sign] + _SIGN_COUNT for sign in signs]) for count in counts]
    bits = np.log2(shares[0] / shares[0].sum()) - np.log2(shares[1] / shares[1].sum())
    _save(
        "origins",
        signs=np.frombuffer("".join(signs).encode(), np.uint8),
        bits=bits.round().clip(-15, 15).astype(np.int8),
    )


def _save(name: str, **arrays: NDArray[np.generic]) -> None:
    np.savez_compressed(TABLES / f"{name}.npz", allow_pickle=False, **arrays)


if __name__ == "__main__":
    main()
