"""By which keys persons are stored and found on a shelf: numbers, birth dates, consonants and words of names."""

from functools import lru_cache
from itertools import pairwise

from msgspec import Struct

from comity.domain import limits
from comity.matching.plain import Word, words
from comity.matching.tokens import Token, token

# Words that stand between the parts of a name, and titles: no evidence for or against.
_PARTICLES = frozenset(
    """
    bin ibn ben bn bint al el ul ud as ash ad de da dos das del della di du la van von der den ter zu y e i und
    """.split()  # noqa: SIM905
)
_TITLES = frozenset(
    "mr mrs ms dr haji hajji hadji sheikh shaykh sheik mullah mulla maulavi mawlawi maulvi mawlavi qari".split()  # noqa: SIM905
)
# Second halves of compound names: Saif Allah, Shams al-Din.
_SECOND_HALVES = frozenset(
    ("allah", "allh", "ullah", "ollah", "ulah", "din", "deen", "uddin", "addin", "eddin", "eddine")
)
_SERVANT = frozenset(("abd", "abdu", "abdul", "abdel", "abdal", "abdoul"))


class PreparedName(Struct, frozen=True, gc=False):
    full: str
    tokens: tuple[Token, ...]
    latin: bool  # written in Latin letters


@lru_cache(maxsize=1 << 16)
def prepared_name(full: str) -> PreparedName:
    """A name as its words, without titles and particles; a servant name (abd al-...) is one word."""
    found = words(full)
    kept: list[Word] = []
    servant = False
    for index, word in enumerate(found):
        if servant and word.text not in _PARTICLES:
            kept[-1] = Word("abd" + word.text, kept[-1].abjad)
            servant = False
        elif word.text in _SERVANT and index + 1 < len(found):
            kept.append(word)
            servant = True
        elif word.text in _SECOND_HALVES and kept:
            kept[-1] = Word(kept[-1].text + word.text, kept[-1].abjad)
        elif word.text not in _PARTICLES and word.text not in _TITLES:
            kept.append(word)
    latin = all(letter < "\u0250" or not letter.isalpha() for letter in full)
    return PreparedName(full, tuple(token(word) for word in kept or found), latin)


def keys(full_names: tuple[str, ...], births: tuple[str, ...], numbers: tuple[str, ...]) -> frozenset[str]:
    """By which a record is stored and found: two that share none are not compared.

    `doc:` numbers, `b:` birth dates with the first consonant of a word, `s:` consonants of a word, `f:` words as spelt.
    """
    names = tuple(name for name in map(prepared_name, full_names) if name.tokens)
    chosen = [f"doc:{number}" for number in numbers[: limits.PERSON_KEYS_MAX // 4] if number]
    chosen += _birth_keys(names, births)[: limits.PERSON_KEYS_MAX // 4]
    chosen += _name_keys(names)
    return frozenset(list(dict.fromkeys(chosen))[: limits.PERSON_KEYS_MAX])


def _birth_keys(names: tuple[PreparedName, ...], births: tuple[str, ...]) -> list[str]:
    initials = dict.fromkeys(one.skeletons[0][:1] for name in names for one in name.tokens)
    return [
        f"b:{birth[:4]}{''.join(sorted((birth[5:7], birth[8:])))}{initial}"  # day and month may have been swapped
        for birth in births
        if len(birth) == len("YYYY-MM-DD")
        for initial in initials
    ]


def _name_keys(names: tuple[PreparedName, ...]) -> list[str]:
    tokens = dict.fromkeys(one for name in names for one in name.tokens)
    by_sound = [f"s:{skeleton}" for one in tokens for skeleton in one.skeletons if len(skeleton) > 1]
    joined = [
        f"s:{skeleton}"
        for name in names
        for one in _compounds(name.tokens)
        for skeleton in one.skeletons[:1]
        if len(skeleton) > 1
    ]
    by_spelling = [f"f:{one.text}" for one in tokens]
    return [*by_sound, *joined, *by_spelling]


def _compounds(tokens: tuple[Token, ...]) -> list[Token]:
    """Two short words that others write as one: Jong Un, Abu Bakr."""
    return [
        token(Word(one.text + other.text, one.abjad))
        for one, other in pairwise(tokens)
        if len(one.text) <= 5 and len(other.text) <= 5
    ]
