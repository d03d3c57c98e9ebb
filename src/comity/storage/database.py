"""The database of a node: one transaction over all shelves, for writing or for reading; the index follows it."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, RootTransaction, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from comity.domain import limits
from comity.domain.errors import Invalid, Unavailable
from comity.storage.contents import StorageKey
from comity.storage.engines import BUSY_MILLISECONDS, database_url, file_of, is_sqlite
from comity.storage.index.index import Index
from comity.storage.index.view import Views
from comity.storage.members import Decoded
from comity.storage.migrations import create, upgrade, ways_into
from comity.storage.open_contents import OPEN_CONTENTS, OpenContents
from comity.storage.shelves import Shelves
from comity.storage.together import Together
from comity.storage.unwritten import is_unwritten, unavailable

__all__ = ["Database", "create", "upgrade"]

_SIZE_OF_FILE = text("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
_SIZE_AT_SERVER = text("SELECT pg_database_size(current_database())")
_WRITES_WHAT_IS_THERE = text("UPDATE alembic_version SET version_num = version_num")


class Database:
    """What `desks.needs.Store` asks for, on SQLite or PostgreSQL; threads and processes may share the database.

    `origin` names the log of disclosures and begins with the node's name: `aldova/disclosures`. The index lies in
    `index_folder`, beside the file where that is None, and is sealed with `index_secret` where there is one. Without
    `storage_key` no letter, message, case or operation is written or read.
    """

    def __init__(
        self,
        url: str,
        origin: str,
        index_folder: Path | None = None,
        index_secret: bytes | None = None,
        storage_key: bytes | None = None,
    ) -> None:
        """Raises as `ways_into`: a node does not run on a database of another release."""
        target = database_url(url)
        self._engines = ways_into(url)
        self._together = Together(self._engines.writer, self._empty_log_if_erased)
        self._origin = origin
        self._is_sqlite = is_sqlite(target)
        self._decoded = Decoded()
        self._key = StorageKey(storage_key)
        self.letters_written: Callable[[], None] = lambda: None  # whoever carries them may want to know at once
        self._log_holds_erased = threading.Event()
        self._is_unwritten = False  # the disk took nothing when somebody wrote last
        self._left_behind = 0  # changes of this process that the index need not have followed
        self.index = Index(index_folder or _beside(target), index_secret, self._committed)

    @contextmanager
    def transaction(self) -> Iterator[Shelves]:
        """A transaction that may write; they follow one another, across threads and processes.

        Nothing stands until `commit`; leaving without it undoes all. Raises Unavailable where the writers before it
        take longer than WRITER_WAITS_SECONDS_MAX, and where the disk takes nothing.
        """
        with self._writing(), _connected(self._engines.writer) as connection:
            changed: list[int] = []
            with _begun(connection) as begun, self._viewing(connection) as views:
                shelves = self._shelves(connection, begun.commit, views, changed.append)
                yield shelves
                if begun.is_active:
                    begun.rollback()
            self._empty_log_if_erased(connection)
        self._done(shelves, changed)

    @contextmanager
    def together(self) -> Iterator[Shelves]:
        """As `transaction`, for what is small and often: those that come at the same time share one commit.

        What was done stands, and is on the disk, once this is left; raises Unavailable where it could not be written.
        """
        changed: list[int] = []
        with self._writing(), self._together.member() as member, self._viewing(member.connection) as views:
            shelves = self._shelves(member.connection, member.commit, views, changed.append)
            yield shelves
        self._done(shelves, changed)

    def size_bytes(self) -> int:
        """What the database takes, without what waits in its write-ahead log."""
        with _connected(self._engines.reader) as connection, _begun(connection):
            return int(connection.execute(_SIZE_OF_FILE if self._is_sqlite else _SIZE_AT_SERVER).scalar_one())

    def check_writing(self) -> None:
        """Where the disk took nothing when somebody wrote last: try again. Raises Unavailable where it still does."""
        if not self._is_unwritten:
            return
        with self.transaction() as tx:
            tx.connection.execute(_WRITES_WHAT_IS_THERE)
            tx.commit()
        self._is_unwritten = False

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """A disk that takes nothing is no fault of ours. Falls without it: tests/nodes/test_disk.py"""
        try:
            yield
        except DBAPIError as fault:
            if not is_unwritten(fault):
                raise
            self._is_unwritten = True
            raise unavailable(fault) from fault
        except Unavailable as refusal:
            self._is_unwritten = self._is_unwritten or is_unwritten(refusal.__cause__)
            raise

    def _done(self, shelves: Shelves, changed: Sequence[int]) -> None:
        """What it did stands: the index follows it, and letters that it wrote are carried."""
        if changed:
            self._followed(sum(changed))
        if shelves.outbox.written:
            self.letters_written()

    def _empty_log_if_erased(self, connection: Connection) -> None:
        if self._log_holds_erased.is_set():
            self._empty_log(connection)

    @contextmanager
    def reading(self) -> Iterator[Shelves]:
        """A consistent view for reading; never waits for a writer. It cannot write."""
        with (
            _connected(self._engines.reader) as connection,
            _begun(connection) as begun,
            self._viewing(connection) as views,
        ):
            yield self._shelves(connection, begun.commit, views, _nothing)
            if begun.is_active:
                begun.rollback()

    def seal_contents(self) -> int:
        """Seal what an earlier release left in the open; how much it was. Not all at once: others write meanwhile.

        Raises Invalid where the contents of this database were sealed under another storage key.
        """
        with self.transaction() as tx:
            tx.contents.prove_key()
            tx.commit()
        done = 0
        for open_contents in OPEN_CONTENTS:
            while sealed := self._some_sealed(open_contents):
                done += sealed
        return done

    def _some_sealed(self, those: OpenContents) -> int:
        with self.transaction() as tx:
            if sealed := those.seal_some(tx.connection, tx.contents):
                self._log_holds_erased.set()
                tx.commit()
        return sealed

    def compact(self) -> None:
        """Write database and index anew without anything erased. On SQLite writers wait: for quiet hours.

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
        self.index.follow()
        self.index.compact()

    def close(self) -> None:
        if self._left_behind:
            with suppress(Unavailable):
                self.index.follow()
        self.index.close()
        self._engines.dispose()

    def _shelves(
        self, connection: Connection, commit: Callable[[], None], views: Views, changed: Callable[[int], None]
    ) -> Shelves:
        return Shelves(
            connection, self._origin, self._decoded, self._key, views, commit, self._log_holds_erased.set, changed
        )

    def _followed(self, changed: int) -> None:
        """Few changes at once; bulk by the node's round each second, or here before too much is left behind.

        The changes stand whatever the index does; whoever reads sees how far that has come.
        """
        self._left_behind += changed
        if changed >= limits.INDEX_BULK_MIN and self._left_behind < limits.INDEX_LEFT_BEHIND_MAX:
            return
        self._left_behind = 0
        with suppress(Unavailable):
            self.index.follow()

    @contextmanager
    def _viewing(self, connection: Connection) -> Iterator[Views]:
        views = Views(self.index, connection)
        try:
            yield views
        finally:
            views.close()

    @contextmanager
    def _committed(self) -> Iterator[Connection]:
        """What was committed, for the index; on connections of its own, so that it waits for no reader."""
        with _connected(self._engines.follower) as connection, _begun(connection):
            yield connection

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


def _nothing(_: int) -> None:
    """Whoever reads changes nothing."""


@contextmanager
def _connected(engine: Engine) -> Iterator[Connection]:
    try:
        connection = engine.connect()
    except (DBAPIError, PoolTimeout) as fault:
        raise unavailable(fault) from fault
    with connection:
        yield connection


def _begun(connection: Connection) -> RootTransaction:
    try:
        return connection.begin()
    except DBAPIError as fault:
        raise unavailable(fault) from fault


def _beside(target: URL) -> Path:
    """`node.index` beside `node.sqlite3`."""
    file = file_of(target)
    if file is None:
        raise Invalid("A database on a server needs a folder for its index.", do="Name one.")
    return file.with_suffix(".index")
