"""CSV: one record on each row, with documented columns for each collection (docs/protocol/formats.md)."""

import csv
import io
import re
from collections.abc import Callable, Iterator
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec

from comity.domain import limits
from comity.domain.collection import collection
from comity.domain.document import TravelDocument
from comity.domain.errors import Invalid
from comity.domain.firearm import Firearm
from comity.domain.marking import Marking
from comity.domain.person import NameKind, Person
from comity.domain.record import Record, Subject
from comity.domain.vehicle import Vehicle
from comity.domain.vessel import Vessel
from comity.formats.csv_lines import CsvLines, why
from comity.formats.lines import Source, opened
from comity.formats.row import Row


class _Shape(NamedTuple):
    """How one cell becomes values: a text, a list divided by `;`, or a list of items whose parts are divided by `|`."""

    field: str
    many: bool = False
    parts: tuple[str, ...] = ()


# Columns that every collection has.
_MARKING = {
    "confidentiality": _Shape("confidentiality"),
    "handling": _Shape("handling", many=True),
    "source_grade": _Shape("source_grade"),
    "information_grade": _Shape("information_grade"),
    "closed_to": _Shape("closed_to", many=True),
    "only_for": _Shape("only_for", many=True),
    "conditions": _Shape("conditions", many=True),
}
_HEADER = ("reference", "retain_until", "review_at")

_NAME_PARTS = ("full", "family", "given")
# One column of names for each kind, so that a cell holds names and nothing else.
NAME_COLUMNS = {
    "names": NameKind.MAIN,
    "aliases": NameKind.ALIAS,
    "weak_aliases": NameKind.WEAK_ALIAS,
    "birth_names": NameKind.BIRTH,
    "original_script_names": NameKind.ORIGINAL_SCRIPT,
    "false_identities": NameKind.FALSE_IDENTITY,
}
_PERSON = {
    **{column: _Shape("names", many=True, parts=_NAME_PARTS) for column in NAME_COLUMNS},
    "births": _Shape("births", many=True),
    "sex": _Shape("sex"),
    "nationalities": _Shape("nationalities", many=True),
    "birth_place": _Shape("birth_place"),
    "birth_country": _Shape("birth_country"),
    "documents": _Shape("documents", many=True, parts=("number", "type", "country", "issued", "expires", "note")),
    "status": _Shape("status"),
    "purpose": _Shape("purpose"),
    "action": _Shape("action"),
    "warnings": _Shape("warnings", many=True),
    "height_cm": _Shape("description.height_cm"),
    "weight_kg": _Shape("description.weight_kg"),
    "eyes": _Shape("description.eyes"),
    "hair": _Shape("description.hair"),
    "marks": _Shape("description.marks"),
    "parents": _Shape("parents"),
    "languages": _Shape("languages", many=True),
    "occupation": _Shape("occupation"),
    "addresses": _Shape("addresses", many=True),
    "phones": _Shape("phones", many=True),
    "emails": _Shape("emails", many=True),
    "offences": _Shape("offences", many=True, parts=("code", "text", "law", "penalty_max_months")),
    "warrants": _Shape("warrants", many=True, parts=("reference", "country", "authority", "issued")),
    "facts": _Shape("facts"),
    "sensitive": _Shape("sensitive", many=True),
}
_DOCUMENT = {
    field: _Shape(field)
    for field in ("number", "country", "type", "fraud", "issued", "expires", "stolen_on", "stolen_in", "note")
}
_VEHICLE = {
    **{
        field: _Shape(field)
        for field in (
            *("vin", "plate", "plate_country", "plate_expires", "make", "model", "year", "colour", "body"),
            *("engine_number", "registration_document", "status", "stolen_on", "stolen_in", "note"),
        )
    },
    "components": _Shape("components", many=True),
}
_FIREARM = {
    **{
        field: _Shape(field)
        for field in (
            *("serial", "serial_obliterated", "make", "model", "type", "calibre", "year", "made_in", "import_mark"),
            *("status", "missing_since", "missing_in", "note"),
        )
    },
    "markings": _Shape("markings", many=True),
}
_VESSEL = {
    **{
        field: _Shape(field)
        for field in (
            *("imo", "hull_number", "eni", "mmsi", "call_sign", "registration", "flag", "name", "home_port"),
            *("type", "make", "model", "year", "length_cm", "colour", "engine_make"),
            *("status", "stolen_on", "stolen_in", "note"),
        )
    },
    "former_names": _Shape("former_names", many=True),
    "engine_numbers": _Shape("engine_numbers", many=True),
}
_KINDS: dict[str, tuple[type[Subject], dict[str, _Shape]]] = {
    "person": (Person, _PERSON),
    "document": (TravelDocument, _DOCUMENT),
    "vehicle": (Vehicle, _VEHICLE),
    "firearm": (Firearm, _FIREARM),
    "vessel": (Vessel, _VESSEL),
}
_Convert = Callable[[dict[str, str]], tuple[Subject, Marking]]


