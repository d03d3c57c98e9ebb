"""The index as one transaction of the database sees it: neither more nor less than the records of that transaction.

Database and index are two files, so that one may be a step ahead of the other. What changed between them is known, and
is named: whoever looks something up reads those records too, whether or not the index leads to them.
"""

from contextlib import ExitStack

from msgspec import Struct
from sqlalchemy import Connection

from comity.domain import limits
from comity.domain.errors import Unavailable
from comity.storage.changes import Changes
from comity.storage.index.contents import Contents
from comity.storage.index.index import Index


class View(Struct, frozen=True):
    contents: Contents
    doubtful: tuple[int, ...]  # row numbers that the index may see otherwise than this transaction


class Views:
    """Opened when it is first asked for, and anew after the transaction's own changes; closed with the transaction."""

    def __init__(self, index: Index, connection: Connection) -> None:
        self._index = index
        self._connection = connection
        self._changes = Changes(connection)
        self._held = ExitStack()
        self._view: View | None = None

    def current(self) -> View:
        """Raises Unavailable where the index has to be built, or is too far behind."""
        if self._view is None:
            self._view = self._agreeing()
        return self._view

    def close(self) -> None:
        """Also after a change of the transaction's own: the next who asks looks anew."""
        self._view = None
        self._held.close()

    def _agreeing(self) -> View:
        here = self._changes.last()
        contents = self._contents()
        if contents is None or contents.place() != here:
            self._held.close()
            self._index.follow()  # which also sees whether the index followed these changes or others
            contents = self._contents()
        place = contents.place() if contents else None
        if contents is None or place is None:
            raise Unavailable("The index of this node is being built.", do="Try again in some minutes.")
        return View(contents, self._between(place.number, here.number))

    def _contents(self) -> Contents | None:
        environment = self._held.enter_context(self._index.leased())
        if environment is None:
            return None
        return Contents(self._held.enter_context(environment.reading()), environment.digests)

    def _between(self, index: int, here: int) -> tuple[int, ...]:
        if abs(index - here) > limits.INDEX_DOUBTFUL_MAX:
            raise Unavailable("The index is behind.", do="Try again in a moment.")
        if index < here:  # changes of our own, not committed yet
            return _rows(self._changes, index, here)
        if index > here:  # our view began before these were committed
            return tuple(sorted(set(self._index.changed_between(here, index))))
        return ()


def _rows(changes: Changes, after: int, upto: int) -> tuple[int, ...]:
    return tuple(sorted({row for _, row in changes.between(after, upto, limits.INDEX_DOUBTFUL_MAX)}))
