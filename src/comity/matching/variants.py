"""Other forms of a name that no likeness of spelling shows: Bill for William, and what scribes made of names."""

import gzip
from functools import cache
from importlib.resources import files

NICKNAME_LOST_BITS, VARIANT_LOST_BITS = 2.5, 4.0
VARIANTS_MAX = 24  # of one word; the lists give few words more


@cache
def _table() -> dict[str, list[tuple[str, float]]]:
    packed = files("comity.matching").joinpath("tables/variants.tsv.gz").read_bytes()
    found: dict[str, list[tuple[str, float]]] = {}
    for line in gzip.decompress(packed).decode().splitlines():
        one, other, kind = line.split("\t")
        lost = VARIANT_LOST_BITS if int(kind) else NICKNAME_LOST_BITS
        found.setdefault(one, []).append((other, lost))
        found.setdefault(other, []).append((one, lost))
    return found


def variants(text: str) -> tuple[tuple[str, float], ...]:
    """Other forms of a Latin word, and the bits that meeting it in that form loses; nicknames first."""
    found = sorted(_table().get(text, ()), key=lambda one: one[1])
    return tuple(found[:VARIANTS_MAX])
