"""How much each kind of strangeness weighs, learned from weeks of which people know what they were."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from comity.analysis.misuse.examples import Example
from comity.analysis.misuse.surprise import ODDITIES, Bits

USUAL_BITS = 8.0  # what one week in 256 reaches says nothing: every alarm has to stand out in something
TURNS_MAX = 1_000


def heights(bits: Bits) -> Bits:
    """What is above the usual."""
    return np.maximum(bits - USUAL_BITS, 0.0)


def learned(examples: Sequence[Example]) -> NDArray[np.float64]:
    """One weight for each of ODDITIES, none below 0: to be stranger never lowers a score.

    Logistic regression with a quadratic penalty; what would get a weight below 0 is left out, and the rest fitted anew.
    """
    bits = np.array([[one.bits.get(oddity, 0.0) for oddity in ODDITIES] for one in examples])
    misuse = np.array([one.misuse for one in examples])
    counts = np.array([one.counts for one in examples])
    weights = np.zeros(len(ODDITIES))
    kept = np.flatnonzero(bits.any(axis=0))
    while len(kept):
        model = LogisticRegression(C=1.0, max_iter=TURNS_MAX)
        model.fit(heights(bits)[:, kept], misuse, sample_weight=counts)
        found = model.coef_[0]
        if (found >= 0).all():
            weights[kept] = found
            break
        kept = kept[found >= 0]
    return weights


def parts(bits: Bits, weights: NDArray[np.float64]) -> Bits:
    """What each oddity adds to the score of each week."""
    found: Bits = heights(bits) * weights
    return found
