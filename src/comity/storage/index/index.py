"""The index of a node: follows the table of changes, is built anew where it cannot, is made small, is checked.

It is derived: whoever loses it, or restores a database without it, has it again from the shelves. It never says more
than the shelves: whoever finds a row number in it reads the row, and a row that was erased is not there. It never says
less either: whoever reads it knows how far it has come and looks at what changed since one by one (`view.py`).
"""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from msgspec import Struct
from sqlalchemy import Connection

from comity.domain import limits
from comity.domain.errors import Unavailable
from comity.storage.changes import Changes
from comity.storage.index.build import build
from comity.storage.index.check import Checked, check
from comity.storage.index.contents import SHAPES, Contents
from comity.storage.index.environment import Environment
from comity.storage.index.generations import closed, opened
from comity.storage.record_rows import changed_subjects, every_subject, last_row

FOLLOW, BUILD = "follow", "build"  # what is done by one at a time
TRIES = 1_000
Shelf = Callable[[], AbstractContextManager[Connection]]


class Size(Struct, frozen=True):
    """What the index is, for whoever operates the node."""

    keys: int  # of all families
    bytes: int
    behind: int  # changes not yet applied; -1 where it has to be built


class NotOurs(Exception):
    """There is no index, or it followed another history, or is too far behind: it must be built."""