@lru_cache
def columns(collection_code: str) -> tuple[str, ...]:
    """Every column a file of that collection may have; `reference` alone is compulsory in each."""
    return (*_HEADER, *_KINDS[collection(collection_code).kind][1], *_MARKING)


def read(source: Source, collection_code: str, from_line: int = 1) -> Iterator[Row]:
    """The rows of a file from a line on. Cells are divided by comma or semicolon, whichever the header uses.

    Raises Invalid where the header names an unknown column, names one twice or lacks `reference`.
    """
    convert = _converter(collection_code)
    with opened(source) as stream:
        feed = CsvLines(stream)
        names, delimiter = _read_header(feed, collection_code)
        reader = csv.reader(feed, delimiter=delimiter, strict=True)
        while True:
            feed.begin()
            try:
                cells = next(reader)
            except StopIteration:
                return
            except (csv.Error, Invalid) as wrong:
                if feed.first_line >= from_line:
                    yield Row(line=feed.first_line, reference="", refused=why(wrong))
                continue
            if feed.first_line >= from_line and any(cells):
                yield _row(feed.first_line, names, cells, convert)


def header(collection_code: str) -> bytes:
    """The first line of a file that holds every column."""
    return _line(columns(collection_code))


def write(record: Record) -> bytes:
    """One record as a line under `header`. Id, version and times are not in it, as in JSON Lines."""
    subject: dict[str, Any] = msgspec.to_builtins(record.subject)
    marking: dict[str, Any] = msgspec.to_builtins(record.header.marking)
    shapes = _KINDS[collection(record.header.collection).kind][1]
    written = {
        "reference": record.header.reference,
        "retain_until": record.header.retain_until.isoformat(),
        "review_at": record.header.review_at.isoformat(),
        **{column: _written(subject, shape, NAME_COLUMNS.get(column)) for column, shape in shapes.items()},
        **{column: _written(marking, shape, None) for column, shape in _MARKING.items()},
    }
    return _line(tuple(written[column] for column in columns(record.header.collection)))


def _read_header(feed: CsvLines, collection_code: str) -> tuple[list[str], str]:
    first = next(feed, "")
    delimiter = ";" if first.count(";") > first.count(",") else ","
    try:
        names = [name.strip().lower() for name in next(csv.reader([first], delimiter=delimiter, strict=True), [])]
    except csv.Error as wrong:
        raise Invalid(
            f"The header cannot be read: {wrong}.", where="line 1", do="Write the names of columns."
        ) from None
    known = columns(collection_code)
    if unknown := [name for name in names if name not in known]:
        raise Invalid(
            f"{collection_code} has no column {', '.join(repr(name) for name in unknown)}.",
            where="line 1",
            do=f"Use columns out of {', '.join(known)}.",
        )
    if len(set(names)) < len(names):
        raise Invalid("The header names a column twice.", where="line 1", do="Keep one of them.")
    if "reference" not in names:
        raise Invalid("The header lacks the column 'reference'.", where="line 1", do="Give each row a file number.")
    return names, delimiter


