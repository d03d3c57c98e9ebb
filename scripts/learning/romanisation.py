"""Learns how words of other scripts are written in Latin letters, from lists of pairs and of Japanese names."""

import csv
import gzip
import io
from collections import Counter
from collections.abc import Iterator
from math import log2
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from comity.matching.emissions import LETTERS_OF_A_SUBSTRING_MAX, STEPS_A_BIT
from comity.matching.rules import ascii_letters, rule_row, rules
from comity.matching.units import units
from comity.matching.writing import Script, folded, pieces
from learning.alignment import Pair, Rules, Width, usable
from learning.alignment import learn as aligned
from learning.letters import costs, letter_model

TRANSLITERATION, VARIANTS = Path("names/transliteration"), Path("names/variants")


class Source(NamedTuple):
    """One table to learn: its name, the script, the files, how many letters a unit may become."""

    table: str
    script: Script
    files: tuple[Path, ...]
    width: Width


SOURCES = (
    Source("arabic", Script.ARABIC, (TRANSLITERATION / "wd_arabic_64.gz",), Width(0, 4)),
    Source("cyrillic", Script.CYRILLIC, (TRANSLITERATION / "wd_russian_64.gz",), Width(0, 4)),
    Source("han", Script.HAN, (TRANSLITERATION / "wd_chinese_64.gz",), Width(1, 7)),
    Source("hangul", Script.HANGUL, (TRANSLITERATION / "wd_korean_64.gz",), Width(0, 4)),
    Source("hebrew", Script.HEBREW, (TRANSLITERATION / "wd_hebrew_64.gz",), Width(0, 4)),
    Source("kana", Script.KANA, (TRANSLITERATION / "wd_katakana_64.gz",), Width(0, 5)),
)
_WORDS_MAX, _WORD_COUNT_MIN, _GENUINE_MIN = 2500, 6, 0.5  # words learned whole
_BEARERS_MIN = 20_000
_SIGN_COUNT = 0.5  # of a sign never seen in one of the lists
KANJI = ("kanji", Width(1, 9))
KANJI_FILES = tuple(VARIANTS / f"ja_{name}_org.csv" for name in ("first_name_man", "first_name_woman", "last_name"))
_KANJI_NOISE_BITS = 40.0  # these lists hold no pair that is not one name
# Long vowels, and sounds that have two spellings, as passports and clerks write them; how often for the list's own.
_LONG = {"ou": (("o", 0.9), ("oh", 0.15), ("oo", 0.05)), "oo": (("o", 0.8), ("oh", 0.15)), "uu": (("u", 0.9),)}
_SPELT = {"shi": "si", "chi": "ti", "tsu": "tu", "fu": "hu", "ji": "zi", "sh": "sy", "ch": "ty", "j": "zy"}
_SPELT_SHARE = 0.03


def sources(data: Path, table: str) -> list[Path]:
    """What a table is learned from; all lists, for what all share."""
    lists = {source.table: source.files for source in SOURCES}
    japanese = {"kanji": KANJI_FILES, "japanese_families": KANJI_FILES[-1:], "origins": (*KANJI_FILES, *lists["han"])}
    lists |= {f"{name}_words": files for name, files in lists.items()} | {"pinyin": lists["han"]}
    everything = tuple(file for source in SOURCES for file in source.files)
    return [data / file for file in (lists | japanese | {"latin": everything})[table]]


def learn(data: Path, only: frozenset[str] = frozenset()) -> Iterator[tuple[str, bytes]]:
    """Files and what they are to hold; with `only`, of these scripts."""
    model = letter_model([folded(latin) for source in SOURCES for latin, _, _ in _lines(data, source) if folded(latin)])
    yield "latin.npz", _packed(bits=np.round(-model * STEPS_A_BIT).clip(0, 255).astype(np.uint8))
    for source in SOURCES:
        if not only or source.table in only:
            yield from _transliterated(data, source, model)
    if not only or "kanji" in only:
        yield from _japanese(data, model)


def _transliterated(data: Path, source: Source, model: NDArray[np.float64]) -> Iterator[tuple[str, bytes]]:
    pairs = usable(_pairs(data, source, model), source.width)
    begun = _rules(source.table, pairs)
    if source.table == "han":
        by_sound = _by_sound(pairs, source.width)
        yield "pinyin.npz", _table(by_sound)
        begun = {sign: by_sound[key] for sign in begun if (key := f"\t{ascii_letters(sign)}\t") in by_sound}
    # of a Chinese sign the neighbours say next to nothing
    learned = aligned(pairs, source.width, begun, in_context=source.script is not Script.HAN)
    yield f"{source.table}.npz", _table(learned.rows)
    yield f"{source.table}_words.npz", _table(_frequent_words(source.table, pairs, learned.genuine))


