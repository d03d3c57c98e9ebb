"""A learned model stays sound: agreement never weighs less than what is weaker, and every number has bounds."""

from collections.abc import Sequence
from itertools import pairwise
from math import isfinite, log2
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.analysis.linkage_model import FIELDS, comparisons, falling, how, made_sound, spoken, version

PROBABILITIES = st.none() | st.floats(0, 1)


def model(learned: Sequence[Sequence[tuple[float | None, float | None]]]) -> dict[str, Any]:
    """As Splink hands one back: what it never observed is left out."""
    written = list(comparisons(spark=False, frequencies=True))
    for comparison, numbers in zip(written, learned, strict=True):
        levels = [level for level in comparison["comparison_levels"] if not level.get("is_null_level")]
        for level, (m, u) in zip(levels, numbers, strict=True):
            for key, value in (("m_probability", m), ("u_probability", u)):
                if value is None:
                    del level[key]
                else:
                    level[key] = value
    return {"comparisons": written, "probability_two_random_records_match": 0.001}


def weights(sound: dict[str, Any]) -> list[list[float]]:
    return [
        [
            log2(level["m_probability"] / level["u_probability"])
            for level in comparison["comparison_levels"]
            if not level.get("is_null_level")
        ]
        for comparison in sound["comparisons"]
    ]


@given(st.tuples(*(st.tuples(*[st.tuples(PROBABILITIES, PROBABILITIES)] * len(field.levels)) for field in FIELDS)))
def test_whatever_was_learned_no_weaker_agreement_weighs_more(learned: Any):
    for falls in weights(made_sound(model(learned))):
        assert all(isfinite(bits) for bits in falls)
        assert all(stronger >= weaker - 1e-6 for stronger, weaker in pairwise(falls))


def test_the_model_as_shipped_is_sound_already():
    shipped = model([[(level.m, level.u) for level in field.levels] for field in FIELDS])
    before = weights(shipped)
    for field, one, other in zip(FIELDS, before, weights(made_sound(shipped)), strict=True):
        assert one == pytest.approx(other, abs=0.4), field.name
        assert one[0] > 0 > one[-1], field.name
        assert sum(level.m for level in field.levels) == pytest.approx(1, abs=0.02), field.name
        assert sum(level.u for level in field.levels) == pytest.approx(1, abs=0.02), field.name


def test_what_is_set_by_reason_is_never_learned():
    learned = [[(0.9, 0.0001)] * len(field.levels) for field in FIELDS]
    household = next(
        one for one in made_sound(model(learned))["comparisons"] if one["output_column_name"] == "household"
    )
    (relative,) = [one for one in household["comparison_levels"] if one["label_for_charts"] == "relative"]
    assert relative["m_probability"] == pytest.approx(relative["u_probability"], rel=0.01)


@given(st.lists(st.floats(-40, 40), max_size=12))
def test_falling_keeps_the_sum_and_what_falls_already(bits: list[float]):
    fallen = falling(bits)
    assert sum(fallen) == pytest.approx(sum(bits), abs=1e-6)
    assert falling(fallen) == pytest.approx(fallen)
    ordered = sorted(bits, reverse=True)
    assert falling(ordered) == pytest.approx(ordered)


def test_levels_are_numbered_from_the_last_as_splink_does():
    for field in FIELDS:
        assert how(field.name, 0) == field.levels[-1].how
        assert how(field.name, len(field.levels) - 1) == field.levels[0].how
        assert how(field.name, -1) == "unknown"


def test_spark_has_another_word_for_lists_with_a_common_member():
    for field in FIELDS:
        for level in field.levels:
            assert "list_has_any" not in spoken(level.sql, spark=True)
            assert spoken(level.sql, spark=False) == level.sql


def test_another_weight_is_another_version():
    shipped = model([[(level.m, level.u) for level in field.levels] for field in FIELDS])
    before = version(shipped)
    shipped["comparisons"][0]["comparison_levels"][1]["m_probability"] = 0.5
    assert version(shipped) != before