def _row(line: int, names: list[str], cells: list[str], convert: _Convert) -> Row:
    row = dict(zip(names, (cell.strip() for cell in cells), strict=False))
    reference = row.get("reference", "")[: limits.CODE_CHARS_MAX]
    if len(cells) != len(names):
        return Row(line=line, reference=reference, refused=f"The row has {len(cells)} cells, the header {len(names)}.")
    try:
        if not reference or reference != row["reference"]:
            raise Invalid(f"The reference is empty or longer than {limits.CODE_CHARS_MAX} characters.")
        subject, marking = convert(row)
        return Row(
            line=line,
            reference=reference,
            subject=subject,
            marking=marking,
            retain_until=_date(row, "retain_until"),
            review_at=_date(row, "review_at"),
        )
    except ValueError as wrong:  # a refusal of ours, or the struct library's
        return Row(line=line, reference=reference, refused=str(wrong))


def _date(row: dict[str, str], column: str) -> date | None:
    if not row.get(column):
        return None
    try:
        return msgspec.convert(row[column], type=date)
    except msgspec.ValidationError:
        raise Invalid(f"{row[column]!r} is no date.", where=column, do="Write YYYY-MM-DD.") from None


def _converter(collection_code: str) -> _Convert:
    """What makes a subject and its marking of a row's cells; raises msgspec.ValidationError or Invalid."""
    kind = collection(collection_code).kind
    subject_type, shapes = _KINDS[kind]

    def convert(row: dict[str, str]) -> tuple[Subject, Marking]:
        subject = msgspec.convert({"kind": kind, **_content(row, shapes)}, subject_type, strict=False)
        return subject, msgspec.convert(_content(row, _MARKING), Marking)

    return convert


def _content(row: dict[str, str], shapes: dict[str, _Shape]) -> dict[str, Any]:
    content: dict[str, Any] = {}
    for column, text in row.items():
        shape = shapes.get(column)
        if not shape or not text:
            continue
        outer, _, inner = shape.field.partition(".")
        if inner:
            content.setdefault(outer, {})[inner] = text
        elif shape.parts:
            kind = {"kind": NAME_COLUMNS[column]} if column in NAME_COLUMNS else {}
            content.setdefault(outer, []).extend({**_item(text, shape, column), **kind} for text in _split(text, ";"))
        else:
            content[outer] = [_plain(item) for item in _split(text, ";")] if shape.many else text
    return content


def _item(text: str, shape: _Shape, column: str) -> dict[str, str]:
    parts = _split(text, "|", keep_empty=True)
    if len(parts) > len(shape.parts):
        raise Invalid(f"An item has {len(parts)} parts.", where=column, do=f"Write {'|'.join(shape.parts)}.")
    return {name: _plain(part) for name, part in zip(shape.parts, parts, strict=False) if part}


def _written(content: dict[str, Any], shape: _Shape, name_kind: NameKind | None) -> str:
    outer, _, inner = shape.field.partition(".")
    value = content.get(outer, {}).get(inner, "") if inner else content.get(outer, "")
    if shape.parts:
        items = [item for item in value or () if name_kind is None or item.get("kind", NameKind.MAIN) == name_kind]
        return ";".join(_written_item(item, shape) for item in items)
    if shape.many:
        return ";".join(_guarded(item) for item in value)
    return str(value)


def _written_item(item: dict[str, Any], shape: _Shape) -> str:
    parts = [_guarded(str(item.get(part, ""))) for part in shape.parts]
    while parts and not parts[-1]:
        parts.pop()
    return "|".join(parts)


_SPECIAL = re.compile(r"[;|\\]")
_GUARDED = re.compile(r"\\([;|\\])")


def _guarded(text: str) -> str:
    """A semicolon, bar or backslash that belongs to the text stands behind a backslash."""
    return _SPECIAL.sub(r"\\\g<0>", text)


def _plain(text: str) -> str:
    return _GUARDED.sub(r"\1", text)


def _split(text: str, divider: str, *, keep_empty: bool = False) -> list[str]:
    """The items of a cell, still guarded."""
    items = [""]
    guarded = False
    for sign in text:
        if sign == divider and not guarded:
            items.append("")
        else:
            items[-1] += sign
        guarded = sign == "\\" and not guarded
    stripped = [item.strip() for item in items]
    return stripped if keep_empty else [item for item in stripped if item]


def _line(cells: tuple[str, ...]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow(cells)
    return text.getvalue().encode()
