"""Files of records in any of the formats that are read here: which one it is, and its rows."""

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

from comity.domain.errors import Invalid
from comity.formats import csv, jsonlines, ofac, un_list
from comity.formats.row import Row


class Form(StrEnum):
    CSV = "csv"
    JSON_LINES = "jsonl"
    UN_LIST = "un"
    OFAC = "ofac"


# ending: what a file of that ending is taken for
ENDINGS = {".csv": Form.CSV, ".jsonl": Form.JSON_LINES, ".ndjson": Form.JSON_LINES, ".xml": Form.UN_LIST}
OFAC_NAMES = ("sdn.csv", "ofac_sdn.csv")


def form_of(file: Path) -> Form:
    """What a file is by its name. Raises Invalid where the name does not tell."""
    if file.name.lower() in OFAC_NAMES:
        return Form.OFAC
    if file.suffix.lower() not in ENDINGS:
        raise Invalid(f"The name {file.name} does not tell what the file is.", do=f"Say --format {'|'.join(Form)}.")
    return ENDINGS[file.suffix.lower()]


def read(form: Form, file: Path, collection_code: str, from_line: int = 1) -> Iterator[Row]:
    """The rows of a file from a line on, one at a time."""
    match form:
        case Form.CSV:
            return csv.read(file, collection_code, from_line)
        case Form.JSON_LINES:
            return jsonlines.read(file, from_line)
        case Form.UN_LIST:
            return un_list.read(file, from_line)
        case Form.OFAC:
            return ofac.read(file, from_line)
