"""Does this record answer the question? Documents and vehicles by exact number, persons by weight of evidence."""

from functools import lru_cache

from comity.domain.country import country, issuer
from comity.domain.document import TravelDocument
from comity.domain.lookup import DocumentQuery, PersonQuery, Query, VehicleQuery
from comity.domain.match import FieldMatch, Match
from comity.domain.person import Person
from comity.domain.record import Subject
from comity.domain.vehicle import Vehicle
from comity.matching import numbers, persons

# A person is reported from here on: of a hundred such candidates about fifty would be the person asked for.
REPORT_FROM_PROBABILITY = 0.5
_NUMBER_BITS = 30.0  # an exact number is no likeness but the thing itself


def compare(query: Query, subject: Subject) -> Match | None:
    """How alike question and record are; None where they are not, or are of different kinds."""
    match query, subject:
        case PersonQuery(), Person():
            found = persons.compare(_prepared(query), persons.prepare(subject))
            return found if found.probability >= REPORT_FROM_PROBABILITY else None
        case DocumentQuery(), TravelDocument():
            return _document(query, subject)
        case VehicleQuery(), Vehicle():
            return _vehicle(query, subject)
    return None


@lru_cache(maxsize=256)
def _prepared(query: PersonQuery) -> persons.Prepared:
    """One question meets many records."""
    return persons.prepare(query)


def _document(query: DocumentQuery, document: TravelDocument) -> Match | None:
    """Issuer, number in canonical form, and the type where one was asked for."""
    asked, found = numbers.document_number(query.number), numbers.document_number(document.number)
    if not asked or asked != found or not document.country or issuer(query.country) != issuer(document.country):
        return None
    if query.type and query.type is not document.type:
        return None
    return _exact(FieldMatch(field="number", bits=_NUMBER_BITS, how="exact", asked=query.number, found=document.number))


def _vehicle(query: VehicleQuery, vehicle: Vehicle) -> Match | None:
    """The VIN, or the plate with its country; where both were asked for and one matches, the other is told."""
    fields = []
    if query.vin and vehicle.vin:
        fields.append(_number("vin", query.vin, vehicle.vin, numbers.vin(query.vin) == numbers.vin(vehicle.vin)))
    if query.plate and vehicle.plate and vehicle.plate_country:
        same = numbers.plate(query.plate) == numbers.plate(vehicle.plate)
        same = same and country(query.plate_country) == country(vehicle.plate_country)
        fields.append(_number("plate", query.plate, vehicle.plate, same))
    return _exact(*fields) if any(field.how == "exact" for field in fields) else None


def _number(field: str, asked: str, found: str, same: bool) -> FieldMatch:
    bits, how = (_NUMBER_BITS, "exact") if same else (0.0, "conflict")
    return FieldMatch(field=field, bits=bits, how=how, asked=asked, found=found)


def _exact(*fields: FieldMatch) -> Match:
    return Match(probability=1.0, bits=sum(field.bits for field in fields), fields=fields)
