"""How a word of another script is written in Latin letters: likely readings, and the evidence for a given one."""

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from comity.matching.compiled import compiled, compiled_making_arrays
from comity.matching.emissions import LETTERS_OF_A_SUBSTRING_MAX, emissions, letter_bits, rows_of, ways_of
from comity.matching.writing import Script

READINGS_MAX = 8
LATIN_LETTERS_MAX = 32  # of a word that is compared; what follows is not looked at
EVIDENCE_BITS_MIN, EVIDENCE_BITS_MAX = -10.0, 18.0
# What no table knows of: a unit left out, a letter put in (at random; a vowel, h or doubled letter sooner), a letter
# of the same class written for another (p for b, any vowel for any).
LEFT_OUT, PUT_IN, EASILY_PUT_IN, OF_ITS_CLASS = 0.02, 0.00125, 0.01, 0.05
_CLASSES = ("aeiouy", "bp", "fvw", "dt", "kgcqx", "sz", "j", "lr", "mn", "h")
CLASS_OF = np.array(
    [0, *(next(i for i, one in enumerate(_CLASSES, 1) if chr(96 + code) in one) for code in range(1, 27))], np.uint8
)
# Readings are sought among so many beginnings at a time; entries of a row far below its best are not followed.
_BEAM, _CANDIDATES, _SLOTS = 24, 1024, 4096
_ENTRY_SHARE_MIN = 0.01
_LOOKS_SHARE = (
    0.3  # how much it counts that a reading looks like a name, beside that its letters are usual for the units
)
_USUAL_LETTER_BITS = (
    3.6  # what a letter of a name costs the letter model on average: length by itself is neither good nor bad
)
_LETTERS_OF_A_WINDOW = 12
_NO_LETTER = "`"  # the sign before a


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
    """Ways to write a word in Latin letters, `READINGS_MAX` at most: the likeliest, then what adds most to the others.

    One that differs by a single letter from one already given adds little: an index finds either by the other.
    """
    table = emissions()
    found: dict[str, float] = {}
    for rows, share in ways_of(native, script):
        letters, weights = np.zeros((_BEAM, LATIN_LETTERS_MAX), np.uint8), np.zeros(_BEAM)
        count = _search(
            *(table.starts, table.codes, table.lengths, table.probabilities),
            *(letter_bits(), np.array(rows, np.int32), letters, weights),
        )
        whole = weights[:count].sum() / share
        for text, weight in zip(_texts(letters[:count]), weights[:count], strict=True):
            found[text] = found.get(text, 0.0) + weight / whole
    whole = sum(found.values())
    best = sorted((one for one in found.items() if one[0]), key=lambda one: (-one[1], one[0]))[:_BEAM]
    letters, lengths = _letters([text for text, _ in best])
    shares = np.array([weight / whole for _, weight in best])
    picked = np.zeros(min(n, READINGS_MAX, len(best)), np.int64)
    _pick(letters, lengths, shares, picked)
    return tuple(Reading(best[one][0], float(np.log2(shares[one]))) for one in picked)


def _texts(letters: NDArray[np.uint8]) -> list[str]:
    whole = (letters + np.uint8(96)).tobytes().decode("ascii")
    return [whole[at : at + LATIN_LETTERS_MAX].rstrip(_NO_LETTER) for at in range(0, len(whole), LATIN_LETTERS_MAX)]


@compiled_making_arrays
def _pick(
    letters: NDArray[np.uint8], lengths: NDArray[np.int32], shares: NDArray[np.float64], picked: NDArray[np.int64]
) -> None:
    """The best reading, then always the one whose neighbourhood holds most that no neighbour of the picked is."""
    count = len(shares)
    near = np.zeros((count, count), np.bool_)
    for one in range(count):
        for other in range(count):
            near[one, other] = _one_letter_apart(letters[one], lengths[one], letters[other], lengths[other])
    left = shares.copy()
    taken = np.zeros(count, np.bool_)
    for place in range(len(picked)):
        best, most = -1, -1.0
        for one in range(count):
            if taken[one] or (place == 0 and one > 0):
                continue
            gain = shares[one] * 1e-6
            for other in range(count):
                if near[one, other]:
                    gain += left[other]
            if gain > most:
                best, most = one, gain
        taken[best] = True
        picked[place] = best
        for other in range(count):
            if near[best, other]:
                left[other] = 0.0


@compiled
def _one_letter_apart(one: NDArray[np.uint8], one_length: int, other: NDArray[np.uint8], other_length: int) -> bool:
    """Whether at most one letter is put in, left out or written for another."""
    if abs(one_length - other_length) > 1:
        return False
    shorter = min(one_length, other_length)
    same = 0
    while same < shorter and one[same] == other[same]:
        same += 1
    tail = 0
    while tail < shorter - same and one[one_length - 1 - tail] == other[other_length - 1 - tail]:
        tail += 1
    return max(one_length, other_length) - same - tail <= 1


