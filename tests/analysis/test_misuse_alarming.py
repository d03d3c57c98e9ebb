"""From strangeness to alarms: bits among peers, weights that people's findings change, a threshold by false alarms."""

from functools import cache

import numpy as np

from comity.analysis.misuse.alarming import Scored, raised, scored, suspects, threshold
from comity.analysis.misuse.detector import Strange
from comity.analysis.misuse.examples import REVIEWED_COUNTS_AS, Example, shipped
from comity.analysis.misuse.surprise import ODDITIES, bits_of
from comity.analysis.misuse.weeks import OfficerWeek
from comity.analysis.misuse.weights import learned, parts
from comity.domain.misuse import Oddity

OFFICERS, WEEKS = 100, 20
as_shipped = cache(lambda: learned(shipped()))
KIN = ODDITIES.index(Oddity.KIN)


def weeks(odd: dict[tuple[int, int], float], oddity: Oddity = Oddity.KIN) -> list[OfficerWeek]:
    """A hundred officers for twenty weeks; by officer and week, how far it goes."""
    return [
        OfficerWeek(f"o{one}", "harbour", "officer", week,
                    {oddity: Strange(odd[one, week], "looked up 3 of their own name")} if (one, week) in odd else {})
        for week in range(WEEKS)
        for one in range(OFFICERS)
    ]  # fmt: skip


def of_scores(scores: dict[tuple[int, int], float]) -> Scored:
    rows = weeks({})
    told = np.zeros((len(rows), len(ODDITIES)))
    for (one, week), score in scores.items():
        told[week * OFFICERS + one, KIN] = score
    return Scored(rows, told, told)


def test_bits_say_how_many_peers_go_as_far():
    bits = bits_of(weeks({(0, 0): 5.0, (1, 0): 3.0, (2, 0): 3.0, (3, 0): 1.0}))[:, KIN]
    assert [round(float(2**one)) for one in bits[:4]] == [2001, 667, 667, 500]
    assert bits[4:].max() == 0


def test_a_role_of_few_is_compared_with_all():
    rows = [
        *weeks({(one, 0): 2.0 for one in range(50)}),
        OfficerWeek("x", "u", "analyst", 0, {Oddity.KIN: Strange(1.0, "")}),
    ]
    assert bits_of(rows)[-1, KIN] < 6


def test_no_weight_is_below_nothing_and_what_comes_with_comity_weighs_most_kinds():
    weights = as_shipped()
    assert (weights >= 0).all()
    assert sum(weights > 0) >= 8


def test_what_people_dismiss_weighs_less_and_what_they_find_weighs_more():
    """The feedback: falls where reviewed alarms are not learned from."""

    def weight(misuse: bool) -> float:
        reviewed = [Example(bits={Oddity.KIN: 11.0}, misuse=misuse, counts=REVIEWED_COUNTS_AS) for _ in range(10)]
        return float(learned([*shipped(), *reviewed])[KIN])

    assert weight(misuse=False) < as_shipped()[KIN] < weight(misuse=True)


def test_the_threshold_lets_through_as_many_as_are_allowed():
    """2,000 weeks, one in 200: ten alarms. Falls where the budget is not kept."""
    found = of_scores({(one, one % WEEKS): 1.0 + one for one in range(50)})
    above = threshold(found, 1.0)
    assert len(raised(found, above)) == 10
    assert len(raised(found, threshold(found, 2.0))) == 20


def test_what_was_found_to_be_misuse_is_no_false_alarm():
    found = of_scores({(one, one % WEEKS): 1.0 + one for one in range(50)})
    misuse = frozenset((f"o{one}", one % WEEKS) for one in range(40, 50))
    assert len(raised(found, threshold(found, 1.0, misuse))) == 20


def test_one_officer_has_one_alarm_in_four_weeks_unless_it_is_stranger():
    found = of_scores({(0, 0): 5.0, (0, 1): 5.0, (0, 3): 6.0, (0, 8): 5.0})
    assert [found.weeks[place].week for place in raised(found, 1.0)] == [0, 3, 8]


def test_an_alarm_says_what_is_unusual_and_compared_with_whom():
    rows = weeks({(0, 5): 40.0})
    found = suspects(rows, shipped(), frozenset(), 1.0, range(WEEKS))
    assert [(one.officer, one.week) for one in found.found] == [("o0", 5)]
    (sign,) = found.found[0].signs
    assert sign.told == "looked up 3 of their own name; one in 2,001 weeks of officer goes as far"
    assert sign.score == found.found[0].score > 0


def test_the_week_that_runs_is_not_judged_but_for_honey():
    last = WEEKS - 1
    assert not suspects(weeks({(0, last): 40.0}), shipped(), frozenset(), 1.0, range(WEEKS)).found
    found = suspects(weeks({(0, last): 1.0}, Oddity.HONEY), shipped(), frozenset(), 1.0, range(WEEKS)).found
    assert [one.officer for one in found] == ["o0"]


def test_a_score_is_the_sum_of_its_parts():
    rows = weeks({(0, 5): 40.0})
    weights = as_shipped()
    assert (scored(rows, weights).scores == parts(bits_of(rows), weights).sum(axis=1)).all()