def _japanese(data: Path, model: NDArray[np.float64]) -> Iterator[tuple[str, bytes]]:
    table, width = KANJI
    names = usable(_japanese_names(data), width)
    yield f"{table}.npz", _table(aligned(names, width, {}).rows)
    yield "japanese_families.txt", _families(data)
    chinese = next(source for source in SOURCES if source.table == "han")
    yield "origins.npz", _origins(names, list(_pairs(data, chinese, model)))


def _by_sound(pairs: list[Pair], width: Width) -> Rules:
    """What signs that Mandarin reads alike become together: for rare signs, and simplified beside traditional ones."""
    sounds = [pair._replace(units=tuple(ascii_letters(unit) or unit for unit in pair.units)) for pair in pairs]
    return aligned(sounds, width, {unit: {unit: 1.0} for pair in sounds for unit in pair.units}, in_context=False).rows


def _lines(data: Path, source: Source) -> Iterator[list[str]]:
    for file in source.files:
        with gzip.open(data / file, "rt", encoding="utf-8") as lines:
            yield from (line.rstrip("\n").split("\t") for line in lines)


def _pairs(data: Path, source: Source, model: NDArray[np.float64]) -> Iterator[Pair]:
    """Pairs of a list from Wikidata: Latin word, native letters with blanks between, how often it was found."""
    found = [
        (folded(latin), pieces(native.replace(" ", "")), float(count)) for latin, native, count in _lines(data, source)
    ]
    kept = [one for one in found if one[0] and [piece.script for piece in one[1]] == [source.script]]
    costs_bits = costs(model, [latin for latin, _, _ in kept])
    for (latin, (piece,), count), bits in zip(kept, costs_bits, strict=True):
        yield Pair(piece.native, units(piece.native, source.script), latin, count, 1.0 + log2(count) / 2, bits)


def _japanese_names(data: Path) -> Iterator[Pair]:
    """Given names as often as listed, family names by how many bear them; each reading in its usual spellings."""
    for file in KANJI_FILES:
        with (data / file).open(encoding="utf-8") as lines:
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


def _table(rows: Rules) -> bytes:
    letters = sorted({one for row in rows.values() for one in row})
    number = {one: index for index, one in enumerate(letters)}
    entries = [(number[one], probability) for key in sorted(rows) for one, probability in rows[key].items()]
    return _packed(
        names=np.frombuffer("\n".join(sorted(rows)).encode(), np.uint8),
        counts=np.array([len(rows[key]) for key in sorted(rows)], np.uint8),
        letters=np.frombuffer("\n".join(letters).encode(), np.uint8),
        entries=np.array([entry for entry, _ in entries], np.uint16),
        bits=np.array([min(255, round(-log2(probability) * STEPS_A_BIT)) for _, probability in entries], np.uint8),
    )


def _families(data: Path) -> bytes:
    """Family names by which a Japanese name without a blank is cut."""
    with (data / KANJI_FILES[-1]).open(encoding="utf-8") as lines:
        found = sorted(row[0] for row in csv.reader(lines) if int(row[1]) >= _BEARERS_MIN and len(row[0]) > 1)
    return ("\n".join(found) + "\n").encode()


def _origins(japanese: list[Pair], chinese: list[Pair]) -> bytes:
    """How much oftener, in bits, a sign stands in names of Japanese than in names that Chinese transliterates."""
    counts = [Counter[str](), Counter[str]()]
    for pairs, count in zip((japanese, chinese), counts, strict=True):
        for pair in pairs:
            for sign in pair.native:
                count[sign] += pair.weight
    signs = sorted(sign for sign in counts[0].keys() | counts[1].keys() if not sign.isascii())
    shares = [np.array([count[sign] + _SIGN_COUNT for sign in signs]) for count in counts]
    bits = np.log2(shares[0] / shares[0].sum()) - np.log2(shares[1] / shares[1].sum())
    return _packed(
        signs=np.frombuffer("".join(signs).encode(), np.uint8), bits=bits.round().clip(-15, 15).astype(np.int8)
    )


def _packed(**arrays: NDArray[np.generic]) -> bytes:
    file = io.BytesIO()
    np.savez_compressed(file, allow_pickle=False, **arrays)
    return file.getvalue()