@compiled_making_arrays
def _search(
    starts: NDArray[np.int32],
    codes: NDArray[np.uint64],
    lengths: NDArray[np.int32],
    probabilities: NDArray[np.float64],
    letter_bits: NDArray[np.float64],
    rows: NDArray[np.int32],
    letters: NDArray[np.uint8],
    weights: NDArray[np.float64],
) -> int:
    """Fills `letters` with the best readings, `weights` with how they stand to each other; returns how many there are.

    A reading is good if its units become its letters often, and if its letters look like a name's.
    """
    kept = 1
    channel = np.zeros(_BEAM)
    looks = np.zeros(_BEAM)
    channel[0] = 1.0
    lengths_kept = np.zeros(_BEAM, np.int64)
    hashes = np.zeros(_BEAM, np.uint64)
    new_channel = np.zeros(_CANDIDATES)
    new_looks = np.zeros(_CANDIDATES)
    new_hashes = np.zeros(_CANDIDATES, np.uint64)
    parents = np.zeros(_CANDIDATES, np.int64)
    entries = np.zeros(_CANDIDATES, np.int64)
    slots = np.zeros(_SLOTS, np.int64)
    for at in range(len(rows)):
        row = rows[at]
        found = 0
        slots[:] = -1
        floor = probabilities[starts[row]] * _ENTRY_SHARE_MIN
        for parent in range(kept):
            for entry in range(starts[row], starts[row + 1]):
                if probabilities[entry] < floor:
                    break
                width = lengths[entry]
                if lengths_kept[parent] + width > LATIN_LETTERS_MAX or found == _CANDIDATES:
                    continue
                code = codes[entry]
                hashed = hashes[parent]
                for place in range(width - 1, -1, -1):
                    letter = code >> np.uint64(5 * place) & np.uint64(31)
                    hashed = (hashed ^ letter) * np.uint64(0x100000001B3)
                    hashed = hashed ^ hashed >> np.uint64(29)
                slot = np.int64(hashed & np.uint64(_SLOTS - 1))
                while slots[slot] >= 0 and new_hashes[slots[slot]] != hashed:
                    slot = (slot + 1) % _SLOTS
                if slots[slot] >= 0:
                    new_channel[slots[slot]] += channel[parent] * probabilities[entry]
                    continue
                length = lengths_kept[parent]
                before = np.int64(letters[parent, length - 2]) if length > 1 else 0
                last = np.int64(letters[parent, length - 1]) if length > 0 else 0
                look = looks[parent]
                for place in range(width - 1, -1, -1):
                    letter_code = np.int64(code >> np.uint64(5 * place) & np.uint64(31))
                    look += _USUAL_LETTER_BITS - letter_bits[before, last, letter_code]
                    before, last = last, letter_code
                slots[slot] = found
                new_channel[found] = channel[parent] * probabilities[entry]
                new_looks[found] = look
                new_hashes[found] = hashed
                parents[found] = parent
                entries[found] = entry
                found += 1
        if found == 0:
            continue
        order = np.argsort(-(np.log2(new_channel[:found]) + _LOOKS_SHARE * new_looks[:found]))
        kept_now = min(_BEAM, found)
        grown = np.zeros((_BEAM, LATIN_LETTERS_MAX), np.uint8)
        grown_lengths = np.zeros(_BEAM, np.int64)
        for place in range(kept_now):
            one = order[place]
            parent, entry = parents[one], entries[one]
            length = lengths_kept[parent]
            grown[place, :length] = letters[parent, :length]
            for back in range(lengths[entry]):
                shift = np.uint64(5 * (lengths[entry] - 1 - back))
                grown[place, length + back] = np.uint8(codes[entry] >> shift & np.uint64(31))
            grown_lengths[place] = length + lengths[entry]
        scale = new_channel[order[0]]
        for place in range(kept_now):
            channel[place] = new_channel[order[place]] / scale
            looks[place] = new_looks[order[place]]
            hashes[place] = new_hashes[order[place]]
        letters[:] = grown
        lengths_kept[:] = grown_lengths
        kept = kept_now
    for place in range(kept):
        length = lengths_kept[place]
        before = np.int64(letters[place, length - 2]) if length > 1 else 0
        last = np.int64(letters[place, length - 1]) if length > 0 else 0
        look = looks[place] - letter_bits[before, last, 0]
        weights[place] = channel[place] * 2.0 ** (_LOOKS_SHARE * look)
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
    letters, lengths = _letters(words)
    return Latins(letters, lengths, _costs(letters, lengths))


