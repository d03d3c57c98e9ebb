"""Which letters of a Latin word come from which unit of the native one, learned from many pairs (EM)."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from comity.matching.compiled import compiled, compiled_making_arrays
from comity.matching.emissions import code_of, letters_of
from comity.matching.units import CONTEXTS, context_keys

LATIN_LETTERS_MAX, UNITS_MAX = 20, 16
PLAIN_ROUNDS, CONTEXT_ROUNDS = 8, 3
_NOISE = 0.1  # of the pairs are not one name at all, before they are looked at
_SLACK_LETTERS = 2.5  # how far from the diagonal a unit may find its letters
_RULE_COUNT = 4.0  # a rule weighs as much as so many pairs seen
_BESIDE_ONE, _BETWEEN_TWO = 6.0, 10.0  # what is known in less context weighs as so many pairs seen in more
_GUESSED_SHARE = 0.3  # of the first guess is for what no rule knows
_SHARE_MIN = 1e-4  # arcs taken less often than this are not followed into context
_GAIN_BITS_MIN = 10.0  # a row in context is kept if, over all pairs, it saves so many bits
_PROBABILITY_MIN, _ENTRIES_MAX = 0.001, 40
_CODE_BITS = np.uint64(45)
_LETTERS = np.uint64(5)

Row = dict[str, float]
Rules = dict[str, Row]  # what hand-written rules say of each unit


class Pair(NamedTuple):
    native: str
    units: tuple[str, ...]
    latin: str
    count: float  # how often it was found
    weight: float
    cost_bits: float  # of the Latin word, by the letter model


class Width(NamedTuple):
    """How many letters a unit may become; none, where it may be silent."""

    min: int
    max: int


def usable(pairs: Iterable[Pair], width: Width) -> list[Pair]:
    return [
        pair
        for pair in pairs
        if 0 < len(pair.units) <= UNITS_MAX
        and 0 < len(pair.latin) <= min(LATIN_LETTERS_MAX, width.max * len(pair.units))
    ]


class Arcs(NamedTuple):
    """The ways in which unit `at` of a pair may become the `width` letters from `start` on, which `code` holds."""

    firsts: NDArray[np.int64]  # pair k has the arcs from firsts[k]
    at: NDArray[np.int8]
    start: NDArray[np.int8]
    width: NDArray[np.int8]
    code: NDArray[np.uint64]


@compiled
def _arcs(
    unit_counts: NDArray[np.int32],
    letters: NDArray[np.uint8],
    letter_counts: NDArray[np.int32],
    letters_min: int,
    letters_max: int,
    slack: float,
    firsts: NDArray[np.int64],
    at: NDArray[np.int8],
    start: NDArray[np.int8],
    width: NDArray[np.int8],
    code: NDArray[np.uint64],
    fill: bool,
) -> None:
    """Counts the arcs of each pair into `firsts`; then, called with room for them, writes them there."""
    found = 0
    for k in range(len(unit_counts)):
        m, n = unit_counts[k], letter_counts[k]
        firsts[k] = found
        for i in range(m):
            for j in range(n + 1):
                if j > i * letters_max:
                    continue
                letter_code = np.uint64(0)
                for b in range(min(letters_max, n - j) + 1):
                    if b > 0:
                        letter_code = letter_code << np.uint64(5) | np.uint64(letters[k, j + b - 1])
                    if b < letters_min:
                        continue
                    if n - j - b > (m - i - 1) * letters_max:
                        continue
                    if abs((j + b / 2) / n - (i + 0.5) / m) * max(m, n) > slack:
                        continue
                    if fill:
                        at[found] = i
                        start[found] = j
                        width[found] = b
                        code[found] = letter_code
                    found += 1
    firsts[len(unit_counts)] = found


def arcs_of(pairs: list[Pair], width: Width) -> Arcs:
    unit_counts = np.array([len(pair.units) for pair in pairs], np.int32)
    letter_counts = np.array([len(pair.latin) for pair in pairs], np.int32)
    letters = np.zeros((len(pairs), LATIN_LETTERS_MAX), np.uint8)
    for index, pair in enumerate(pairs):
        letters[index, : len(pair.latin)] = np.frombuffer(pair.latin.encode("ascii"), np.uint8) - 96
    firsts = np.zeros(len(pairs) + 1, np.int64)
    slack = max(_SLACK_LETTERS, width.max * 0.7)
    room = Arcs(firsts, *(np.zeros(1, np.int8) for _ in range(3)), np.zeros(1, np.uint64))
    _arcs(unit_counts, letters, letter_counts, width.min, width.max, slack, *room, False)
    found = int(firsts[-1])
    room = Arcs(firsts, *(np.zeros(found, np.int8) for _ in range(3)), np.zeros(found, np.uint64))
    _arcs(unit_counts, letters, letter_counts, width.min, width.max, slack, *room, True)
    return room


@compiled_making_arrays
def _expect(
    firsts: NDArray[np.int64],
    at: NDArray[np.int8],
    start: NDArray[np.int8],
    width: NDArray[np.int8],
    unit_counts: NDArray[np.int32],
    letter_counts: NDArray[np.int32],
    probabilities: NDArray[np.float64],
    by_chance: NDArray[np.float64],
    noise: float,
    shares: NDArray[np.float64],
    genuine: NDArray[np.float64],
) -> None:
    """How probably each arc was taken (`shares`), and each pair is one name (`genuine`)."""
    forward = np.zeros((UNITS_MAX + 1, LATIN_LETTERS_MAX + 1))
    backward = np.zeros((UNITS_MAX + 1, LATIN_LETTERS_MAX + 1))
    for k in range(len(unit_counts)):
        m, n = unit_counts[k], letter_counts[k]
        forward[: m + 1, : n + 1] = 0.0
        backward[: m + 1, : n + 1] = 0.0
        forward[0, 0] = 1.0
        backward[m, n] = 1.0
        for arc in range(firsts[k], firsts[k + 1]):
            i, j = at[arc], start[arc]
            forward[i + 1, j + width[arc]] += forward[i, j] * probabilities[arc]
        for arc in range(firsts[k + 1] - 1, firsts[k] - 1, -1):
            i, j = at[arc], start[arc]
            backward[i, j] += backward[i + 1, j + width[arc]] * probabilities[arc]
        whole = forward[m, n]
        genuine[k] = (1.0 - noise) * whole / ((1.0 - noise) * whole + noise * by_chance[k])
        scale = genuine[k] / whole if whole > 0.0 else 0.0
        for arc in range(firsts[k], firsts[k + 1]):
            i, j = at[arc], start[arc]
            shares[arc] = forward[i, j] * probabilities[arc] * backward[i + 1, j + width[arc]] * scale


class Keys(NamedTuple):
    """For each arc: its row, at one level of context, and the entry of that row that it uses."""

    names: list[str]
    row: NDArray[np.int64]
    entry: NDArray[np.int64]
    entries: NDArray[np.uint64]  # row and letters in one number, ascending

    def row_of_entry(self) -> NDArray[np.int64]:
        return (self.entries >> _CODE_BITS).astype(np.int64)

    def counts(self, shares: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """How often each entry was used, and each row."""
        entry = np.bincount(self.entry, shares, len(self.entries))
        return entry, np.bincount(self.row_of_entry(), entry, len(self.names))


class Corpus:
    """Pairs with their arcs, ready for rounds of expectation."""

    def __init__(self, pairs: list[Pair], width: Width) -> None:
        self.pairs = pairs
        self.arcs = arcs_of(pairs, width)
        self.weights = np.array([pair.weight for pair in pairs])
        self.genuine = np.ones(len(pairs))
        self._unit_counts = np.array([len(pair.units) for pair in pairs], np.int32)
        self._letter_counts = np.array([len(pair.latin) for pair in pairs], np.int32)
        self._by_chance = np.exp2([-pair.cost_bits for pair in pairs])

    def pair_of_arc(self) -> NDArray[np.int64]:
        return np.repeat(np.arange(len(self.pairs)), np.diff(self.arcs.firsts))

    def expected(self, probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
        """How often each arc was taken, pairs that are hardly one name counting little."""
        shares = np.empty(len(self.arcs.code))
        firsts, at, start, width, _ = self.arcs
        _expect(
            *(firsts, at, start, width, self._unit_counts, self._letter_counts, probabilities),
            *(self._by_chance, _NOISE, shares, self.genuine),
        )
        return shares * np.repeat(self.weights, np.diff(firsts))

    def drop_arcs_but(self, kept: NDArray[np.bool_]) -> None:
        _, *rest = self.arcs
        counts = np.bincount(self.pair_of_arc()[kept], minlength=len(self.pairs))
        self.arcs = Arcs(np.concatenate(([0], np.cumsum(counts))), *(one[kept] for one in rest))

    def keys(self, level: int) -> Keys:
        ids: dict[str, int] = {}
        rows = [
            ids.setdefault(context_keys(pair.units, at)[level], len(ids))
            for pair in self.pairs
            for at in range(len(pair.units))
        ]
        first_unit = np.concatenate(([0], np.cumsum(self._unit_counts)[:-1]))
        row = np.array(rows, np.int64)[first_unit[self.pair_of_arc()] + self.arcs.at]
        entries, entry = np.unique(row.astype(np.uint64) << _CODE_BITS | self.arcs.code, return_inverse=True)
        return Keys(list(ids), row, entry.astype(np.int64), entries)


class Learned(NamedTuple):
    rows: Rules  # for units, alone and among neighbours, keyed as `context_keys` does
    genuine: NDArray[np.float64]  # how probably each pair is one name


def learn(pairs: list[Pair], width: Width, rules: Rules, in_context: bool = True) -> Learned:
    """By unit alone at first; then, where wanted and where the pairs say more, by unit and neighbours."""
    corpus = Corpus(pairs, width)
    plain = corpus.keys(CONTEXTS.index("alone"))
    by_rule = _by_rule(plain, rules)
    probabilities = _first_guess(plain, by_rule)[plain.entry]
    for _ in range(PLAIN_ROUNDS):
        shares = corpus.expected(probabilities)
        probabilities = _plain(plain, shares, by_rule)[plain.entry]
    if not in_context:
        rows = _tabled(plain, _plain(plain, shares, by_rule))
        return Learned({name: _pruned(row) for name, row in rows.items()}, corpus.genuine)
    corpus.drop_arcs_but(shares > _SHARE_MIN)
    levels = [corpus.keys(level) for level in range(len(CONTEXTS))]
    by_rule = _by_rule(levels[-1], rules)
    shares = shares[shares > _SHARE_MIN]
    for _ in range(CONTEXT_ROUNDS):
        shares = corpus.expected(_in_context(levels, shares, by_rule))
    return Learned(_rows(levels, shares, by_rule), corpus.genuine)


def _by_rule(keys: Keys, rules: Rules) -> NDArray[np.float64]:
    """What the rules say of each entry."""
    found = np.zeros(len(keys.entries))
    for row, name in enumerate(keys.names):
        for letters, probability in rules.get(name.split("\t")[1], {}).items():
            entry = np.uint64(row) << _CODE_BITS | np.uint64(code_of(letters))
            at = np.searchsorted(keys.entries, entry)
            if at < len(found) and keys.entries[at] == entry:
                found[at] = probability
    return found


def _first_guess(keys: Keys, by_rule: NDArray[np.float64]) -> NDArray[np.float64]:
    """What rules say; else any letters, longer ones less probable."""
    code = keys.entries & ((np.uint64(1) << _CODE_BITS) - np.uint64(1))
    widths = np.zeros(len(code))
    while code.any():
        widths += code > 0
        code = code >> _LETTERS
    return (1 - _GUESSED_SHARE) * by_rule + _GUESSED_SHARE * 0.1 * 26.0**-widths


def _plain(keys: Keys, shares: NDArray[np.float64], by_rule: NDArray[np.float64]) -> NDArray[np.float64]:
    entry, row = keys.counts(shares)
    ruled = np.bincount(keys.row_of_entry(), by_rule, len(row))
    of = keys.row_of_entry()
    return (entry + _RULE_COUNT * by_rule) / np.maximum(row[of] + _RULE_COUNT * ruled[of], 1e-12)


def _in_context(levels: list[Keys], shares: NDArray[np.float64], by_rule: NDArray[np.float64]) -> NDArray[np.float64]:
    """The probability of each arc: by its unit between its neighbours as far as that was seen, else with fewer."""
    between, followed, _, alone = levels
    probabilities = _plain(alone, shares, by_rule)[alone.entry]
    for keys, backoff in ((followed, _BESIDE_ONE), (between, _BETWEEN_TWO)):
        entry, row = keys.counts(shares)
        probabilities = (entry[keys.entry] + backoff * probabilities) / (row[keys.row] + backoff)
    return probabilities


def _rows(levels: list[Keys], shares: NDArray[np.float64], by_rule: NDArray[np.float64]) -> Rules:
    """The rows worth keeping: each unit alone, and in context where that says something new."""
    between, followed, preceded, alone = levels
    kept = _tabled(alone, _plain(alone, shares, by_rule))
    for keys in (followed, preceded, between):
        for name, counts in _counted(keys, shares).items():
            before, unit, after = name.split("\t")
            parent = kept.get(f"\t{unit}\t{after}") or kept.get(f"{before}\t{unit}\t") or kept[f"\t{unit}\t"]
            row = _backed_off(counts, parent, _BETWEEN_TWO if before and after else _BESIDE_ONE)
            gain = sum(count * np.log2(row[letters] / parent.get(letters, 1e-5)) for letters, count in counts.items())
            if gain > _GAIN_BITS_MIN:
                kept[name] = row
    return {name: _pruned(row) for name, row in kept.items()}


def _backed_off(counts: Row, parent: Row, backoff: float) -> Row:
    whole = sum(counts.values()) + backoff
    return {
        letters: (counts.get(letters, 0.0) + backoff * parent.get(letters, 0.0)) / whole
        for letters in (*counts, *(letters for letters in parent if letters not in counts))
    }


def _counted(keys: Keys, shares: NDArray[np.float64]) -> Rules:
    return _tabled(keys, keys.counts(shares)[0])


def _tabled(keys: Keys, values: NDArray[np.float64]) -> Rules:
    mask = (np.uint64(1) << _CODE_BITS) - np.uint64(1)
    rows: Rules = {name: {} for name in keys.names}
    for at in np.flatnonzero(values > _SHARE_MIN):
        entry = keys.entries[at]
        rows[keys.names[int(entry >> _CODE_BITS)]][letters_of(int(entry & mask))] = float(values[at])
    return {name: row for name, row in rows.items() if row}


def _pruned(row: Row) -> Row:
    best = sorted(row.items(), key=lambda one: (-one[1], one[0]))[:_ENTRIES_MAX]
    kept = {letters: probability for letters, probability in best if probability >= _PROBABILITY_MIN * best[0][1]}
    whole = sum(kept.values())
    return {letters: probability / whole for letters, probability in kept.items()}
