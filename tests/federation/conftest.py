"""A federation for each test, with the records of the usual story."""

import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from comity.domain.document import DocumentFraud, DocumentType, TravelDocument
from comity.domain.lookup import DocumentQuery, PersonQuery, VehicleQuery
from comity.domain.marking import Marking
from comity.domain.person import Name, NameKind, Person, PersonStatus, PersonWarning, RecordPurpose, Sex
from comity.domain.record import Subject
from comity.domain.vehicle import Vehicle, VehicleStatus
from comity.formats.row import Row
from comity.testing.federation import BERGENIA, Federation

STOLEN = DocumentQuery(country="XBE", number="B1234567")
UNKNOWN = DocumentQuery(country="XBE", number="B7654321")
WANTED = PersonQuery(name="Iwan Petrowitsch Sorokin", birth="1971-03-09")  # as a German clerk would write it
STRANGER = PersonQuery(name="Quirin Zabelthau", birth="1999-12-31")
CAR = VehicleQuery(plate="BE 123 XY", plate_country="XB")


def stolen_passport(number: str = "B1234567") -> TravelDocument:
    return TravelDocument(
        number=number, country="XBE", type=DocumentType.PASSPORT, fraud=DocumentFraud.STOLEN, stolen_on="2026-05-01"
    )


def wanted_person() -> Person:
    return Person(
        names=(
            Name(full="Сорокин Иван Петрович", family="Сорокин", given="Иван Петрович"),
            Name(full="Ivan Sorokin", kind=NameKind.ALIAS),
        ),
        births=("1971-03-09",),
        sex=Sex.MALE,
        nationalities=("XB",),
        status=PersonStatus.WANTED,
        purpose=RecordPurpose.ARREST,
        action="Detain and call the duty desk of Bergenia.",
        warnings=(PersonWarning.ARMED,),
        facts="Wanted for the fictitious robbery of a fictitious bank.",
    )


def stolen_car() -> Vehicle:
    return Vehicle(
        vin="1M8GDM9AXKP042788", plate="BE123XY", plate_country="XB", make="Fictus", status=VehicleStatus.STOLEN
    )


def row(reference: str, subject: Subject, marking: Marking | None = None, line: int = 1) -> Row:
    return Row(line=line, reference=reference, subject=subject, marking=marking or Marking())


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A federation without records, made once: the tests work on copies of it."""
    return _founded(tmp_path_factory.getbasetemp() / "founded")


@cache  # not once for each folder of tests that takes this fixture
def _founded(folder: Path) -> Path:
    folder.mkdir()
    Federation(folder).close()
    return folder


@pytest.fixture(scope="session")
def furnished(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with the usual records."""
    return _furnished(founded, tmp_path_factory.getbasetemp() / "furnished")


@cache
def _furnished(founded: Path, folder: Path) -> Path:
    shutil.copytree(founded, folder)
    federation = Federation(folder)
    with_the_usual_records(federation)
    federation.close()
    return folder


@pytest.fixture
def federation(furnished: Path, tmp_path: Path) -> Iterator[Federation]:
    """Bergenia holds a stolen passport and a stolen car (shared with the hub) and a wanted person."""
    shutil.copytree(furnished, tmp_path / "federation")
    opened = Federation(tmp_path / "federation")
    yield opened
    opened.close()


def with_the_usual_records(federation: Federation) -> None:
    federation.enter(BERGENIA, "sltd", [row("D-1", stolen_passport())])
    federation.enter(BERGENIA, "nominals", [row("P-1", wanted_person())])
    federation.enter(BERGENIA, "smv", [row("V-1", stolen_car())])
    federation.post()
