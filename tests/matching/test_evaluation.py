"""How good a score is: every figure against what can be counted by hand."""

import numpy as np
import pytest

from comity.matching import evaluation
from comity.matching.evaluation import errors, evaluate, f1, f1_best, figures, kept_back, recall_at

SCORES = np.array([0.95, 0.9, 0.9, 0.6, 0.4, 0.1])
LABELS = np.array([True, True, False, True, False, False])


def test_f1_counts_a_score_at_the_threshold_as_taken():
    assert f1(SCORES, LABELS, 0.6) == pytest.approx(6 / 7)
    assert f1(SCORES, LABELS, 0.61) == pytest.approx(4 / 6)
    assert f1(SCORES, LABELS, 1.0) == 0.0


def test_the_best_threshold_never_divides_equal_scores():
    best, threshold = f1_best(np.array([0.5, 0.5, 0.5]), np.array([True, False, False]))
    assert (best, threshold) == (0.5, 0.5)


def test_the_best_threshold_is_that_of_all_tried_one_by_one():
    random = np.random.default_rng(7)
    scores, labels = random.integers(0, 40, 500) / 40, random.random(500) < 0.3
    best, threshold = f1_best(scores, labels)
    assert best == pytest.approx(max(f1(scores, labels, one) for one in np.unique(scores)))
    assert best == pytest.approx(f1(scores, labels, threshold))


def test_recall_is_taken_where_no_more_than_that_share_of_others_comes_with_it():
    scores = np.concatenate([np.linspace(0.5, 1, 100), np.linspace(0, 0.505, 200)])
    labels = np.arange(300) < 100
    assert recall_at(scores, labels, 0.01) == pytest.approx(1.0)
    assert recall_at(scores, labels, 0.0) == pytest.approx(0.99)  # 0.5 itself lies below one of the others


def test_calibration_error_is_nothing_where_each_bin_holds_what_it_promises():
    scores = np.repeat([0.05, 0.25, 0.75, 1.0], 20)
    labels = np.concatenate([np.arange(20) < held for held in (1, 5, 15, 20)])
    assert evaluation.calibration_error(scores, labels) == pytest.approx(0.0)


def test_calibration_error_is_the_distance_weighed_by_pairs():
    scores, labels = np.array([0.9] * 30 + [0.1] * 10), np.array([True] * 15 + [False] * 15 + [False] * 10)
    assert evaluation.calibration_error(scores, labels) == pytest.approx((30 * 0.4 + 10 * 0.1) / 40)


def test_pooled_is_all_pairs_together_and_the_mean_counts_each_file_once():
    small, large = (np.array([0.9, 0.1]), np.array([True, False])), (np.tile(SCORES, 10), np.tile(LABELS, 10))
    told = evaluate({"small": small, "large": large}, 0.5)
    assert told.files["small"].f1_default == 1.0
    assert told.f1_default_mean == pytest.approx((1 + 6 / 7) / 2)
    assert told.pooled == figures(
        np.concatenate([small[0], large[0]]), np.concatenate([small[1], large[1]]), threshold_default=0.5
    )
    assert told.pooled.pairs == 62


def test_nothing_to_measure_is_no_error():
    assert evaluate({}, 0.5).pooled.pairs == 0
    assert figures(np.empty(0), np.empty(0, dtype=bool), 0.5).f1_best == 0.0


def test_the_worst_errors_come_first():
    assert errors(SCORES, LABELS, 0.7, 10) == ([2], [3])
    assert errors(SCORES, LABELS, 0.05, 1) == ([2], [])


def test_a_third_by_name_is_held_back_and_stays_held_back():
    names = [f"Zorvimel {number}" for number in range(3000)]
    held = [name for name in names if kept_back(name)]
    assert 900 < len(held) < 1100
    assert held[:3] == ["Zorvimel 4", "Zorvimel 5", "Zorvimel 15"]
