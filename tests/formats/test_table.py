"""Tables as named cells: nothing is lost without a word, and nothing unpacks without end."""

import io
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from comity.domain import limits
from comity.domain.errors import Invalid, TooLarge
from comity.formats import table
from comity.formats.table import Cells, TableForm, form_of


def read(form: TableForm, content: bytes, sheet: str = "") -> list[Cells]:
    return list(table.read(form, Path("list"), io.BytesIO(content), sheet).rows)


def workbook(*sheets: list[list[object]], titles: tuple[str, ...] = ("first", "second")) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in zip(titles, sheets, strict=False):
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_cells_are_divided_as_the_header_is(delimiter: str):
    content = delimiter.join(("name", "birth")) + "\r\n" + delimiter.join(("Otto Quast", "1980")) + "\r\n"
    assert read(TableForm.CSV, content.encode()) == [Cells(2, {"name": "Otto Quast", "birth": "1980"})]


def test_a_row_over_several_lines_is_told_by_its_first():
    content = b'\xef\xbb\xbfname,note\n"Quast\nOtto",x\nMira,\n'
    assert read(TableForm.CSV, content) == [Cells(2, {"name": "Quast\nOtto", "note": "x"}), Cells(4, {"name": "Mira"})]


def test_what_is_wrong_with_a_row_is_told_with_its_line_and_the_others_go_on():
    content = b"name,birth\nOtto,1980,too much\n\xff\xfe,1\nMira,1981,\n"
    found = read(TableForm.CSV, content)
    assert [(row.line, bool(row.refused)) for row in found] == [(2, True), (3, True), (4, False)]
    assert "3 cells" in found[0].refused
    assert "UTF-8" in found[1].refused


def test_an_open_quotation_mark_does_not_swallow_the_file(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(limits, "IMPORT_LINE_BYTES_MAX", 100)
    content = b'name\n"Otto\n' + b"Mira\n" * 40
    found = read(TableForm.CSV, content)
    assert "not closed; lines 2 to" in found[0].refused
    assert found[-1] == Cells(42, {"name": "Mira"})
    assert "not closed before the end" in read(TableForm.CSV, b'name\n"Otto\n')[0].refused


def test_a_line_that_is_too_long_is_told(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(limits, "IMPORT_LINE_BYTES_MAX", 20)
    for form, content in (
        (TableForm.CSV, b"name\n" + b"x" * 30 + b"\nOtto\n"),
        (TableForm.JSON_LINES, b'{"name": "' + b"x" * 30 + b'"}\n{"name": "Otto"}\n'),
    ):
        found = read(form, content)
        assert "longer" in found[0].refused
        assert found[1].cells == {"name": "Otto"}


@pytest.mark.parametrize("content", [b"", b"\n\n", b"name,,birth\n", b"name,name\n", b'"name,birth\nx'], ids=range(5))
def test_a_header_that_cannot_be_relied_on_refuses_the_list(content: bytes):
    with pytest.raises(Invalid):
        read(TableForm.CSV, content)


def test_a_workbook_is_read_as_it_is_meant():
    rows = [
        [None, None],
        ["name", "birth", "number"],
        ["Otto", date(1980, 4, 3), 4711.0],
        [None, None, None],
        ["Mira", datetime(1981, 1, 2, 3, 4), 0.5],  # noqa: DTZ001
    ]
    assert read(TableForm.XLSX, workbook(rows)) == [
        Cells(3, {"name": "Otto", "birth": "1980-04-03", "number": "4711"}),
        Cells(4),
        Cells(5, {"name": "Mira", "birth": "1981-01-02T03:04:00", "number": "0.5"}),
    ]


def test_another_sheet_is_read_where_it_is_named():
    content = workbook([["name"], ["Otto"]], [["name"], ["Mira"]])
    assert read(TableForm.XLSX, content, "second") == [Cells(2, {"name": "Mira"})]
    with pytest.raises(Invalid, match="no sheet 'third'"):
        read(TableForm.XLSX, content, "third")


@pytest.mark.parametrize("content", [b"name\nOtto\n", b"PK\x03\x04 but no more", workbook([[]])], ids=range(3))
def test_what_is_no_workbook_or_an_empty_one_is_refused(content: bytes):
    with pytest.raises(Invalid):
        read(TableForm.XLSX, content)


def test_an_archive_that_is_no_workbook_is_refused():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("readme.txt", "no workbook")
    with pytest.raises(Invalid, match="no workbook"):
        read(TableForm.XLSX, packed.getvalue())


def test_a_workbook_that_unpacks_without_end_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch):
    content = workbook([["name"], ["Otto"]])
    monkeypatch.setattr(limits, "XLSX_UNPACKED_BYTES_MAX", 100)
    with pytest.raises(TooLarge):
        read(TableForm.XLSX, content)


def test_json_lines_are_flat_objects():
    content = b'{"name": "Otto", "number": 4711, "birth": null}\n\n["Mira"]\n{"name": ["Mira"]}\n{"name"\n'
    found = read(TableForm.JSON_LINES, content)
    assert found[0] == Cells(1, {"name": "Otto", "number": "4711"})
    assert [(row.line, bool(row.refused)) for row in found[1:]] == [(3, True), (4, True), (5, True)]
    with pytest.raises(Invalid, match="empty"):
        read(TableForm.JSON_LINES, b"\n")


def test_a_name_tells_what_a_file_is():
    assert [form_of(Path(name)) for name in ("a.CSV", "a.xlsx", "a.ndjson")] == list(TableForm)
    with pytest.raises(Invalid, match="does not tell"):
        form_of(Path("list.xls"))
