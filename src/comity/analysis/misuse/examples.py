"""Weeks of which it is known whether they were misuse: those that come with Comity, and those that people reviewed."""

from functools import cache
from importlib.resources import files

import msgspec
from msgspec import Struct

from comity.domain.misuse import Oddity

REVIEWED_COUNTS_AS = 20.0  # examples of the generated year: what people here found weighs more


class Example(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    bits: dict[Oddity, float]
    misuse: bool = False
    counts: float = 1.0  # as so many


@cache
def shipped() -> tuple[Example, ...]:
    """Of a generated year: of nobody. Written by benchmarks/misuse.py."""
    content = files("comity.analysis.misuse").joinpath("examples.json").read_bytes()
    return msgspec.json.decode(content, type=tuple[Example, ...])
