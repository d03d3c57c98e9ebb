"""Pairs of persons to be compared, and lists of persons and who is looked for in them: one JSON object on each line.

A pair is `{"l": SIDE, "r": SIDE}` with whatever else belongs to it. A line of a list, or of those looked for, is one
SIDE; of a list also a record as `comity records export` writes it. A side has `name` (one, or a list: the first is
asked for), `aliases`, `dob` (YYYY-MM-DD, YYYY-MM or YYYY), `place` (of birth), `nationality`, `sex`, `documents`
(numbers, or objects with `number` and `country`) and `id`; all may be absent, null or empty. What cannot be understood
is left out of the comparison and told in `unread`; it is never guessed. Files may be packed with gzip.
"""

import gzip
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

import msgspec
from msgspec import Struct

from comity.domain import limits
from comity.domain.country import country
from comity.domain.dates import partial_date
from comity.domain.errors import Invalid
from comity.domain.person import IdentityDocument, Name, Person, Sex
from comity.formats.lines import TOO_LONG, lines

_GZIP = b"\x1f\x8b"
_FIELDS = frozenset(("id", "name", "aliases", "dob", "place", "nationality", "sex", "documents"))
_SEXES = {
    **dict.fromkeys(("f", "female", "woman"), Sex.FEMALE),
    **dict.fromkeys(("m", "male", "man"), Sex.MALE),
    **dict.fromkeys(("u", "x", "unknown", "unspecified"), Sex.UNSPECIFIED),
}


class Side(Struct, frozen=True):
    """One person as a line tells of them, and the fields of which nothing could be made."""

    person: Person
    unread: tuple[str, ...] = ()


class Pair(Struct, frozen=True):
    """Two persons, and the object of their line as it was read."""

    line: int
    written: dict[str, Any]
    asked: Side
    found: Side


class Question(Struct, frozen=True):
    """One person to be looked for, and the object of their line as it was read."""

    line: int
    written: dict[str, Any]
    asked: Side


class Listed(Struct, frozen=True):
    """One person of a list, with the id that the list gives."""

    line: int
    id: str | int | None
    listed: Side


class Unusable(Struct, frozen=True):
    """A line that is no pair, or no person, and why; with the object of the line where it is one."""

    line: int
    why: str
    written: dict[str, Any] = {}


@contextmanager
def opened(file: Path) -> Iterator[BinaryIO]:
    """The bytes of a file, unpacked where it is gzip: told by how it begins, not by its name."""
    with file.open("rb") as stream:
        if not stream.seekable():  # a pipe: as it comes
            yield stream
            return
        packed = stream.read(len(_GZIP)) == _GZIP
        stream.seek(0)
        if not packed:
            yield stream
            return
        with gzip.open(stream) as unpacked:
            yield cast(BinaryIO, unpacked)


def numbered_lines(file: Path) -> Iterator[tuple[int, bytes | None]]:
    """Every line with its number, empty ones left out; None for one over the limit. Raises Invalid."""
    with opened(file) as stream:
        try:
            for number, text in lines(stream):
                if text is None or text.strip():
                    yield number, text
        except (EOFError, gzip.BadGzipFile, zlib.error) as wrong:
            raise Invalid(f"The file is no whole gzip file: {wrong}", where=file.name, do="Fetch it again.") from None


def pair(number: int, text: bytes | None) -> Pair | Unusable:
    """What a line tells of two persons."""
    read = _object(number, text)
    if isinstance(read, Unusable):
        return read
    sides = []
    for key in ("l", "r"):
        if key not in read:
            return Unusable(number, f'There is no "{key}".', read)
        try:
            sides.append(side(read[key]))
        except ValueError as wrong:
            return Unusable(number, f'"{key}": {wrong}', read)
    return Pair(number, read, *sides)


def question(number: int, text: bytes | None) -> Question | Unusable:
    """What a line tells of one person who is looked for."""
    read = _object(number, text)
    if isinstance(read, Unusable):
        return read
    try:
        asked = side(read)
    except ValueError as wrong:
        return Unusable(number, str(wrong), read)
    if not asked.person.names and not asked.person.documents and not asked.person.births:
        return Unusable(number, "There is no name, no document and no date of birth to look for.", read)
    return Question(number, read, asked)


