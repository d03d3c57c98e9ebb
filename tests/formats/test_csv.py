"""CSV: documented columns only; what was written is read again; a bad row is refused by itself."""

import io
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings

from comity.domain import limits
from comity.domain.collection import COLLECTIONS
from comity.domain.document import DocumentFraud
from comity.domain.errors import Invalid
from comity.domain.person import Name, NameKind, Person
from comity.formats import csv
from tests.formats.subjects import DOCUMENTS, FIREARMS, MARKINGS, PERSONS, VEHICLES, VESSELS
from tests.formats.test_jsonlines import record

ACCEPT = Path(__file__).parent / "accept"
REJECT = Path(__file__).parent / "reject"
DOCS = Path(__file__).parents[2] / "docs" / "protocol" / "formats.md"
SUBJECTS = {"nominals": PERSONS, "sltd": DOCUMENTS, "smv": VEHICLES, "firearms": FIREARMS, "vessels": VESSELS}


def by_kind(subject):
    """CSV keeps names by kind, not their order among the kinds."""
    if not isinstance(subject, Person):
        return subject
    order = list(csv.NAME_COLUMNS.values())
    return msgspec.structs.replace(subject, names=tuple(sorted(subject.names, key=lambda name: order.index(name.kind))))


def test_dividers_at_the_end_of_a_text_are_kept():
    subject = Person(names=(Name(full="Zor|", family="a;", given="b\\"), Name(full="x|;\\|")))
    written = csv.header("nominals") + csv.write(record(subject))
    (row,) = csv.read(io.BytesIO(written), "nominals")
    assert row.subject == subject


@pytest.mark.parametrize("collection", SUBJECTS)
def test_what_is_written_is_read_again(collection):
    @settings(max_examples=40)
    @given(SUBJECTS[collection], MARKINGS)
    def check(subject, marking):
        written = csv.header(collection) + csv.write(record(subject, marking, collection=collection))
        (row,) = csv.read(io.BytesIO(written), collection)
        assert row.refused == ""
        assert (by_kind(row.subject), row.marking, row.reference) == (by_kind(subject), marking, "BE-1")

    check()


def test_persons_with_lists_and_guarded_dividers_are_read():
    ben, molida = csv.read(ACCEPT / "nominals.csv", "nominals")
    assert isinstance(ben.subject, Person)
    assert [(name.full, name.kind) for name in ben.subject.names] == [
        ("Zorvimel Tepkuda", NameKind.MAIN),
        ("Zori", NameKind.ALIAS),
        ("Tep;kuda", NameKind.ALIAS),
        ("Зорвимел Тепкуда", NameKind.ORIGINAL_SCRIPT),
    ]
    assert (ben.subject.births, ben.subject.nationalities) == (("1980-04-05", "1981"), ("XB", "XA"))
    assert ben.subject.offences[0].penalty_max_months == 24
    assert (ben.marking.closed_to, str(ben.retain_until)) == (("XC",), "2030-01-01")
    assert (molida.line, molida.retain_until) == (3, None)


WAYS = [
    bytes,
    lambda text: b"\xef\xbb\xbf" + text,
    lambda text: text.replace(b"\n", b"\r\n"),
    lambda text: text.replace(b";", b","),
]


@pytest.mark.parametrize("shape", WAYS)
def test_a_spreadsheets_way_of_writing_makes_no_difference(shape):
    text = (ACCEPT / "sltd.csv").read_bytes()
    assert list(csv.read(io.BytesIO(shape(text)), "sltd")) == list(csv.read(ACCEPT / "sltd.csv", "sltd"))
    assert [row.refused for row in csv.read(ACCEPT / "sltd.csv", "sltd")] == ["", ""]


def test_vehicles_are_read():
    (car,) = csv.read(ACCEPT / "smv.csv", "smv")
    assert (car.refused, car.subject.year, car.subject.components) == ("", 2012, ("engine", "gearbox"))


@pytest.mark.parametrize(
    ("file", "why"),
    [("sltd_with_a_name.csv", "'name'"), ("column_twice.csv", "twice"), ("without_reference.csv", "'reference'")],
)
def test_a_wrong_header_refuses_the_file(file, why):
    with pytest.raises(Invalid, match=why):
        list(csv.read(REJECT / file, "sltd"))


@pytest.mark.parametrize("text", [b"", b"\n", b'"reference\n', b"\xff\xfe\n"])
def test_a_file_without_a_header_is_refused(text):
    with pytest.raises(Invalid):
        list(csv.read(io.BytesIO(text), "sltd"))


def test_each_bad_row_is_refused_with_its_reason_and_the_rest_goes_on():
    rows = list(csv.read(REJECT / "rows.csv", "sltd"))
    assert [row.line for row in rows] == list(range(2, 10))
    why = ["", "XZZ", "borrowed", "2024-02-30", "reference is empty", "3 cells, the header 5", "expected after", ""]
    for row, words in zip(rows, why, strict=True):
        assert bool(row.refused) == bool(words)
        assert words in row.refused, row.refused
    assert rows[-1].subject.fraud is DocumentFraud.STOLEN


@pytest.mark.parametrize("from_line", [1, 2, 3, 8, 9, 10])
def test_reading_goes_on_from_any_line(from_line):
    every = list(csv.read(REJECT / "rows.csv", "sltd"))
    assert list(csv.read(REJECT / "rows.csv", "sltd", from_line)) == [row for row in every if row.line >= from_line]


def test_a_cell_of_several_lines_counts_them_all():
    text = b'reference,number,note\nBE-1,BE1,"one\ntwo"\nBE-2,BE2,\n'
    assert [row.line for row in csv.read(io.BytesIO(text), "sltd")] == [2, 4]


@pytest.mark.parametrize("line", [b"x" * 999 + b"\n", b'","' + b"x" * 996 + b"\n"], ids=["one cell", "many cells"])
def test_a_quotation_mark_that_is_never_closed_takes_no_more_than_the_limit(line):
    class Endless(io.RawIOBase):
        """A file without end, so that whoever holds it all is found out."""

        lines = 0

        def readable(self):
            return True

        def readline(self, size=-1):
            self.lines += 1
            assert self.lines * 1000 < 3 * limits.IMPORT_LINE_BYTES_MAX
            return b"reference,number\n" if self.lines == 1 else b'BE-1,"open\n' if self.lines == 2 else line

    row = next(csv.read(Endless(), "sltd"))
    assert "not closed" in row.refused or "field limit" in row.refused


def test_what_follows_an_unclosed_quotation_mark_is_read_again_or_told_lost():
    text = b'reference,number\nBE-1,"open\n' + b"BE-2,BE2\n" * 40_000
    rows = list(csv.read(io.BytesIO(text), "sltd"))
    assert rows[0].refused
    assert rows[-1].reference == "BE-2"


def test_a_line_that_is_not_utf_8_is_refused():
    rows = list(csv.read(io.BytesIO(b"reference,number\nBE-1,\xff\nBE-2,BE2\n"), "sltd"))
    assert [row.refused for row in rows] == ["The line is not UTF-8.", ""]


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_every_column_is_documented(collection):
    text = DOCS.read_text()
    assert [column for column in csv.columns(collection) if f"`{column}`" not in text] == []
