"""From where on a person is told of: what size and purpose let expect, and what a likeness proves against anyone."""

from enum import StrEnum
from functools import cache
from importlib.resources import files
from math import log2
from tomllib import loads
from typing import Any

import numpy as np
from numpy.typing import NDArray

from comity.domain.purpose import Purpose
from comity.matching.dates import DateLevel
from comity.matching.particulars import UNKNOWN, Field

# A short list is seldom drawn from all the world: it is about people of one region, whose names are near one another.
# None is taken for shorter. Falls without it: tests/matching/test_un_list.py
PERSONS_MIN = 16_384


class Aim(StrEnum):
    """What a wrong answer costs: a traveller stopped for nothing, or someone wanted who walks on."""

    FEW_FALSE_STOPS = "few-false-stops"
    FEW_MISSES = "few-misses"


AIMS = {
    Purpose.BORDER_CONTROL: Aim.FEW_FALSE_STOPS,
    Purpose.SECURITY_CHECK: Aim.FEW_FALSE_STOPS,
    **dict.fromkeys(
        (
            Purpose.WANTED_PERSONS,
            Purpose.LOCATE,
            Purpose.CRIMINAL_INVESTIGATION,
            Purpose.WARN,
            Purpose.IDENTIFY,
            Purpose.FORENSICS,
            Purpose.ANALYSIS,
        ),
        Aim.FEW_MISSES,
    ),
}


def prior(records: int, purpose: Purpose) -> float:
    """Bits before anything is compared: log2 of the chance that a person drawn from so many is the one asked for.

    Of the questions of a purpose a share concerns somebody in the collection. Sizes count by doublings, so that the
    bits of an answer do not tell how many records are held.
    """
    doublings = (max(records, PERSONS_MIN) - 1).bit_length()
    return log2(float(_settings()["expected-share"][AIMS[purpose]])) - doublings


def report_from(purpose: Purpose) -> float:
    """The probability from which a person is told of; its measured error rates stand beside it in thresholds.toml."""
    return float(_settings()["report-from"][AIMS[purpose]])


def against_anyone(bits: NDArray[np.float64], hows: NDArray[np.int64]) -> NDArray[np.float64]:
    """Of fields that were weighed against near names (rows of particulars.Field): what they prove against anyone.

    That two names are near is evidence itself, where nobody chose near ones beforehand; so is the very day of birth,
    and a document's number. What weighed more still weighs no less.
    """
    proved = bits.copy()
    learned, against = zip(*_settings()["against-anyone"]["name"], strict=True)
    named = hows[:, Field.NAME] != UNKNOWN
    proved[named, Field.NAME] = np.interp(bits[named, Field.NAME], learned, against)
    same_day = hows[:, Field.BIRTH] == DateLevel.SAME
    proved[same_day, Field.BIRTH] += float(_settings()["against-anyone"]["birth-same-more"])
    proved[hows[:, Field.DOCUMENT] != UNKNOWN, Field.DOCUMENT] += float(_settings()["against-anyone"]["document-more"])
    return proved


@cache
def _settings() -> dict[str, Any]:
    return loads((files("comity.matching") / "tables" / "thresholds.toml").read_text(encoding="utf-8"))
