"""How unusual is it among peers? In bits: of 2^bits weeks of officers with the same roles, one goes as far."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from comity.analysis.misuse.weeks import OfficerWeek
from comity.domain.misuse import Oddity

ODDITIES = tuple(Oddity)
PEER_WEEKS_MIN = 300  # fewer are compared with all officers together
Bits = NDArray[np.float64]


def bits_of(rows: Sequence[OfficerWeek]) -> Bits:
    """A row for each week, a column for each of ODDITIES; 0 where nothing is strange.

    Measured among these weeks themselves, so that what is common in this organisation counts for little here.
    """
    values = np.zeros((len(rows), len(ODDITIES)))
    for place, row in enumerate(rows):
        for oddity, strange in row.strange.items():
            values[place, _COLUMN[oddity]] = strange.value
    found, groups = np.zeros_like(values), _groups(rows)
    for members in groups:
        found[members] = _ranked(values[members], values[members])
    few = [place for members in groups if len(members) < PEER_WEEKS_MIN for place in members]
    if few:
        found[few] = _ranked(values[few], values)
    return found


def _groups(rows: Sequence[OfficerWeek]) -> list[list[int]]:
    by_roles: dict[str, list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        by_roles[row.roles].append(place)
    return list(by_roles.values())


def _ranked(values: Bits, among: Bits) -> Bits:
    """-log2 of the share of weeks that go at least as far; each counts itself."""
    found = np.zeros_like(values)
    for column in range(values.shape[1]):
        others = np.sort(among[:, column])
        as_far = len(others) - np.searchsorted(others, values[:, column] - 1e-9, side="left")
        bits = -np.log2(as_far / (len(others) + 1))
        found[:, column] = np.where(values[:, column] > 0, bits, 0.0)
    return found


_COLUMN = {oddity: place for place, oddity in enumerate(ODDITIES)}
