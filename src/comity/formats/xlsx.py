"""The rows of a workbook as text, one at a time, never the whole in memory."""

import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import Any, BinaryIO

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from comity.domain import limits
from comity.domain.errors import Invalid, TooLarge


def read(file: Path, stream: BinaryIO, sheet: str) -> Iterator[tuple[int, list[str]]]:
    """(number, cells) of the first sheet or the one named, from its first row that says something. Raises Invalid."""
    _check_packed(file, stream)
    try:
        book = openpyxl.load_workbook(stream, read_only=True, data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError) as wrong:
        raise Invalid(f"{file.name} is no workbook: {wrong}.", do="Save it as XLSX, or as CSV in UTF-8.") from None
    if sheet and sheet not in book.sheetnames:
        raise Invalid(f"{file.name} has no sheet {sheet!r}.", do=f"Use one of {', '.join(book.sheetnames)}.")
    rows = _sheet_rows(book, book[sheet] if sheet else book[book.sheetnames[0]])
    for number, cells in rows:
        if any(cell.strip() for cell in cells):
            yield number, cells
            yield from rows
            return
    raise Invalid(f"{file.name} is empty.", do="Choose the file with the list, or name its sheet.")


def _sheet_rows(book: Any, sheet: Any) -> Iterator[tuple[int, list[str]]]:
    with closing(book):
        sheet.reset_dimensions()  # what the file says of its own size need not be true
        for number, row in enumerate(sheet.iter_rows(values_only=True), 1):
            yield number, [_text(value) for value in row]


def _text(value: object) -> str:
    """A cell as it is meant: a day without its midnight, a whole number without its point."""
    match value:
        case None:
            return ""
        case datetime():
            midnight = (value.hour, value.minute, value.second) == (0, 0, 0)
            return (value.date() if midnight else value).isoformat()
        case date():
            return value.isoformat()
        case float() if value.is_integer():
            return str(int(value))
        case _:
            return str(value)


def _check_packed(file: Path, stream: BinaryIO) -> None:
    """What unpacks to a thousand times its size would pass every other limit.

    Falls without it: tests/formats/test_table.py
    """
    try:
        with zipfile.ZipFile(stream) as packed:
            unpacked = sum(one.file_size for one in packed.infolist())
    except zipfile.BadZipFile:
        raise Invalid(f"{file.name} is no workbook.", do="Save it as XLSX, or as CSV in UTF-8.") from None
    stream.seek(0)
    if unpacked > limits.XLSX_UNPACKED_BYTES_MAX:
        raise TooLarge(f"{file.name} unpacks to {unpacked} bytes.", do="Save it as CSV in UTF-8.")
