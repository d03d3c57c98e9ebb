"""The shelf of the log of keys: every entry in full, and what the hub signed of it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Column, Connection, Index, LargeBinary, Table, func, select

from comity.desks.shelves.keys import KeyEntry
from comity.domain.errors import Conflict, Missing
from comity.domain.journal import Checkpoint
from comity.storage.columns import WHOLE, WIDE, WORD, Moment, metadata
from comity.storage.rows import add_rows, put_row
from comity.wire.merkle import leaf_hash, root_of, subtrees_of
from comity.wire.threshold import KEYS

key_entries = Table(
    "key_entries",
    metadata,
    Column("position", WHOLE, primary_key=True, autoincrement=False),
    Column("node", WORD, nullable=False),
    Column("typ", WORD, nullable=False),
    Column("version", WHOLE, nullable=False),
    Column("leaf", LargeBinary, nullable=False),
    Column("signed", LargeBinary, nullable=False),
    Index("ix_key_entries_node", "node", "typ", "version"),
    **WIDE,
)
key_checkpoints = Table(
    "key_checkpoints",
    metadata,
    Column("size", WHOLE, primary_key=True, autoincrement=False),
    Column("origin", WORD, nullable=False),
    Column("root", WORD, nullable=False),
    Column("note", WORD, nullable=False),
    **WIDE,
)
key_log_heard = Table(
    "key_log_heard",
    metadata,
    Column("row", WHOLE, primary_key=True, autoincrement=False),  # one row
    Column("at", Moment, nullable=False),
    **WIDE,
)


# Written once: asked whenever the directory is.
_LAST = select(func.max(key_entries.c.position))


class KeyLog:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def size(self) -> int:
        last = self._connection.execute(_LAST).scalar()
        return 0 if last is None else int(last) + 1

    def append(self, entries: Sequence[KeyEntry]) -> None:
        rows = [
            (position, one.node, one.typ, one.version, leaf_hash(one.signed), one.signed)
            for position, one in enumerate(entries, self.size())
        ]
        add_rows(self._connection, key_entries, rows)

    def leaves(self) -> list[bytes]:
        chosen = select(key_entries.c.leaf).order_by(key_entries.c.position)
        return [bytes(leaf) for leaf in self._connection.execute(chosen).scalars()]

    def hashes(self, level: int, start: int, stop: int) -> list[bytes]:
        """Computed each time: the log grows by some entries a week. Raises Missing."""
        if stop > self.size() >> level:
            raise Missing(f"The log of keys has no subtrees of level {level} up to {stop - 1}.")
        read = subtrees_of(self.leaves()[: stop << level])
        return [read(level, position) for position in range(start, stop)]

    def entries(self, after: int, limit: int) -> list[bytes]:
        place = key_entries.c.position
        chosen = select(key_entries.c.signed).where(place >= after).order_by(place).limit(limit)
        return [bytes(signed) for signed in self._connection.execute(chosen).scalars()]

    def newest(self, node: str, typ: str) -> bytes | None:
        columns = key_entries.c
        chosen = select(columns.signed).where(columns.node == node, columns.typ == typ)
        found = self._connection.execute(chosen.order_by(columns.version.desc()).limit(1)).scalar()
        return None if found is None else bytes(found)

    def has_keys(self, node: str) -> bool:
        return self.newest(node, KEYS) is not None

    def of(self, node: str) -> list[tuple[int, KeyEntry]]:
        chosen = select(key_entries).where(key_entries.c.node == node).order_by(key_entries.c.position)
        return [
            (row.position, KeyEntry(row.node, row.typ, row.version, bytes(row.signed)))
            for row in self._connection.execute(chosen)
        ]

    def checkpoint(self) -> Checkpoint | None:
        row = self._connection.execute(
            select(key_checkpoints).order_by(key_checkpoints.c.size.desc()).limit(1)
        ).one_or_none()
        return Checkpoint(origin=row.origin, size=row.size, root=row.root, note=row.note) if row else None

    def keep_checkpoint(self, checkpoint: Checkpoint) -> None:
        """To be kept, in a committed transaction, before it is given out or believed."""
        kept = self._connection.execute(
            select(key_checkpoints.c.root).where(key_checkpoints.c.size == checkpoint.size)
        ).scalar()
        # Two roots for one size prove a log false for ever. Falls without each: tests/shelves/test_key_log.py
        if kept is not None and kept != checkpoint.root:
            raise Conflict(
                f"Another root was signed for size {checkpoint.size} of {checkpoint.origin}.",
                do="Keep both; show them to the other members.",
            )
        if root_of(self.leaves()[: checkpoint.size]).hex() != checkpoint.root:
            raise Conflict(f"This is no checkpoint of what is held of {checkpoint.origin}.")
        row = {"size": checkpoint.size, "origin": checkpoint.origin, "root": checkpoint.root, "note": checkpoint.note}
        put_row(self._connection, key_checkpoints, row)

    def heard(self, at: datetime) -> None:
        put_row(self._connection, key_log_heard, {"row": 1, "at": at})

    def heard_at(self) -> datetime | None:
        return self._connection.execute(select(key_log_heard.c.at)).scalar()
