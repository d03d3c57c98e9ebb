"""What a scan finds: the weeks that call for a person, and what people found of those before."""

from collections.abc import Sequence
from typing import NamedTuple

from comity.analysis.misuse.examples import Example
from comity.domain.misuse import Oddity, Sign


class Suspect(NamedTuple):
    """A week above the threshold, or one with a honey record in it."""

    officer: str
    unit: str
    week: int
    score: float
    signs: tuple[Sign, ...]
    bits: dict[Oddity, float]


class Suspects(NamedTuple):
    officers: int
    weeks: int  # of one officer each: all were compared
    threshold: float
    found: tuple[Suspect, ...]


class Reviewed(NamedTuple):
    """What people found of earlier alarms."""

    examples: Sequence[Example] = ()
    misuse: frozenset[tuple[str, int]] = frozenset()  # officer and week, which do not count as false alarms
