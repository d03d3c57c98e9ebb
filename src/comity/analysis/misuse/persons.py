"""One person or thing under case after case, for which hardly anybody else asks."""

from collections import defaultdict

from comity.analysis.misuse.detector import Strange
from comity.analysis.misuse.traces import Sort, Trace
from comity.domain.misuse import Oddity

WEEKS_REMEMBERED = 26
TIDIED_EVERY_WEEKS = 8


class SamePerson:
    """Remembers of each lookup its week, and hashes of who asked and in which case: no names."""

    oddity = Oddity.SAME_PERSON

    def __init__(self) -> None:
        self._asked: dict[int, tuple[tuple[int, int, int], ...]] = {}  # key: week, officer, case
        self._now: dict[str, set[int]] = defaultdict(set)  # officer: keys of this week
        self._waiting: list[tuple[int, int, int]] = []  # key, officer, case

    def see(self, trace: Trace) -> None:
        if trace.sort is Sort.ASKED and trace.key and trace.case:
            key = hash(trace.key)
            self._now[trace.officer].add(key)
            self._waiting.append((key, hash(trace.officer), hash(trace.case)))

    def close(self, week: int) -> dict[str, Strange]:
        for key, officer, case in self._waiting:
            known = self._asked.get(key, ())
            if not any(one[1] == officer and one[2] == case for one in known):
                self._asked[key] = (*known, (week, officer, case))
        found = {}
        for name, keys in self._now.items():
            if (strange := max((self._strange(hash(name), key, week) for key in keys), default=None)) and strange.value:
                found[name] = strange
        self._waiting.clear()
        self._now.clear()
        if week % TIDIED_EVERY_WEEKS == 0:
            self._tidy(week)
        return found

    def _strange(self, officer: int, key: int, week: int) -> Strange:
        asked = self._asked[key]
        if len(asked) < 2:
            return _NOT
        fresh = [one for one in asked if one[0] > week - WEEKS_REMEMBERED]
        own = len({case for _, who, case in fresh if who == officer})
        others = len({(who, case) for _, who, case in fresh if who != officer})
        if own < 2:
            return _NOT
        told = f"the same person or thing under {own} cases in half a year; all others together: {others}"
        return Strange((own - 1) * own / (own + others), told)

    def _tidy(self, week: int) -> None:
        least = week - WEEKS_REMEMBERED
        kept = {key: tuple(one for one in asked if one[0] > least) for key, asked in self._asked.items()}
        self._asked = {key: asked for key, asked in kept.items() if asked}


_NOT = Strange(0.0, "")
