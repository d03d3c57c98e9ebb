"""Lines of text for the CSV reader, which asks for more where a quotation mark is open."""

from typing import BinaryIO

from comity.domain import limits
from comity.domain.errors import Invalid
from comity.formats.lines import TOO_LONG, lines


class CsvLines:
    """It knows in which line the row began, and ends a row that grows without end."""

    def __init__(self, stream: BinaryIO) -> None:
        self._lines = lines(stream)
        self.begin()

    def begin(self) -> None:
        """The next line begins a row."""
        self.first_line = 0
        self._row_bytes = 0

    def __iter__(self) -> "CsvLines":
        return self

    def __next__(self) -> str:
        number, text = next(self._lines)
        self.first_line = self.first_line or number
        if text is None:
            raise Invalid(TOO_LONG)
        # A quotation mark that is never closed would make the rest of the file one cell.
        # Falls without it: tests/formats/test_csv.py, tests/formats/test_table.py
        self._row_bytes += len(text)
        if self._row_bytes > limits.IMPORT_LINE_BYTES_MAX:
            raise Invalid(f"A quotation mark is not closed; lines {self.first_line} to {number} are lost.")
        try:
            return text.decode()
        except UnicodeDecodeError:
            raise Invalid("The line is not UTF-8.") from None


def why(wrong: Exception) -> str:
    """Why the reader could not read a row, in words of the file's user."""
    if str(wrong) == "unexpected end of data":
        return "A quotation mark is not closed before the end of the file."
    return str(wrong)
