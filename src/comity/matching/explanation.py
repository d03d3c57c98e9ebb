"""Why two persons are alike: each field with its bits, each word of the names with how it answers to another."""

from collections.abc import Sequence
from functools import lru_cache
from math import exp2
from typing import Protocol

from comity.domain.match import FieldMatch, WordMatch
from comity.domain.person import Name, Sex
from comity.matching import engine
from comity.matching.compiled import plainly
from comity.matching.dates import CODES, date_level, readings
from comity.matching.likeness import A_NICKNAME, A_VARIANT, AN_INITIAL, NOTHING, ROMANISED, SPELLED
from comity.matching.names import tokens
from comity.matching.numbered import folded
from comity.matching.packed import TOKENS_MAX, Token
from comity.matching.particulars import UNKNOWN, Field

_SQUARE = TOKENS_MAX * TOKENS_MAX
_WORD_HOWS = (
    (SPELLED, "exact"),
    (AN_INITIAL, "spelling"),
    (A_NICKNAME, "initial"),
    (A_VARIANT, "short-form"),
    (ROMANISED, "variant"),
    (NOTHING, "transliterated"),
)
_HOWS = {
    Field.SEX: ("conflict", "exact"),
    Field.NATIONALITY: ("conflict", "exact", "once-one-state"),
    Field.PLACE: ("conflict", "exact", "", "spelling"),
    Field.DOCUMENT: ("", "exact", "", "look-alike", "exact-country-unknown", "exact-other-country"),
}


class Told(Protocol):
    """What a person was told to be (comity.matching.persons.Prepared)."""

    @property
    def names(self) -> tuple[Name, ...]: ...
    @property
    def births(self) -> tuple[str, ...]: ...
    @property
    def sex(self) -> Sex: ...
    @property
    def nationalities(self) -> tuple[str, ...]: ...
    @property
    def place(self) -> str: ...
    @property
    def documents(self) -> tuple[tuple[str, str], ...]: ...


def explained(asked: Told, found: Told, bits: Sequence[float], hows: Sequence[int]) -> tuple[FieldMatch, ...]:
    """The fields that both sides know, the name first."""
    return tuple(_field(Field(at), asked, found, bits[at], how) for at, how in enumerate(hows) if how != UNKNOWN)


def _field(field: Field, asked: Told, found: Told, bits: float, how: int) -> FieldMatch:
    match field:
        case Field.NAME:
            chosen = asked.names[how >> 8], found.names[how & 255]
            return _name(*(_very_same(asked.names, found.names) or chosen), bits)
        case Field.BIRTH:
            one, other = _dates(asked.births, found.births)
            return FieldMatch(field="birth", bits=bits, how=CODES[how], asked=one, found=other)
        case Field.SEX:
            one, other = str(asked.sex), str(found.sex)
        case Field.NATIONALITY:
            one, other = " ".join(asked.nationalities), " ".join(found.nationalities)
        case Field.PLACE:
            one, other = asked.place, found.place
        case _:
            one, other = _numbers(asked.documents, found.documents)
    return FieldMatch(field=field.name.lower(), bits=bits, how=_HOWS[field][how], asked=one, found=other)


def _dates(asked: Sequence[str], found: Sequence[str]) -> tuple[str, str]:
    """The two that are nearest."""
    levels = [
        (plainly(date_level)(*one, *other), text, other_text)
        for text in asked
        for other_text in found
        for one in readings(text)
        for other in readings(other_text)
    ]
    return min(levels)[1:]


def _numbers(asked: Sequence[tuple[str, str]], found: Sequence[tuple[str, str]]) -> tuple[str, str]:
    """The two that are alike: the same, of one country where there are such, or else look-alike."""
    pairs = [
        (one != other, issued_by != other_issued_by, one, other)
        for one, issued_by in asked
        for other, other_issued_by in found
        if folded(one) == folded(other)
    ]
    return min(pairs)[2:]


