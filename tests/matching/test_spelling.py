"""Edits that scribes and romanisations make often cost less than those that make another name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.matching.compiled import plainly
from comity.matching.spelling import codes, drop_costs, edits, folded, kinds, substitution_costs

WORDS = st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=12)


class Costs:
    substitute, drop = substitution_costs(), drop_costs()


class Letters:
    def __init__(self, one: str, other: str) -> None:
        self.one, self.other, self.rows = codes(one), codes(other), [0.0] * 64


def distance(one: str, other: str, enough: float = 1e9) -> float:
    return plainly(edits)(Letters(one, other), len(one), len(other), Costs(), enough)


@pytest.mark.parametrize(
    ("name", "nearer", "farther"),
    [
        ("hussein", "husein", "hudsein"),  # a doubled letter
        ("osama", "usama", "tsama"),  # a vowel for a vowel
        ("karim", "qarim", "parim"),  # letters of one sound
        ("fatima", "fatimah", "fatimap"),  # a silent h
        ("zorvimel", "zovrimel", "zorvipel"),  # two neighbours exchanged
    ],
)
def test_a_habit_of_scribes_costs_less_than_another_letter(name, nearer, farther):
    assert 0 < distance(name, nearer) < distance(name, farther)


@given(WORDS, WORDS)
def test_it_is_a_distance_that_knows_no_sides(one, other):
    assert distance(one, one) == 0
    assert distance(one, other) == pytest.approx(distance(other, one))
    assert (distance(one, other) == 0) == (one == other)


@given(WORDS, WORDS, st.floats(0.1, 5))
def test_ending_early_is_only_ever_ending_beyond_what_was_enough(one, other, enough):
    whole, early = distance(one, other), distance(one, other, enough)
    assert early == pytest.approx(whole) if whole <= enough else early > enough


@given(WORDS, WORDS)
def test_kinds_of_consonants_never_promise_more_than_the_edits_cost(one, other):
    must, may = kinds(one)
    other_must, other_may = kinds(other)
    least = max((must & ~other_may).bit_count(), (other_must & ~may).bit_count())
    # Falls where an exchange that is cheap crosses a kind: words would be thrown out unseen.
    assert distance(one, other) >= 0.5 * least


def test_no_exchange_of_two_letters_crosses_a_kind_more_cheaply_than_promised():
    letters = "abcdefghijklmnopqrstuvwxyz"
    for one in letters:
        for other in letters:
            (must, _), (_, may) = kinds(one), kinds(other)
            assert distance(one, other) >= 0.5 * (must & ~may).bit_count(), (one, other)


def test_two_letters_that_spell_one_sound_are_one():
    assert folded("tchaikovsky") == folded("caikovsky")
    assert folded("yousef") == folded("yusef")
