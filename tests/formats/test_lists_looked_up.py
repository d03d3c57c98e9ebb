"""Lists that are looked up: which column is what, what each line asks, and that nothing is guessed or lost."""

import io
from pathlib import Path

import pytest

from comity.domain.batch import ListLine
from comity.domain.document import DocumentType
from comity.domain.errors import Invalid
from comity.domain.firearm import FirearmType
from comity.domain.lookup import DocumentQuery, FirearmQuery, PersonQuery, VehicleQuery, VesselQuery
from comity.domain.person import Sex
from comity.formats import lists, table
from comity.formats.list_queries import DayOrder, Field, Reading
from comity.formats.lists import HEADERS
from comity.formats.table import TableForm


def read(text: str, form: TableForm = TableForm.CSV, **reading: object) -> list[ListLine]:
    found = table.read(form, Path("list"), io.BytesIO(text.encode()))
    return list(lists.read(found, Reading(**reading)))  # type: ignore[arg-type]


def test_a_passenger_list_asks_about_the_person_and_the_document():
    [line] = read(
        "Seat;Surname;Given Names;Date of Birth;Gender;Nationality;Passport No.;Issuing Country;Document Type\n"
        "14C;Quast;Otto;1980-04-03;male;XBE;X4711;XBE;P\n"
    )
    assert line == ListLine(
        line=2,
        label="14C",
        queries=(
            PersonQuery(
                name="Otto Quast",
                birth="1980-04-03",
                sex=Sex.MALE,
                nationality="XB",
                document_number="X4711",
                document_country="XB",
            ),
            DocumentQuery(country="XBE", number="X4711", type=DocumentType.PASSPORT),
        ),
    )


def test_vehicles_are_asked_by_vin_or_by_plate_with_its_country():
    found = read("vin,plate,plate_country\n1M8GDM9AXKP042788,,\n,BE 12,XB\n,BE 13,\n")
    assert [line.queries for line in found] == [
        (VehicleQuery(vin="1M8GDM9AXKP042788"),),
        (VehicleQuery(plate="BE 12", plate_country="XB"),),
        (),
    ]
    assert found[2].refused.startswith("vehicle: A plate needs")


def test_firearms_are_asked_by_serial_number_with_what_tells_doubles_apart():
    [line] = read("Serial No;Make;Model;Caliber;Weapon Type\nAB 1234;Walther;PPK;9x19;Submachine Gun\n")
    assert line.label == "AB 1234"
    assert line.queries == (
        FirearmQuery(serial="AB 1234", make="Walther", model="PPK", calibre="9x19", type=FirearmType.SUBMACHINE_GUN),
    )
    [wrong] = read("serial,firearm type\nAB 1234,catapult\n")
    assert (wrong.queries, "catapult" in wrong.refused) == ((), True)


def test_vessels_are_asked_by_any_of_their_numbers_or_by_name():
    found = read(
        "imo,hin,eni,mmsi,call sign,vessel registration,flag,ship,make\n"
        "9074729,,,,,,,,\n,XB-ABC12345D606,02301234,211234560,DABC,B 12,XBE,Tern,Vrest\n,,,,,B 13,,,\n,,,,,,,,Vrest\n"
    )
    assert [line.queries for line in found] == [
        (VesselQuery(imo="9074729"),),
        (
            VesselQuery(
                hull_number="XB-ABC12345D606",
                eni="02301234",
                mmsi="211234560",
                call_sign="DABC",
                registration="B 12",
                flag="XB",
                name="Tern",
                make="Vrest",
            ),
        ),
        (),
        (),
    ]
    assert [line.label for line in found[:2]] == ["9074729", "Tern"]
    assert "needs its flag" in found[2].refused
    assert "names no vessel" in found[3].refused


def test_near_numbers_are_asked_for_of_all_but_persons():
    text = "name,number,country,vin,serial,imo\nOtto,X123456,XBE,1M8GDM9AXKP042788,AB1234,9074729\n"
    assert [getattr(one, "near", None) for one in read(text, near=True)[0].queries] == [None, True, True, True, True]
    assert not any(getattr(one, "near", False) for one in read(text)[0].queries)


def test_what_is_asked_can_be_narrowed():
    text = "name,number,country\nOtto,X1,XBE\n"
    assert [type(one) for one in read(text)[0].queries] == [PersonQuery, DocumentQuery]
    assert [type(one) for one in read(text, kinds=("document",))[0].queries] == [DocumentQuery]
    with pytest.raises(Invalid, match="do not name a vehicle"):
        read(text, kinds=("vehicle",))


