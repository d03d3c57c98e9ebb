"""One word of a name: its plain form, its consonants, and how alike it is to another."""

import re
from functools import lru_cache, reduce
from itertools import accumulate, product
from operator import and_, or_

from comity.matching.plain import Word

# Families of consonants that languages and transliterations write for one another.
_SOUNDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("(?:t|d)?s?ch|(?:d|t)?zh|(?:d|t)j|[ct]z|d?z|sz|sh|sch|ts|s", ("s",)),
    ("^x", ("s",)),
    ("x", ("ks",)),
    ("c(?=[eiy])", ("s",)),
    ("^kh", ("k", "h")),
    ("kh|gh|ck|qu|[kgqc]", ("k",)),
    ("ph|[bpfv]", ("b",)),
    ("th|dh", ("t", "s")),  # Arabic in the mouths of Persians and Turks
    ("[td]", ("t",)),
    ("w", ("", "b")),
    ("j", ("s", "")),
    ("^h", ("h",)),
    ("m", ("m",)),
    ("n", ("n",)),
    ("l", ("l",)),
    ("r", ("r",)),
)
_SOUND = re.compile("|".join(f"({pattern})" for pattern, _ in _SOUNDS))
_SKELETONS_MAX = 4
_DOUBLED = re.compile(r"(.)\1+")
_VOWELS = frozenset("aeiouy")
ABD = re.compile(r"^abd[aeiou]+l(?=[a-z]{3})")  # servant of the ...: abdulrahman, abdelrahman, abdurrahman
_SIMILARITY_MIN = 0.7  # below it two words are two words

# Words so frequent in their languages that sharing one says little.
_COMMON = frozenset(
    """
    mohammed mohammad muhammad mohamed mohamad mohamud mahamud mhmd ahmed ahmad ahmd ali aly hassan hasan hsn hussein
    husayn husain hussain hsin abdallah abdullah abdullahi abdalah ibrahim abrahim omar umar khan hamid said saeed saleh
    salih mahmud mahmoud muhamud abu abou kim gim li lee wang zhang chen liu jose juan maria luis carlos antonio ivan
    sergei aleksandr vladimir john david mary jean
    """.split()  # noqa: SIM905
)


class Token:
    """One word of a name. Compared by identity: `token` gives the same object for the same word."""

    __slots__ = ("abjad", "bits", "first", "last", "may", "must", "skeletons", "slack", "text")

    def __init__(self, text: str, abjad: bool) -> None:
        self.text = text
        self.abjad = abjad
        self.skeletons = _skeletons(text)
        # Consonants, one bit each: those of any reading, those of every reading.
        masks = [_mask(skeleton) for skeleton in self.skeletons]
        self.may = reduce(or_, masks)
        self.first = reduce(or_, (_mask(skeleton[:1]) for skeleton in self.skeletons))
        self.last = reduce(or_, (_mask(skeleton[-1:]) for skeleton in self.skeletons))
        self.must = reduce(and_, masks)
        # So many consonants may be others before two words are two words.
        self.slack = len(self.skeletons[0]) // 4 if abjad else int(len(text) * (1 - _SIMILARITY_MIN))
        self.bits = _weight(text, self.skeletons[0])


@lru_cache(maxsize=1 << 17)
def token(word: Word) -> Token:
    text = ABD.sub("abd", word.text)
    return Token(text, word.abjad)


def _skeletons(text: str) -> tuple[str, ...]:
    """The consonants by family, doubled ones once, with `a` before for a vowel at the start; up to four readings."""
    plain = _DOUBLED.sub(r"\1", text)
    start = "a" if plain[:1] in _VOWELS else ""
    choices: list[tuple[str, ...]] = []
    end = -1
    for found in _SOUND.finditer(plain):
        choice = _SOUNDS[(found.lastindex or 1) - 1][1]
        if found.start() != end or choice != choices[-1]:  # Schmidt sounds as Schmitt
            choices.append(choice)
        end = found.end()
    readings: list[str] = []
    for letters in product(*choices):
        reading = start + "".join(letters)
        if plain[:1] in ("j", "w") and letters[0] == "":
            reading = "a" + reading  # a j that is read y, a w that is read u
        if reading not in readings:
            readings.append(reading)
        if len(readings) == _SKELETONS_MAX:
            break
    return tuple(readings)


