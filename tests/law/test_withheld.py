"""Withheld looks exactly like not there: the same answer, by the same work."""

import time
from statistics import median

import pytest

from comity.domain.held import Held
from comity.domain.marking import Confidentiality, Marking
from comity.law import marking
from comity.law.decision import Decision
from comity.law.release import decoy, release
from comity.law.rulebook import shipped_rulebook
from comity.matching.compare import compare
from tests.law.cast import CORA, FULL, KINDS, NOTHING, Counting, always, never, question, record

BOOK = shipped_rulebook()

MAY = Decision(FULL, ("treaty art-1",))
MAY_NOT = Decision(NOTHING)
CLOSED = Marking(closed_to=("XC",))


class Steps:
    """The steps of one answer, written down."""

    def __init__(self, monkeypatch):
        self.taken = []
        level = marking.level
        monkeypatch.setattr(marking, "level", lambda *parts: self.taken.append("marking") or level(*parts))

    def comparing(self, outcome):
        return Counting(lambda query, subject: self.taken.append("compare") or outcome(query, subject))


WITHHELD = {
    "closed to Corvia": (CLOSED, MAY, always),
    "confidential": (Marking(confidentiality=Confidentiality.CONFIDENTIAL), MAY, always),
    "no agreement": (Marking(), MAY_NOT, always),
    "no match": (Marking(), MAY, never),
    "no match, and closed": (CLOSED, MAY, never),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("case", WITHHELD)
def test_whatever_is_not_told_is_none_after_the_same_steps(case, kind, monkeypatch):
    marked, decision, outcome = WITHHELD[case]
    _, subject, query = KINDS[kind]
    steps = Steps(monkeypatch)
    asked = question(CORA, query)
    assert release(Held(record(subject, marked)), decision, CORA, asked, steps.comparing(outcome), BOOK) is None
    assert steps.taken == ["compare", "marking"]


@pytest.mark.parametrize("kind", KINDS)
def test_where_nothing_is_held_the_decoy_takes_the_same_steps(kind, monkeypatch):
    steps = Steps(monkeypatch)
    assert decoy(CORA, question(CORA, KINDS[kind][2]), steps.comparing(always), BOOK) is None
    assert steps.taken == ["compare", "marking"]


@pytest.mark.parametrize("kind", KINDS)
def test_withheld_and_absent_take_comparable_time(kind):
    """The best of several rounds, since the machine may be busy; a difference that stays is in the code."""
    _, subject, query = KINDS[kind]
    held, asked = Held(record(subject, CLOSED)), question(CORA, query)
    ratios = []
    for _ in range(8):
        withheld = _time(lambda: release(held, MAY, CORA, asked, compare, BOOK))
        absent = _time(lambda: decoy(CORA, asked, compare, BOOK))
        ratios.append(max(withheld, absent) / min(withheld, absent))
        if ratios[-1] < 1.6:
            return
    raise AssertionError(f"Withheld and absent differ by factors {[round(ratio, 1) for ratio in ratios]}.")


def _time(act):
    times = []
    for _ in range(200):
        start = time.perf_counter()
        act()
        times.append(time.perf_counter() - start)
    return median(times)
