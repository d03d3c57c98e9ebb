"""What is taken away: withdrawals, denials and recalls that are unusual for the officer and the unit."""

from collections import Counter, defaultdict
from math import sqrt

from comity.analysis.misuse.detector import Strange
from comity.analysis.misuse.traces import Sort, Trace
from comity.domain.misuse import Oddity

BEFORE_KEEPS = 0.9  # of the mean of earlier weeks, each week


class Removals:
    oddity = Oddity.REMOVALS

    def __init__(self) -> None:
        self._removed: Counter[str] = Counter()
        self._active: dict[str, set[str]] = defaultdict(set)  # unit: officers of this week
        self._units: dict[str, str] = {}
        self._before: dict[str, float] = defaultdict(float)

    def see(self, trace: Trace) -> None:
        if trace.unit:
            self._active[trace.unit].add(trace.officer)
            self._units[trace.officer] = trace.unit
        if trace.sort is Sort.REMOVED:
            self._removed[trace.officer] += 1

    def close(self, week: int) -> dict[str, Strange]:
        of_unit: Counter[str] = Counter()
        for officer, count in self._removed.items():
            of_unit[self._units.get(officer, "")] += count
        found = {}
        for officer, count in self._removed.items():
            unit = self._units.get(officer, "")
            peers = (of_unit[unit] - count) / max(1, len(self._active[unit]) - 1)
            expected = max(peers, self._before[officer])
            value = (count - expected) / sqrt(expected + 0.3)
            if value > 0:
                told = (
                    f"{count} withdrawals, denials or recalls, where colleagues of {unit or 'this node'} made "
                    f"{peers:.1f} each and this officer {self._before[officer]:.1f} a week before"
                )
                found[officer] = Strange(value, told)
        for officers in self._active.values():
            for officer in officers:
                self._before[officer] = self._before[officer] * BEFORE_KEEPS + self._removed[officer] * (
                    1 - BEFORE_KEEPS
                )
        self._removed.clear()
        self._active.clear()
        return found
