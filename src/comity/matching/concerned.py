"""Whether a question once asked was about whom somebody now seeks in the journal, and by which keys the two meet."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import combinations

from comity.domain import limits
from comity.domain.document import TravelDocument
from comity.domain.firearm import Firearm
from comity.domain.lookup import DocumentQuery, FirearmQuery, PersonQuery, Query, VehicleQuery, VesselQuery
from comity.domain.person import IdentityDocument, Name, Person
from comity.domain.record import Subject
from comity.domain.vehicle import Vehicle
from comity.domain.vessel import Vessel
from comity.matching import numbers
from comity.matching.compare import compare
from comity.matching.names import tokens
from comity.matching.numbered import folded, number_keys_asked
from comity.matching.packed import Token
from comity.matching.variants import variants
from comity.matching.vocabulary import sounds

# Rises with everything that changes a key that is written: a node then makes the index of its journal anew.
# Falls without it: tests/matching/test_concerned.py
KEYS_VERSION = 1
READINGS_WRITTEN = 2  # of each word, as it is written down: every entry has its keys, so there are few
READINGS_SOUGHT = 8
VARIANTS_SOUGHT = 6  # nicknames and the like


def keys_written(query: Query) -> tuple[str, ...]:
    """Under which a question stands in the index of the journal. A name with wildcards has none: it is nobody's."""
    words = _words(query, READINGS_WRITTEN, 0)
    found = [*_of_numbers(query), *_of_pairs(words), *_with_birth(query, words)]
    found += [f"word {form}" for forms in words for form in forms]
    if len(words) == 1:
        found += [f"only {form}" for form in words[0]]
    return tuple(dict.fromkeys(found))


def keys_sought(query: Query) -> tuple[str, ...]:
    """Under which the questions are sought that may have been about the same: by any two words of a name, by one and
    the day of birth, by one where either side has no other.
    """
    words = _words(query, READINGS_SOUGHT, VARIANTS_SOUGHT)
    alone = "word" if len(words) == 1 else "only"
    found = [*_of_numbers(query), *_of_pairs(words), *_with_birth(query, words)]
    found += [f"{alone} {form}" for forms in words for form in forms]
    return tuple(dict.fromkeys(found))[: limits.SOUGHT_KEYS_MAX]


def concerns(asked: Query, sought: Query) -> bool:
    """Whether the question asked is answered by whom, or what, is sought."""
    if _paper(asked) and type(asked) is not type(sought):
        return _paper(asked) == _paper(sought)
    return means(asked, subject_of(sought))


def means(query: Query, subject: Subject) -> bool:
    """Whether a query means this subject, and nothing it says speaks against it."""
    found = compare(query, subject)
    # A namesake is a lead for whoever looks for somebody, and nobody whom a person may be told of. Falls without it:
    # tests/desks/test_oversight.py
    return found is not None and all(line.how != "conflict" for line in found.fields)


def subject_of(query: Query) -> Subject:
    """Whom or what a query describes, as far as it does."""
    match query:
        case PersonQuery() as person:
            papers = (IdentityDocument(number=person.document_number, country=person.document_country),)
            return Person(
                names=(Name(full=person.name),) if person.name.strip() else (),
                births=(person.birth,) if person.birth else (),
                sex=person.sex,
                nationalities=(person.nationality,) if person.nationality else (),
                birth_place=person.place,
                documents=papers if person.document_number else (),
            )
        case DocumentQuery() as paper:
            return TravelDocument(number=paper.number, country=paper.country)
        case VehicleQuery() as car:
            return Vehicle(
                vin=car.vin, plate=car.plate, plate_country=car.plate_country, engine_number=car.engine_number
            )
        case FirearmQuery(serial=serial, make=make):
            return Firearm(serial=serial, make=make)
        case VesselQuery() as vessel:
            return Vessel(
                imo=vessel.imo,
                hull_number=vessel.hull_number,
                eni=vessel.eni,
                mmsi=vessel.mmsi,
                call_sign=vessel.call_sign,
                registration=vessel.registration,
                flag=vessel.flag,
                name=vessel.name,
                engine_numbers=(vessel.engine_number,) if vessel.engine_number else (),
            )


def _paper(query: Query) -> str:
    """The number of a person's document, whether or not it is a person who is asked for."""
    match query:
        case PersonQuery(document_number=number) | DocumentQuery(number=number):
            return numbers.document_number(number)
    return ""


def _of_numbers(query: Query) -> Iterator[str]:
    yield from (f"number {key.kind} {key.scope} {folded(key.number)}" for key in number_keys_asked(query))
    if paper := _paper(query):
        yield f"paper {folded(paper)}"


def _of_pairs(words: Sequence[tuple[str, ...]]) -> Iterator[str]:
    for one, other in combinations(words, 2):
        yield from (f"two {' '.join(sorted((left, right)))}" for left in one for right in other)


def _with_birth(query: Query, words: Sequence[tuple[str, ...]]) -> Iterator[str]:
    if isinstance(query, PersonQuery) and len(query.birth) == len("YYYY-MM-DD"):
        yield from (f"born {query.birth} {form}" for forms in words for form in forms)


def _words(query: Query, readings: int, others: int) -> list[tuple[str, ...]]:
    """How each word of the name is heard, by so many readings of its script and other forms of it."""
    if not isinstance(query, PersonQuery) or query.wildcard:
        return []
    return [found for one in tokens(query.name) if (found := _heard(one, readings, others))]


@lru_cache(maxsize=1 << 14)
def _heard(word: Token, readings: int, others: int) -> tuple[str, ...]:
    texts = [text for text, _ in word.readings[:readings] if text]
    texts += [text for text, _ in variants(texts[0])[:others]] if texts else []
    return tuple(dict.fromkeys(sounds(text) or text for text in texts))
