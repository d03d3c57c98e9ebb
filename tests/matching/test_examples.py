"""Ten scripts by example: the same person is told, somebody with a near name stands well below, both explained."""

import pytest

from benchmarks.explained import EXAMPLES, Example, matches
from comity.cli.comparing import EXPECTED_SHARE, SAME_FROM_PROBABILITY, prior_of


def test_there_are_ten_scripts():
    assert len({example.script for example in EXAMPLES}) == 10


APART_BITS = 6.0  # the odds of the hit are so many doublings above those of the near miss


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.script)
def test_the_same_person_is_told_and_the_other_stands_well_below(example: Example):
    hit, near_miss = matches(example)
    assert hit.probability >= SAME_FROM_PROBABILITY
    assert hit.bits - near_miss.bits >= APART_BITS


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.script)
def test_every_bit_is_explained(example: Example):
    for match in matches(example):
        assert match.bits == pytest.approx(prior_of(EXPECTED_SHARE) + sum(field.bits for field in match.fields))
        (name,) = (field for field in match.fields if field.field == "name")
        assert name.words
        assert {word.asked for word in name.words if word.asked}