def test_an_unknown_column_refuses_the_list_until_it_is_named_or_passed_over():
    text = "Familienname,Bemerkung\nQuast,Fenster\n"
    with pytest.raises(Invalid, match="'Familienname', 'Bemerkung'") as wrong:
        read(text)
    assert "--column" in wrong.value.do
    [line] = read(text, columns={"Familienname": Field.FAMILY}, ignored=("Bemerkung",))
    assert line.queries == (PersonQuery(name="Quast"),)


@pytest.mark.parametrize(
    ("text", "reading", "words"),
    [
        ("name,full name\nOtto,Quast\n", {}, "Two columns hold name"),
        ("name\nOtto\n", {"ignored": ("nome",)}, "no column 'nome'"),
        ("name\nOtto\n", {"columns": {"nome": Field.NAME}}, "no column 'nome'"),
        ("birth,sex\n1980,F\n", {}, "nothing to look up"),
        ("number\nX1\n", {}, "nothing to look up"),
    ],
)
def test_columns_that_do_not_fit_are_told(text: str, reading: dict, words: str):
    with pytest.raises(Invalid, match=words):
        read(text, **reading)


@pytest.mark.parametrize(
    ("cell", "days", "birth"),
    [
        ("1980", DayOrder.ISO, "1980"),
        ("1980-04", DayOrder.ISO, "1980-04"),
        ("19800403", DayOrder.ISO, "1980-04-03"),
        ("03.04.1980", DayOrder.DAY_FIRST, "1980-04-03"),
        ("3/4/1980", DayOrder.DAY_FIRST, "1980-04-03"),
        ("3/4/1980", DayOrder.MONTH_FIRST, "1980-03-04"),
        ("1980-04-03", DayOrder.MONTH_FIRST, "1980-04-03"),
    ],
)
def test_days_are_read_as_the_list_writes_them(cell: str, days: DayOrder, birth: str):
    [line] = read(f"name,birth\nOtto,{cell}\n", days=days)
    assert line.queries == (PersonQuery(name="Otto", birth=birth),)


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("name,birth\nOtto,03.04.1980\n", "birth"),  # which is the month?
        ("name,birth\nOtto,31.02.1980\n", "birth"),
        ("name,sex\nOtto,maybe\n", "sex"),
        ("name,nationality\nOtto,QQQ\n", "nationality"),
        (f"name\n{'x' * 201}\n", "name"),
        ("number,country\nX1,\n", "document-country"),
        ("number,country\nX1,QQQ\n", "document-country"),
        ("number,country,type\nX1,XBE,papers\n", "document-type"),
        (f"number,country\n{'1' * 65},XBE\n", "document-number"),
    ],
)
def test_a_cell_that_is_wrong_refuses_its_question_with_the_column(text: str, where: str):
    [line] = read(text)
    assert line.queries == ()
    assert f" {where}: " in f" {line.refused}"


def test_the_other_questions_of_the_line_are_asked():
    [line] = read("name,birth,number,country\nOtto,31.02.1980,X1,XBE\n")
    assert line.queries == (DocumentQuery(country="XBE", number="X1"),)
    assert line.refused.startswith("person: birth: ")


def test_an_empty_seat_asks_nothing_of_the_person_and_an_empty_line_is_passed_over():
    found = read("seat,name,number,country\n1A,,X1,XBE\n,,,\n1B,,,\n")
    assert [(line.line, line.label, len(line.queries), line.refused) for line in found] == [
        (2, "1A", 1, ""),
        (4, "1B", 0, "The line names no person and no document."),
    ]


def test_a_line_that_cannot_be_read_is_told():
    found = read("name\nOtto,Quast\nMira\n")
    assert [(line.line, bool(line.refused)) for line in found] == [(2, True), (3, False)]


def test_in_json_lines_a_name_that_comes_up_later_and_is_unknown_refuses_its_line():
    found = read('{"name": "Otto"}\n{"name": "Mira", "nome": "x"}\n{"name": "Ida"}\n', TableForm.JSON_LINES)
    assert [bool(line.refused) for line in found] == [False, True, False]
    assert "'nome'" in found[1].refused


def test_a_document_of_an_issuer_that_is_no_country_says_nothing_of_the_person():
    [line] = read("name,number,country\nOtto,X1,UNO\n")
    assert line.queries == (
        PersonQuery(name="Otto", document_number="X1"),
        DocumentQuery(country="UNO", number="X1"),
    )


def test_every_header_means_one_thing():
    every = [header for headers in HEADERS.values() for header in headers]
    assert len(set(every)) == len(every)
    assert set(HEADERS) == set(Field)
