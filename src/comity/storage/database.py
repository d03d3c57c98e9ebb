"""The database of a node: one transaction over all shelves, for writing or for reading."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, RootTransaction
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from comity.domain.errors import Unavailable
from comity.storage.engines import BUSY_MILLISECONDS, database_url, is_sqlite, open_engines
from comity.storage.members import Decoded
from comity.storage.migrations import check, create, upgrade
from comity.storage.shelves import Shelves

__all__ = ["Database", "check", "create", "upgrade"]


class Database:
    """What `desks.needs.Store` asks for, on SQLite or PostgreSQL; threads and processes may share the database.

    `origin` names the log of disclosures and begins with the node's name: `aldova/disclosures`.
    """

    def __init__(self, url: str, origin: str) -> None:
        """Raises as `check`: a node does not run on a database of another release."""
        check(url)
        target = database_url(url)
        self._engines = open_engines(target)
        self._origin = origin
        self._is_sqlite = is_sqlite(target)
        self._decoded = Decoded()
        self._log_holds_erased = threading.Event()

    @contextmanager
    def transaction(self) -> Iterator[Shelves]:
        """A transaction that may write; they follow one another, across threads and processes.

        Nothing stands until `commit`; leaving without it undoes all. Raises Unavailable where the writers before it
        take longer than WRITER_WAITS_SECONDS_MAX.
        """
        with _connected(self._engines.writer) as connection:
            with _begun(connection) as begun:
                yield self._shelves(connection, begun)
                if begun.is_active:
                    begun.rollback()
            if self._log_holds_erased.is_set():
                self._empty_log(connection)

    @contextmanager
    def reading(self) -> Iterator[Shelves]:
        """A consistent view for reading; never waits for a writer. It cannot write."""
        with _connected(self._engines.reader) as connection, _begun(connection) as begun:
            yield self._shelves(connection, begun)
            if begun.is_active:
                begun.rollback()

    def compact(self) -> None:
        """Write the database anew without anything erased. For quiet hours: on SQLite writers wait until it is done.

        It needs room for a second copy. See `storage.records` for what is promised.
        """
        with _connected(self._engines.writer) as connection:
            driver = connection.connection.driver_connection
            assert driver is not None
            if self._is_sqlite:
                driver.execute("PRAGMA temp_store = FILE")  # a whole database does not fit into memory
                driver.execute("VACUUM")
                driver.execute("PRAGMA temp_store = MEMORY")
                self._empty_log(connection)
            else:
                driver.rollback()
                driver.autocommit = True  # a vacuum is no part of a transaction
                driver.run("VACUUM")
                driver.autocommit = False

    def close(self) -> None:
        self._engines.dispose()

    def _shelves(self, connection: Connection, begun: RootTransaction) -> Shelves:
        return Shelves(connection, self._origin, self._decoded, begun.commit, self._log_holds_erased.set)

    def _empty_log(self, connection: Connection) -> None:
        """The write-ahead log still holds pages as they were before the erasure: see `storage.records`.

        Does not wait: where a reader still needs the log, the next erasure or round of `expire` tries again.
        """
        # Falls without it: tests/shelves/test_erasure.py
        self._log_holds_erased.clear()
        if not self._is_sqlite:
            return
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.execute("PRAGMA busy_timeout = 0")
        busy, *_ = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        driver.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
        if busy:
            self._log_holds_erased.set()


@contextmanager
def _connected(engine: Engine) -> Iterator[Connection]:
    try:
        connection = engine.connect()
    except (DBAPIError, PoolTimeout) as fault:
        raise _unavailable() from fault
    with connection:
        yield connection


def _begun(connection: Connection) -> RootTransaction:
    try:
        return connection.begin()
    except DBAPIError as fault:
        raise _unavailable() from fault


def _unavailable() -> Unavailable:
    return Unavailable("The database of this node is busy or out of reach.", do="Try again in a moment.")
