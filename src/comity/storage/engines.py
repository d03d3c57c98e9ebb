"""How a database is reached: writers one after another, readers beside them, on SQLite and on PostgreSQL.

SQLite: write-ahead log, every commit synced to the disk, references enforced, what is deleted overwritten with zeros,
nothing temporary on the disk. A writer takes the file's write lock as it begins, so that it never reads what another is
about to change; a reader cannot write at all.

PostgreSQL: a writer takes one advisory lock per database as it begins, which gives the same order; a reader has one
snapshot, read only. The URL names the driver: `postgresql+pg8000://…`.
"""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct
from sqlalchemy import URL, Connection, Engine, ExceptionContext, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import PoolProxiedConnection

from comity.domain import limits
from comity.domain.errors import Invalid
from comity.storage.together import refuse_after_commit

DRIVERS = {"sqlite": "sqlite+pysqlite", "postgresql": "postgresql+pg8000"}
FILE_MODE = 0o600
BUSY_MILLISECONDS = int(limits.WRITER_WAITS_SECONDS_MAX * 1000)

# "comity" in ASCII; whoever shares the database with another application must not share this lock.
WRITER_LOCK = 0x636F6D697479

SQLITE_SETTINGS: tuple[str, ...] = (
    f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    # ON, not FAST: FAST leaves what was deleted on pages that became free.
    # Falls without it: tests/shelves/test_erasure.py
    "PRAGMA secure_delete = ON",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cache_size = -32000",  # kibibytes
    "PRAGMA wal_autocheckpoint = 4000",  # pages: a large import rewrites fewer of them several times
)
SQLITE_READER_SETTINGS = (*SQLITE_SETTINGS, "PRAGMA query_only = ON")
SQLITE_WRITES = ("BEGIN IMMEDIATE",)
SQLITE_READS = ("BEGIN",)
POSTGRES_WRITES = (
    f"SET LOCAL lock_timeout = {BUSY_MILLISECONDS}",
    f"SELECT pg_advisory_xact_lock({WRITER_LOCK})",
)
POSTGRES_READS = ("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY",)


# Severity, SQLSTATE, table, column, constraint, and where in the server: never the message, which may quote a value.
TOLD_OF_ERRORS = frozenset("SCtcnR")


class Engines(Struct, frozen=True):
    """Three ways into one database."""

    writer: Engine
    reader: Engine
    follower: Engine  # a reader whom the index never has to wait for, however many read

    def dispose(self) -> None:
        self.writer.dispose()
        self.reader.dispose()
        self.follower.dispose()


def database_url(text: str) -> URL:
    """The URL of a database that Comity can use. Raises Invalid."""
    try:
        url = make_url(text)
    except ArgumentError:
        raise Invalid(
            "This is no URL of a database.", do="Write sqlite:///FILE or postgresql+pg8000://USER@HOST/NAME."
        ) from None
    family = url.get_backend_name()
    if DRIVERS.get(family) != f"{family}+{url.get_driver_name()}":
        raise Invalid(f"{url.drivername!r} is no database for Comity.", do=f"Use {' or '.join(DRIVERS.values())}.")
    if family == "sqlite" and not file_of(url):
        raise Invalid("A database in memory would not outlive its connection.", do="Name a file: sqlite:///FILE.")
    return url


def is_sqlite(url: URL) -> bool:
    return url.get_backend_name() == "sqlite"


def file_of(url: URL) -> Path | None:
    """The file of a SQLite database; None for one in memory, or on a server."""
    named = is_sqlite(url) and url.database not in (None, "", ":memory:") and not str(url.database).startswith("file:")
    return Path(str(url.database)) if named else None


def shown(url: URL) -> str:
    """The URL for people and logs: without the password."""
    return url.render_as_string(hide_password=True)


def open_engines(url: URL) -> Engines:
    """One writer per process (they would only queue inside the database), and two pools of readers."""
    if is_sqlite(url):
        writer = _engine(url, 1, SQLITE_WRITES, SQLITE_SETTINGS)
        reader = _engine(url, limits.READERS_MAX, SQLITE_READS, SQLITE_READER_SETTINGS)
        follower = _engine(url, limits.FOLLOWERS_MAX, SQLITE_READS, SQLITE_READER_SETTINGS)
    else:
        writer = _engine(url, 1, POSTGRES_WRITES)
        reader = _engine(url, limits.READERS_MAX, POSTGRES_READS)
        follower = _engine(url, limits.FOLLOWERS_MAX, POSTGRES_READS)
    return Engines(writer, reader, follower)


def make_file(path: Path) -> None:
    """An empty file that only this account may read; SQLite gives its logs the same mode. Raises FileExistsError."""
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, FILE_MODE))


def _engine(url: URL, connections: int, beginning: Sequence[str], settings: Sequence[str] = ()) -> Engine:
    engine = create_engine(
        url,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=limits.WRITER_WAITS_SECONDS_MAX,
        pool_pre_ping=not is_sqlite(url),  # a server may have been restarted since
        hide_parameters=True,  # an error's text must not carry what was being stored
    )
    # Many rows in one statement; row by row the driver would wait for an answer each time.
    engine.dialect.use_insertmanyvalues_wo_returning = not is_sqlite(url)
    event.listen(engine, "handle_error", _without_content)
    event.listen(engine, "begin", _begins_with(beginning))
    event.listen(engine, "before_cursor_execute", refuse_after_commit)
    if settings:
        event.listen(engine, "connect", _set_up_by(settings))
    return engine


def _without_content(failed: ExceptionContext) -> None:
    """PostgreSQL quotes the row in its error. An error is logged; logs hold no personal data."""
    # Falls without it: tests/shelves/test_transactions.py
    told = failed.original_exception.args[:1]
    if not told or not isinstance(told[0], dict):
        return
    kept = {field: text for field, text in told[0].items() if field in TOLD_OF_ERRORS}
    failed.original_exception.args = (kept,)
    if failed.sqlalchemy_exception is not None:
        failed.sqlalchemy_exception.args = (f"The database refused a statement: {kept}",)


def _begins_with(statements: Sequence[str]) -> Callable[[Connection], None]:
    def begin(connection: Connection) -> None:
        for statement in statements:
            connection.exec_driver_sql(statement)

    return begin


def _set_up_by(settings: Sequence[str]) -> Callable[[Any, Any], None]:
    def set_up(driver_connection: Any, _: PoolProxiedConnection) -> None:
        driver_connection.isolation_level = None  # transactions begin where we say, not where the driver guesses
        for setting in settings:
            driver_connection.execute(setting)

    return set_up
