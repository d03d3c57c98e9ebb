"""How rare a word of a name is: two people called Zbigniew are more surely one than two called Maria."""

import gzip
import re
from functools import cache
from importlib.resources import files
from math import log2

RARITY_MIN_BITS, RARITY_MAX_BITS = 4.0, 16.0
_FAMILY_DOUBT_BITS = 2.0  # an unknown spelling of known consonants is a little rarer than all their spellings together
_DOUBLED = re.compile(r"(.)\1+")
_SOFT = re.compile(r"[aeiouyhw]")
_SOUNDS = (
    ("ph", "f"),
    ("ck", "k"),
    ("q", "k"),
    ("c", "k"),
    ("x", "ks"),
    ("z", "s"),
    ("v", "b"),
    ("p", "b"),
    ("d", "t"),
)


def rarity(text: str) -> float:
    """Bits: log2 of one in how many bears this word in a name; between 4 and 16."""
    exact, by_consonants = _tables()
    known = exact.get(text)
    alike = by_consonants.get(consonants(text))
    bits = known if known is not None else RARITY_MAX_BITS
    if alike is not None:
        bits = min(bits, alike + _FAMILY_DOUBT_BITS)
    return min(max(bits, RARITY_MIN_BITS), RARITY_MAX_BITS, 1.5 + 3.0 * len(text))


def rarity_of_all(pattern: re.Pattern[str]) -> float:
    """Bits: log2 of one in how many bears any word that fits in a name."""
    share = sum(2.0**-bits for word, bits in _tables()[0].items() if pattern.fullmatch(word))
    return min(max(-log2(share), 0.0), RARITY_MAX_BITS) if share else RARITY_MAX_BITS


def consonants(text: str) -> str:
    """A coarse key of spellings that are probably of one name: consonants, related ones as one, doubled ones once."""
    for sound, letter in _SOUNDS:
        text = text.replace(sound, letter)
    return text[:1] + _SOFT.sub("", _DOUBLED.sub(r"\1", text[1:]))


@cache
def _tables() -> tuple[dict[str, float], dict[str, float]]:
    packed = files("comity.matching").joinpath("tables/frequency.tsv.gz").read_bytes()
    exact: dict[str, float] = {}
    by_consonants: dict[str, float] = {}
    for line in gzip.decompress(packed).decode().splitlines():
        word, bits = line.split("\t")
        (by_consonants if word.startswith("=") else exact)[word.removeprefix("=")] = int(bits) / 8.0
    return exact, by_consonants
