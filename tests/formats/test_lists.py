"""The lists of the United Nations and of OFAC become records of persons, and hostile files are refused."""

import io
import os
from pathlib import Path

import pytest

from comity.domain import limits
from comity.domain.document import DocumentType
from comity.domain.errors import Invalid, TooLarge
from comity.domain.person import NameKind, Person, PersonStatus, Sex, gaps
from comity.formats import ofac, un_list
from comity.formats.country_names import code_of
from comity.formats.row import Row

ACCEPT = Path(__file__).parent / "accept"
REJECT = Path(__file__).parent / "reject"
SAMPLE = Path(os.environ.get("COMITY_SAMPLE_DATA", Path(__file__).parents[3] / "shared" / "data")) / "sanctions"


def person(row: Row) -> Person:
    assert isinstance(row.subject, Person), row.refused
    return row.subject


def test_an_individual_of_the_united_nations_becomes_a_person():
    first, _, _ = un_list.read(ACCEPT / "un_list.xml")
    zorvimel = person(first)
    assert (first.line, first.reference) == (4, "XBi.001")
    assert [(name.full, name.kind) for name in zorvimel.names] == [
        ("ZORVIMEL TEPKUDA", NameKind.MAIN),
        ("Зорвимел Тепкуда", NameKind.ORIGINAL_SCRIPT),
        ("Zori Tepkuda", NameKind.ALIAS),
        ("Tep", NameKind.WEAK_ALIAS),
        ("Kuda", NameKind.WEAK_ALIAS),
    ]
    assert zorvimel.births == ("1980-04-05", "1979", "1981", "1982", "1983")
    assert (zorvimel.sex, zorvimel.nationalities, zorvimel.birth_country) == (Sex.MALE, ("IR",), "TR")
    (passport,) = zorvimel.documents
    assert (passport.number, passport.type, passport.country) == ("BE1234567", DocumentType.PASSPORT, "LY")
    assert (passport.issued, passport.note) == ("2011-06-01", "Expired.")
    assert zorvimel.addresses == ("Pier 1, Bergen Bay, Libya",)
    assert zorvimel.occupation == "Keeper of the lighthouse"
    assert "Listed on: 2020-02-03." in zorvimel.facts
    assert "told as a story" in zorvimel.facts
    assert zorvimel.status is PersonStatus.SANCTIONED
    assert gaps(zorvimel) == ()


def test_what_is_wrong_is_refused_with_its_line_and_an_entity_is_skipped():
    _, wrong, entity = un_list.read(ACCEPT / "un_list.xml")
    assert (wrong.line, wrong.reference, wrong.subject) == (27, "XBi.002", None)
    assert "1980-13-05" in wrong.refused
    assert (entity.reference, entity.refused, entity.skipped) == ("XBe.001", "", "an entity, not a person")


@pytest.mark.parametrize(
    ("file", "why"),
    [
        ("doctype.xml", "DOCTYPE"),
        ("doctype_of_another_file.xml", "DOCTYPE"),
        ("utf16_declared.xml", "UTF-8"),
        ("not_closed.xml", "well-formed"),
        ("unknown_entity.xml", "well-formed"),
        ("no_xml.xml", "UTF-8"),
        ("another_root.xml", "html"),
    ],
)
def test_what_is_no_list_is_refused_whole(file, why):
    with pytest.raises(Invalid, match=why):
        list(un_list.read(REJECT / file))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_a_document_type_does_not_hide_in_another_encoding(encoding):
    hidden = (REJECT / "doctype.xml").read_text().encode(encoding)
    with pytest.raises(Invalid):
        list(un_list.read(io.BytesIO(hidden)))


def test_a_document_type_does_not_hide_behind_a_long_comment():
    text = b"<?xml version='1.0'?><!--" + b"x" * 70_000 + b"--><!DOCTYPE a [<!ENTITY b 'c'>]><CONSOLIDATED_LIST/>"
    with pytest.raises(Invalid):
        list(un_list.read(io.BytesIO(text)))


def test_a_document_type_does_not_hide_behind_a_comment_that_looks_like_the_list():
    text = (
        b"<?xml version='1.0'?><!-- <CONSOLIDATED_LIST> -->"
        + b" " * 5000
        + b"<!DOCTYPE a [<!ENTITY b 'c'>]><CONSOLIDATED_LIST/>"
    )
    with pytest.raises(Invalid):
        list(un_list.read(io.BytesIO(text)))