class Index:
    """`shelf` gives a consistent view of what was committed, on a connection that nobody else waits for."""

    def __init__(self, folder: Path, secret: bytes | None, shelf: Shelf) -> None:
        self._shelf = shelf
        self._generations = opened(folder, SHAPES, secret)

    @contextmanager
    def leased(self) -> Iterator[Environment | None]:
        """The index as it is now; None where there is none yet."""
        with self._generations.leased() as environment:
            yield environment

    def follow(self, within_seconds: float = limits.INDEX_CATCHES_UP_SECONDS_MAX) -> None:
        """Apply what was committed. A small index that is missing is built; a large one is left to `tend`.

        Raises Unavailable where that takes longer, or where the index has to be built by others.
        """
        try:
            self._generations.refresh()
            if not self._behind():
                return
            with self._generations.alone(FOLLOW, within_seconds):
                self._apply(time.monotonic() + within_seconds)
        except NotOurs:
            self._build_if_small(within_seconds)
        except OSError as fault:
            raise Unavailable(f"The index cannot be written: {fault.strerror}.", do="See the disk.") from fault

    def tend(self, compact_after_seconds: float) -> None:
        """What the node does each second: follow; where there is no index, build it; free what was erased."""
        self._generations.refresh()
        self._forget_dead_readers()
        try:
            if self._behind():
                with self._generations.alone(FOLLOW, limits.INDEX_CATCHES_UP_SECONDS_MAX):
                    self._apply(None)
        except NotOurs:
            self._build(0.0)
        if self._is_due(compact_after_seconds):
            self.compact(0.0)

    def rebuild(self) -> int:
        """Build it from the shelves whatever stands; how many records. Whoever reads goes on reading the old one."""
        return self._build(limits.INDEX_CATCHES_UP_SECONDS_MAX, even_so=True)

    def compact(self, within_seconds: float = limits.INDEX_CATCHES_UP_SECONDS_MAX) -> None:
        """Write it anew without anything that was taken out: whoever reads and writes goes on meanwhile."""
        with self._generations.alone(BUILD, within_seconds), self.leased() as environment:
            if environment is None:
                return
            draft = self._generations.draft()
            environment.copy_into(draft)
            with draft.writing() as families:
                Contents(families, draft.digests).forget_taken_out()
            self._generations.publish(draft)

    def behind(self) -> int:
        """Changes committed and not applied; -1 where it has to be built first."""
        self._generations.refresh()
        try:
            return self._behind()
        except NotOurs:
            return -1

    def size(self) -> Size:
        with self.leased() as environment:
            if environment is None:
                return Size(0, 0, -1)
            keys = sum(environment.entries(shape.name) for shape in SHAPES)
            return Size(keys, environment.bytes_used(), self.behind())

    def measures(self) -> dict[str, float]:
        """The same for the metrics."""
        size = self.size()
        return {"bytes": size.bytes, "keys": size.keys, "behind": size.behind}

    def check(self) -> Checked:
        """Compare the whole index with the whole of the shelves. Meanwhile the index stands still.

        Raises Unavailable where records are written so fast that the two never agree on a moment.
        """
        self.follow()
        with self._generations.alone(FOLLOW, limits.INDEX_CATCHES_UP_SECONDS_MAX):
            for _ in range(TRIES):
                with self._shelf() as connection, self.leased() as environment:
                    if environment is None:
                        raise Unavailable("There is no index.", do="Run `comity index rebuild`.")
                    if not apply_some(connection, environment):
                        with environment.reading() as families:
                            return check(Contents(families, environment.digests), every_subject(connection))
        raise Unavailable("Records are being written too fast.", do="Try again in a quieter moment.")

    def changed_between(self, after: int, upto: int) -> list[int]:
        """Row numbers that changed between two places, as far as they are committed."""
        with self._shelf() as connection:
            found = Changes(connection).between(after, upto, limits.INDEX_DOUBTFUL_MAX + 1)
        return [row for _, row in found]

    def close(self) -> None:
        closed(self._generations)

    def _behind(self) -> int:
        with self._shelf() as connection, self.leased() as environment:
            if environment is None:
                raise NotOurs
            with environment.reading() as families:
                place = Contents(families, environment.digests).place()
            changes = Changes(connection)
            if place is None or not changes.stands(place):
                raise NotOurs
            return changes.last().number - place.number

    def _apply(self, latest: float | None) -> None:
        """Raises Unavailable where there is more to apply than there is time."""
        while True:
            with self._shelf() as connection, self.leased() as environment:
                if environment is None:
                    raise NotOurs
                if not apply_some(connection, environment):
                    return
            if latest is not None and time.monotonic() > latest:
                raise Unavailable("The index is behind.", do="Try again in a moment.")

    def _build_if_small(self, within_seconds: float) -> None:
        with self._shelf() as connection:
            small = last_row(connection) <= limits.INDEX_BUILT_AT_ONCE_RECORDS_MAX
        if not small:
            raise Unavailable("The index of this node is being built.", do="Try again in some minutes.")
        self._build(within_seconds)

    def _build(self, within_seconds: float, even_so: bool = False) -> int:
        with self._generations.alone(BUILD, within_seconds):
            self._generations.refresh()
            if not even_so and self.behind() >= 0:
                return 0  # somebody else has built it meanwhile
            draft = self._generations.draft()
            with self._shelf() as connection:
                counted = build(draft, every_subject(connection), Changes(connection).last())
            self._generations.publish(draft)
        return counted

    def _is_due(self, compact_after_seconds: float) -> bool:
        with self.leased() as environment:
            if environment is None:
                return False
            with environment.reading() as families:
                since = Contents(families, environment.digests).taken_out_at()
        return bool(since) and time.time() - since >= compact_after_seconds

    def _forget_dead_readers(self) -> None:
        with self.leased() as environment:
            if environment is not None:
                environment.forget_dead_readers()


def apply_some(connection: Connection, environment: Environment) -> bool:
    """Apply the next changes, in one transaction with the place they lead to; True where there were any."""
    changes = Changes(connection)
    last = changes.last()
    with environment.writing() as families:
        contents = Contents(families, environment.digests)
        place = contents.place()
        if place is None or not changes.stands(place):
            raise NotOurs
        reached, standing = changed_subjects(connection, place, last, limits.CHANGES_APPLIED_AT_ONCE)
        if not standing:
            return False
        if contents.set_many(standing):
            contents.note_taken_out(int(time.time()))
        contents.set_place(reached)
    return True
