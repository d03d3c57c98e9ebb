"""Walking through what is held: number after number, or everybody of a name."""

from collections import Counter, defaultdict
from itertools import pairwise

from comity.analysis.misuse.detector import Strange
from comity.analysis.misuse.traces import Sort, Trace
from comity.domain.misuse import Oddity

STEP_MAX = 3  # between two numbers of a walk


class Enumeration:
    oddity = Oddity.ENUMERATION

    def __init__(self) -> None:
        self._numbers: dict[str, set[tuple[str, int]]] = defaultdict(set)
        self._names: dict[str, set[tuple[str, ...]]] = defaultdict(set)
        self._words: Counter[str] = Counter()
        self._asked = 0

    def see(self, trace: Trace) -> None:
        if trace.sort is not Sort.ASKED:
            return
        if trace.number >= 0:
            self._numbers[trace.officer].add((trace.series, trace.number))
        if trace.words:
            self._names[trace.officer].add(trace.words)
            self._words.update(trace.words)
            self._asked += 1

    def close(self, week: int) -> dict[str, Strange]:
        found = {}
        for officer in self._numbers.keys() | self._names.keys():
            run = _longest_run(sorted(self._numbers.get(officer, ())))
            many, of_name = self._of_one_name(self._names.get(officer, set()))
            if run > 1 or many > 1:
                told = f"{run} numbers in a row" if run >= many else f"{of_name} different persons of one name"
                found[officer] = Strange(max(run, many) - 1.0, told)
        self._numbers.clear()
        self._names.clear()
        return found

    def _of_one_name(self, names: set[tuple[str, ...]]) -> tuple[float, int]:
        """How many more persons share a word of their names than are to be expected, and how many do."""
        counted = Counter(word for words in names for word in words)
        most = (0.0, 0)
        for word, count in counted.items():
            if count > 2:
                expected = len(names) * self._words[word] / self._asked
                most = max(most, (count - 3 * expected, count))
        return most


def _longest_run(numbers: list[tuple[str, int]]) -> int:
    longest = run = 1 if numbers else 0
    for before, after in pairwise(numbers):
        run = run + 1 if before[0] == after[0] and after[1] - before[1] <= STEP_MAX else 1
        longest = max(longest, run)
    return longest
