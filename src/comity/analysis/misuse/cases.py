"""A case number for what is not of that case: much that nobody else asks in it, or a case of another unit."""

from collections import Counter, defaultdict
from math import log2

from comity.analysis.misuse.detector import Strange
from comity.analysis.misuse.traces import Sort, Trace
from comity.domain.misuse import Oddity

CASE_FORGOTTEN_WEEKS = 12
BEFORE_KEEPS = 0.9  # of what was counted of a unit in earlier weeks, each week


class OneCase:
    """A case number that serves for many persons and things of whom nobody else asked in that case."""

    oddity = Oddity.ONE_CASE

    def __init__(self) -> None:
        self._asked: dict[tuple[str, str], set[str]] = defaultdict(set)  # case and officer: keys
        self._others: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))  # case, key: officers
        self._officers: dict[str, set[str]] = defaultdict(set)  # case

    def see(self, trace: Trace) -> None:
        if trace.sort is Sort.ASKED and trace.case:
            self._asked[trace.case, trace.officer].add(trace.key)
            self._others[trace.case][trace.key].add(trace.officer)
            self._officers[trace.case].add(trace.officer)

    def close(self, week: int) -> dict[str, Strange]:
        found: dict[str, Strange] = {}
        for (case, officer), keys in self._asked.items():
            if len(keys) < 2:
                continue
            asked = self._others[case]
            shared = sum(len(asked[key]) > 1 for key in keys)
            others = self._officers[case] - {officer}
            usual = (len(asked) - len(keys) + shared) / len(others) if others else 0.0
            alone = len(keys) - shared
            value = alone / (1 + usual)
            if alone > 1 and (officer not in found or value > found[officer].value):
                told = f"{alone} persons or things in case {case} for which nobody else asked in it"
                found[officer] = Strange(value, told)
        for seen in (self._asked, self._others, self._officers):
            seen.clear()
        return found


class ForeignCase:
    """A case of another unit, in which nobody of the officer's own has any part."""

    oddity = Oddity.FOREIGN_CASE

    def __init__(self) -> None:
        self._now: dict[str, Counter[str]] = defaultdict(Counter)  # officer: by case
        self._parts: dict[str, set[tuple[str, str]]] = defaultdict(set)  # case: units and officers
        self._seen: dict[str, int] = {}  # case: the last week
        self._units: dict[str, str] = {}
        self._asked: dict[str, float] = defaultdict(float)  # of a unit
        self._foreign: dict[str, float] = defaultdict(float)

    def see(self, trace: Trace) -> None:
        if not trace.case or trace.sort is Sort.SHOWN:
            return
        self._parts[trace.case].add((trace.unit, trace.officer))
        self._units[trace.officer] = trace.unit
        if trace.sort is Sort.ASKED:
            self._now[trace.officer][trace.case] += 1

    def close(self, week: int) -> dict[str, Strange]:
        found, told = {}, []
        for officer, cases in self._now.items():
            unit = self._units[officer]
            foreign = sum(count for case, count in cases.items() if self._is_foreign(case, unit, officer))
            told.append((unit, cases.total(), foreign))
            if foreign:
                share = (self._foreign[unit] + 1) / (self._asked[unit] + 4)
                text = f"{foreign} lookups in cases of other units; in {unit} one in {1 / share:.0f} is"
                found[officer] = Strange(foreign * -log2(min(share, 0.9)), text)
        for kept in (self._asked, self._foreign):
            for unit in kept:
                kept[unit] *= BEFORE_KEEPS
        for unit, asked, foreign in told:
            self._asked[unit] += asked
            self._foreign[unit] += foreign
        self._forget(week)
        return found

    def _is_foreign(self, case: str, unit: str, officer: str) -> bool:
        others = [one for one, who in self._parts[case] if who != officer]
        return bool(others) and unit not in others

    def _forget(self, week: int) -> None:
        for cases in self._now.values():
            for case in cases:
                self._seen[case] = week
        self._now.clear()
        for case in [one for one, last in self._seen.items() if last < week - CASE_FORGOTTEN_WEEKS]:
            self._seen.pop(case)
            self._parts.pop(case, None)
