"""By which numbers a record is found, and how near a number that was asked for is to one that is recorded."""

from collections.abc import Sequence
from enum import StrEnum

from msgspec import Struct

from comity.domain import limits
from comity.domain.country import country, issuer
from comity.domain.document import TravelDocument
from comity.domain.firearm import Firearm
from comity.domain.lookup import DocumentQuery, FirearmQuery, PersonQuery, Query, VehicleQuery, VesselQuery
from comity.domain.match import Difference
from comity.domain.person import Person
from comity.domain.record import Subject
from comity.domain.vehicle import Vehicle
from comity.domain.vessel import Vessel
from comity.matching import numbers


class KeyKind(StrEnum):
    """What a number is a number of. Numbers of different kinds never meet."""

    DOCUMENT = "document"  # travel document; scope: the issuer
    IDENTITY = "identity"  # document of a known person; no scope, for the issuer is often unknown
    VIN = "vin"  # or an older chassis number; no scope
    PLATE = "plate"  # scope: country
    ENGINE = "engine"  # of a vehicle; no scope
    SERIAL = "serial"  # of a firearm; no scope, for makers are written in many ways
    IMO = "imo"  # of ships; no scope
    HULL = "hull"  # of small craft, without its country; no scope
    ENI = "eni"  # of inland vessels; no scope
    MMSI = "mmsi"  # no scope
    CALL_SIGN = "call-sign"  # no scope
    REGISTRATION = "registration"  # of a vessel; scope: flag
    BOAT_ENGINE = "boat-engine"  # no scope
    VESSEL_NAME = "vessel-name"  # no scope; a name is never near another


# Kinds of which near numbers may be told; a name has its neighbours by sound, an identity document its person.
NEAR_KINDS = frozenset(KeyKind) - {KeyKind.VESSEL_NAME, KeyKind.IDENTITY}


class NumberKey(Struct, frozen=True, gc=False):
    """One number by which a record is found: equal keys are the same number of the same issuer, in canonical form."""

    kind: KeyKind
    scope: str  # issuer, country or maker within which the number is unique; "" for none
    number: str  # canonical (matching/numbers.py), never folded, never empty


def number_keys(subject: Subject) -> tuple[NumberKey, ...]:
    """The numbers that a record is stored under, each once, the most telling first."""
    if isinstance(subject, TravelDocument):  # nearly all records: one number, straight away
        key = _document(subject.country, subject.number)
        return (key,) if key else ()
    return _each_once(_of_subject(subject))


def number_keys_asked(query: Query) -> tuple[NumberKey, ...]:
    """The numbers that a question is about: a record under any of them is a candidate."""
    if isinstance(query, DocumentQuery):  # nearly all questions
        key = _document(query.country, query.number)
        return (key,) if key else ()
    return _each_once(_of_query(query))


def _of_subject(subject: Person | Vehicle | Firearm | Vessel) -> list[NumberKey | None]:
    match subject:
        case Vehicle() as car:
            return _vehicle(car.vin, car.plate, car.plate_country, car.engine_number)
        case Person(documents=documents):
            return [_identity(document.number) for document in documents]
        case Firearm(serial=serial):
            return [_key(KeyKind.SERIAL, "", numbers.serial(serial))]
        case Vessel() as vessel:
            return _vessel(vessel, (vessel.name, *vessel.former_names), vessel.engine_numbers)


def _of_query(query: PersonQuery | VehicleQuery | FirearmQuery | VesselQuery) -> list[NumberKey | None]:
    match query:
        case VehicleQuery() as car:
            return _vehicle(car.vin, car.plate, car.plate_country, car.engine_number)
        case PersonQuery(document_number=number):
            return [_identity(number)]
        case FirearmQuery(serial=serial):
            return [_key(KeyKind.SERIAL, "", numbers.serial(serial))]
        case VesselQuery() as vessel:
            return _vessel(vessel, (vessel.name,), (vessel.engine_number,))


def _key(kind: KeyKind, scope: str, number: str) -> NumberKey | None:
    return NumberKey(kind, scope, number) if number else None


def _each_once(found: list[NumberKey | None]) -> tuple[NumberKey, ...]:
    if len(found) == 1:  # a document: nearly all that is stored or asked
        return (found[0],) if found[0] else ()
    return tuple(dict.fromkeys(key for key in found if key))


def _document(issued_by: str, number: str) -> NumberKey | None:
    """Without its issuer a number is of no document."""
    return _key(KeyKind.DOCUMENT, issuer(issued_by), numbers.document_number(number)) if issued_by else None


def _identity(number: str) -> NumberKey | None:
    return _key(KeyKind.IDENTITY, "", numbers.document_number(number))


def _vehicle(vin: str, plate: str, plate_country: str, engine_number: str) -> list[NumberKey | None]:
    found = [_key(KeyKind.VIN, "", numbers.vin(vin)), _key(KeyKind.ENGINE, "", numbers.engine(engine_number))]
    if plate_country:
        found.insert(1, _key(KeyKind.PLATE, country(plate_country), numbers.plate(plate)))
    return found


