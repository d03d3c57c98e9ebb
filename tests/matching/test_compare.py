"""Which record answers which question: documents and vehicles by exact number only."""

import pytest

from comity.domain.document import DocumentType, TravelDocument
from comity.domain.lookup import DocumentQuery, PersonQuery, VehicleQuery
from comity.domain.person import Name, Person
from comity.domain.vehicle import Vehicle
from comity.matching.compare import compare

STOLEN = TravelDocument(number="BE 1234567", country="XBE", type=DocumentType.PASSPORT)
CAR = Vehicle(vin="ZZ9A019X4M0000001", plate="А 123 ВС", plate_country="XB")


@pytest.mark.parametrize(
    "query",
    [
        DocumentQuery(country="XBE", number="be-1234567"),
        DocumentQuery(country="XB", number="BE1234567<<"),
        DocumentQuery(country="XBE", number="BE1234567", type=DocumentType.PASSPORT),
    ],
)
def test_a_document_is_found_by_issuer_and_number(query):
    found = compare(query, STOLEN)
    assert found
    assert found.probability == 1.0
    assert found.fields[0].how == "exact"


@pytest.mark.parametrize(
    "query",
    [
        DocumentQuery(country="XAL", number="BE1234567"),
        DocumentQuery(country="XBE", number="BE1234568"),
        DocumentQuery(country="XBE", number="8E1234567"),
        DocumentQuery(country="XBE", number="--"),
        DocumentQuery(country="XBE", number="BE1234567", type=DocumentType.VISA),
    ],
)
def test_another_issuer_number_or_type_is_another_document(query):
    assert compare(query, STOLEN) is None


def test_an_extract_without_its_number_or_issuer_answers_nothing():
    assert compare(DocumentQuery(country="XBE", number="--"), TravelDocument(country="XBE")) is None
    assert compare(DocumentQuery(country="XBE", number="BE1"), TravelDocument(number="BE1")) is None


def test_a_vehicle_is_found_by_vin_or_by_plate_with_its_country():
    assert compare(VehicleQuery(vin="zz9a019x4m0000001"), CAR)
    assert compare(VehicleQuery(plate="A123BC", plate_country="XBE"), CAR)
    assert compare(VehicleQuery(plate="A123BC", plate_country="XA"), CAR) is None
    assert compare(VehicleQuery(vin="ZZ9A019X4M0000002"), CAR) is None


def test_a_known_vin_under_another_plate_tells_both():
    found = compare(VehicleQuery(vin="ZZ9A019X4M0000001", plate="XX1", plate_country="XB"), CAR)
    assert found
    assert [(field.field, field.how) for field in found.fields] == [("vin", "exact"), ("plate", "conflict")]


def test_a_question_about_a_person_says_nothing_about_a_car():
    assert compare(PersonQuery(name="Ben"), CAR) is None
    assert compare(DocumentQuery(country="XBE", number="1"), Person(names=(Name(full="Ben"),))) is None


def test_a_person_below_the_threshold_is_not_reported():
    assert compare(PersonQuery(name="Zorvimel Tepkuda"), Person(names=(Name(full="Ben Bruvok"),))) is None
