"""By which keys a record is found: document numbers, vehicle numbers, and what a person's names sound like."""

from collections.abc import Iterable

from sqlalchemy import Column, Connection, ForeignKey, Table

from comity.domain.country import country, issuer
from comity.domain.document import TravelDocument
from comity.domain.person import Person
from comity.domain.record import Subject
from comity.domain.vehicle import Vehicle
from comity.matching import numbers, persons
from comity.storage.columns import BY_KEY, WHOLE, WORD, metadata
from comity.storage.rows import add_rows


def _record() -> Column[int]:
    """Keys go with their record, whoever erases it."""
    return Column(
        "record",
        WHOLE,
        ForeignKey("records.number", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
        index=True,
    )


document_keys = Table(
    "document_keys",
    metadata,
    Column("issuer", WORD, primary_key=True),
    Column("number", WORD, primary_key=True),
    _record(),
    **BY_KEY,
)
vehicle_keys = Table(
    "vehicle_keys",
    metadata,
    Column("kind", WORD, primary_key=True),
    Column("country", WORD, primary_key=True),
    Column("number", WORD, primary_key=True),
    _record(),
    **BY_KEY,
)
person_keys = Table(
    "person_keys",
    metadata,
    Column("key", WORD, primary_key=True),
    _record(),
    **BY_KEY,
)

VIN, PLATE = "vin", "plate"


def write_keys(connection: Connection, subjects: Iterable[tuple[int, Subject]]) -> None:
    """Index subjects under the row numbers of their records."""
    documents: list[tuple[object, ...]] = []
    vehicles: list[tuple[object, ...]] = []
    people: list[tuple[object, ...]] = []
    for record, subject in subjects:
        match subject:
            case TravelDocument():
                documents += ((*key, record) for key in _of_document(subject))
            case Vehicle():
                vehicles += ((*key, record) for key in _of_vehicle(subject))
            case Person():
                people += ((key, record) for key in persons.keys(persons.prepare(subject)))
    add_rows(connection, document_keys, documents)
    add_rows(connection, vehicle_keys, vehicles)
    add_rows(connection, person_keys, people)


def _of_document(document: TravelDocument) -> list[tuple[str, str]]:
    number = numbers.document_number(document.number)
    return [(issuer(document.country), number)] if number and document.country else []


def _of_vehicle(vehicle: Vehicle) -> list[tuple[str, str, str]]:
    vin, plate = numbers.vin(vehicle.vin), numbers.plate(vehicle.plate)
    found = [(VIN, "", vin)] if vin else []
    if plate and vehicle.plate_country:
        found.append((PLATE, country(vehicle.plate_country), plate))
    return found
