"""How far apart two spellings are: edits weighed by how often scribes and romanisations make them."""

from collections.abc import Sequence
from typing import Protocol

from comity.matching.compiled import compiled

LETTERS = 26
SWAP = 0.7  # two neighbours exchanged
_SOFT = "aeiouyh"  # come and go between romanisations
_SOFT_DROP, _SOFT_FIRST_DROP, _DOUBLED_DROP = 0.35, 0.6, 0.2

# Letters that languages and romanisations write for one another, and what the exchange costs.
_EXCHANGES = (
    (0.3, ("ae", "ai", "ao", "au", "ay", "ei", "eo", "eu", "ey", "io", "iu", "iy", "ou", "oy", "uy")),
    (0.3, ("kq", "ck", "cq", "gq", "sz", "ij", "jy", "vw", "uv", "uw", "dt", "bp", "fv", "cs", "gj")),
    (0.5, ("gk", "fp", "bv", "mn", "jz", "dz", "st", "hk", "lr", "cz", "gh", "hj", "cg", "cj", "kx", "sx")),
)
# Sounds that two letters spell, each as one: what is compared is the folded word.
_FOLDS = (
    ("tsch", "c"),
    ("tch", "c"),
    ("sch", "s"),
    ("ck", "k"),
    ("ph", "f"),
    ("dj", "j"),
    ("ou", "u"),
    ("oo", "u"),
    ("ee", "i"),
    ("q", "k"),
)


def substitution_costs() -> tuple[float, ...]:
    """26 × 26: what writing one letter for another costs; 1 where they have nothing in common."""
    costs = [0.0 if one == other else 1.0 for one in range(LETTERS) for other in range(LETTERS)]
    for cost, pairs in _EXCHANGES:
        for pair in pairs:
            one, other = codes(pair)
            costs[one * LETTERS + other] = costs[other * LETTERS + one] = cost
    return tuple(costs)


def drop_costs() -> tuple[float, ...]:
    """What leaving out each letter costs inside a word, then (26 on) at its start."""
    inside = [_SOFT_DROP if chr(97 + code) in _SOFT else 1.0 for code in range(LETTERS)]
    return (*inside, *(_SOFT_FIRST_DROP if cost < 1.0 else 1.0 for cost in inside))


def codes(text: str) -> bytes:
    """The letters a to z as 0 to 25."""
    return bytes(ord(letter) - 97 for letter in text)


def folded(text: str) -> str:
    """A Latin word with sounds of two letters written by one."""
    for sound, letter in _FOLDS:
        text = text.replace(sound, letter)
    return text


# Kinds of consonants that no cheap exchange crosses: (letters that are of the kind, letters that may stand for it).
_KINDS = (
    ("bpf", "vwu"),
    ("kqg", "cxjh"),
    ("sz", "cxjtdk"),
    ("td", "sz"),
    ("mn", ""),
    ("lr", ""),
)


def kinds(text: str) -> tuple[int, int]:
    """(kinds of consonants that the word surely has, kinds that it may be read with), one bit each."""
    must = sum(1 << bit for bit, (sure, _) in enumerate(_KINDS) if any(letter in text for letter in sure))
    may = sum(1 << bit for bit, (sure, more) in enumerate(_KINDS) if any(letter in text for letter in sure + more))
    return must, may


class Costs(Protocol):
    """What single edits cost (comity.matching.likeness.Tables)."""

    @property
    def substitute(self) -> Sequence[float]: ...
    @property
    def drop(self) -> Sequence[float]: ...


class Letters(Protocol):
    """Two words as letter codes, and room for 3 × (letters of the second + 1) numbers (likeness.Room)."""

    @property
    def one(self) -> Sequence[int]: ...
    @property
    def other(self) -> Sequence[int]: ...
    @property
    def rows(self) -> list[float]: ...


@compiled
def edits(letters: Letters, one_length: int, other_length: int, costs: Costs, enough: float) -> float:
    """The weighted Damerau–Levenshtein distance of `letters.one` and `letters.other`; ends where `enough` is passed."""
    one, other, rows = letters.one, letters.other, letters.rows
    substitute, drop = costs.substitute, costs.drop
    width = other_length + 1
    above, now, before = 0, width, 2 * width
    rows[0] = 0.0
    for j in range(other_length):
        letter = other[j]
        cost = drop[letter + 26] if j == 0 else (0.2 if other[j - 1] == letter else drop[letter])
        rows[j + 1] = rows[j] + cost
    for i in range(one_length):
        left = one[i]
        left_drop = drop[left + 26] if i == 0 else (0.2 if one[i - 1] == left else drop[left])
        last = rows[above] + left_drop
        rows[now] = last
        lowest = last
        for j in range(other_length):
            right = other[j]
            best = rows[above + j] + substitute[left * 26 + right]
            if i > 0 and j > 0 and left != right and left == other[j - 1] and one[i - 1] == right:
                swapped = rows[before + j - 1] + 0.7
                if swapped < best:
                    best = swapped
            shorter = rows[above + j + 1] + left_drop
            if shorter < best:
                best = shorter
            longer = last + (drop[right + 26] if j == 0 else (0.2 if other[j - 1] == right else drop[right]))
            if longer < best:
                best = longer
            rows[now + j + 1] = best
            last = best
            if best < lowest:
                lowest = best
        if lowest > enough:
            return lowest
        above, now, before = now, before, above
    return rows[above + other_length]
