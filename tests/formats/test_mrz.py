"""What a machine-readable zone says, and what is told about a faulty one."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.domain.document import DocumentType
from comity.domain.lookup import DocumentQuery
from comity.domain.person import Sex
from comity.formats.mrz import check_digit, read_mrz

ACCEPT = Path(__file__).parent / "accept"
REJECT = Path(__file__).parent / "reject"
TODAY = date(2026, 11, 22)
BEN = "P<XBEBRUVOK<<BEN<MARTEN".ljust(44, "<")


def passport(
    number="BE1234567", nationality="XBE", birth="800405", sex="M", expires="300101", line=BEN, optional="<" * 14
):
    """A passport whose check digits fit."""
    checked = [field + check_digit(field) for field in (number.ljust(9, "<"), birth, expires)]
    personal = optional + ("<" if not optional.strip("<") else check_digit(optional))
    second = checked[0] + nationality + checked[1] + sex + checked[2] + personal
    return line + "\n" + second + check_digit(second[:10] + second[13:20] + second[21:43])


@pytest.mark.parametrize(
    ("file", "layout", "kind", "number", "birth", "expires"),
    [
        ("td1.mrz", "TD1", DocumentType.IDENTITY_CARD, "D23145890", "1974-08-12", "2012-04-15"),
        ("td1_long_number.mrz", "TD1", DocumentType.IDENTITY_CARD, "D23145890734", "1934-07-12", "1995-07-12"),
        ("td2.mrz", "TD2", DocumentType.IDENTITY_CARD, "D23145890", "1974-08-12", "2012-04-15"),
        ("td3.mrz", "TD3", DocumentType.PASSPORT, "L898902C3", "1974-08-12", "2012-04-15"),
        ("mrv_a.mrz", "MRV-A", DocumentType.VISA, "L8988901C", "1940-09-07", "1996-12-10"),
        ("mrv_b.mrz", "MRV-B", DocumentType.VISA, "L8988901C", "1940-09-07", "1996-12-10"),
    ],
)
def test_the_specimens_of_doc_9303_are_read(file, layout, kind, number, birth, expires):
    read = read_mrz((ACCEPT / file).read_text(), TODAY)
    assert (read.layout, read.type, read.number, read.birth, read.expires) == (layout, kind, number, birth, expires)
    # Utopia is no issuer, which an officer should be told; nothing else is wrong.
    assert {reason.split(":")[0] for reason in read.reasons} <= {"issuer", "nationality"}
    assert read.document is None


def test_a_passport_becomes_both_questions():
    read = read_mrz(passport(), TODAY)
    assert read.reasons == ()
    assert (read.family, read.given) == ("BRUVOK", "BEN MARTEN")
    assert read.document == DocumentQuery(country="XBE", number="BE1234567")
    assert read.person
    assert (read.person.name, read.person.birth, read.person.sex) == ("BEN MARTEN BRUVOK", "1980-04-05", Sex.MALE)
    assert (read.person.nationality, read.person.document_country) == ("XB", "XB")


@pytest.mark.parametrize("code", ["D<<", "XPO", "XXA", "XXB", "RKS", "UNO", "GBD", "EUE", "XCV"])
def test_the_issuers_of_doc_9303_are_known(code):
    zone = passport(line=f"P<{code}BRUVOK<<BEN".ljust(44, "<"), nationality=code)
    assert read_mrz(zone, TODAY).reasons == ()


UNTIDY = [
    str.lower,
    lambda zone: zone.replace("\n", ""),
    lambda zone: zone.replace("\n", "\r\n") + "\r\n\r\n",
    lambda zone: zone.replace("<<", "< <"),
    lambda zone: zone.replace("<", "«"),
]


@pytest.mark.parametrize("shape", UNTIDY)
def test_a_zone_may_be_typed_or_pasted_untidily(shape):
    assert read_mrz(shape(passport()), TODAY) == read_mrz(passport(), TODAY)


@pytest.mark.parametrize(
    ("birth", "read"),
    [
        ("800405", "1980-04-05"),
        ("270101", "1927-01-01"),
        ("260101", "2026-01-01"),
        ("8004<<", "1980-04"),
        ("80<<<<", "1980"),
        ("<<<<<<", ""),
    ],
)
def test_the_century_and_unknown_parts_of_a_birth_date(birth, read):
    assert read_mrz(passport(birth=birth), TODAY).birth == read


def test_a_long_optional_field_has_its_own_check_digit():
    zone = passport(optional="12345<<<<<<<<<")
    assert read_mrz(zone, TODAY).reasons == ()
    wrong = zone.replace("12345<<<<<<<<<", "12346<<<<<<<<<")
    assert [reason.split(":")[0] for reason in read_mrz(wrong, TODAY).reasons] == ["optional", "whole"]


def test_every_wrong_check_digit_is_told_and_nothing_is_repaired():
    read = read_mrz((REJECT / "wrong_check_digits.mrz").read_text(), TODAY)
    assert read.number == "BE1234567"
    assert [reason.split(":")[0] for reason in read.reasons] == ["number", "birth", "expires", "optional", "whole"]


def test_letters_in_dates_and_digits_in_names_are_read_as_what_they_look_like():
    zone = passport().replace("800405", "8OO4O5").replace("BRUVOK", "8RUV0K")
    read = read_mrz(zone, TODAY)
    assert (read.birth, read.family) == ("1980-04-05", "BRUVOK")
    assert [reason.split(":")[0] for reason in read.reasons] == ["birth", "names"]


def test_a_number_keeps_its_letters():
    zone = passport(number="BE12O4567")
    assert read_mrz(zone, TODAY).number == "BE12O4567"


def test_a_name_that_fills_its_field_may_be_cut():
    long = passport(line="P<XBE" + "BRUVOKTEPKUDAKAVRASUT<<BENMARTENZORVIMELHAL"[:39])
    assert read_mrz(long, TODAY).names_may_be_cut
    assert not read_mrz(passport(), TODAY).names_may_be_cut


@pytest.mark.parametrize(
    "rubbish",
    [
        "",
        "hello",
        "\x00" * 90,
        "<" * 88,
        "P<" + "Ж" * 86,
        "٣" * 88,
        "P" * 1000,
        "A\nB\nC",
        passport()[:-3],
        passport() + "<",
    ],
)
def test_rubbish_has_reasons_and_no_document(rubbish):
    read = read_mrz(rubbish, TODAY)
    assert read.reasons
    assert read.document is None


def test_a_long_text_is_not_even_looked_at():
    assert read_mrz("P" * 10_000, TODAY).reasons[0] == "The text is longer than 200 characters."


@given(st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<", min_size=88, max_size=90) | st.text(max_size=200))
def test_no_text_is_too_strange(text):
    read = read_mrz(text, TODAY)
    assert read.layout or read.reasons
    assert read.document is None or read.document.number == read.number
    assert read.person is None or read.person.name
