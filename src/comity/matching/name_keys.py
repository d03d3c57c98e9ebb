"""By which keys a name that was asked for meets one that is recorded later, written or heard nearly alike."""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise, permutations
from typing import NamedTuple

from comity.matching.packed import Token
from comity.matching.variants import variants
from comity.matching.vocabulary import sounds

FORMS_MAX = 8  # of one word: the sounds of so many readings
VARIANTS_ASKED_MAX = 6  # nicknames and the like, of one word
JOINED_READINGS_MAX = 2  # of each of two neighbours that others write as one
RARE_FROM_BITS = 12.0  # such a word says enough by itself: one in four thousand bears it
RARE_SOUNDS_MIN = 4
SOUNDS_MIN = 2  # fewer say too little without the vowels between them
BEGINNING_SOUNDS = 3
_VOWELS = str.maketrans({"y": "i", "e": "i", "o": "u", "w": "u"})
_VOWEL_MARK = "."


class Side(StrEnum):
    """Whose name it is: what one side lays out the other looks up."""

    ASKED = "asked"
    RECORDED = "recorded"

    @property
    def other(self) -> "Side":
        return Side.RECORDED if self is Side.ASKED else Side.ASKED


class _Part(NamedTuple):
    """A word of a name, or two neighbours as one."""

    forms: tuple[str, ...]  # how it may be heard, the likeliest first
    first: int  # place of the first word, and of the last
    last: int


def keys_of_name(name: Sequence[Token], births: Sequence[str], side: Side) -> Iterator[str]:
    """The most telling first. Names meet by two words of which one may have a sound amiss and the other its end; by a
    word and a day of birth, or an initial; by a rare word alone; and where one side has a single word, by that.
    """
    words = [_Part(forms, place, place) for place, one in enumerate(name) if (forms := _forms(one, side))]
    parts = [*words, *_joined(name)]
    yield from _alone(name, words, parts, side)
    yield from _with_birth(words, births)
    yield from _with_initial(name, words, side)
    yield from _two_words(parts)


def _forms(word: Token, side: Side) -> tuple[str, ...]:
    texts = [text for text, _ in word.readings[:FORMS_MAX] if text]
    if side is Side.ASKED and texts:
        texts += [text for text, _ in variants(texts[0])[:VARIANTS_ASKED_MAX]]
    return tuple(dict.fromkeys(map(_heard, texts)))


@lru_cache(maxsize=1 << 15)
def _heard(text: str) -> str:
    """Its sounds; of a short word with its vowels by kind."""
    found = sounds(text)
    if len(found.removeprefix("a")) >= SOUNDS_MIN:
        return found
    vowels = dict.fromkeys(letter for letter in text.translate(_VOWELS) if letter in "aiu")
    return found + _VOWEL_MARK + "".join(vowels)[:2]


def _joined(name: Sequence[Token]) -> Iterator[_Part]:
    """Two neighbours that others write as one: Jong Un, Abu Bakr."""
    for place, (one, other) in enumerate(pairwise(name)):
        before, after = one.readings[:JOINED_READINGS_MAX], other.readings[:JOINED_READINGS_MAX]
        forms = dict.fromkeys(_heard(left + right) for left, _ in before for right, _ in after)
        if forms:
            yield _Part(tuple(forms), place, place + 1)


def _alone(name: Sequence[Token], words: Sequence[_Part], parts: Sequence[_Part], side: Side) -> Iterator[str]:
    """Without a second word: the other side has none, this side has none, the word is rare, the name is one word."""
    for part in parts:
        yield from (f"only {side.other} {form}" for form in part.forms)
    if len(words) == 1:
        yield from (f"only {side} {form}" for form in words[0].forms)
    yield f"whole {_heard(''.join(one.readings[0][0] for one in name if one.readings))}"
    for word in words:
        if name[word.first].rarity >= RARE_FROM_BITS:
            yield from (f"rare {form}" for form in word.forms if len(form) >= RARE_SOUNDS_MIN)


def _with_birth(words: Sequence[_Part], births: Sequence[str]) -> Iterator[str]:
    """A full day of birth, day and month in either order, and how a word begins."""
    initials = dict.fromkeys(form[0] for word in words for form in word.forms)
    for birth in births:
        if len(birth) == len("YYYY-MM-DD"):
            day = birth[:4] + "".join(sorted((birth[5:7], birth[8:])))
            yield from (f"born {day} {initial}" for initial in initials)


def _with_initial(name: Sequence[Token], words: Sequence[_Part], side: Side) -> Iterator[str]:
    """A word of one letter against any that begins so, beside another word."""
    for word, beside in permutations(words, 2):
        text = name[word.first].text
        stands_for = side if len(text) == 1 else side.other
        yield from (f"initial {stands_for} {text[:1]} {form}" for form in beside.forms)


def _two_words(parts: Sequence[_Part]) -> Iterator[str]:
    """How one begins, and the other whole or less one sound: two spellings with one sound amiss meet without it.

    The likeliest forms of all pairs first.
    """
    beginnings = [tuple(dict.fromkeys(form[:BEGINNING_SOUNDS] for form in part.forms)) for part in parts]
    cut = [tuple(map(_less_one, part.forms)) for part in parts]
    for depth in range(max((len(part.forms) for part in parts), default=0)):
        for (one, left), (other, right) in permutations(enumerate(parts), 2):
            if left.last < right.first or right.last < left.first:
                for begin, rest in _at_depth(beginnings[one], cut[other], depth):
                    for less in rest:
                        yield f"two {begin} {less}"


def _at_depth(
    begins: Sequence[str], rests: Sequence[tuple[str, ...]], depth: int
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Those of all combinations of which the one or the other is the `depth`-th, and neither comes after it."""
    for rest in rests[: depth + 1] if depth < len(begins) else ():
        yield begins[depth], rest
    for begin in begins[:depth] if depth < len(rests) else ():
        yield begin, rests[depth]


@lru_cache(maxsize=1 << 14)
def _less_one(form: str) -> tuple[str, ...]:
    if _VOWEL_MARK in form or len(form) <= SOUNDS_MIN:
        return (form,)
    return (form, *dict.fromkeys(form[:place] + form[place + 1 :] for place in range(len(form))))