def _name(asked: Name, found: Name, bits: float) -> FieldMatch:
    words = _words(tokens(asked.full, asked.family, asked.given), tokens(found.full, found.family, found.given))
    how = "exact" if _spelt(asked.full) == _spelt(found.full) else _how_of(words)
    return FieldMatch(field="name", bits=bits, how=how, asked=asked.full, found=found.full, words=tuple(words))


def _very_same(asked: Sequence[Name], found: Sequence[Name]) -> tuple[Name, Name] | None:
    """A rarer spelling of the same name may weigh more than the very name, which is told all the same."""
    recorded = {_spelt(other.full): other for other in found}
    return next(((one, recorded[_spelt(one.full)]) for one in asked if _spelt(one.full) in recorded), None)


@lru_cache(maxsize=4096)
def _spelt(full: str) -> tuple[str, ...]:
    """The words of a name, whatever their order, case and punctuation."""
    return tuple(sorted("".join(sign if sign.isalnum() else " " for sign in full.casefold()).split()))


def _how_of(words: Sequence[WordMatch]) -> str:
    """The whole name in one word: exact where every word is, part where some have no answer."""
    alone_asked = any(one.how == "alone" and one.asked for one in words)
    alone_found = any(one.how == "alone" and one.found for one in words)
    answered = [one.how for one in words if one.how != "alone"]
    if not answered or (alone_asked and alone_found):
        return "conflict"
    if alone_asked or alone_found:
        return "part"
    if "transliterated" in answered:
        return "transliterated"
    return "exact" if set(answered) == {"exact"} else "spelling"


def _words(asked: tuple[Token, ...], found: tuple[Token, ...]) -> list[WordMatch]:
    """Each word with its answer, the weightiest first; then the words without one."""
    measures, values = engine.measured(asked, found)
    candidates = sorted(_candidates(len(asked), len(found), values), reverse=True)
    left, right = set(range(len(asked))), set(range(len(found)))
    told: list[WordMatch] = []
    for bits, at, ones, others in candidates:
        if left.issuperset(ones) and right.issuperset(others):
            left.difference_update(ones)
            right.difference_update(others)
            told.append(_answer([asked[i] for i in ones], [found[j] for j in others], measures[at], bits))
    told += [WordMatch(asked=_written(asked[i]), how="alone", one_in=_one_in(asked[i])) for i in sorted(left)]
    return told + [WordMatch(found=_written(found[j]), how="alone", one_in=_one_in(found[j])) for j in sorted(right)]


def _candidates(
    count: int, other_count: int, values: Sequence[float]
) -> list[tuple[float, int, tuple[int, ...], tuple[int, ...]]]:
    """(bits, place, words of the one, words of the other) of every way for words to answer."""
    found: list[tuple[float, int, tuple[int, ...], tuple[int, ...]]] = []
    for i in range(count):
        for j in range(other_count):
            place = i * TOKENS_MAX + j
            found.append((values[place], place, (i,), (j,)))
            if i + 1 < count:
                found.append((values[_SQUARE + place], _SQUARE + place, (i, i + 1), (j,)))
            if j + 1 < other_count:
                found.append((values[2 * _SQUARE + place], 2 * _SQUARE + place, (i,), (j, j + 1)))
    return [one for one in found if one[0] > 0.0]


def _answer(ones: list[Token], others: list[Token], measured: float, bits: float) -> WordMatch:
    joined = len(ones) + len(others) > 2
    native = next((one for one in (*ones, *others) if one.native), None)
    return WordMatch(
        asked=" ".join(map(_written, ones)),
        found=" ".join(map(_written, others)),
        how="joined" if joined else next(how for end, how in _WORD_HOWS if measured < end),
        bits=bits,
        read_as=native.text if native else "",
        one_in=min(map(_one_in, (*ones, *others))),
    )


def _written(token: Token) -> str:
    return token.native or token.text


def _one_in(token: Token) -> int:
    return round(exp2(token.rarity))
