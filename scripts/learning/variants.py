"""Packs the lists of short forms (nicknames) and of variants of names into one table."""

import csv
import gzip
from pathlib import Path

NICKNAME, VARIANT = 0, 1


def sources(data: Path) -> list[Path]:
    folder = data / "names" / "variants"
    lists = ("nicknames.csv", "given_variants_clorinda_reviewed.tsv", "surname_variants_clorinda_reviewed.tsv")
    return [folder / name for name in lists]


def learn(data: Path) -> bytes:
    """Lines of two words and 0 (short form) or 1 (variant), each pair once."""
    nicknames, *variants = sources(data)
    found: dict[tuple[str, str], int] = {}
    for path in variants:
        for line in path.read_text(encoding="utf-8").splitlines():
            one, other = line.split("\t")[:2]
            _put(found, one, other, VARIANT)
    with nicknames.open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            _put(found, row["name1"], row["name2"], NICKNAME)
    text = "\n".join(f"{one}\t{other}\t{kind}" for (one, other), kind in sorted(found.items()))
    return gzip.compress(text.encode(), 9, mtime=0)


def _put(found: dict[tuple[str, str], int], one: str, other: str, kind: int) -> None:
    low, high = sorted((one.strip().lower(), other.strip().lower()))
    if low != high and low.isascii() and high.isascii() and low.isalpha() and high.isalpha():
        found[low, high] = kind
