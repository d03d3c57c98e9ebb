"""Is this the person asked for? Names in any script, birth, sex, nationality, place and documents, weighed in bits."""

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from comity.domain.country import country
from comity.domain.lookup import PersonQuery
from comity.domain.match import FieldMatch, Match
from comity.domain.person import Name, NameKind, Person, Sex
from comity.matching import dates, engine, nationalities, numbers
from comity.matching.engine import Batch
from comity.matching.explanation import explained
from comity.matching.names import tokens
from comity.matching.numbered import folded
from comity.matching.packed import pack_name
from comity.matching.particulars import DIGEST_SIZE, UNKNOWN, Field
from comity.matching.places import pack_place
from comity.matching.thresholds import against_anyone
from comity.matching.weights import DATE_CONFLICT, DATE_SAME, PLACE_CONFLICT, PLACE_SAME, SEX_CONFLICT, SEX_SAME

# The odds of the pairs of which the weights were learned: one in five was the same person, the others had near names.
LEARNED_PRIOR_BITS = -2.0
# Where nobody says how large a collection is: one of some ten thousand persons, in which half of those asked for stand.
PRIOR_BITS = -3.5
_WOULD_WEIGH = {
    Field.BIRTH: (DATE_SAME, DATE_CONFLICT),
    Field.SEX: (SEX_SAME, SEX_CONFLICT),
    Field.PLACE: (PLACE_SAME, PLACE_CONFLICT),
}
_SEXES = {Sex.UNSPECIFIED: 0, Sex.FEMALE: 1, Sex.MALE: 2}
_NUMBERS_MAX = 255


class Prepared(Struct, frozen=True):
    """A question or a record, ready to be compared many times: as it was told, and as bytes."""

    names: tuple[Name, ...]  # that have a letter
    births: tuple[str, ...]
    sex: Sex
    nationalities: tuple[str, ...]  # two letters
    place: str
    documents: tuple[tuple[str, str], ...]  # canonical number, two-letter country or ""
    packed: bytes  # particulars.py; good for as long as the tables are the same


class Compared(NamedTuple):
    """One person against many, a row each."""

    probabilities: NDArray[np.float64]
    bits: NDArray[np.float64]  # with the prior
    fields: NDArray[np.float64]  # bits by particulars.Field


def prepare(person: Person | PersonQuery) -> Prepared:
    """Normalise once what is compared often."""
    return _of_query(person) if isinstance(person, PersonQuery) else _of_person(person)


def _of_query(query: PersonQuery) -> Prepared:
    number = numbers.document_number(query.document_number)
    return _prepared(
        names=(Name(full=query.name),) if query.name.strip() and not query.wildcard else (),
        births=(query.birth,) if query.birth else (),
        sex=query.sex,
        nationalities=(query.nationality,) if query.nationality else (),
        place=query.place,
        documents=((number, query.document_country),) if number else (),
    )


def _of_person(person: Person) -> Prepared:
    documents = ((numbers.document_number(one.number), one.country) for one in person.documents)
    return _prepared(
        names=person.names,
        births=person.births,
        sex=person.sex,
        nationalities=person.nationalities,
        place=person.birth_place,
        documents=tuple((number, issued_by) for number, issued_by in documents if number),
    )


def _prepared(
    names: tuple[Name, ...],
    births: tuple[str, ...],
    sex: Sex,
    nationalities: tuple[str, ...],
    place: str,
    documents: tuple[tuple[str, str], ...],
) -> Prepared:
    countries = tuple(dict.fromkeys(_country(code) for code in nationalities if code))
    issued = tuple((number, _country(code)) for number, code in documents)
    named = tuple(name for name in names if _name(name))
    packed_names = [_name(name) for name in named]
    packed_births = [birth for text in births for birth in _birth(text)]
    head = (_SEXES[sex], len(packed_births), len(countries), len(issued), len(packed_names))
    packed = bytes(min(one, _NUMBERS_MAX) for one in head) + b"".join(
        (
            *packed_births[:_NUMBERS_MAX],
            *map(_nationality, countries),
            *(_document(number, code) for number, code in issued),
            pack_place(place),
            *packed_names,
        )
    )
    return Prepared(named, births, sex, countries, place, issued, packed)


@lru_cache(maxsize=1024)
def _country(code: str) -> str:
    """Two letters, however the code was written; '' where there is none."""
    return country(code) if code else ""


