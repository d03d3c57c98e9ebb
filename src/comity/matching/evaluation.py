"""How good a score is, measured on pairs of which it is known whether both are the same.

Whoever is scored, by probability or by any other number, is measured in the same way; ties fall together.
"""

import hashlib
from collections.abc import Mapping

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

Scores = NDArray[np.float64]
Labels = NDArray[np.bool_]

CALIBRATION_BINS = 10  # of equal width, from 0 to 1
FALSE_POSITIVES_SHARE = 0.01  # of the pairs that are not the same, at which recall is told
_KEPT_BACK_ONE_IN = 3


class Figures(Struct, frozen=True, kw_only=True):
    """What was measured on one file, or on all of them together."""

    pairs: int
    matches: int
    f1_default: float  # at the threshold that is shipped
    f1_best: float  # at the threshold that suits these pairs best
    threshold_best: float
    recall: float  # where FALSE_POSITIVES_SHARE of the others are taken for the same
    calibration_error: float  # expected calibration error (ECE) over CALIBRATION_BINS


class Evaluation(Struct, frozen=True, kw_only=True):
    """Every file, all pairs together, and the mean over files."""

    threshold_default: float
    files: dict[str, Figures]
    pooled: Figures
    f1_default_mean: float
    f1_best_mean: float
    f1_pooled_mean: float  # one threshold for all files: the one that suits all pairs together best
    recall_mean: float
    calibration_error_mean: float


def evaluate(scored: Mapping[str, tuple[Scores, Labels]], threshold_default: float) -> Evaluation:
    """Figures of each file by its name, of all pairs pooled, and their means."""
    files = {name: figures(scores, labels, threshold_default) for name, (scores, labels) in scored.items()}
    scores = np.concatenate([one for one, _ in scored.values()]) if scored else np.empty(0)
    labels = np.concatenate([one for _, one in scored.values()]) if scored else np.empty(0, dtype=bool)
    pooled = figures(scores, labels, threshold_default)
    at_pooled = [f1(scores, labels, pooled.threshold_best) for scores, labels in scored.values()]
    return Evaluation(
        threshold_default=threshold_default,
        files=files,
        pooled=pooled,
        f1_default_mean=_mean([one.f1_default for one in files.values()]),
        f1_best_mean=_mean([one.f1_best for one in files.values()]),
        f1_pooled_mean=_mean(at_pooled),
        recall_mean=_mean([one.recall for one in files.values()]),
        calibration_error_mean=_mean([one.calibration_error for one in files.values()]),
    )


def figures(scores: Scores, labels: Labels, threshold_default: float) -> Figures:
    best, threshold = f1_best(scores, labels)
    return Figures(
        pairs=len(labels),
        matches=int(labels.sum()),
        f1_default=f1(scores, labels, threshold_default),
        f1_best=best,
        threshold_best=threshold,
        recall=recall_at(scores, labels, FALSE_POSITIVES_SHARE),
        calibration_error=calibration_error(scores, labels),
    )


def f1(scores: Scores, labels: Labels, threshold: float) -> float:
    """Twice the true positives over themselves twice and every error; 0 where nothing is the same."""
    taken = scores >= threshold
    right = int((taken & labels).sum())
    return 2 * right / (int(taken.sum()) + int(labels.sum())) if right else 0.0


def f1_best(scores: Scores, labels: Labels) -> tuple[float, float]:
    """(the highest F1 of any one threshold, that threshold)."""
    thresholds, right, wrong = _steps(scores, labels)
    if not len(thresholds) or not labels.any():
        return 0.0, 0.0
    each = 2 * right / (right + wrong + labels.sum())
    at = int(each.argmax())
    return float(each[at]), float(thresholds[at])


def recall_at(scores: Scores, labels: Labels, false_positives_share: float) -> float:
    """The share of the same that is found where at most this share of the others is taken for the same."""
    _, right, wrong = _steps(scores, labels)
    others = int((~labels).sum())
    allowed = right[wrong <= false_positives_share * others]
    return float(allowed.max() / labels.sum()) if len(allowed) and labels.any() else 0.0


def calibration_error(scores: Scores, labels: Labels) -> float:
    """The mean distance, weighed by pairs, between what a bin of scores promises and what it holds (ECE)."""
    if not len(scores):
        return 0.0
    bins = np.minimum((scores * CALIBRATION_BINS).astype(int), CALIBRATION_BINS - 1)
    promised = np.bincount(bins, weights=scores, minlength=CALIBRATION_BINS)
    held = np.bincount(bins, weights=labels, minlength=CALIBRATION_BINS)
    return float(np.abs(promised - held).sum() / len(scores))


def errors(scores: Scores, labels: Labels, threshold: float, most: int) -> tuple[list[int], list[int]]:
    """The pairs that are wrong by most: (false positives, highest first; false negatives, lowest first)."""
    order = np.argsort(-scores, kind="stable")
    positives = [int(at) for at in order if not labels[at] and scores[at] >= threshold]
    negatives = [int(at) for at in order[::-1] if labels[at] and scores[at] < threshold]
    return positives[:most], negatives[:most]


def kept_back(name: str) -> bool:
    """Whether a pair with this left name is in the third that is never learned from."""
    return hashlib.sha256(name.encode()).digest()[0] % _KEPT_BACK_ONE_IN == 0


def _steps(scores: Scores, labels: Labels) -> tuple[Scores, Scores, Scores]:
    """For every threshold that a score is, highest first: (threshold, true positives, false positives)."""
    order = np.argsort(-scores, kind="stable")
    ordered, same = scores[order], labels[order]
    last = np.append(np.flatnonzero(np.diff(ordered)), len(ordered) - 1) if len(ordered) else np.empty(0, dtype=int)
    right = np.cumsum(same)[last].astype(float)
    return ordered[last], right, last + 1.0 - right


def _mean(values: list[float]) -> float:
    return sum(values) / len(values) if values else 0.0
