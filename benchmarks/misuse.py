"""Misuse in generated years of 1,000 officers: how much of each kind is found, at how many false alarms.

`python -m benchmarks.misuse 3 4` evaluates years 3 and 4; `python -m benchmarks.misuse learn` writes anew what a scan
learns from. Learned and tuned on the year LEARNED, evaluated on others that were looked at once.
"""

import resource
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from benchmarks.figures import told
from comity.analysis.misuse import alarming
from comity.analysis.misuse.alarming import Scored, raised, scored, threshold, with_honey
from comity.analysis.misuse.examples import Example, shipped
from comity.analysis.misuse.surprise import ODDITIES, bits_of
from comity.analysis.misuse.traces import peers_of, week_of
from comity.analysis.misuse.weeks import OfficerWeek, Watched, officer_weeks
from comity.analysis.misuse.weights import USUAL_BITS, learned
from comity.domain.journal import Entry
from comity.testing.misuse_year.lines import FIRST_DAY
from comity.testing.misuse_year.planted import Kind, Planted
from comity.testing.misuse_year.year import Year

LEARNED, EVALUATED = 1, (3, 4, 5)
ABOVE = 2.67  # the threshold of the year LEARNED at FALSE_ALARMS, as `learn` prints it
FALSE_ALARMS = 1.0  # for 200 officers in a week
CASE_COUNTS_AS = 20.0  # a planted case, over all its weeks together
EXAMPLES = Path(alarming.__file__).with_name("examples.json")
FIRST_WEEK = week_of(FIRST_DAY.timestamp())


class Judged(NamedTuple):
    """A generated year as the detectors saw it, and what was planted where: by officer and week."""

    weeks: list[OfficerWeek]
    planted: dict[tuple[str, int], Planted]
    cases: list[Planted]
    seconds: float
    entries: int

    @property
    def misuse(self) -> frozenset[tuple[str, int]]:
        return frozenset(self.planted)


def main(arguments: Sequence[str] = ()) -> None:
    if list(arguments) == ["learn"]:
        learn()
        return
    seeds = [int(one) for one in arguments] or EVALUATED
    every = [evaluated(seed, judged(seed)) for seed in seeds]
    told(
        f"Misuse found in years of 1,000 officers, threshold {ABOVE:.2f} of year {LEARNED}",
        ("kind", *(f"year {seed}" for seed in seeds)),
        [(kind, *(one[kind] for one in every)) for kind in every[0]],
    )
    told(
        "Weights",
        ("oddity", "for each bit above the usual"),
        [(str(oddity), float(weight)) for oddity, weight in zip(ODDITIES, learned(shipped()), strict=True)],
    )


def learn() -> None:
    year = judged(LEARNED)
    EXAMPLES.write_bytes(msgspec.json.encode(examples(year)))
    above = threshold(scored(year.weeks, learned(shipped())), FALSE_ALARMS, year.misuse)
    print(f"written: {EXAMPLES.name}, {EXAMPLES.stat().st_size:,} bytes; ABOVE = {above:.2f}")


def judged(seed: int) -> Judged:
    """One year generated and seen; the clock counts both."""
    began, year = time.process_time(), Year(seed)
    count = 0

    def counted() -> Iterator[Entry]:
        nonlocal count
        for entry in year.entries():
            count += 1
            yield entry

    watched = Watched(peers_of(year.accounts), year.sites, year.honey)
    weeks = list(officer_weeks(counted(), watched))
    cases = [one for one in year.planted if one.acts]
    planted = {
        # What nobody follows up shows a week later.
        (one.officer.account.id, FIRST_WEEK + week + later): one
        for one in cases
        for later in (1, 0)
        for week in one.weeks
    }
    return Judged(weeks, planted, cases, time.process_time() - began, count)


def examples(year: Judged) -> list[Example]:
    """Weeks alike are one example. Each planted case counts the same, however long it goes on."""
    in_weeks = Counter(id(one) for one in year.planted.values())
    counted: dict[tuple[tuple[tuple[str, float], ...], bool], float] = defaultdict(float)
    for one, bits in zip(year.weeks, bits_of(year.weeks), strict=True):
        planted = year.planted.get((one.officer, one.week))
        unusual = tuple(
            (str(oddity), round(float(value), 1))
            for oddity, value in zip(ODDITIES, bits, strict=True)
            if value > USUAL_BITS
        )
        counted[unusual, planted is not None] += CASE_COUNTS_AS / in_weeks[id(planted)] if planted else 1.0
    return [
        msgspec.convert({"bits": dict(bits), "misuse": misuse, "counts": round(count, 3)}, Example)
        for (bits, misuse), count in sorted(counted.items())
    ]


def evaluated(seed: int, year: Judged) -> dict[str, str]:
    """By kind: planted cases found of all; then all together, and false alarms a week for 200 officers."""
    found = scored(year.weeks, learned(shipped()))
    told_of = _rates(year, found, ABOVE)
    own = _rates(year, found, threshold(found, FALSE_ALARMS))
    print(
        f"year {seed}: {year.entries:,} entries, {year.seconds:.0f} s of a core, "
        f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB at most so far; "
        f"by its own threshold, nothing reviewed: {own['all']} found, {own['false alarms']} false alarms"
    )
    return told_of


def _rates(year: Judged, found: Scored, above: float) -> dict[str, str]:
    places = sorted({*raised(found, above), *with_honey(found)})
    alarms = {(found.weeks[place].officer, found.weeks[place].week) for place in places}
    hit = {id(year.planted[one]) for one in alarms & year.planted.keys()}
    rates = {}
    for kind in Kind:
        cases = [one for one in year.cases if one.kind is kind]
        rates[str(kind)] = f"{sum(id(one) in hit for one in cases)} of {len(cases)}"
    rates["all"] = f"{len(hit)} of {len(year.cases)}"
    false = len(alarms - year.planted.keys())
    rates["false alarms"] = f"{false / len(year.weeks) * alarming.OFFICERS_OF_BUDGET:.2f}"
    return rates


if __name__ == "__main__":
    main(sys.argv[1:])
