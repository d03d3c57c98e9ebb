"""Answers of the officers' door as domain objects."""

from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from comity.domain.batch import Batch, QueuePage, Silence
from comity.domain.consent import ConsentCase
from comity.domain.errors import Unavailable
from comity.domain.hit import Hit
from comity.domain.importing import RefusedRow
from comity.domain.kept import FoundLate, Watch
from comity.domain.link import LinkLine
from comity.domain.lookup import Answer
from comity.domain.passing import PassedRecord, Passing
from comity.domain.reply import ReplyLevel

T = TypeVar("T")

LEVELS = {level.word: level.value for level in ReplyLevel}


class _Hits(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    hits: tuple[Hit, ...]


class _Passings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    passings: tuple[Passing, ...]


class _Consents(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    consents: tuple[ConsentCase, ...]


class _Links(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    links: tuple[LinkLine, ...]


class _Late(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    late: tuple[FoundLate, ...]


class _Watches(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    watches: tuple[Watch, ...]


class _Batches(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    batches: tuple[Batch, ...]


class _Refused(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    refused: tuple[RefusedRow, ...]


class _Silences(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    silences: tuple[Silence, ...]


def read(body: bytes, kind: type[T]) -> T:
    """The object that an answer carries. Raises Unavailable where this version cannot read it."""
    return _converted(_plain(body), kind)


def read_hits(body: bytes) -> list[Hit]:
    """The hits of a list. Raises Unavailable."""
    return list(read(body, _Hits).hits)


def read_watches(body: bytes) -> list[Watch]:
    """The watches of a list. Raises Unavailable."""
    return list(read(body, _Watches).watches)


def read_batches(body: bytes) -> list[Batch]:
    """The batches of a list. Raises Unavailable."""
    return list(read(body, _Batches).batches)


def read_refused(body: bytes) -> list[RefusedRow]:
    """Lines that could not be asked about. Raises Unavailable."""
    return list(read(body, _Refused).refused)


def read_silences(body: bytes) -> list[Silence]:
    """Who kept silent on which line. Raises Unavailable."""
    return list(read(body, _Silences).silences)


def read_links(body: bytes) -> list[LinkLine]:
    """The links of a queue. Raises Unavailable."""
    return list(read(body, _Links).links)


def read_passings(body: bytes) -> list[Passing]:
    """What was passed on. Raises Unavailable."""
    return list(read(body, _Passings).passings)


def read_passed(body: bytes) -> PassedRecord:
    """What was passed to us. Raises Unavailable."""
    plain = _plain(body)
    try:
        _with_level(plain["finding"])
    except (KeyError, TypeError):
        raise _unreadable() from None
    return _converted(plain, PassedRecord)


def read_consents(body: bytes) -> list[ConsentCase]:
    """The consents of a list. Raises Unavailable."""
    return list(read(body, _Consents).consents)


def read_answer(body: bytes) -> Answer:
    """An answer without the sentences that were for a screen, its levels as numbers again. Raises Unavailable."""
    return _converted(_answer(_plain(body)), Answer)


def read_watch(body: bytes) -> tuple[Watch, Answer]:
    """A watch that was set, with what is known already. Raises Unavailable."""
    plain = _plain(body)
    try:
        return _converted(plain["watch"], Watch), _converted(_answer(plain["answer"]), Answer)
    except (KeyError, TypeError):
        raise _unreadable() from None


def read_late(body: bytes) -> list[FoundLate]:
    """What was found late. Raises Unavailable."""
    plain = _plain(body)
    try:
        for one in plain["late"]:
            _with_level(one["finding"])
    except (KeyError, TypeError):
        raise _unreadable() from None
    return list(_converted(plain, _Late).late)


def read_queue(body: bytes) -> QueuePage:
    """A page of the queue of a batch. Raises Unavailable."""
    plain = _plain(body)
    try:
        for one in plain["entries"]:
            if one["finding"] is not None:
                _with_level(one["finding"])
    except (KeyError, TypeError):
        raise _unreadable() from None
    return _converted(plain, QueuePage)


def _answer(plain: Any) -> Any:
    try:
        for source in plain["sources"]:
            del source["says"]
            for finding in source["findings"]:
                _with_level(finding)
    except (KeyError, TypeError):
        raise _unreadable() from None
    return plain


def _with_level(finding: Any) -> None:
    finding["level"] = LEVELS[finding["level"]]


def _plain(body: bytes) -> Any:
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise _unreadable() from None


def _converted(plain: object, kind: type[T]) -> T:
    try:
        return msgspec.convert(plain, kind)
    except msgspec.ValidationError:
        raise _unreadable() from None


def _unreadable() -> Unavailable:
    return Unavailable(
        "The answer cannot be read by this version of the client.", do="Use the version of your bureau's node."
    )
