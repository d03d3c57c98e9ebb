"""The letter model: what a Latin word costs, in bits, that is a name at all."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def coded(words: Sequence[str], width: int) -> NDArray[np.uint8]:
    """A word a row, a = 1 to z = 26, two noughts before it and at least one after."""
    padded = "".join(f"``{word[:width]:`<{width + 1}}" for word in words)
    return (np.frombuffer(padded.encode("ascii"), np.uint8) - 96).reshape(len(words), width + 3)


def letter_model(words: Sequence[str]) -> NDArray[np.float64]:
    """log2 P(letter | the two before), smoothed after Witten and Bell; 0 stands before the start and after the end."""
    letters = coded(words, max(map(len, words)))
    counts = np.zeros((27, 27, 27))
    within = _within(letters)
    np.add.at(counts, (letters[:, :-2][within], letters[:, 1:-1][within], letters[:, 2:][within]), 1.0)
    one = (counts.sum((0, 1)) + 1) / (counts.sum() + 27)
    return np.asarray(np.log2(_smoothed(counts, _smoothed(counts.sum(0), one)[np.newaxis])))


def costs(model: NDArray[np.float64], words: Sequence[str]) -> NDArray[np.float64]:
    """Bits of each word."""
    letters = coded(words, max(map(len, words)))
    steps = model[letters[:, :-2], letters[:, 1:-1], letters[:, 2:]]
    return -np.where(_within(letters), steps, 0.0).sum(1)


def _within(letters: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Which steps belong to the word: those up to the first nought after it."""
    ends = (letters[:, 2:] > 0).sum(1)
    return np.arange(letters.shape[1] - 2) <= ends[:, np.newaxis]


def _smoothed(counts: NDArray[np.float64], lower: NDArray[np.float64]) -> NDArray[np.float64]:
    kinds = (counts > 0).sum(-1, keepdims=True) + 1.0
    return np.asarray((counts + kinds * lower) / (counts.sum(-1, keepdims=True) + kinds))