@pytest.mark.parametrize("before", range(65_536 - 9, 65_537))
def test_a_document_type_does_not_hide_between_two_pieces(before):
    text = b"<?xml version='1.0'?>".ljust(before) + b"<!DOCTYPE a [<!ENTITY b 'c'>]><CONSOLIDATED_LIST/>"
    with pytest.raises(Invalid, match="DOCTYPE"):
        list(un_list.read(io.BytesIO(text)))


def test_a_list_beyond_the_limit_is_refused(monkeypatch):
    monkeypatch.setattr(limits, "IMPORT_XML_BYTES_MAX", 5_000)
    text = b"<CONSOLIDATED_LIST>" + b" " * 100_000 + b"</CONSOLIDATED_LIST>"
    with pytest.raises(TooLarge):
        list(un_list.read(io.BytesIO(text)))


def test_an_individual_of_ofac_becomes_a_person():
    company, first, second, vessel = ofac.read(ACCEPT / "ofac" / "sdn.csv")
    assert (company.skipped, vessel.skipped) == ("an entity, not a person", "vessel, not a person")
    zorvimel = person(first)
    assert (first.line, first.reference) == (2, "102")
    assert [(name.full, name.family, name.kind) for name in zorvimel.names] == [
        ("Zorvimel TEPKUDA", "TEPKUDA", NameKind.MAIN),
        ("Zori TEPKUDA", "TEPKUDA", NameKind.ALIAS),
        ("THE KEEPER", "", NameKind.WEAK_ALIAS),
    ]
    assert zorvimel.births == ("1980-04-05", "1979", "1981", "1982", "1983")
    assert zorvimel.nationalities == ("KP", "IR")
    assert [(one.number, one.type, one.country, one.issued, one.expires) for one in zorvimel.documents] == [
        ("BE1234567", DocumentType.PASSPORT, "LY", "2011-06-01", "2016-05-31"),
        ("55-66", DocumentType.IDENTITY_CARD, "IR", "", ""),
    ]
    assert (zorvimel.birth_place, zorvimel.occupation, zorvimel.addresses) == (
        "Tepdorf, Turkey",
        "Keeper",
        ("Pier 1, Bergen Bay, Libya",),
    )
    assert zorvimel.facts == "Linked To: LIGHTHOUSE TRADING. Programme: INVENTED"
    molida = person(second)
    assert (molida.births, molida.nationalities, len(molida.names)) == (("1979-04",), ("LY",), 2)


def test_a_list_out_of_order_is_refused(tmp_path):
    rows = (ACCEPT / "ofac" / "sdn.csv").read_text().splitlines(keepends=True)
    (tmp_path / "sdn.csv").write_text("".join(reversed(rows)))
    with pytest.raises(Invalid, match="order"):
        list(ofac.read(tmp_path / "sdn.csv"))


@pytest.mark.parametrize(
    ("read", "path"), [(un_list.read, ACCEPT / "un_list.xml"), (ofac.read, ACCEPT / "ofac" / "sdn.csv")]
)
def test_reading_goes_on_from_any_line(read, path):
    rows = list(read(path))
    for place, row in enumerate(rows):
        assert list(read(path, from_line=row.line)) == rows[place:]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Korea, North", "KP"),
        ("Türkiye", "TR"),
        ("Syrian Arab Republic", "SY"),
        ("Venezuela", "VE"),
        ("The Gambia", "GM"),
        ("Congo", "CG"),
        ("na", ""),
        ("", ""),
    ],
)
def test_countries_by_name(name, code):
    assert code_of(name) == code


@pytest.mark.skipif(not SAMPLE.exists(), reason="sample data: the lists are not here")
@pytest.mark.parametrize(
    ("read", "file", "persons", "skipped"),
    [(un_list.read, "un_consolidated.xml", 730, 273), (ofac.read, "ofac_sdn.csv", 3845, 3534)],
)
def test_nobody_on_the_real_lists_is_left_out(read, file, persons, skipped):
    rows = list(read(SAMPLE / file))
    assert [row.refused for row in rows if row.refused] == []
    assert sum(isinstance(row.subject, Person) for row in rows) == persons
    assert sum(bool(row.skipped) for row in rows) == skipped