def _vessel(one: Vessel | VesselQuery, names: Sequence[str], engines: Sequence[str]) -> list[NumberKey | None]:
    found = [
        _key(KeyKind.IMO, "", numbers.imo(one.imo)),
        _key(KeyKind.HULL, "", numbers.hull(one.hull_number)),
        _key(KeyKind.ENI, "", numbers.eni(one.eni)),
        _key(KeyKind.MMSI, "", numbers.mmsi(one.mmsi)),
        _key(KeyKind.CALL_SIGN, "", numbers.call_sign(one.call_sign)),
    ]
    if one.flag:
        found.append(_key(KeyKind.REGISTRATION, country(one.flag), numbers.registration(one.registration)))
    found += [_key(KeyKind.BOAT_ENGINE, "", numbers.engine(engine)) for engine in engines]
    return found + [_key(KeyKind.VESSEL_NAME, "", numbers.vessel_name(name)) for name in names]


# Signs that are taken for one another in print, in handwriting and by readers of machine-readable zones.
LOOK_ALIKE_CLASSES = ("0ODQ", "1IL", "2Z", "5S", "6G", "8B", "UV")
_FOLD = {ord(sign): one[0] for one in LOOK_ALIKE_CLASSES for sign in one}
_FOLD |= {letter: _FOLD.get(ord(latin), latin) for letter, latin in numbers.LETTERS_DRAWN_LIKE_LATIN.items()}
_FOLD_ASCII = bytes(ord(_FOLD.get(code, chr(code))) for code in range(128)) + bytes(range(128, 256))
# What a folded number in Latin letters is made of: 26 signs of 36.
FOLDED_ALPHABET = "".join(sign for sign in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ" if _FOLD.get(ord(sign), sign) == sign)


def folded(number: str) -> str:
    """A canonical number with each sign that looks like another written as one of them: the key of the index.

    As long as the number itself, sign for sign; folding twice changes nothing. Never shown and never a correction.
    """
    if number.isascii():  # nearly all numbers: the same result, several times as fast
        return number.encode("ascii").translate(_FOLD_ASCII).decode("ascii")
    return number.translate(_FOLD)


def one_edits(number: str) -> tuple[str, ...]:
    """Every folded number one edit away: a sign wrong, missing, too many, or two neighbours swapped.

    Sorted, each once, without the number itself; about 55 for each sign. Empty for numbers so short that their
    neighbours say nothing. A letter of another script that was misread as a Latin one is not reached.
    """
    here = folded(number)
    if not limits.NEAR_EDIT_CHARS_MIN <= len(here) <= limits.CODE_CHARS_MAX:
        return ()
    cuts = [(here[:place], here[place:]) for place in range(len(here) + 1)]
    near = {before + after[1:] for before, after in cuts if after}
    near |= {before + after[1] + after[0] + after[2:] for before, after in cuts if len(after) > 1}
    for before, after in cuts:
        near.update(before + sign + after for sign in FOLDED_ALPHABET)
        near.update(before + sign + after[1:] for sign in FOLDED_ALPHABET if after)
    near.discard(here)
    return tuple(sorted(one for one in near if len(one) >= limits.NEAR_EDIT_CHARS_MIN))


class Nearness(StrEnum):
    """How near two numbers are; each is weaker than the one before it."""

    EXACT = "exact"
    LOOK_ALIKE = "look-alike"  # only signs that are taken for one another differ
    ONE_EDIT = "one-edit"  # besides, one sign is wrong, missing, too many, or two neighbours are swapped


class Grade(Struct, frozen=True):
    nearness: Nearness
    differences: tuple[Difference, ...] = ()


def grade(asked: str, found: str) -> Grade | None:
    """How near two canonical numbers of one kind and scope are, and which signs differ; None where they are not.

    For numbers in Latin letters and digits there is a grade exactly where folded(found) is folded(asked) or one of
    its one_edits, and both are long enough. Neither number is changed: which is right is for whoever holds the paper.
    """
    if not asked or not found:
        return None
    if asked == found:
        return Grade(Nearness.EXACT)
    shorter, longer = sorted((len(asked), len(found)))
    if shorter < limits.NEAR_LOOK_ALIKE_CHARS_MIN or longer > shorter + 1:
        return None
    left, right = folded(asked), folded(found)
    if left == right:
        return Grade(Nearness.LOOK_ALIKE, _differences(asked, found))
    if shorter < limits.NEAR_EDIT_CHARS_MIN:
        return None
    return _one_edit(asked, found, left, right)


def _one_edit(asked: str, found: str, left: str, right: str) -> Grade | None:
    at = next((place for place, (one, other) in enumerate(zip(left, right, strict=False)) if one != other), None)
    at = min(len(left), len(right)) if at is None else at
    for taken, given in _edits(left[at:], right[at:]):
        if left[at + taken :] == right[at + given :]:
            differing = (Difference(at, asked[at : at + taken], found[at : at + given]),)
            before = _differences(asked[:at], found[:at])
            after = _differences(asked[at + taken :], found[at + given :], at + taken)
            return Grade(Nearness.ONE_EDIT, before + differing + after)
    return None


def _edits(left: str, right: str) -> list[tuple[int, int]]:
    """How many signs each side spends on the edit: two swapped, one wrong, one too many, one missing."""
    swapped = len(left) > 1 and len(right) > 1 and left[:2] == right[1::-1]
    return [*([(2, 2)] if swapped else []), (1, 1), (1, 0), (0, 1)]


def _differences(asked: str, found: str, start: int = 0) -> tuple[Difference, ...]:
    signs = enumerate(zip(asked, found, strict=True), start)
    return tuple(Difference(at, one, other) for at, (one, other) in signs if one != other)
