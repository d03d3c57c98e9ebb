"""Another purpose than the one for which a case is worked on, or for which the unit works."""

from collections import Counter, defaultdict
from math import log2

from comity.analysis.misuse.detector import Strange
from comity.analysis.misuse.traces import Sort, Trace
from comity.domain.misuse import Oddity
from comity.domain.purpose import Purpose

USUAL_BITS = 4.0
LOOKUP_BITS_MAX = 6.0
UNIT_COUNTS_AS = 4.0  # lookups of the case
CASE_FORGOTTEN_WEEKS = 12


class Purposes:
    oddity = Oddity.PURPOSE

    def __init__(self) -> None:
        self._now: dict[str, list[Trace]] = defaultdict(list)
        self._cases: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)  # case: officer and purpose
        self._seen: dict[str, int] = {}  # case: the last week
        self._units: dict[str, Counter[str]] = defaultdict(Counter)
        self._own: dict[str, Counter[str]] = defaultdict(Counter)

    def see(self, trace: Trace) -> None:
        if trace.sort is Sort.ASKED and trace.purpose:
            self._now[trace.officer].append(trace)
            if trace.case:
                self._cases[trace.case][trace.officer, trace.purpose] += 1

    def close(self, week: int) -> dict[str, Strange]:
        found = {}
        for officer, asked in self._now.items():
            if strange := self._strange(officer, asked):
                found[officer] = strange
        for officer, asked in self._now.items():
            for one in asked:
                self._units[one.unit][one.purpose] += 1
                self._own[officer][one.purpose] += 1
                self._seen[one.case] = week
        self._now.clear()
        for case in [one for one, last in self._seen.items() if last < week - CASE_FORGOTTEN_WEEKS]:
            self._seen.pop(case)
            self._cases.pop(case, None)
        return found

    def _strange(self, officer: str, asked: list[Trace]) -> Strange | None:
        value, odd = 0.0, Counter[str]()
        for (unit, case, purpose), count in Counter((one.unit, one.case, one.purpose) for one in asked).items():
            bits = self._bits(officer, unit, case, purpose) - USUAL_BITS
            if bits > 0:
                value += min(bits, LOOKUP_BITS_MAX) * count
                odd[purpose] += count
        if not odd:
            return None
        purpose, count = odd.most_common(1)[0]
        return Strange(value, f"{count} lookups for {purpose} in cases that others work on for something else")

    def _bits(self, officer: str, unit: str, case: str, purpose: str) -> float:
        colleagues, own = self._units[unit], self._own[officer]
        # The unit without this officer: whoever does it always must not make it usual for themselves.
        total = max(0, colleagues.total() - own.total())
        usual = (max(0, colleagues[purpose] - own[purpose]) + 1) / (total + len(Purpose))
        same = every = 0
        for (who, for_what), count in self._cases.get(case, _NONE).items():
            if who != officer:
                every += count
                same += count * (for_what == purpose)
        return -log2((same + UNIT_COUNTS_AS * usual) / (every + UNIT_COUNTS_AS))


_NONE: Counter[tuple[str, str]] = Counter()
