"""Which weeks are worth a person's time: as many as are allowed, the strangest first, each with its reasons."""

from bisect import bisect_left
from collections.abc import Sequence
from math import floor
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from comity.analysis.misuse.examples import Example
from comity.analysis.misuse.surprise import ODDITIES, Bits, bits_of
from comity.analysis.misuse.suspect import Suspect, Suspects
from comity.analysis.misuse.weeks import OfficerWeek
from comity.analysis.misuse.weights import learned, parts
from comity.domain.misuse import Oddity, Sign

OFFICERS_OF_BUDGET = 200
QUIET_WEEKS = 4  # after an alarm about an officer
SIGN_BITS_MIN = 5.0  # less is not told as a reason


class Scored(NamedTuple):
    """Each week with what adds to its score."""

    weeks: Sequence[OfficerWeek]
    bits: Bits
    parts: Bits

    @property
    def scores(self) -> NDArray[np.float64]:
        found: NDArray[np.float64] = self.parts.sum(axis=1)
        return found


def suspects(
    weeks: Sequence[OfficerWeek],
    examples: Sequence[Example],
    misuse: frozenset[tuple[str, int]],
    false_alarms: float,
    judged: range,
) -> Suspects:
    found = scored(weeks, learned(examples))
    above = threshold(found, false_alarms, misuse)
    last = max((one.week for one in weeks), default=0)
    places = [
        place
        for place in sorted({*raised(found, above), *with_honey(found)})
        if weeks[place].week in judged and (weeks[place].week < last or Oddity.HONEY in weeks[place].strange)
    ]
    return Suspects(
        officers=len({one.officer for one in weeks}),
        weeks=len(weeks),
        threshold=above,
        found=tuple(_suspect(found, place) for place in places),
    )


def scored(weeks: Sequence[OfficerWeek], weights: NDArray[np.float64]) -> Scored:
    bits = bits_of(weeks)
    return Scored(weeks, bits, parts(bits, weights))


def threshold(found: Scored, false_alarms: float, misuse: frozenset[tuple[str, int]] = frozenset()) -> float:
    """So high that above it no more alarms are raised than false ones are allowed.

    `false_alarms` for 200 officers in a week. Weeks that were found to be misuse are not counted; all others count as
    false, so there are never more.
    """
    weeks = found.weeks
    allowed = floor(len(weeks) / OFFICERS_OF_BUDGET * false_alarms)
    lawful = [(one.officer, one.week) not in misuse for one in weeks]
    scores: list[float] = sorted({0.0, *map(float, found.scores)})

    def too_many(place: int) -> bool:
        return sum(lawful[one] for one in raised(found, scores[place])) > allowed

    return scores[bisect_left(range(len(scores) - 1), True, key=lambda place: not too_many(place))]


def raised(found: Scored, above: float) -> list[int]:
    """Places of the weeks that are alarms, in their order.

    After one, the same officer has another only four weeks later, or where a week is stranger still.
    """
    last: dict[str, tuple[int, float]] = {}  # officer: week and score of the last alarm
    places, scores = [], found.scores
    for place in map(int, np.flatnonzero(scores > above)):
        one, score = found.weeks[place], float(scores[place])
        week, before = last.get(one.officer, (-QUIET_WEEKS, 0.0))
        if one.week - week >= QUIET_WEEKS or score > before:
            last[one.officer] = one.week, score
            places.append(place)
    return places


def with_honey(found: Scored) -> list[int]:
    """Places of the weeks in which a honey record was shown: alarms, whatever their score."""
    return [place for place, one in enumerate(found.weeks) if Oddity.HONEY in one.strange]


def _suspect(found: Scored, place: int) -> Suspect:
    week = found.weeks[place]
    return Suspect(
        officer=week.officer,
        unit=week.unit,
        week=week.week,
        score=round(float(found.scores[place]), 2),
        signs=_signs(found, place),
        bits={oddity: round(float(bits), 2) for oddity, bits in zip(ODDITIES, found.bits[place], strict=True) if bits},
    )


def _signs(found: Scored, place: int) -> tuple[Sign, ...]:
    """Why: what adds most, first."""
    week, told = found.weeks[place], []
    for column in np.argsort(-found.parts[place], kind="stable"):
        oddity, bits = ODDITIES[column], float(found.bits[place, column])
        if oddity in week.strange and (bits >= SIGN_BITS_MIN or oddity is Oddity.HONEY):
            part = round(float(found.parts[place, column]), 2)
            text = f"{week.strange[oddity].told}; one in {2**bits:,.0f} weeks of {week.roles} goes as far"
            told.append(Sign(oddity=oddity, bits=round(bits, 1), score=part, told=text))
    return tuple(told)
