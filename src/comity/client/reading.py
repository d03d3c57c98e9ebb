"""Answers of the officers' door as domain objects."""

from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from comity.domain.errors import Unavailable
from comity.domain.hit import Hit
from comity.domain.link import LinkLine
from comity.domain.lookup import Answer
from comity.domain.reply import ReplyLevel

T = TypeVar("T")

LEVELS = {level.word: level.value for level in ReplyLevel}


class _Hits(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    hits: tuple[Hit, ...]


class _Links(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    links: tuple[LinkLine, ...]


def read(body: bytes, kind: type[T]) -> T:
    """The object that an answer carries. Raises Unavailable where this version cannot read it."""
    return _converted(_plain(body), kind)


def read_hits(body: bytes) -> list[Hit]:
    """The hits of a list. Raises Unavailable."""
    return list(read(body, _Hits).hits)


def read_links(body: bytes) -> list[LinkLine]:
    """The links of a queue. Raises Unavailable."""
    return list(read(body, _Links).links)


def read_answer(body: bytes) -> Answer:
    """An answer without the sentences that were for a screen, its levels as numbers again. Raises Unavailable."""
    plain = _plain(body)
    try:
        for source in plain["sources"]:
            del source["says"]
            for finding in source["findings"]:
                finding["level"] = LEVELS[finding["level"]]
    except (KeyError, TypeError):
        raise _unreadable() from None
    return _converted(plain, Answer)


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
