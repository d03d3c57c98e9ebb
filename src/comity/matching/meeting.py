"""By which keys a kept question and a record that comes later meet, and which that met are worth a decision."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from hashlib import blake2b
from itertools import islice
from math import log2

from comity.domain import limits
from comity.domain.lookup import PersonQuery, Query, exactly
from comity.domain.person import Person
from comity.domain.purpose import Purpose
from comity.domain.record import Subject
from comity.matching import engine, persons
from comity.matching.engine import Batch
from comity.matching.name_keys import Side, keys_of_name
from comity.matching.names import tokens
from comity.matching.numbered import NEAR_KINDS, NumberKey, folded, number_keys, number_keys_asked
from comity.matching.thresholds import against_anyone, prior, report_from
from comity.matching.traits import place_words

# Rises with everything that changes a key, tables included: a node then makes the keys of what it keeps anew.
# Falls without it: tests/matching/test_meeting.py
KEYS_VERSION = 1
PAIRS_AT_ONCE = 20_000  # laid out to be compared: some ten megabytes
KEY_BYTES = 8
KEY_MAX = 2**63 - 1  # what a database takes as a whole number


def keys_asked(query: Query) -> tuple[int, ...]:
    """Under which a question is kept; numbers first, they say most."""
    near = exactly(query) is not None
    marks = (THIS_VERSION, ANY_NEAR) if near else (THIS_VERSION,)
    return (*marks, *_as_numbers(_keys_asked(query, near), limits.KEPT_KEYS_MAX))


def keys_of(subject: Subject, near: bool) -> tuple[int, ...]:
    """By which the questions are found that a record may answer; `near`: also those that asked for near numbers."""
    return _as_numbers(_keys_of(subject, near), limits.KEYS_COMPARED_MAX)


def likely(met: Sequence[tuple[Query, Subject, Purpose, int]]) -> list[bool]:
    """Which questions and records that share so many keys are worth a decision: persons of whom as much is proved as
    whoever is told of for that purpose, and all things, which met by a number. Quickest by the thousand.

    What is told and left out here is lost. Falls without each exception: tests/matching/test_meeting.py
    """
    found, packed = [True] * len(met), dict[int, bytes]()
    asked: list[tuple[int, bytes, bytes]] = []
    for place, (query, subject, _, common) in enumerate(met):
        if not isinstance(query, PersonQuery) or not isinstance(subject, Person):
            continue
        if query.sounds_like or query.wildcard or query.height_cm or query.eyes or query.hair or not query.name.strip():
            continue  # what is not weighed below may tell of them
        if common == 1 and _born_otherwise(query.birth, subject.births):
            found[place] = False
        elif not _bears_its_words(query, subject):
            if id(subject) not in packed:
                packed[id(subject)] = persons.prepare(subject).packed
            asked.append((place, _prepared(query), packed[id(subject)]))
    for start in range(0, len(asked), PAIRS_AT_ONCE):
        places, queries, subjects = zip(*asked[start : start + PAIRS_AT_ONCE], strict=True)
        proved = against_anyone(*engine.weigh_pairs(Batch(queries), Batch(subjects)))
        for place, bits in zip(places, proved.sum(axis=1).tolist(), strict=True):
            found[place] = bits >= _told_from_bits(met[place][2])
    return found


@cache
def _told_from_bits(purpose: Purpose) -> float:
    """What must be proved in the shortest list; in a longer one more."""
    probability = report_from(purpose)
    return log2(probability / (1.0 - probability)) - prior(0, purpose)


def _bears_its_words(query: PersonQuery, subject: Person) -> bool:
    """The very name is told of however little it proves."""
    asked = _words(query.name, "", "")
    return any(asked == _words(name.full, name.family, name.given) for name in subject.names)


@lru_cache(maxsize=1 << 15)
def _words(full: str, family: str, given: str) -> frozenset[str]:
    return frozenset(one.text for one in tokens(full, family, given))


def _born_otherwise(asked: str, recorded: Sequence[str]) -> bool:
    """Both are known to the day, and neither the year nor month and day are the same."""
    if len(asked) < len("YYYY-MM-DD") or not recorded:
        return False
    return all(len(one) == len(asked) and one[:4] != asked[:4] and one[4:] != asked[4:] for one in recorded)


def _keys_asked(query: Query, near: bool) -> Iterator[str]:
    yield from _by_number(number_keys_asked(query), near)
    if isinstance(query, PersonQuery):
        yield from _by_person(query)


def _by_person(query: PersonQuery) -> Iterator[str]:
    """By name, if there is one; else by day, month or year of birth, as far as it is asked for, and by place; by
    nothing where none of these is known: such a question meets everybody.
    """
    if query.name.strip() and not query.wildcard:
        yield from keys_of_name(tokens(query.name), (query.birth,) if query.birth else (), Side.ASKED)
    elif query.wildcard or not (query.birth or query.place.strip() or query.document_number.strip()):
        yield "anybody"
    else:
        yield from (f"place {word}" for word in place_words(query.place))
        if query.birth:
            yield f"born {query.birth}"


def _keys_of(subject: Subject, near: bool) -> Iterator[str]:
    yield from _by_number(number_keys(subject), near)
    if isinstance(subject, Person):
        yield "anybody"
        yield from (f"place {word}" for word in place_words(subject.birth_place))
        yield from (f"born {birth[:length]}" for birth in subject.births for length in (4, 7, 10))
        for name in subject.names:
            yield from keys_of_name(tokens(name.full, name.family, name.given), subject.births, Side.RECORDED)


def _by_number(keys: Sequence[NumberKey], near: bool) -> list[str]:
    """Folded, so that look-alikes meet too; whether they count, `compare` decides.

    Numbers that are one edit apart are the same without one sign each, or one of them without.
    """
    found = [_number(key, folded(key.number)) for key in keys]
    for key in keys if near else ():
        number = folded(key.number)
        if key.kind in NEAR_KINDS and len(number) >= limits.NEAR_EDIT_CHARS_MIN:
            cuts = dict.fromkeys(number[:place] + number[place + 1 :] for place in range(len(number)))
            found += [f"near {_number(key, one)}" for one in (number, *cuts)]
    return found


def _number(key: NumberKey, number: str) -> str:
    return f"number {key.kind} {key.scope} {number}"


def _as_numbers(keys: Iterable[str], most: int) -> tuple[int, ...]:
    return tuple(map(key_number, islice(dict.fromkeys(keys), most)))


def key_number(key: str) -> int:
    """The same everywhere and always; two keys with one number cost a comparison and nothing else."""
    return int.from_bytes(blake2b(key.encode(), digest_size=KEY_BYTES).digest(), "big") & KEY_MAX


@lru_cache(maxsize=1 << 16)
def _prepared(query: PersonQuery) -> bytes:
    """One question meets many records."""
    return persons.prepare(query).packed


# Every question has the key of the version that made its keys; one that asks for near numbers too, this one besides:
# where none does, records need not look for them.
THIS_VERSION, ANY_NEAR = key_number(f"version {KEYS_VERSION}"), key_number("near")
