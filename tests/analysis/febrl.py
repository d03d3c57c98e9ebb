"""Fictitious persons with known duplicates, damaged as clerks damage them; the kinds of error are those of FEBRL."""

import random
from collections.abc import Callable, Sequence

import msgspec

from comity.domain.document import DocumentType
from comity.domain.person import IdentityDocument, Name, Person, Sex

Damage = Callable[[Person, random.Random], Person]

# Syllables of nobody's language.
_STARTS = "bal der fen gor hal jen kal lor mir nel or pel quin ros sil tam ul vor wen xan yor zel".split()  # noqa: SIM905
_ENDS = "a an ara eb eld en er ia il in is o on or os ra ta un ur us".split()  # noqa: SIM905
_PLACES = ("Norhaven", "Eastmere", "Velburg", "Tarnwick", "Oldford", "Sankt Orlen", "Brixmoor", "Carrow", "Felsted")


def pairs_of(records: Sequence[tuple[int, Person]]) -> set[tuple[int, int]]:
    """The places of every two records of one person."""
    at: dict[int, list[int]] = {}
    for place, (who, _) in enumerate(records):
        at.setdefault(who, []).append(place)
    return {(one, other) for places in at.values() for one in places for other in places if one < other}


def made(persons: int, duplicated: int, seed: int = 11) -> list[tuple[int, Person]]:
    """(who it truly is, record) in any order; `duplicated` of them have a second record, a few a third.

    One in ten has a brother or sister in the list: same family name, address, telephone and place of birth.
    """
    lots = random.Random(seed)
    originals = [_person(lots) for _ in range(persons - persons // 10)]
    originals += [_sibling(one, lots) for one in lots.sample(originals, persons // 10)]
    records = list(enumerate(originals))
    for who in lots.sample(range(persons), duplicated):
        records += [(who, damaged(originals[who], lots)) for _ in range(lots.choice((1, 1, 1, 2)))]
    lots.shuffle(records)
    return records


def _person(lots: random.Random) -> Person:
    # A few names are frequent, as in life.
    family = _name(lots, 60 if lots.random() < 0.4 else 4_000)
    given = _name(lots, 25 if lots.random() < 0.5 else 900)
    documents = (IdentityDocument(number=_number(lots), type=DocumentType.PASSPORT),) if lots.random() < 0.5 else ()
    return Person(
        names=(Name(full=f"{given} {family}", family=family, given=given),),
        births=(_birth(lots),) if lots.random() < 0.95 else (),
        sex=lots.choice((Sex.FEMALE, Sex.MALE)),
        nationalities=(lots.choice(("XA", "XB", "XC")),),
        birth_place=lots.choice(_PLACES) if lots.random() < 0.8 else "",
        documents=documents,
        addresses=(f"{lots.randrange(1, 200)} {_name(lots, 300)} Street, {lots.choice(_PLACES)}",),
        phones=(f"+000 {lots.randrange(10**8):08d}",) if lots.random() < 0.5 else (),
    )


def _sibling(person: Person, lots: random.Random) -> Person:
    other, (family, _) = _person(lots), _parts(person)
    return msgspec.structs.replace(
        _renamed(other, family, _parts(other)[1]),
        addresses=person.addresses,
        phones=person.phones,
        birth_place=person.birth_place,
        nationalities=person.nationalities,
    )


def _name(lots: random.Random, variety: int) -> str:
    dice = random.Random(f"{variety} {lots.randrange(variety)}")
    return (
        dice.choice(_STARTS) + dice.choice(_STARTS)[:2] + dice.choice(_ENDS) + dice.choice(("", "", "n", "k"))
    ).capitalize()


def _birth(lots: random.Random) -> str:
    return f"{lots.randrange(1940, 2005)}-{lots.randrange(1, 13):02d}-{lots.randrange(1, 29):02d}"


def _number(lots: random.Random) -> str:
    return f"XA{lots.randrange(10**7):07d}"


def damaged(person: Person, lots: random.Random) -> Person:
    """The same person as another clerk wrote them: one to three faults."""
    for fault in lots.sample(_FAULTS, lots.choice((1, 2, 2, 3))):
        person = fault(person, lots)
    return person


def _typo(text: str, lots: random.Random) -> str:
    place = lots.randrange(1, len(text))
    letter = lots.choice("abcdefghijklmnopqrstuvwxyz")
    return lots.choice(
        (
            text[:place] + letter + text[place:],
            text[:place] + text[place + 1 :],
            text[:place] + letter + text[place + 1 :],
        )
    )


def _parts(person: Person) -> tuple[str, str]:
    name = person.names[0]
    family, _, given = name.full.partition(", ")
    return name.family or family, name.given or given


def _renamed(person: Person, family: str, given: str) -> Person:
    return msgspec.structs.replace(person, names=(Name(full=f"{given} {family}", family=family, given=given),))


def _family_typo(person: Person, lots: random.Random) -> Person:
    family, given = _parts(person)
    return _renamed(person, _typo(family, lots), given)


def _given_typo(person: Person, lots: random.Random) -> Person:
    family, given = _parts(person)
    return _renamed(person, family, _typo(given, lots))


def _names_swapped(person: Person, lots: random.Random) -> Person:
    family, given = _parts(person)
    return _renamed(person, given, family)


def _unparted(person: Person, lots: random.Random) -> Person:
    family, given = _parts(person)
    return msgspec.structs.replace(person, names=(Name(full=f"{family}, {given}"),))


def _birth_typo(person: Person, lots: random.Random) -> Person:
    if not person.births or len(person.births[0]) < len("YYYY-MM-DD"):
        return person
    year, month, day = person.births[0].split("-")
    written = lots.choice(
        (f"{year}-{day}-{month}" if int(day) < 13 else f"{year}-{month}", year, _one_more(year, month, day))
    )
    return msgspec.structs.replace(person, births=(written,))


def _one_more(year: str, month: str, day: str) -> str:
    return f"{year}-{month}-{int(day) % 28 + 1:02d}"


def _less(field: str) -> Damage:
    def without(person: Person, lots: random.Random) -> Person:
        return msgspec.structs.replace(person, **{field: ()})

    return without


def _moved(person: Person, lots: random.Random) -> Person:
    return msgspec.structs.replace(person, addresses=(f"{lots.randrange(1, 200)} {_name(lots, 300)} Street",))


def _no_place(person: Person, lots: random.Random) -> Person:
    return msgspec.structs.replace(person, birth_place="")


def _other_sex(person: Person, lots: random.Random) -> Person:
    return msgspec.structs.replace(person, sex=Sex.MALE if person.sex is Sex.FEMALE else Sex.FEMALE)


_FAULTS: tuple[Damage, ...] = (
    _family_typo,
    _given_typo,
    _names_swapped,
    _unparted,
    _birth_typo,
    _birth_typo,
    _less("documents"),
    _less("phones"),
    _moved,
    _no_place,
    _other_sex,
)
