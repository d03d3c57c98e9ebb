"""The rows of a table as named cells, with their line numbers: CSV, XLSX or JSON Lines. No row is lost in silence."""

import csv
from collections.abc import Iterator, Sequence
from enum import StrEnum
from itertools import chain
from pathlib import Path
from typing import BinaryIO

import msgspec
from msgspec import Struct

from comity.domain.errors import Invalid
from comity.formats.csv_lines import CsvLines, why
from comity.formats.lines import TOO_LONG, lines


class TableForm(StrEnum):
    """Formats of a list that is looked up."""

    CSV = "csv"
    XLSX = "xlsx"
    JSON_LINES = "jsonl"


# ending: what a file of that ending is taken for
ENDINGS = {
    ".csv": TableForm.CSV,
    ".xlsx": TableForm.XLSX,
    ".jsonl": TableForm.JSON_LINES,
    ".ndjson": TableForm.JSON_LINES,
}


class Cells(Struct, frozen=True):
    """One row: its cells by the header's names as they stand, or why it cannot be read."""

    line: int
    cells: dict[str, str] = {}
    refused: str = ""


class Table(Struct, frozen=True):
    """`header` holds the names in their order; of JSON Lines those of the first object."""

    header: tuple[str, ...]
    rows: Iterator[Cells]


def form_of(file: Path) -> TableForm:
    """What a file is by its name. Raises Invalid where the name does not tell."""
    if file.suffix.lower() not in ENDINGS:
        raise Invalid(
            f"The name {file.name} does not tell what the file is.", do=f"Say --format {'|'.join(TableForm)}."
        )
    return ENDINGS[file.suffix.lower()]


def read(form: TableForm, file: Path, stream: BinaryIO, sheet: str = "") -> Table:
    """The table in that file. `stream` is the same file, open, and stays so while rows are read. Raises Invalid."""
    match form:
        case TableForm.CSV:
            return _csv(stream)
        case TableForm.XLSX:
            # A third of a second, which no command that reads no workbook should take.
            from comity.formats import xlsx

            rows = xlsx.read(file, stream, sheet)
            first, cells = next(rows)
            names = _checked_header(cells)
            return Table(names, (_row(number, names, row) for number, row in rows if number > first))
        case TableForm.JSON_LINES:
            return _json_lines(stream)


# -- CSV --------------------------------------------------------------------------------------------------------------


def _csv(stream: BinaryIO) -> Table:
    feed = CsvLines(stream)
    first = ""
    while not first.strip(" ,;\t\r\n"):
        feed.begin()
        try:
            first = next(feed)
        except StopIteration:
            raise Invalid("The file is empty.", do="Choose the file with the list.") from None
    delimiter = max(",;\t", key=first.count)
    try:
        header = next(csv.reader([first], delimiter=delimiter, strict=True))
    except csv.Error as wrong:
        raise Invalid(
            f"The header cannot be read: {wrong}.", where="line 1", do="Write the names of columns."
        ) from None
    names = _checked_header(header)
    return Table(names, _csv_rows(feed, names, csv.reader(feed, delimiter=delimiter, strict=True)))


def _csv_rows(feed: CsvLines, names: Sequence[str], reader: Iterator[list[str]]) -> Iterator[Cells]:
    while True:
        feed.begin()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except (csv.Error, Invalid) as wrong:
            yield Cells(feed.first_line, refused=why(wrong))
        else:
            yield _row(feed.first_line, names, cells)


def _row(line: int, names: Sequence[str], cells: Sequence[str]) -> Cells:
    while cells and not cells[-1].strip() and len(cells) > len(names):  # some programs end each row with a delimiter
        cells = cells[:-1]
    if len(cells) > len(names):
        return Cells(line, refused=f"The row has {len(cells)} cells, the header {len(names)}.")
    return Cells(line, {name: cell.strip() for name, cell in zip(names, cells, strict=False) if cell.strip()})


def _checked_header(cells: Sequence[str]) -> tuple[str, ...]:
    names = [cell.strip() for cell in cells]
    while names and not names[-1]:
        names.pop()
    if not names or not all(names):
        raise Invalid("A column has no name.", where="header", do="Name each column, or take it out.")
    if twice := {name for name in names if names.count(name) > 1}:
        raise Invalid(f"The header names {', '.join(sorted(twice))} twice.", where="header", do="Keep one of them.")
    return tuple(names)


# -- JSON Lines -------------------------------------------------------------------------------------------------------


def _json_lines(stream: BinaryIO) -> Table:
    rows = _json_rows(stream)
    first = next(rows, None)
    if first is None:
        raise Invalid("The file is empty.", do="Choose the file with the list.")
    return Table(tuple(first.cells), chain([first], rows))


def _json_rows(stream: BinaryIO) -> Iterator[Cells]:
    for number, text in lines(stream):
        if text is None:
            yield Cells(number, refused=TOO_LONG)
        elif text.strip():
            yield _object(number, text)


def _object(line: int, text: bytes) -> Cells:
    try:
        plain = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as wrong:
        return Cells(line, refused=f"The line is not JSON: {wrong}.")
    if not isinstance(plain, dict):
        return Cells(line, refused="The line is no JSON object.")
    if nested := [name for name, value in plain.items() if isinstance(value, dict | list)]:
        return Cells(line, refused=f"{nested[0]} is no text: a list of lookups is flat.")
    return Cells(line, {name: str(value).strip() for name, value in plain.items() if value not in (None, "")})