def listed(number: int, text: bytes | None) -> Listed | Unusable:
    """What a line tells of one person of a list: a side, or a record with its `reference` and `subject`."""
    read = _object(number, text)
    if isinstance(read, Unusable):
        return read
    try:
        told, given = (_recorded(read), read.get("reference")) if "subject" in read else (side(read), read.get("id"))
    except ValueError as wrong:
        return Unusable(number, str(wrong), read)
    person = told.person
    if not person.names and not person.documents and not person.births:
        return Unusable(number, "There is no name, no document and no date of birth to be found by.", read)
    return Listed(number, given if isinstance(given, str | int) else None, told)


def _recorded(read: dict[str, Any]) -> Side:
    subject = read["subject"]
    if not isinstance(subject, dict) or subject.get("kind") != "person":
        raise Invalid("The record is not of a person.", do="Leave it out.")
    return Side(msgspec.convert(subject, Person))


def side(told: object) -> Side:
    """A person from what an object tells. Raises Invalid where it is no object."""
    if not isinstance(told, dict):
        raise Invalid("A side must be an object with a name.", do='Write {"name": ...}.')
    unread: list[str] = [key for key in told if key not in _FIELDS]
    person = Person(
        names=tuple(Name(full=text) for key in ("name", "aliases") for text in _texts(told, key, unread)),
        births=tuple(born for text in _texts(told, "dob", unread) if (born := _date(text, unread))),
        sex=_sex(told, unread),
        nationalities=tuple(code for text in _texts(told, "nationality", unread) if (code := _country(text, unread))),
        birth_place=next(iter(_texts(told, "place", unread)), ""),
        documents=tuple(_documents(told, unread)),
    )
    return Side(person, tuple(dict.fromkeys(unread)))


def _object(number: int, text: bytes | None) -> dict[str, Any] | Unusable:
    if text is None:
        return Unusable(number, TOO_LONG)
    try:
        read = msgspec.json.decode(text)
    except UnicodeDecodeError:
        return Unusable(number, "The line is not UTF-8.")
    except (msgspec.DecodeError, RecursionError) as wrong:
        return Unusable(number, f"The line is no JSON: {wrong}.")
    return read if isinstance(read, dict) else Unusable(number, "The line is no JSON object.")


def _texts(told: dict[str, Any], key: str, unread: list[str]) -> list[str]:
    """The texts of a field that holds one or a list; a number (a year) is its digits."""
    value = told.get(key)
    found = []
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, int) and not isinstance(one, bool):
            one = str(one)
        if isinstance(one, str):
            if len(one) > limits.TEXT_CHARS_MAX:
                raise Invalid(f"The {key} is longer than {limits.TEXT_CHARS_MAX} characters.", do="Cut it.")
            if text := one.strip():
                found.append(text)
        elif one is not None:
            unread.append(key)
    if len(found) > limits.LIST_ITEMS_MAX:
        raise Invalid(f"There are more than {limits.LIST_ITEMS_MAX} in {key}.", do="Divide them over several lines.")
    return found


def _date(text: str, unread: list[str]) -> str:
    """As much of a date as there is on a calendar: of 1926-98-28 the year."""
    if re.fullmatch(r"\d{8}", text):
        text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
    for shorter in (text, text[:7], text[:4]):
        try:
            return partial_date(shorter)
        except Invalid:
            if "dob" not in unread:
                unread.append("dob")
    return ""


def _sex(told: dict[str, Any], unread: list[str]) -> Sex:
    for text in _texts(told, "sex", unread):
        if text.lower() in _SEXES:
            return _SEXES[text.lower()]
        unread.append("sex")
    return Sex.UNSPECIFIED


def _country(text: str, unread: list[str]) -> str:
    try:
        return country(text)
    except Invalid:
        unread.append("nationality")
        return ""


def _documents(told: dict[str, Any], unread: list[str]) -> Iterator[IdentityDocument]:
    value = told.get("documents")
    for one in value if isinstance(value, list) else [value]:
        written = one if isinstance(one, dict) else {"number": one}
        if not isinstance(one, str | int | dict):
            unread += ["documents"] if one is not None else []
            continue
        for number in _texts(written, "number", unread):
            codes = _texts(written, "country", unread)
            yield IdentityDocument(number=number, country=_country(codes[0], unread) if codes else "")
