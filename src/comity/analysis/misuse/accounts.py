"""Accounts in other hands: one that slept and wakes, one that is at two places at once."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from math import asin, cos, log2, radians, sin, sqrt

from comity.analysis.misuse.detector import Strange
from comity.analysis.misuse.traces import DAY_SECONDS, Sort, Trace
from comity.domain.misuse import Oddity
from comity.domain.site import Site

SLEPT_DAYS = 28
SHIFT_SECONDS = DAY_SECONDS // 2
AWAKE_SECONDS = 7 * DAY_SECONDS  # for so long after it woke it is looked at
EARTH_KM = 6_371.0
SPEED_KM_PER_HOUR_MAX = 150.0  # from desk to desk
COMMON_LINE_OFFICERS = 3.0  # who hop to a site, until hopping there counts half
APART_KM = 20.0  # nearer sites are one


class Dormant:
    """An account that wakes and does at once more than it did in a shift before it slept."""

    oddity = Oddity.DORMANT

    def __init__(self) -> None:
        self._last: dict[str, float] = {}
        self._woke: dict[str, tuple[float, float]] = {}  # when, and after how many days
        self._shifts: dict[str, Counter[int]] = defaultdict(Counter)  # of this week
        self._before: dict[str, tuple[int, int]] = {}  # lookups, and shifts in which they were made

    def see(self, trace: Trace) -> None:
        last = self._last.get(trace.officer, trace.at)
        if trace.at - last > SLEPT_DAYS * DAY_SECONDS:
            self._woke[trace.officer] = trace.at, (trace.at - last) / DAY_SECONDS
        self._last[trace.officer] = max(last, trace.at)
        if trace.sort is Sort.ASKED:
            self._shifts[trace.officer][int(trace.at // SHIFT_SECONDS)] += 1

    def close(self, week: int) -> dict[str, Strange]:
        found = {}
        for officer, shifts in self._shifts.items():
            most, (lookups, worked) = max(shifts.values()), self._before.get(officer, (0, 0))
            if officer in self._woke:
                woke, slept_days = self._woke[officer]
                usual = (lookups + 1) / (worked + 1)
                told = (
                    f"{most} lookups in twelve hours after {slept_days:.0f} days in which the account was not used; "
                    f"before them it was {usual:.1f}"
                )
                found[officer] = Strange(log2(slept_days / SLEPT_DAYS + 1) * log2(1 + most / (1 + usual)), told)
                if self._last[officer] > woke + AWAKE_SECONDS:
                    del self._woke[officer]
            self._before[officer] = lookups + shifts.total(), worked + len(shifts)
        self._shifts.clear()
        return found


class Travel:
    """A site counts less the more weeks the officer has used it, and the more officers hop to it: a common line."""

    oddity = Oddity.TRAVEL

    def __init__(self, sites: Iterable[Site]) -> None:
        self.sites = {one.name: one for one in sites}
        self._last: dict[str, tuple[float, str]] = {}
        self._hops: dict[str, list[str]] = defaultdict(list)  # of this week: to the rarer site of the two
        self._used: dict[tuple[str, str], set[int]] = defaultdict(set)  # officer and site: weeks
        self._hopped: dict[str, set[str]] = defaultdict(set)  # site: officers, in weeks before
        self._told: dict[str, str] = {}

    def see(self, trace: Trace) -> None:
        if trace.sort is not Sort.ASKED or trace.site not in self.sites:
            return
        before = self._last.get(trace.officer)
        self._last[trace.officer] = trace.at, trace.site
        self._used[trace.officer, trace.site].add(trace.week)
        if before is None or before[1] == trace.site:
            return
        way_km, hours = distance_km(self.sites[before[1]], self.sites[trace.site]), (trace.at - before[0]) / 3_600
        if way_km > APART_KM and way_km > hours * SPEED_KM_PER_HOUR_MAX:
            rarer = min((before[1], trace.site), key=lambda site: len(self._used[trace.officer, site]))
            self._hops[trace.officer].append(rarer)
            self._told[trace.officer] = (
                f"{before[1]} and {trace.site}, {way_km:.0f} km apart, within {hours * 60:.0f} minutes"
            )

    def close(self, week: int) -> dict[str, Strange]:
        found = {}
        for officer, hops in self._hops.items():
            value = sum(
                1 / len(self._used[officer, site]) / (1 + len(self._hopped[site] - {officer}) / COMMON_LINE_OFFICERS)
                for site in hops
            )
            told = f"{len(hops)} times at two places at once, such as {self._told[officer]}"
            found[officer] = Strange(value, told)
        for officer, hops in self._hops.items():
            for site in hops:
                self._hopped[site].add(officer)
        self._hops.clear()
        return found


def distance_km(one: Site, other: Site) -> float:
    """Along a great circle (haversine)."""
    north, south = radians(one.latitude), radians(other.latitude)
    across = sin((south - north) / 2) ** 2
    along = cos(north) * cos(south) * sin(radians(other.longitude - one.longitude) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(across + along))