def _mask(skeleton: str) -> int:
    mask = 0
    for letter in skeleton:
        mask |= 1 << (ord(letter) - 97)
    return mask


def _weight(text: str, skeleton: str) -> float:
    """What sharing this word is worth, in bits: longer words are rarer, a few are known to be frequent."""
    bits = min(9.0, 1.2 * len(skeleton) + 0.6 * len(text))
    return bits / 2 if text in _COMMON else bits


def may_be_alike(one: Token, other: Token) -> bool:
    """A quick look that spares the long one: the same consonant first or last, and no more others than may be."""
    if not (one.first & other.first or one.last & other.last or one.text == other.text):
        return False
    slack = one.slack if one.slack > other.slack else other.slack
    return (one.must & ~other.may).bit_count() <= slack and (other.must & ~one.may).bit_count() <= slack


@lru_cache(maxsize=1 << 17)
def alike(one: Token, other: Token) -> float:
    """How alike two words are: 1.0 the same, 0.0 different."""
    if one.text == other.text:
        return 1.0
    same_sound = any(skeleton in other.skeletons for skeleton in one.skeletons)
    if one.abjad or other.abjad:
        return _alike_abjad(one, other, same_sound)
    longer = max(len(one.text), len(other.text), 3)
    similarity = 1.0 - _distance(one.text, other.text, longer * (1 - _SIMILARITY_MIN)) / longer
    if same_sound and len(one.skeletons[0]) > 2:
        similarity = max(similarity, 0.85)
    return similarity if similarity >= _SIMILARITY_MIN else 0.0


def _alike_abjad(one: Token, other: Token, same_sound: bool) -> float:
    """Where one side lacks its vowels the consonants decide."""
    if same_sound:
        return 0.95 if len(one.skeletons[0]) > 1 else 0.75
    longer = max(len(one.skeletons[0]), len(other.skeletons[0]))
    distance = min(
        _distance(left, right, longer * (1 - _SIMILARITY_MIN))
        for left in one.skeletons[:2]
        for right in other.skeletons[:2]
    )
    similarity = 0.95 - distance / longer
    return similarity if similarity >= _SIMILARITY_MIN else 0.0


_SOFT = frozenset("aeiouyh")
_SWAPS = {
    frozenset(pair): cost
    for pair, cost in (
        *((a + b, 0.3) for a in "aeiouy" for b in "aeiouy" if a < b),
        *(
            (pair, 0.3)
            for pair in (
                "kq",
                "kc",
                "cq",
                "gk",
                "gq",
                "sz",
                "iy",
                "ij",
                "jy",
                "vw",
                "uv",
                "uw",
                "td",
                "bp",
                "fp",
                "fv",
                "bv",
                "gj",
                "cs",
                "mn",
            )
        ),
    )
}
_SUBSTITUTE = {a + b: cost for pair, cost in _SWAPS.items() for a in pair for b in pair if a != b}


def _distance(one: str, other: str, enough: float) -> float:
    """Edits between two words: a vowel or h more or less, or a related letter, costs a third; a doubled letter less.

    Counting ends where `enough` is passed. The innermost loop of all matching: plain comparisons, no calls.
    """
    drops = _drops(other)
    substitute = _SUBSTITUTE
    before_previous: list[float] = []
    row = [0.0, *accumulate(drops)]
    for i, (left, drop) in enumerate(zip(one, _drops(one), strict=True)):
        previous_row = row
        last = lowest = previous_row[0] + drop
        row = [last]
        for j, right in enumerate(other):
            if left == right:
                best = previous_row[j]
            else:
                best = previous_row[j] + substitute.get(left + right, 1.0)
                if i and j and left == other[j - 1] and right == one[i - 1]:
                    swapped = before_previous[j - 1] + 0.7
                    if swapped < best:
                        best = swapped
            shorter = previous_row[j + 1] + drop
            if shorter < best:
                best = shorter
            longer = last + drops[j]
            if longer < best:
                best = longer
            row.append(best)
            last = best
            if best < lowest:
                lowest = best
        if lowest > enough:
            return lowest
        before_previous = previous_row
    return row[-1]


@lru_cache(maxsize=1 << 16)
def _drops(word: str) -> tuple[float, ...]:
    """What leaving out each letter costs."""
    return tuple(
        0.2 if index and word[index - 1] == letter else 0.35 if letter in _SOFT and index else 1.0
        for index, letter in enumerate(word)
    )