def _letters(words: Sequence[str]) -> tuple[NDArray[np.uint8], NDArray[np.int32]]:
    """As `Latins` has them."""
    whole = "".join(word[:LATIN_LETTERS_MAX].ljust(LATIN_LETTERS_MAX, _NO_LETTER) for word in words)
    letters = np.frombuffer(whole.encode("ascii"), np.uint8).reshape(-1, LATIN_LETTERS_MAX) - np.uint8(96)
    lengths = np.fromiter((min(len(word), LATIN_LETTERS_MAX) for word in words), np.int32, len(words))
    return letters, lengths


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
        class_codes(),
        table.lengths,
        table.probabilities,
        natives.words,
        natives.alternatives,
        natives.rows,
        latins.letters,
        CLASS_OF[latins.letters],
        latins.lengths,
        left,
        right,
        channel,
    )
    return np.clip(channel + latins.bits[right], EVIDENCE_BITS_MIN, EVIDENCE_BITS_MAX)


@compiled_making_arrays
def _channel(
    starts: NDArray[np.int32],
    codes: NDArray[np.uint64],
    class_codes: NDArray[np.uint64],
    lengths: NDArray[np.int32],
    probabilities: NDArray[np.float64],
    words: NDArray[np.int32],
    alternatives: NDArray[np.int32],
    rows: NDArray[np.int32],
    letters: NDArray[np.uint8],
    classes: NDArray[np.uint8],
    letter_counts: NDArray[np.int32],
    left: NDArray[np.int32],
    right: NDArray[np.int32],
    out: NDArray[np.float64],
) -> None:
    """log2 P(latin | native), summed over all ways of dividing the Latin word among the native units."""
    windows = np.zeros((LATIN_LETTERS_MAX + 1, _LETTERS_OF_A_WINDOW + 1), np.uint64)
    class_windows = np.zeros((LATIN_LETTERS_MAX + 1, _LETTERS_OF_A_WINDOW + 1), np.uint64)
    put_in = np.zeros(LATIN_LETTERS_MAX + 1, np.float64)
    now = np.zeros(LATIN_LETTERS_MAX + 1, np.float64)
    then = np.zeros(LATIN_LETTERS_MAX + 1, np.float64)
    last = -1
    for k in range(len(left)):
        latin = right[k]
        count = letter_counts[latin]
        if latin != last:
            for j in range(count):
                code, class_code = np.uint64(0), np.uint64(0)
                for width in range(1, min(_LETTERS_OF_A_WINDOW, count - j) + 1):
                    code = code << np.uint64(5) | np.uint64(letters[latin, j + width - 1])
                    class_code = class_code << np.uint64(5) | np.uint64(classes[latin, j + width - 1])
                    windows[j, width] = code
                    class_windows[j, width] = class_code
                easily = classes[latin, j] == 1 or classes[latin, j] == 10
                easily = easily or (j > 0 and letters[latin, j] == letters[latin, j - 1])
                put_in[j] = EASILY_PUT_IN if easily else PUT_IN
            last = latin
        best = 1e-300
        for alternative in range(words[left[k]], words[left[k] + 1]):
            now[: count + 1] = 0.0
            now[0] = 1.0
            for j in range(count):
                now[j + 1] = now[j] * put_in[j]
            for at in range(alternatives[alternative], alternatives[alternative + 1]):
                row = rows[at]
                then[: count + 1] = 0.0
                top = now[: count + 1].max()
                for j in range(count + 1):
                    so_far = now[j]
                    if so_far < top * 1e-7:
                        continue
                    then[j] += so_far * LEFT_OUT
                    for entry in range(starts[row], starts[row + 1]):
                        width = lengths[entry]
                        if width == 0:
                            then[j] += so_far * probabilities[entry]
                        elif j + width <= count and class_windows[j, width] == class_codes[entry]:
                            same = windows[j, width] == codes[entry]
                            then[j + width] += so_far * probabilities[entry] * (1.0 if same else OF_ITS_CLASS)
                for j in range(count):
                    then[j + 1] += then[j] * put_in[j]
                now, then = then, now
            if now[count] > best:
                best = now[count]
        out[k] = np.log2(best)


@cache
def class_codes() -> NDArray[np.uint64]:
    """The letters of each entry by their classes, in one number as `Emissions.codes` are."""
    codes = emissions().codes
    found = np.zeros_like(codes)
    for place in range(LETTERS_OF_A_SUBSTRING_MAX):
        shift = np.uint64(5 * place)
        found |= CLASS_OF[(codes >> shift & np.uint64(31)).astype(np.int64)].astype(np.uint64) << shift
    return found
