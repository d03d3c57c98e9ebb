"""Why a database took nothing, in words for whoever is refused and for whoever runs the node."""

import sqlite3

from sqlalchemy.exc import DBAPIError

from comity.domain.errors import Unavailable

_FULL = (
    "The disk of this node is full: what cannot be written down is not done.",
    "Tell whoever runs this node to free space on the disk of its database; it then goes on by itself.",
)
_READ_ONLY = (
    "The database of this node can be read, not written: what cannot be written down is not done.",
    "Tell whoever runs this node to make its disk or its database server writable; it then goes on by itself.",
)
_SHUT = (
    "The database of this node cannot be opened: where it lies, nothing can be written.",
    "Tell whoever runs this node to make its folder and its disk writable for the account that runs it.",
)
_FAILING = (
    "The disk of this node fails: what cannot be written down is not done.",
    "Tell whoever runs this node to look at its disk, and at what the system's log says of it.",
)
_BUSY = ("The database of this node is busy or out of reach.", "Try again in a moment.")

# The primary code of SQLite's error (sqlite.org/rescode.html), the SQLSTATE of PostgreSQL's.
_WORDS: dict[int | str | None, tuple[str, str]] = {
    sqlite3.SQLITE_FULL: _FULL,
    "53100": _FULL,
    sqlite3.SQLITE_READONLY: _READ_ONLY,
    "25006": _READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: _SHUT,
    sqlite3.SQLITE_IOERR: _FAILING,
    "58030": _FAILING,
}


def is_unwritten(fault: BaseException | None) -> bool:
    """Whether it is the disk, or whoever keeps it, that takes nothing; no fault of what was to be written."""
    return isinstance(fault, DBAPIError) and _code(fault) in _WORDS


def unavailable(fault: BaseException | None) -> Unavailable:
    """To be raised in place of the database's own error, which officers cannot act on."""
    what, do = _WORDS.get(_code(fault), _BUSY) if isinstance(fault, DBAPIError) else _BUSY
    return Unavailable(what, do=do)


def _code(fault: DBAPIError) -> int | str | None:
    original = fault.orig
    if isinstance(original, sqlite3.Error):
        return getattr(original, "sqlite_errorcode", 0) & 0xFF  # the low byte; the rest says more of the same
    told = original.args[0] if original is not None and original.args else None
    return str(told.get("C")) if isinstance(told, dict) else None
