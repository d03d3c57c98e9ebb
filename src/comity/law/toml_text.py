"""Reads what a lawyer wrote as TOML, and says in which line it is wrong."""

import re
import tomllib
from collections.abc import Iterator
from typing import TypeVar

import msgspec
from msgspec import inspect

from comity.domain import limits
from comity.domain.errors import Invalid
from comity.law.toml_mistakes import told

T = TypeVar("T")
Path = tuple[str | int, ...]  # ("clauses", 2, "purposes")

_TABLE = re.compile(r"\s*(\[\[?)\s*([A-Za-z0-9_.-]+)\s*\]\]?")
_KEY = re.compile(r"\s*([A-Za-z0-9_-]+)\s*=")
_STEP = re.compile(r"\.([A-Za-z0-9_-]+)|\[(\d+)\]|\[\.\.\.\]")
_UNKNOWN_FIELD = re.compile(r"unknown field `([^`]+)`")
# what the reader of TOML says: what is wrong
_IN_WORDS = {
    "Illegal character '\\n'": "a text begins with a quotation mark and does not end with one",
    "Invalid date or datetime": "there is no such day, or it is not written as 2025-06-01",
    "Invalid value": "a text needs quotation marks, a list brackets, a date the form 2025-06-01",
}
_SYNTAX = re.compile(r"^(.*) \(at line (\d+), column \d+\)$")


def read(text: bytes, file_name: str, type: type[T]) -> T:
    """The value that the TOML text holds. Raises Invalid, with file and line in `where`."""
    lines = _decoded(text, file_name)
    try:
        found = tomllib.loads(lines)
    except tomllib.TOMLDecodeError as wrong:
        what, line = _syntax(str(wrong), lines)
        raise Invalid(f"This is not TOML: {what}.", where=place(file_name, line), do="Correct the line.") from None
    except RecursionError:
        raise Invalid("It is nested too deeply.", where=file_name, do="Write it flat.") from None
    try:
        return msgspec.convert(found, type)
    except msgspec.ValidationError as wrong:
        message, path = _parted(str(wrong))
        kind = inspect.type_info(type)
        around = _allowed(kind, (*path[:-2], "")) if len(path) > 2 else []
        what, do = told(message, path, _allowed(kind, path), around)
        raise Invalid(what, where=place(file_name, line_of(lines, path)), do=do) from None


def place(file_name: str, line: int) -> str:
    """`convention.toml line 12`; the file alone where the line is not known (0)."""
    return f"{file_name} line {line}" if line else file_name


def line_of(text: str, path: Path) -> int:
    """The line (from 1) where a table or key stands; where the key is absent, its table; 0 where nothing is found."""
    lines = dict(_places(text))
    while path and path not in lines:
        if (*path, 0) in lines:  # a table that was taken for one of many
            return lines[*path, 0]
        path = path[:-1]
    return lines.get(path, 0)


def _decoded(text: bytes, file_name: str) -> str:
    if len(text) > limits.AGREEMENT_BYTES_MAX:
        raise Invalid(
            f"It is longer than {limits.AGREEMENT_BYTES_MAX:,} bytes.",
            where=file_name,
            do="Split it into several files.",
        )
    try:
        return text.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as wrong:
        line = text.count(b"\n", 0, wrong.start) + 1
        raise Invalid("It is not UTF-8.", where=place(file_name, line), do="Save it as UTF-8.") from None


def _syntax(message: str, text: str) -> tuple[str, int]:
    if found := _SYNTAX.match(message):
        return _IN_WORDS.get(found[1], found[1]), int(found[2])
    return message.removesuffix(" (at end of document)"), text.count("\n") + 1


def _parted(message: str) -> tuple[str, Path]:
    """msgspec's message without its path, and the path."""
    what, _, where = message.partition(" - at `$")
    path = tuple(int(found[2]) if found[2] else found[1] for found in _STEP.finditer(where) if found[1] or found[2])
    if unknown := _UNKNOWN_FIELD.search(what):
        path = (*path, unknown[1])
    return what, path


def _places(text: str) -> Iterator[tuple[Path, int]]:
    """Every table and key of the text with its line; what stands inside a multi-line string is not looked at."""
    table: Path = ()
    counts: dict[Path, int] = {}
    inside = ""
    for number, line in enumerate(text.split("\n"), 1):
        if inside:
            inside = "" if line.count(inside) % 2 else inside
            continue
        if found := _TABLE.match(line):
            table = _table(found[1], found[2], counts)
            yield table, number
        elif found := _KEY.match(line):
            yield (*table, found[1]), number
        inside = next((mark for mark in ('"""', "'''") if line.count(mark) % 2), "")


def _table(brackets: str, name: str, counts: dict[Path, int]) -> Path:
    """The path of a table; one that stands below an array of tables belongs to the last of that array."""
    path: Path = ()
    *above, last = name.split(".")
    for step in above:
        path = (*path, step)
        if path in counts:
            path = (*path, counts[path])
    path = (*path, last)
    if brackets == "[":
        return path
    counts[path] = counts.get(path, -1) + 1
    return (*path, counts[path])


def _allowed(kind: inspect.Type, path: Path) -> list[str]:
    """What may stand there instead: the codes of a closed list, or the keys of a table; empty where any text may."""
    for number, step in enumerate(path):
        found = _within(kind, step)
        if found is None:
            is_last = number == len(path) - 1
            keys = [one for one in _choices(kind) if isinstance(one, inspect.StructType)]
            return sorted(field.name for field in keys[0].fields) if is_last and keys else []
        kind = found
    return [str(code.value) for one in _choices(kind) if isinstance(one, inspect.EnumType) for code in one.cls]


def _within(kind: inspect.Type, step: str | int) -> inspect.Type | None:
    """The type of what stands under that key or number."""
    for one in _choices(kind):
        match one:
            case inspect.StructType():
                for field in one.fields:
                    if field.name == step:
                        return field.type
            case inspect.DictType():
                return one.value_type
            case inspect.VarTupleType() | inspect.ListType() if isinstance(step, int):
                return one.item_type
    return None


def _choices(kind: inspect.Type) -> tuple[inspect.Type, ...]:
    """The types of which it may be one."""
    if isinstance(kind, inspect.Metadata):
        return _choices(kind.type)
    return kind.types if isinstance(kind, inspect.UnionType) else (kind,)
