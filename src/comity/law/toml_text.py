"""Reads what a lawyer wrote as TOML, and says in which line it is wrong."""

import re
import tomllib
from collections.abc import Iterator
from typing import TypeVar

import msgspec

from comity.domain import limits
from comity.domain.errors import Invalid

T = TypeVar("T")
Path = tuple[str | int, ...]  # ("clauses", 2, "purposes")

_TABLE = re.compile(r"\s*(\[\[?)\s*([A-Za-z0-9_.-]+)\s*\]\]?")
_KEY = re.compile(r"\s*([A-Za-z0-9_-]+)\s*=")
_STEP = re.compile(r"\.([A-Za-z0-9_-]+)|\[(\d+)\]|\[\.\.\.\]")
_UNKNOWN_FIELD = re.compile(r"unknown field `([^`]+)`")
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
        what, path = _told(str(wrong))
        raise Invalid(
            f"{what}.",
            where=place(file_name, line_of(lines, path)),
            do="Correct it; docs/protocol/law.md lists the keys.",
        ) from None


def place(file_name: str, line: int) -> str:
    """`convention.toml line 12`; the file alone where the line is not known (0)."""
    return f"{file_name} line {line}" if line else file_name


def line_of(text: str, path: Path) -> int:
    """The line (from 1) where a table or key stands; where the key is absent, its table; 0 where nothing is found."""
    lines = dict(_places(text))
    while path and path not in lines:
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
        return found[1], int(found[2])
    return message.removesuffix(" (at end of document)"), text.count("\n") + 1


def _told(message: str) -> tuple[str, Path]:
    """msgspec's message without its path, and the path."""
    what, _, where = message.partition(" - at `$")
    path = tuple(int(found[2]) if found[2] else found[1] for found in _STEP.finditer(where) if found[1] or found[2])
    if unknown := _UNKNOWN_FIELD.search(what):
        path = (*path, unknown[1])
    return what, path


def _places(text: str) -> Iterator[tuple[Path, int]]:
    """Every table and key of the text with its line; what stands inside a multi-line string is not looked at."""
    table: Path = ()
    counts: dict[str, int] = {}
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


def _table(brackets: str, name: str, counts: dict[str, int]) -> Path:
    if brackets == "[":
        return tuple(name.split("."))
    counts[name] = counts.get(name, -1) + 1
    return (*name.split("."), counts[name])
