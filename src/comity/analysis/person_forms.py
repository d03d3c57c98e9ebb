"""A person as linkage compares one: names romanised and folded, numbers in canonical form, and the keys to meet by."""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import permutations, product

from msgspec import Struct

from comity.domain.country import country
from comity.domain.person import IdentityDocument, Name, NameKind, Person, Sex
from comity.matching import numbers
from comity.matching.names import tokens
from comity.matching.numbered import folded
from comity.matching.packed import Role, Token
from comity.matching.scripts import words
from comity.matching.variants import variants

READINGS_OF_A_WORD = 4  # the best; more would make strangers alike
READINGS_TO_MEET_BY = 2
VARIANT_DOUBT = 3.0  # bits; what is more doubtful joins half the world
NAMES_COMPARED = 8  # of one person, in the order of the record
SOUND_LETTERS = str.maketrans("cqgzxvfpd", "kkkssbbbt", "aeiouyjwh'")


class PersonForms(Struct, frozen=True):
    """One row of the comparison. "" and () where the record says nothing; `keys` are what two must share to meet."""

    family: str
    given: str
    families: tuple[str, ...]
    givens: tuple[str, ...]
    family_sounds: tuple[str, ...]
    given_sounds: tuple[str, ...]
    given_variants: tuple[str, ...]  # other names for the same person: Bill is William
    birth: str
    birth_year: str
    births: tuple[str, ...]
    births_swapped: tuple[str, ...]
    sex: str
    nationalities: tuple[str, ...]
    place: str
    documents: tuple[str, ...]
    documents_folded: tuple[str, ...]
    contacts: tuple[str, ...]
    address: str
    addresses: tuple[str, ...]
    parents: str
    keys: tuple[str, ...]

    @property
    def sure(self) -> str:
        """Two records with the same are the same person but for a rare accident; "" where too little is known."""
        return (
            f"{self.family} {self.given} {self.birth}" if self.family and self.given and len(self.birth) == 10 else ""
        )


class _Parts(Struct, frozen=True):
    """The words of one name, each by its readings."""

    family: tuple[tuple[str, ...], ...]
    given: tuple[tuple[str, ...], ...]


def forms(person: Person) -> PersonForms:
    """The forms of one person. Weak aliases and false identities count as names: that is what linkage is for."""
    named = [parts for name in _best_first(person.names)[:NAMES_COMPARED] if (parts := _parts(name)).family]
    families = _each_once(form for parts in named for form in _together(parts.family))
    givens = _each_once(form for parts in named for form in _together(parts.given))
    days = tuple(birth for birth in person.births if len(birth) == len("YYYY-MM-DD"))
    first = (days or person.births or ("",))[0]
    folded_addresses = _each_once(map(_plain, person.addresses))
    documents = _each_once(map(_document, person.documents))
    documents_folded = _each_once(map(folded, documents))
    contacts = _each_once([*map(_phone, person.phones), *(mail.strip().lower() for mail in person.emails)])
    return PersonForms(
        family=families[0] if families else "",
        given=givens[0] if givens else "",
        families=families,
        givens=givens,
        family_sounds=_each_once(map(sound, families)),
        given_sounds=_each_once(map(sound, givens)),
        given_variants=_each_once(other for one in givens for other, doubt in variants(one) if doubt <= VARIANT_DOUBT),
        birth=first,
        birth_year=first[:4],
        births=days,
        births_swapped=_each_once(map(_swapped, days)),
        sex="" if person.sex is Sex.UNSPECIFIED else person.sex.value,
        nationalities=_each_once(country(code) for code in person.nationalities),
        place=_plain(person.birth_place),
        documents=documents,
        documents_folded=documents_folded,
        contacts=contacts,
        address=folded_addresses[0] if folded_addresses else "",
        addresses=folded_addresses,
        parents=_plain(person.parents),
        keys=_each_once(_keys(named, days, [*documents_folded, *contacts, *folded_addresses])),
    )


# -- names --------------------------------------------------------------------------------------------------------


def _best_first(names: Sequence[Name]) -> list[Name]:
    return sorted(names, key=lambda name: name.kind is not NameKind.MAIN)


@lru_cache(maxsize=1 << 15)
def _parts(name: Name) -> _Parts:
    """Family and given names as they are told apart; else the last word is the family name, in East Asia the first.

    A patronymic is neither: half of all records leave it out.
    """
    found = [one for one in tokens(name.full, name.family, name.given) if one.role is not Role.PATRONYMIC]
    family = [one for one in found if one.role is Role.FAMILY]
    given = [one for one in found if one.role is not Role.FAMILY]
    if not family and given:
        place = 0 if given[0].native >= _EAST_ASIA else len(given) - 1
        family = [given.pop(place)]
    return _Parts(tuple(map(_readings, family)), tuple(map(_readings, given)))


_EAST_ASIA = "\u3040"  # kana, Han and Hangul stand from here on


def _readings(token: Token) -> tuple[str, ...]:
    return tuple(text for text, _ in token.readings[:READINGS_OF_A_WORD]) or (token.text,)


def _together(part: tuple[tuple[str, ...], ...]) -> Iterator[str]:
    """The part written as one word, then each of its words, in their readings: best first."""
    if not part:
        return
    yield "".join(readings[0] for readings in part)
    for readings in part:
        yield from readings


@lru_cache(maxsize=1 << 16)
def sound(word: str) -> str:
    """The consonants of a word by family, doubled ones once, after `a` for a vowel at its start."""
    heard = word.replace("ph", "f").replace("ts", "s").replace("sh", "s").replace("ch", "s").replace("th", "t")
    plain = heard.translate(SOUND_LETTERS)
    once = "".join(sign for place, sign in enumerate(plain) if not place or plain[place - 1] != sign)
    return ("a" if word[:1] in "aeiou" else "") + once


# -- other fields -------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1 << 15)
def _plain(text: str) -> str:
    """In small Latin letters, without blanks and signs; digits stay."""
    digits = "".join(sign for sign in text if sign.isdigit())
    return "".join(word.readings[0].text for word in words(text) if word.readings) + digits


def _swapped(day: str) -> str:
    return f"{day[:4]}-{day[8:]}-{day[5:7]}"


def _document(document: IdentityDocument) -> str:
    return numbers.document_number(document.number)


def _phone(text: str) -> str:
    """The last nine digits: with or without the country's own."""
    digits = "".join(sign for sign in text if sign.isdigit())
    return digits[-9:] if len(digits) > 5 else ""


def _each_once(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))


# -- keys ---------------------------------------------------------------------------------------------------------


def _keys(named: Sequence[_Parts], days: Sequence[str], numbers_and_places: Sequence[str]) -> Iterator[str]:
    """What is rare enough to meet by: a number, an address, a birth date with an initial, two words of one name."""
    yield from (f"d {one}" for one in numbers_and_places)
    for parts in named:
        words_of = (*parts.family, *parts.given)
        for one, other in permutations(words_of, 2):
            for reading, another in product(one[:READINGS_TO_MEET_BY], other[:READINGS_TO_MEET_BY]):
                yield "n " + " ".join(sorted((sound(reading), sound(another))))
                # One word as it is and how the other begins: the end of a word is where faults are.
                yield f"p {reading} {another[:2]}"
        heard = {sound(reading) for readings in words_of for reading in readings[:READINGS_TO_MEET_BY]}
        for day in days:
            moon = "".join(sorted((day[5:7], day[8:])))  # day and month may have been swapped
            yield from (f"b {day[:4]} {moon} {one[:1]}" for one in heard)
            yield from (f"m {moon} {one}" for one in heard)
