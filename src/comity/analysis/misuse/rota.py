"""Off duty: when nobody is at work who shares the officer's rota, as the weeks before have shown it."""

from collections import Counter, defaultdict, deque
from collections.abc import KeysView, Sequence

from comity.analysis.misuse.detector import Strange
from comity.analysis.misuse.traces import Sort, Trace
from comity.domain.misuse import Oddity

SHIFT_SECONDS = 8 * 3_600
WEEKS_REMEMBERED = 6
WEEKS_TOGETHER = 5
WEEK_MAX = 3.0  # of one week among them
SHIFTS_KNOWN_MIN = 8  # of an officer, before a rota can be seen
COMPANIONS, COMPANIONS_MIN = 6, 3
NEXT_TO_A_SHIFT = 0.3  # of a lookup in a shift that touches one of the rota: some work longer
SWAPPED = 0.2  # of one by an officer who works no more shifts than the others
ALIKE_MIN = 0.25  # of their shifts two must share to be on one rota
STARTS_SECONDS = 6 * 3_600  # UTC, where a day is cut into shifts


class OffRota:
    """Rotas are written nowhere: companions are those of the unit who were at work in the same shifts."""

    oddity = Oddity.OFF_ROTA

    def __init__(self) -> None:
        self._now: dict[str, Counter[int]] = defaultdict(Counter)  # officer: lookups by shift since 1970
        self._units: dict[str, str] = {}
        self._earlier: dict[str, deque[tuple[int, float]]] = defaultdict(lambda: deque(maxlen=WEEKS_TOGETHER))
        self._past: dict[str, deque[set[int]]] = defaultdict(lambda: deque(maxlen=WEEKS_REMEMBERED))

    def see(self, trace: Trace) -> None:
        if trace.sort is Sort.ASKED:
            self._now[trace.officer][int((trace.at - STARTS_SECONDS) // SHIFT_SECONDS)] += 1
            self._units[trace.officer] = trace.unit

    def close(self, week: int) -> dict[str, Strange]:
        known = {officer: set[int]().union(*weeks) for officer, weeks in self._past.items()}
        by_unit: dict[str, list[str]] = defaultdict(list)
        for officer in known:
            by_unit[self._units[officer]].append(officer)
        found = {}
        for officer, shifts in self._now.items():
            if len(known.get(officer, ())) < SHIFTS_KNOWN_MIN:
                continue
            companions = _companions(officer, known, by_unit[self._units[officer]])
            at_work = [self._now[one].keys() for one in companions if one in self._now]
            if len(at_work) >= COMPANIONS_MIN and (strange := self._strange(officer, shifts, at_work)):
                found[officer] = self._with_earlier(officer, week, strange)
        for officer, shifts in self._now.items():
            self._past[officer].append(set(shifts))
        self._now.clear()
        return found

    def _with_earlier(self, officer: str, week: int, strange: Strange) -> Strange:
        """A little every week is stranger than much in one: whoever helps out, or swaps, does it once."""
        earlier = self._earlier[officer]
        earlier.append((week, min(strange.value, WEEK_MAX)))
        recent = [value for when, value in earlier if when > week - WEEKS_TOGETHER]
        return Strange(sum(recent), f"{strange.told}; so it was in {len(recent)} of {WEEKS_TOGETHER} weeks")

    def _strange(self, officer: str, shifts: Counter[int], at_work: Sequence[KeysView[int]]) -> Strange | None:
        """Whoever swaps a shift is missing in another; only shifts on top of a full rota count in full."""
        together = set[int]().union(*at_work)
        alone = {shift: count for shift, count in shifts.items() if shift not in together}
        far = {shift for shift in alone if shift - 1 not in together and shift + 1 not in together}
        if not alone:
            return None
        on_top = len(shifts) - sorted(map(len, at_work))[len(at_work) // 2]
        value = sum(count * (1.0 if shift in far else NEXT_TO_A_SHIFT) for shift, count in alone.items())
        value *= 1.0 if on_top > 0 else SWAPPED
        unit = self._units[officer]
        told = f"{sum(alone.values())} lookups in shifts in which none of {unit} on the same rota worked"
        return Strange(value, told)


def _companions(officer: str, known: dict[str, set[int]], unit: list[str]) -> list[str]:
    own = known[officer]
    alike = []
    for other in unit:
        if other != officer and (both := len(own & known[other])):
            share = both / len(own | known[other])
            if share >= ALIKE_MIN:
                alike.append((share, other))
    return [other for _, other in sorted(alike, reverse=True)[:COMPANIONS]]
