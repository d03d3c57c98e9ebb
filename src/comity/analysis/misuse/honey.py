"""Honey records: of nobody, asked for in no case; whoever is shown one was looking for what is no work of theirs."""

from collections import Counter
from collections.abc import Mapping
from math import inf

from comity.analysis.misuse.detector import Strange
from comity.analysis.misuse.traces import Sort, Trace
from comity.domain.misuse import Oddity


class Honey:
    oddity = Oddity.HONEY

    def __init__(self, since: Mapping[str, float]) -> None:
        """By record: since when it is honey, in seconds since 1970."""
        self.since = since
        self._shown: Counter[str] = Counter()

    def see(self, trace: Trace) -> None:
        if trace.sort is Sort.SHOWN:
            # Whoever saw it before had no trap before them. Falls without it: tests/analysis/test_misuse_detectors.py
            self._shown[trace.officer] += sum(self.since.get(record, inf) <= trace.at for record in trace.records)

    def close(self, week: int) -> dict[str, Strange]:
        found = {
            officer: Strange(float(count), f"was shown {count} honey records, for which no case can ask")
            for officer, count in self._shown.items()
            if count
        }
        self._shown.clear()
        return found
