"""How a word of another script is written in Latin letters: likely readings, and the evidence for a given one."""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from comity.matching.compiled import compiled
from comity.matching.emissions import emissions, letter_bits, letters_of, rows_of
from comity.matching.writing import Script

READINGS_MAX = 8
LATIN_LETTERS_MAX = 32  # of a word that is compared; what follows is not looked at
EVIDENCE_BITS_MIN, EVIDENCE_BITS_MAX = -10.0, 30.0
# In every word a letter may be left out or put in that no table knows of.
_LEFT_OUT, _PUT_IN = 0.02, 0.02 / 16
_BEAM = 24
_LETTERS_OF_A_WINDOW = 10


class Reading(NamedTuple):
    """One way to write a word in Latin letters."""

    text: str  # a-z
    bits: float  # log2 of its probability


class Natives(NamedTuple):
    """Words of other scripts, packed for `evidence_pairs`: word w has the alternatives from words[w] on."""

    words: NDArray[np.int32]
    alternatives: NDArray[np.int32]  # alternative a has the rows from alternatives[a] to alternatives[a + 1]
    rows: NDArray[np.int32]


class Latins(NamedTuple):
    """Words in Latin letters, packed for `evidence_pairs`."""

    letters: NDArray[np.uint8]  # a word a row, a = 1 to z = 26, 0 after the end
    lengths: NDArray[np.int32]
    bits: NDArray[np.float64]  # what the letter model says each word costs


@lru_cache(maxsize=1 << 16)
def readings(native: str, script: Script, n: int = 4) -> tuple[Reading, ...]:
    """The likeliest ways to write a word in Latin letters, best first; at most `READINGS_MAX`."""
    found: dict[str, float] = {}
    for rows in rows_of(native, script):
        for text, probability in _likeliest(rows, _BEAM).items():
            found[text] = found.get(text, 0.0) + probability
    best = sorted(found.items(), key=lambda one: -one[1])[: min(n, READINGS_MAX)]
    return tuple(Reading(text, min(0.0, float(np.log2(probability)))) for text, probability in best if text)


def _likeliest(rows: tuple[int, ...], beam: int) -> dict[str, float]:
    table = emissions()
    kept = {"": 1.0}
    for row in rows:
        grown: dict[str, float] = {}
        for entry in range(table.starts[row], table.starts[row + 1]):
            letters, probability = letters_of(int(table.codes[entry])), float(table.probabilities[entry])
            for text, so_far in kept.items():
                grown[text + letters] = grown.get(text + letters, 0.0) + so_far * probability
        kept = dict(sorted(grown.items(), key=lambda one: -one[1])[:beam])
    return kept


def evidence(native: str, script: Script, latin: str) -> float:
    """Bits for these being one name: log2 P(latin | native) less log2 P(latin), kept within limits."""
    nought = np.zeros(1, np.int32)
    return float(evidence_pairs(pack_natives([(native, script)]), pack_latins([latin]), nought, nought)[0])


def pack_natives(words: Sequence[tuple[str, Script]]) -> Natives:
    packed = [rows_of(native, script) for native, script in words]
    alternatives = [rows for word in packed for rows in word]
    return Natives(
        words=_starts([len(word) for word in packed]),
        alternatives=_starts([len(rows) for rows in alternatives]),
        rows=np.array([row for rows in alternatives for row in rows], np.int32),
    )


def pack_latins(words: Sequence[str]) -> Latins:
    """Words of letters a-z (as `folded` gives them)."""
    letters = np.zeros((len(words), LATIN_LETTERS_MAX), np.uint8)
    lengths = np.zeros(len(words), np.int32)
    for index, word in enumerate(words):
        codes = np.frombuffer(word[:LATIN_LETTERS_MAX].encode("ascii"), np.uint8) - 96
        letters[index, : len(codes)] = codes
        lengths[index] = len(codes)
    return Latins(letters, lengths, _costs(letters, lengths))


def _costs(letters: NDArray[np.uint8], lengths: NDArray[np.int32]) -> NDArray[np.float64]:
    """What the letter model says each word costs, in bits."""
    edged = np.zeros((len(letters), LATIN_LETTERS_MAX + 3), np.uint8)
    edged[:, 2:-1] = letters
    steps = letter_bits()[edged[:, :-2], edged[:, 1:-1], edged[:, 2:]]
    steps[np.arange(LATIN_LETTERS_MAX + 1) > lengths[:, np.newaxis]] = 0.0
    return np.asarray(steps.sum(1), np.float64)


def _starts(counts: list[int]) -> NDArray[np.int32]:
    return np.concatenate(([0], np.cumsum(counts))).astype(np.int32)


def evidence_pairs(
    natives: Natives, latins: Latins, left: NDArray[np.int32], right: NDArray[np.int32]
) -> NDArray[np.float64]:
    """Evidence for each pair (natives' word left[k], latins' word right[k]), in bits."""
    table = emissions()
    channel = np.empty(len(left), np.float64)
    _channel(
        table.starts,
        table.codes,
        table.lengths,
        table.probabilities,
        natives.words,
        natives.alternatives,
        natives.rows,
        latins.letters,
        latins.lengths,
        left,
        right,
        channel,
    )
    return np.clip(channel + latins.bits[right], EVIDENCE_BITS_MIN, EVIDENCE_BITS_MAX)


@compiled
def _channel(
    starts: NDArray[np.int32],
    codes: NDArray[np.uint64],
    lengths: NDArray[np.int32],
    probabilities: NDArray[np.float64],
    words: NDArray[np.int32],
    alternatives: NDArray[np.int32],
    rows: NDArray[np.int32],
    letters: NDArray[np.uint8],
    letter_counts: NDArray[np.int32],
    left: NDArray[np.int32],
    right: NDArray[np.int32],
    out: NDArray[np.float64],
) -> None:
    """log2 P(latin | native), summed over all ways of dividing the Latin word among the native units."""
    windows = np.zeros((LATIN_LETTERS_MAX + 1, _LETTERS_OF_A_WINDOW + 1), np.uint64)
    now = np.zeros(LATIN_LETTERS_MAX + 1, np.float64)
    then = np.zeros(LATIN_LETTERS_MAX + 1, np.float64)
    last = -1
    for k in range(len(left)):
        latin = right[k]
        count = letter_counts[latin]
        if latin != last:
            for j in range(count):
                code = np.uint64(0)
                for width in range(1, min(_LETTERS_OF_A_WINDOW, count - j) + 1):
                    code = code << np.uint64(5) | np.uint64(letters[latin, j + width - 1])
                    windows[j, width] = code
            last = latin
        best = 1e-300
        for alternative in range(words[left[k]], words[left[k] + 1]):
            now[: count + 1] = 0.0
            now[0] = 1.0
            for j in range(count):
                now[j + 1] = now[j] * _PUT_IN
            for at in range(alternatives[alternative], alternatives[alternative + 1]):
                row = rows[at]
                then[: count + 1] = 0.0
                top = now[: count + 1].max()
                for j in range(count + 1):
                    so_far = now[j]
                    if so_far < top * 1e-7:
                        continue
                    then[j] += so_far * _LEFT_OUT
                    for entry in range(starts[row], starts[row + 1]):
                        width = lengths[entry]
                        if width == 0:
                            then[j] += so_far * probabilities[entry]
                        elif j + width <= count and windows[j, width] == codes[entry]:
                            then[j + width] += so_far * probabilities[entry]
                for j in range(count):
                    then[j + 1] += then[j] * _PUT_IN
                now, then = then, now
            if now[count] > best:
                best = now[count]
        out[k] = np.log2(best)
