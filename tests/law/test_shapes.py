"""Every shape that rules in agreements take can be written, and does what it says."""

from datetime import date

import pytest

from comity.domain.circumstances import Harm, Override, StatedOffence
from comity.domain.instrument import AssuranceNeeded, Quota, Reply
from tests.law.cast import FULL, HIT, NOTHING, outcome, permit, program, request

MURDER = StatedOffence(code="murder", penalty_max_months=480, death_penalty=True)
TOMORROW = date(2026, 3, 2)
DEATH = AssuranceNeeded(against=Harm.DEATH_PENALTY, above=Reply.HIT, override=True)


def override(*persons, **changes):
    whole = {"against": Harm.DEATH_PENALTY, "persons": persons, "reason": "A bomb.", "until": TOMORROW}
    return Override(**(whole | changes))


@pytest.mark.parametrize("offence", [MURDER, None, StatedOffence(code="murder")])
def test_where_death_may_follow_or_nobody_knows_the_hit_alone_is_told(offence):
    assert outcome(program(permit(assurances=(DEATH,))), request(offence=offence)).level is HIT


def test_two_persons_override_and_the_same_person_twice_does_not():
    one = program(permit(assurances=(DEATH,)))
    assert outcome(one, request(offence=MURDER, overrides=(override("a", "b"),))).level is FULL
    assert outcome(one, request(offence=MURDER, overrides=(override("a", "a"),))).level is HIT
    assert outcome(one, request(offence=MURDER, overrides=(override("a", "b", reason=" "),))).level is HIT
    assert outcome(one, request(offence=MURDER, overrides=(override("a", "b", until=date(2026, 2, 28)),))).level is HIT


def test_a_quota_counts_and_what_nobody_counted_is_no_room_in_it():
    one = program(permit(quota=Quota(questions=2, days=1)))
    assert outcome(one, request(asked={"treaty art-1": 1})).level is FULL
    for asked in ({"treaty art-1": 2}, {}, None):
        assert outcome(one, request(asked=asked)).level is NOTHING