@lru_cache(maxsize=1 << 15)
def _name(name: Name) -> bytes:
    """b'' for a name without a letter."""
    found = tokens(name.full, name.family, name.given)
    latin = not any(one.native for one in found)
    return pack_name(found, latin, name.kind is NameKind.WEAK_ALIAS) if found else b""


@lru_cache(maxsize=1 << 15)
def _birth(text: str) -> tuple[bytes, ...]:
    return tuple(
        bytes((year & 255, year >> 8, month, day, number > 0))
        for number, (year, month, day) in enumerate(dates.readings(text))
    )


@lru_cache(maxsize=1024)
def _nationality(code: str) -> bytes:
    eighths = round(8 * nationalities.rarity(code))
    return code.encode() + bytes((eighths, nationalities.once_one(code)))


def _document(number: str, issued_by: str) -> bytes:
    return _digest(number) + _digest(folded(number)) + (issued_by.encode() or bytes(2))


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=DIGEST_SIZE).digest()


def compare(asked: Prepared, found: Prepared, prior_bits: float = PRIOR_BITS, anyone: bool = False) -> Match:
    """How alike a question and a record are, with every reason: `bits` is the prior and the sum of the fields.

    `anyone`: the record was not chosen for its near name; the prior is that of a person drawn by chance. Agreement
    never lowers the bits, conflict never raises them.
    """
    fields, hows = engine.weigh_batch(asked.packed, Batch([found.packed]))
    if anyone:
        fields = against_anyone(fields, hows)
    return _match(asked, found, fields[0], hows[0], prior_bits)


class Change(NamedTuple):
    """A field that one side does not know, and the probability if it turned out to agree, or to conflict."""

    field: str
    if_it_agrees: float
    if_it_conflicts: float


def would_change(asked: Prepared, found: Prepared, prior_bits: float = PRIOR_BITS) -> tuple[Change, ...]:
    """What an officer could still find out, the most telling first."""
    fields, hows = engine.weigh_batch(asked.packed, Batch([found.packed]))
    bits = prior_bits + float(fields.sum())
    unknown = [field for field in _WOULD_WEIGH if hows[0, field] == UNKNOWN]
    changes = [_change(field, bits) for field in unknown]
    return tuple(sorted(changes, key=lambda one: one.if_it_conflicts - one.if_it_agrees))


def _change(field: Field, bits: float) -> Change:
    agrees, conflicts = (engine.learned_weights()[weight] for weight in _WOULD_WEIGH[field])
    both = probabilities(np.array([bits + agrees, bits + conflicts]))
    return Change(field.name.lower(), float(both[0]), float(both[1]))


def compare_pairs(
    asked: Sequence[Prepared], found: Sequence[Prepared], prior_bits: float = PRIOR_BITS
) -> tuple[Match, ...]:
    """`compare` of the first with the first, and so on; at full speed from some hundred pairs on."""
    fields, hows = engine.weigh_pairs(Batch([one.packed for one in asked]), Batch([one.packed for one in found]))
    rows = zip(asked, found, fields, hows, strict=True)
    return tuple(_match(one, other, bits, how, prior_bits) for one, other, bits, how in rows)


def compare_many(asked: Prepared, batch: Batch, prior_bits: float = PRIOR_BITS, anyone: bool = False) -> Compared:
    """One person against a batch, without explanations: `compare` whichever are worth it."""
    fields, hows = engine.weigh_batch(asked.packed, batch)
    if anyone:
        fields = against_anyone(fields, hows)
    bits = prior_bits + fields.sum(axis=1)
    return Compared(probabilities(bits), bits, fields)


def batch_of(persons: Sequence[Prepared]) -> Batch:
    """Laid out for `compare_many`."""
    return Batch([one.packed for one in persons])


def probabilities(bits: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of bits (log2 odds), row by row."""
    return np.asarray(1.0 / (1.0 + np.exp2(-np.clip(bits, -60.0, 60.0))), np.float64)


def _match(
    asked: Prepared, found: Prepared, bits: NDArray[np.float64], hows: NDArray[np.int64], prior_bits: float
) -> Match:
    fields: tuple[FieldMatch, ...] = explained(asked, found, bits.tolist(), hows.tolist())
    whole = prior_bits + sum(field.bits for field in fields)
    return Match(probability=float(probabilities(np.float64(whole))), bits=whole, fields=fields)  # type: ignore[arg-type]
