"""Many lookups: against peers of the same unit and hour, and against one's own weeks before."""

from collections import Counter, defaultdict
from math import sqrt

from comity.analysis.misuse.detector import Strange
from comity.analysis.misuse.traces import Sort, Trace
from comity.domain.misuse import Oddity

HOUR_SECONDS = 3_600
SPREAD = 0.5  # of what is expected: people differ by more than chance
BEFORE_KEEPS = 0.8  # of the mean of earlier weeks, each week


class Volume:
    oddity = Oddity.VOLUME

    def __init__(self) -> None:
        self._asked: dict[str, Counter[int]] = defaultdict(Counter)  # officer: by hour since 1970
        self._units: dict[str, str] = {}
        self._before: dict[str, float] = {}

    def see(self, trace: Trace) -> None:
        if trace.sort is Sort.ASKED:
            self._asked[trace.officer][int(trace.at // HOUR_SECONDS)] += 1
            self._units[trace.officer] = trace.unit

    def close(self, week: int) -> dict[str, Strange]:
        by_hour: Counter[tuple[str, int]] = Counter()  # lookups of a unit at an hour of the day
        officers: Counter[tuple[str, int]] = Counter()  # officers' hours in which they were made
        for officer, hours in self._asked.items():
            unit = self._units[officer]
            for hour, count in hours.items():
                by_hour[unit, hour % 24] += count
                officers[unit, hour % 24] += 1
        found = {
            officer: strange
            for officer, hours in self._asked.items()
            if (strange := self._strange(officer, hours, by_hour, officers))
        }
        for officer, hours in self._asked.items():
            count = sum(hours.values())
            before = self._before.get(officer, float(count))
            self._before[officer] = before * BEFORE_KEEPS + count * (1 - BEFORE_KEEPS)
        self._asked.clear()
        return found

    def _strange(
        self,
        officer: str,
        hours: Counter[int],
        by_hour: Counter[tuple[str, int]],
        officers: Counter[tuple[str, int]],
    ) -> Strange | None:
        unit, count, peers = self._units[officer], sum(hours.values()), 0.0
        for hour, own in hours.items():
            place = unit, hour % 24
            # One more officer's hour with one lookup, so that an hour that only they work says something too.
            peers += (by_hour[place] - own + 1) / officers[place]
        before = self._before.get(officer, 0.0)
        expected = max(peers, before)
        value = (count - expected) / sqrt(expected + (SPREAD * expected) ** 2 + 1)
        if value <= 0:
            return None
        return Strange(
            value,
            f"{count} lookups, where colleagues of {unit} in the same hours make {peers:.0f} "
            f"and this officer made {before:.0f} a week before",
        )
