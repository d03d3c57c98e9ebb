"""Does this record answer the question? Each kind of thing has a file that says so, with every reason."""

from functools import lru_cache

from msgspec.structs import replace

from comity.domain.document import TravelDocument
from comity.domain.firearm import Firearm
from comity.domain.lookup import DocumentQuery, FirearmQuery, PersonQuery, Query, VehicleQuery, VesselQuery
from comity.domain.match import Match
from comity.domain.person import Person
from comity.domain.record import Subject
from comity.domain.vehicle import Vehicle
from comity.domain.vessel import Vessel
from comity.matching import documents, firearms, persons, vehicles, vessels

# A person is reported from here on: of a hundred such candidates about fifty would be the person asked for.
REPORT_FROM_PROBABILITY = 0.5


def compare(query: Query, subject: Subject) -> Match | None:
    """How alike question and record are; None where they are not, or are of different kinds."""
    match query, subject:
        case PersonQuery(), Person():
            found = persons.compare(_prepared(query), persons.prepare(subject))
            return found if told(found) else None
        case DocumentQuery(), TravelDocument():
            return documents.compare(query, subject)
        case VehicleQuery(), Vehicle():
            return vehicles.compare(query, subject)
        case FirearmQuery(), Firearm():
            return firearms.compare(query, subject)
        case VesselQuery(), Vessel():
            return vessels.compare(query, subject)
    return None


def told(found: Match) -> bool:
    """Whether a person is reported: from the threshold on, and whoever bears the very name, unless something conflicts.

    How little a frequent name proves is said by the probability that stands beside it.
    """
    hows = {field.field: field.how for field in found.fields}
    bears_that_name = hows.get("name") == "exact" and "conflict" not in hows.values()
    return found.probability >= REPORT_FROM_PROBABILITY or bears_that_name


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
