"""A person as the index of persons sees one: words with their readings, dates, codes; nothing that is not searched."""

from collections.abc import Iterable

from msgspec import Struct

from comity.domain.country import country
from comity.domain.lookup import WILDCARDS, PersonQuery
from comity.domain.person import Name, Person
from comity.matching import names, numbers
from comity.matching.numbered import folded
from comity.matching.packed import Token
from comity.matching.scripts import Word, cuts, words
from comity.matching.vocabulary import Spelt
from comity.matching.writing import Script, script_of

_SCRIPTS = {script: place for place, script in enumerate(Script)}
PATTERN = 255  # the script of a word with wildcards


class Traits(Struct, frozen=True):
    """Recorded or asked for; whatever is empty is not known or not asked."""

    names: tuple[tuple[Spelt, ...], ...] = ()
    births: tuple[str, ...] = ()  # partial dates
    sex: str = "U"
    nationalities: tuple[str, ...] = ()  # two letters
    places: tuple[str, ...] = ()  # words of places, as they are best read
    numbers: tuple[str, ...] = ()  # of documents, look-alikes folded
    height_cm: int = 0
    eyes: str = ""
    hair: str = ""


def traits_of(person: Person) -> Traits:
    """Of a record."""
    spelt = dict.fromkeys(spelt_name(name) for name in person.names)
    return Traits(
        names=tuple(name for name in spelt if name),
        births=person.births,
        sex=person.sex.value,
        nationalities=_countries(person.nationalities),
        places=place_words(person.birth_place),
        numbers=_folded(one.number for one in person.documents),
        height_cm=person.description.height_cm,
        eyes=person.description.eyes.casefold(),
        hair=person.description.hair.casefold(),
    )


def traits_asked(query: PersonQuery) -> Traits:
    """Of a question."""
    return Traits(
        names=asked_names(query.name, query.wildcard),
        births=(query.birth,) if query.birth else (),
        sex=query.sex.value,
        nationalities=_countries((query.nationality,)),
        places=place_words(query.place),
        numbers=_folded((query.document_number,)),
        height_cm=query.height_cm,
        eyes=query.eyes.casefold(),
        hair=query.hair.casefold(),
    )


def spelt_name(name: Name) -> tuple[Spelt, ...]:
    return tuple(map(_spelt, names.tokens(name.full, name.family, name.given)))


def asked_names(full: str, wildcard: bool = False) -> tuple[tuple[Spelt, ...], ...]:
    """A name as it was asked for: where it must be cut into words, each way.

    With `wildcard`, `*` and `?` in a word stand for any letters and for one.
    """
    if not full.strip():
        return ()
    if wildcard:
        parts = (part for part in full.split())
        patterned = [(_pattern(part),) if WILDCARDS & set(part) else spelt_name(Name(full=part)) for part in parts]
        return (tuple(word for words_of_part in patterned for word in words_of_part),)
    other_ways = (tuple(map(_as_cut, cut)) for cut in cuts(full)[1:])
    return tuple(name for name in (spelt_name(Name(full=full)), *other_ways) if name)


def _as_cut(word: Word) -> Spelt:
    best = word.readings[0].bits
    readings = tuple((one.text, best - one.bits) for one in word.readings)
    return Spelt(word.native or "/".join(text for text, _ in readings), _SCRIPTS[word.script], readings)


def _pattern(part: str) -> Spelt:
    """Whatever of it is no wildcard as small Latin letters."""
    text = "".join(sign if sign in WILDCARDS else "".join(word.text for word in words(sign)) for sign in part)
    return Spelt(text, PATTERN, ((text, 0.0),))


def _spelt(token: Token) -> Spelt:
    if token.native:
        return Spelt(token.native, _SCRIPTS[script_of(token.native[0])], token.readings)
    return Spelt("/".join(text for text, _ in token.readings), 0, token.readings)


def place_words(place: str) -> tuple[str, ...]:
    """The words of a place, as they are best read."""
    return tuple(dict.fromkeys(word.text for word in words(place)))


def _countries(codes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(country(code) for code in codes if code))


def _folded(given: Iterable[str]) -> tuple[str, ...]:
    canonical = (numbers.document_number(number) for number in given)
    return tuple(dict.fromkeys(folded(number) for number in canonical if number))
