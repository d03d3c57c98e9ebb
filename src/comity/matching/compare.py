"""Does this record answer the question? Each kind of thing has a file that says so, with every reason."""

from functools import lru_cache

import numpy as np
from msgspec.structs import replace

from comity.domain.document import TravelDocument
from comity.domain.firearm import Firearm
from comity.domain.lookup import (
    NARROWED_BITS_MIN,
    DocumentQuery,
    FirearmQuery,
    PersonQuery,
    Query,
    VehicleQuery,
    VesselQuery,
    narrowed_bits,
)
from comity.domain.match import FieldMatch, Match
from comity.domain.person import Person
from comity.domain.purpose import Purpose
from comity.domain.record import Subject
from comity.domain.vehicle import Vehicle
from comity.domain.vessel import Vessel
from comity.matching import documents, firearms, persons, thresholds, vehicles, vessels
from comity.matching.description import described
from comity.matching.patterns import fitting, sound_alike


def compare(
    query: Query, subject: Subject, purpose: Purpose = Purpose.WANTED_PERSONS, persons_held: int = 0
) -> Match | None:
    """How alike question and record are; None where they are not, or are of different kinds.

    Of persons, `purpose` says how sure one must be, and with the number of them that are held what to expect
    beforehand; none held is a short list.
    """
    match query, subject:
        case PersonQuery(), Person():
            found = compare_person(query, subject, thresholds.prior(persons_held, purpose))
            return found if told(query, found, purpose) else None
        case DocumentQuery(), TravelDocument():
            return documents.compare(query, subject)
        case VehicleQuery(), Vehicle():
            return vehicles.compare(query, subject)
        case FirearmQuery(), Firearm():
            return firearms.compare(query, subject)
        case VesselQuery(), Vessel():
            return vessels.compare(query, subject)
    return None


def compare_person(query: PersonQuery, person: Person, prior_bits: float) -> Match:
    """Every field of the question that the record has too, whether or not it would be told."""
    found = persons.compare(_prepared(query), persons.prepare(person), prior_bits, anyone=True)
    lines = described(query, person.description)
    if query.wildcard and (fits := fitting(query.name, person.names)):
        lines = (fits, *lines)
    if not lines:
        return found
    bits = found.bits + sum(line.bits for line in lines)
    fields = (*lines, *found.fields) if query.wildcard else (*found.fields, *lines)
    return Match(probability=float(persons.probabilities(np.float64(bits))), bits=bits, fields=fields)  # type: ignore[arg-type]


def told(query: PersonQuery, found: Match, purpose: Purpose) -> bool:
    """Whether a person is told of: from the threshold on, and whoever is just what was asked for.

    That is, unless something conflicts, whoever bears the very name, a name that fits the wildcards, or, on request,
    one that sounds alike; and where no name was asked for, whoever agrees in fields that would do for a question. How
    little that proves is said by the probability that stands beside it.
    """
    lines = {line.field: line for line in found.fields}
    if query.wildcard and "name" not in lines:
        return False
    if found.probability >= thresholds.report_from(purpose):
        return True
    if any(line.how == "conflict" for line in found.fields):
        return False
    name = lines.get("name")
    if name is not None:
        alike = query.sounds_like and sound_alike(name.asked, name.found)
        return name.how in ("exact", "pattern") or alike
    if query.name.strip() or query.document_number.strip():
        return False
    agreeing = [line.field for line in found.fields if _agrees(line)]
    return narrowed_bits(query, agreeing) >= NARROWED_BITS_MIN


def _agrees(line: FieldMatch) -> bool:
    """Of a date: as far as it was asked for."""
    return line.found.startswith(line.asked) if line.field == "birth" else line.bits > 0.0


def worded(query: Query, subject: Subject, told: Match) -> Match:
    """What another node told of the names of a person, explained word by word; its bits stay as it told them."""
    if not isinstance(query, PersonQuery) or not isinstance(subject, Person):
        return told
    found = persons.compare(_prepared(query), persons.prepare(subject)).fields
    words = {(field.field, field.found): field.words for field in found}
    fields = (replace(one, words=one.words or words.get((one.field, one.found), ())) for one in told.fields)
    return replace(told, fields=tuple(fields))


@lru_cache(maxsize=256)
def _prepared(query: PersonQuery) -> persons.Prepared:
    """One question meets many records."""
    return persons.prepare(query)
