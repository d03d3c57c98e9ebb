"""Hits after which nothing was done: whoever looks somebody up for work does something when they are found."""

from collections import Counter, defaultdict, deque
from math import sqrt

from comity.analysis.misuse.detector import Strange
from comity.analysis.misuse.traces import DAY_SECONDS, Sort, Trace, week_of
from comity.domain.misuse import Oddity

WITHIN_SECONDS = 7 * DAY_SECONDS
WEEKS_TOGETHER = 4
PEERS_COUNT_AS = 10.0  # hits of an average unit, until a unit has its own


class NoFollowUp:
    """A hit is judged when its seven days are over: it counts in the week in which they end."""

    oddity = Oddity.NO_FOLLOW_UP

    def __init__(self) -> None:
        self._waiting: deque[Trace] = deque()
        self._worked: dict[str, float] = {}  # case: when somebody last did something in it, beside looking up
        self._judged: dict[str, list[tuple[int, int, int]]] = defaultdict(list)  # officer: week, hits, left
        self._hits: Counter[str] = Counter()  # of a unit
        self._left: Counter[str] = Counter()
        self._units: dict[str, str] = {}

    def see(self, trace: Trace) -> None:
        if trace.sort is Sort.SHOWN and trace.records and trace.case:
            self._waiting.append(trace)
            self._units[trace.officer] = trace.unit
        elif trace.sort in (Sort.WORKED, Sort.REMOVED) and trace.case:
            self._worked[trace.case] = trace.at

    def close(self, week: int) -> dict[str, Strange]:
        judged = self._judge(week)
        found: dict[str, Strange] = {}
        for officer, (hits, left) in judged.items():
            unit = self._units[officer]
            kept = [one for one in self._judged[officer] if one[0] > week - WEEKS_TOGETHER]
            self._judged[officer] = [*kept, (week, hits, left)]
            hits, left = (sum(one[place] for one in self._judged[officer]) for place in (1, 2))
            share = self._share(unit, hits, left)
            expected = hits * share
            value = (left - expected) / sqrt(expected * (1 - share) + 0.5)
            if value > 0:
                told = f"{left} of {hits} hits of four weeks were followed by nothing; in {unit} it is {share:.0%}"
                found[officer] = Strange(value, told)
        for officer, (hits, left) in judged.items():
            self._hits[self._units[officer]] += hits
            self._left[self._units[officer]] += left
        return found

    def _judge(self, week: int) -> dict[str, tuple[int, int]]:
        """By officer: hits whose time is over, and those among them after which nothing was done."""
        judged: dict[str, tuple[int, int]] = {}
        while self._waiting and week_of(self._waiting[0].at + WITHIN_SECONDS) <= week:
            hit = self._waiting.popleft()
            hits, left = judged.get(hit.officer, (0, 0))
            judged[hit.officer] = hits + 1, left + (self._worked.get(hit.case, 0.0) < hit.at)
        oldest = self._waiting[0].at if self._waiting else 0.0
        if oldest:
            self._worked = {case: at for case, at in self._worked.items() if at >= oldest}
        return judged

    def _share(self, unit: str, hits: int, left: int) -> float:
        """Of a unit's hits, how many are left; a node's own share until it has enough of its own."""
        every, of_them = sum(self._hits.values()), sum(self._left.values())
        usual = (of_them + 1) / (every + 4)
        return (self._left[unit] + PEERS_COUNT_AS * usual) / (self._hits[unit] + PEERS_COUNT_AS)
