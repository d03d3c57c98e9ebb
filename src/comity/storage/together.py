"""Small transactions that come at the same time are written to the disk at once: each waits for the commit of all.

One writer after another all the same. What one has done stands under a savepoint of its own, so it is undone alone;
nobody else sees any of it before the one commit, and no member goes on before that commit is on the disk.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from sqlalchemy import Connection, Engine, NestedTransaction
from sqlalchemy.exc import DBAPIError, InvalidRequestError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from comity.domain import limits
from comity.storage.unwritten import unavailable

ENDED = "comity member has ended"  # in the connection's info, while nothing may be done on it
_LOOKS_SECONDS = 0.02


class NotWritten(Exception):
    """The commit was cut short."""


class Group:
    """What is open and shared. Its connection is used by one member at a time."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.begun = connection.begin()
        self.ends_at = time.monotonic() + limits.GROUP_COMMIT_SECONDS_MAX
        self.members = 0
        self.done = threading.Event()
        self.failure: Exception | None = None

    def finish(self, after: Callable[[Connection], None]) -> None:
        """Commit for all; where it fails, it has failed for all."""
        self.connection.info.pop(ENDED, None)
        try:
            if self.failure is None:
                self.failure = NotWritten()  # until it is
                self.begun.commit()
                self.failure = None
        except DBAPIError as fault:
            self.failure = fault
        finally:
            self._close(after)
            self.done.set()

    def _close(self, after: Callable[[Connection], None]) -> None:
        with suppress(DBAPIError):  # what follows a commit takes nothing back
            if self.failure is None:
                after(self.connection)
        # Whatever state a failure left it in: nobody is to find it so. Falls without it: tests/shelves/test_together.py
        if self.failure is not None:
            self.connection.invalidate()
        self.connection.close()


class Member:
    """One transaction of a group."""

    def __init__(self, group: Group) -> None:
        self.group = group
        self.connection = group.connection
        self.connection.info.pop(ENDED, None)
        self.savepoint: NestedTransaction = self.connection.begin_nested()
        self.committed = False

    def commit(self) -> None:
        """It stands if the group does; nothing more can be done in it."""
        self.savepoint.commit()
        self.committed = True
        self.connection.info[ENDED] = True

    def leave(self) -> None:
        """Undo what was not committed. Where even that fails, as on a full disk, all that is open is lost."""
        if self.committed:
            return
        try:
            self.savepoint.rollback()
        except DBAPIError as fault:
            self.group.failure = fault


class Together:
    """`after` is called on the connection once a group has committed."""

    def __init__(self, engine: Engine, after: Callable[[Connection], None]) -> None:
        self._engine = engine
        self._after = after
        self._turn = threading.Lock()
        self._counting = threading.Lock()
        self._waiting = 0
        self._open: Group | None = None

    @contextmanager
    def member(self) -> Iterator[Member]:
        """Raises Unavailable where its turn does not come in time, or where the group could not be committed."""
        group = self._joined()
        try:
            member = Member(group)
            try:
                yield member
            finally:
                member.leave()
        finally:
            self._handed_on(group)
        if member.committed:
            self._wait(group)

    def _joined(self) -> Group:
        """The open group, or a new one; the turn is ours from here on."""
        with self._counting:
            self._waiting += 1
        try:
            if not self._turn.acquire(timeout=limits.WRITER_WAITS_SECONDS_MAX):
                raise unavailable(None)
        finally:
            with self._counting:
                self._waiting -= 1
        try:
            if self._open is None:
                self._open = Group(self._engine.connect())
        except BaseException as fault:
            self._turn.release()
            if isinstance(fault, DBAPIError | PoolTimeout):
                raise unavailable(fault) from fault
            raise
        self._open.members += 1
        return self._open

    def _handed_on(self, group: Group) -> None:
        """To whoever waits, while the group is small and young; else it ends here."""
        try:
            young = group.members < limits.GROUP_COMMIT_MEMBERS_MAX and time.monotonic() < group.ends_at
            if not (self._waiting and young and group.failure is None):
                self._finish(group)
        finally:
            self._turn.release()

    def _wait(self, group: Group) -> None:
        while not group.done.wait(_LOOKS_SECONDS):
            # Whoever was to go on may have given up. Falls without it: tests/shelves/test_together.py
            if time.monotonic() >= group.ends_at and self._turn.acquire(blocking=False):
                try:
                    self._finish(group)
                finally:
                    self._turn.release()
        if group.failure is not None:
            raise unavailable(group.failure) from group.failure

    def _finish(self, group: Group) -> None:
        if self._open is group:
            self._open = None
            group.finish(self._after)


def refuse_after_commit(connection: Connection, *_: object) -> None:
    """Before every statement: what comes after a commit would stand with somebody else's. Raises InvalidRequestError.

    Falls without it: tests/shelves/test_together.py
    """
    if connection.info.get(ENDED):
        raise InvalidRequestError("This transaction has been committed; nothing more can be done in it.")
