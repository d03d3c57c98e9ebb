"""Learns how rare the words of names are, from lists of names and the counts of transliterated ones (all CC0)."""

import csv
import gzip
import math
import unicodedata
from collections import Counter
from pathlib import Path

from anyascii import anyascii

from comity.matching.frequency import RARITY_MAX_BITS, consonants

LANGUAGES = ("arabic", "chinese", "hebrew", "japanese", "katakana", "korean", "russian")
_SHARES = {"transliteration": 0.5, "forenames": 0.2, "surnames": 0.3}
WORDS_MAX = 30_000
CONSONANTS_MAX = 12_000


def sources(data: Path) -> list[Path]:
    names = data / "names"
    return [
        *(names / "transliteration" / f"wd_{language}_64.gz" for language in LANGUAGES),
        names / "variants" / "common-forenames-by-country.csv",
        names / "variants" / "common-surnames-by-country.csv",
    ]


def learn(data: Path) -> bytes:
    """Lines of word and rarity in eighths of a bit; words that begin with = are consonants."""
    share = Counter[str]()
    for kind, counts in (
        ("transliteration", _transliterated(data)),
        ("forenames", _listed(data, "forenames")),
        ("surnames", _listed(data, "surnames")),
    ):
        total = sum(counts.values())
        for word, count in counts.items():
            share[word] += _SHARES[kind] * count / total
    by_consonants = Counter[str]()
    for word, value in share.items():
        by_consonants[consonants(word)] += value
    lines = [_line(word, value) for word, value in _most(share, WORDS_MAX)]
    lines += [_line("=" + key, value) for key, value in _most(by_consonants, CONSONANTS_MAX) if len(key) > 1]
    return gzip.compress("\n".join(sorted(lines)).encode(), 9, mtime=0)


def _most(share: Counter[str], count: int) -> list[tuple[str, float]]:
    return sorted(share.items(), key=lambda pair: (-pair[1], pair[0]))[:count]


def _line(word: str, share: float) -> str:
    return f"{word}\t{round(8 * min(RARITY_MAX_BITS, -math.log2(share)))}"


def _transliterated(data: Path) -> Counter[str]:
    """A word has the count of the language that knows it best: each counts the same people again."""
    best = Counter[str]()
    for path in sources(data)[: len(LANGUAGES)]:
        counts = Counter[str]()
        for line in gzip.decompress(path.read_bytes()).decode().splitlines():
            latin, _, count = line.split("\t")
            for word in _words(latin):
                counts[word] += int(count)
        best |= counts
    return best


def _listed(data: Path, which: str) -> Counter[str]:
    """Each country's list weighs the same; within it a name by its rank."""
    counts = Counter[str]()
    with (data / "names" / "variants" / f"common-{which}-by-country.csv").open(encoding="utf-8-sig") as lines:
        for row in csv.DictReader(lines):
            rank = row.get("Rank") or row.get("Index") or "50"
            for word in _words(row["Romanized Name"]):
                counts[word] += 1.0 / (4.0 + float(rank) if rank.isdigit() else 54.0)  # type: ignore[assignment]
    return counts


def _words(name: str) -> list[str]:
    plain = anyascii("".join(sign for sign in unicodedata.normalize("NFKD", name) if not unicodedata.combining(sign)))
    return [word for word in "".join(s if s.isalpha() else " " for s in plain.lower()).split() if len(word) > 1]
