"""At hours that neither the officer nor others of the unit work."""

from collections import Counter, defaultdict, deque
from math import log2

from comity.analysis.misuse.detector import Strange
from comity.analysis.misuse.traces import DAY_SECONDS, Sort, Trace
from comity.domain.misuse import Oddity

HOUR_SECONDS = 3_600
WEEKS_REMEMBERED = 8
USUAL_BITS = 6.0  # of an hour in the week: two kinds of day, 24 hours
UNSEEN = 0.25  # of an hour in which nobody was seen yet
HOUR_BITS_MAX = 6.0  # of one lookup, above the usual


class OddHours:
    oddity = Oddity.ODD_HOURS

    def __init__(self) -> None:
        self._now: dict[str, list[int]] = defaultdict(list)  # officer: hours of the week
        self._units: dict[str, str] = {}
        self._past: deque[dict[str, Counter[int]]] = deque(maxlen=WEEKS_REMEMBERED)  # of officers and units
        self._sums: dict[str, Counter[int]] = defaultdict(Counter)

    def see(self, trace: Trace) -> None:
        if trace.sort is Sort.ASKED:
            self._now[trace.officer].append(_hour(trace.at))
            self._units[trace.officer] = trace.unit

    def close(self, week: int) -> dict[str, Strange]:
        counted: dict[str, Counter[int]] = defaultdict(Counter)
        for officer, hours in self._now.items():
            # One officer's hour counts once: a hundred lookups in one night do not make nights usual.
            counted[f"unit {self._units[officer]}"].update(set(hours))
            counted[officer].update(set(hours))
        found = {}
        for officer, hours in self._now.items():
            unit = f"unit {self._units[officer]}"
            colleagues = self._sums[unit] + counted[unit] - counted[officer] - self._sums[officer]
            odd = [bits for hour in hours if (bits := _odd(self._sums[officer], colleagues, hour)) > 0]
            if odd:
                told = f"{len(odd)} lookups at hours when neither they nor others of {self._units[officer]} work"
                found[officer] = Strange(sum(odd), told)
        self._remember(counted)
        self._now.clear()
        return found

    def _remember(self, counted: dict[str, Counter[int]]) -> None:
        if len(self._past) == WEEKS_REMEMBERED:
            for who, hours in self._past[0].items():
                self._sums[who] -= hours
        self._past.append(dict(counted))
        for who, hours in counted.items():
            self._sums[who] += hours


def _odd(own: Counter[int], colleagues: Counter[int], hour: int) -> float:
    bits = min(_rarity(own, hour), _rarity(colleagues, hour))
    return min(max(0.0, bits - USUAL_BITS), HOUR_BITS_MAX)


def _rarity(counted: Counter[int], hour: int) -> float:
    """Of an hour, its neighbours taken in for half."""
    day = hour - hour % 24
    near = counted[day + (hour + 1) % 24] + counted[day + (hour - 1) % 24]
    return log2((counted.total() + 48 * UNSEEN) / (counted[hour] + near / 2 + UNSEEN))


def _hour(at: float) -> int:
    """0 to 23 on working days, 24 to 47 at weekends, UTC."""
    day = int(at // DAY_SECONDS + 3) % 7  # 1970 began on a Thursday
    return int(at // HOUR_SECONDS) % 24 + (24 if day >= 5 else 0)
