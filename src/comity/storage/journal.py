"""The shelf of the journal: every entry with its salt, the tree of commitments over them, and what was signed of it.

Salt and entry (the opening) are erased when their term ends; the leaf stays, and proofs stay valid.
Hashes of complete subtrees
are stored, so that an entry and a proof cost as many reads as the tree is high.
"""

import secrets
from collections.abc import Callable, Sequence
from datetime import date

import msgspec
from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    LargeBinary,
    Row,
    Select,
    Table,
    bindparam,
    delete,
    select,
    update,
)

from comity.domain.errors import Conflict, Missing
from comity.domain.journal import Checkpoint, Entry, Opening, Receipt
from comity.domain.oversight import ErasedOpening
from comity.storage.columns import BY_KEY, WHOLE, WIDE, WORD, Packed, metadata
from comity.storage.erased_openings import erased_between, erased_openings, row_of
from comity.storage.rows import add_rows, put_row
from comity.wire.canonical import b64u, unb64u
from comity.wire.leaf import SALT_BYTES, commitment, leaf_hash_of
from comity.wire.merkle import inclusion_proof, root_at, subtrees_after

journal_subtrees = Table(
    "journal_subtrees",
    metadata,
    Column("level", WHOLE, primary_key=True, autoincrement=False),  # 0: leaves
    Column("position", WHOLE, primary_key=True, autoincrement=False),
    Column("hash", LargeBinary, nullable=False),
    **BY_KEY,
)
journal_openings = Table(
    "journal_openings",
    metadata,
    Column("position", WHOLE, primary_key=True, autoincrement=False),
    Column("salt", LargeBinary, nullable=False),
    Column("entry", Packed(Entry), nullable=False),
    **WIDE,
)
# What an entry is about: its subject, and every record it disclosed.
journal_subjects = Table(
    "journal_subjects",
    metadata,
    Column("subject", WORD, primary_key=True),
    Column(
        "position",
        WHOLE,
        ForeignKey("journal_openings.position", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
        index=True,
    ),
    **BY_KEY,
)
checkpoints = Table(
    "checkpoints",
    metadata,
    Column("size", WHOLE, primary_key=True, autoincrement=False),
    Column("root", WORD, nullable=False),
    Column("note", WORD, nullable=False),  # of the newest only; of older ones the root is enough
    **WIDE,
)


# Built once: every lookup writes an entry, and to build a statement each time costs as much as to run it.
_SIZE = (
    select(journal_subtrees.c.position)
    .where(journal_subtrees.c.level == 0)
    .order_by(journal_subtrees.c.position.desc())
    .limit(1)
)
_SUBTREE = select(journal_subtrees.c.hash).where(
    journal_subtrees.c.level == bindparam("of_level"), journal_subtrees.c.position == bindparam("of_position")
)
AT_ONCE = 500  # parameters of one statement
_encode = msgspec.json.Encoder().encode


class Journal:
    def __init__(self, connection: Connection, origin: str, erased: Callable[[], None]) -> None:
        """`erased` is told whenever bytes should leave the disk too."""
        self._connection = connection
        self._erased = erased
        self._origin = origin
        self._size: int | None = None  # within one transaction nobody else appends
        self._newest: dict[int, tuple[int, bytes]] = {}  # level: the last subtree made in this transaction
        # What is not written yet, in the order of the columns: one statement for all entries of a transaction.
        self._subtrees: list[tuple[object, ...]] = []
        self._opened: list[tuple[object, ...]] = []
        self._subjects: list[tuple[object, ...]] = []

    def record(self, entry: Entry) -> Receipt:
        """Append one entry; it stands once the transaction has committed.

        Indexes are gapless and in the order of commits, for writers follow one another.
        """
        return self.record_all([entry])[0]

    def record_all(self, entries: Sequence[Entry]) -> list[Receipt]:
        """Append many in their order, at a fraction of what one by one would cost."""
        first = self.size()
        receipts = []

        def subtree(level: int, position: int) -> bytes:
            last, value = self._newest.get(level, (-1, b""))
            return value if last == position else self._subtree(level, position)

        for index, entry in enumerate(entries, first):
            salt = secrets.token_bytes(SALT_BYTES)
            leaf = leaf_hash_of(entry, salt)
            for level, position, value in list(subtrees_after(index, leaf, subtree)):
                self._newest[level] = position, value
                self._subtrees.append((level, position, value))
            self._opened.append((index, salt, _encode(entry)))
            self._subjects += [(subject, index) for subject in sorted({entry.subject, *entry.records} - {""})]
            receipts.append(Receipt(origin=self._origin, index=index, leaf=leaf.hex()))
        self._size = first + len(entries)
        return receipts

    def flush(self) -> None:
        """Write what was recorded; it is done before anything is read, and as the transaction commits."""
        add_rows(self._connection, journal_subtrees, self._subtrees)
        add_rows(self._connection, journal_openings, self._opened)
        add_rows(self._connection, journal_subjects, self._subjects)
        self._subtrees, self._opened, self._subjects = [], [], []
        # After the commit it cannot be asked for, and nothing is recorded that would be lost.
        # Falls without it: tests/shelves/test_transactions.py
        self._size = None

    def read(self, after: int, limit: int) -> list[Opening]:
        openings = journal_openings.c
        return self._openings(
            select(journal_openings).where(openings.position > after).order_by(openings.position).limit(limit)
        )

    def about(self, subject: str) -> list[Opening]:
        """Entries on one question, hit, record ..., oldest first; of a record also those that disclosed it."""
        subjects, openings = journal_subjects.c, journal_openings.c
        return self._openings(
            select(journal_openings)
            .join(journal_subjects, subjects.position == openings.position)
            .where(subjects.subject == subject)
            .order_by(openings.position)
        )

    def some(self, positions: Sequence[int]) -> list[Opening]:
        """Those of these entries that are not erased, oldest first."""
        found: list[Opening] = []
        for start in range(0, len(positions), AT_ONCE):
            among = journal_openings.c.position.in_(positions[start : start + AT_ONCE])
            found += self._openings(select(journal_openings).where(among))
        return sorted(found, key=lambda one: one.index)

    def erased(self, start: int, stop: int) -> list[ErasedOpening]:
        """Of the entries from the one index up to the other."""
        return erased_between(self._connection, start, stop)

    def erase(self, openings: Sequence[Opening], on: date, under: str) -> None:
        """Salt and entry go, also from the disk; nobody can say any more what the leaf commits to."""
        self.flush()
        left = [
            ErasedOpening(index=one.index, erased_on=on, under=under, leaf=_commitment(one).decode())
            for one in openings
        ]
        add_rows(self._connection, erased_openings, [row_of(one) for one in left])
        for start in range(0, len(left), AT_ONCE):
            among = journal_openings.c.position.in_([one.index for one in left[start : start + AT_ONCE]])
            self._connection.execute(delete(journal_openings).where(among))
        self._erased()

    def leaves(self, start: int, stop: int) -> list[bytes]:
        """Leaf hashes (32 bytes) as stored, for checking the tree. Raises Missing where one is gone."""
        return self.hashes(0, start, stop)

    def hashes(self, level: int, start: int, stop: int) -> list[bytes]:
        """Hashes of complete subtrees over 2^level leaves each, as stored. Raises Missing where one is gone."""
        self.flush()
        subtrees = journal_subtrees.c
        chosen = (
            select(subtrees.hash)
            .where(subtrees.level == level, subtrees.position >= start, subtrees.position < stop)
            .order_by(subtrees.position)
        )
        found = list(self._connection.execute(chosen).scalars())
        if len(found) != stop - start:
            what = "leaves" if level == 0 else f"subtrees of level {level},"
            raise Missing(
                f"The journal lacks {stop - start - len(found)} of the {what} {start} to {stop - 1}.",
                do="Restore it from a backup; whatever is gone was in it.",
            )
        return found

    def commitments(self, start: int, stop: int) -> list[bytes]:
        """The leaves themselves, which say nothing of anyone. Raises Missing where an opening is gone."""
        found = {one.index: _commitment(one) for one in self.read(start - 1, stop - start)}
        found |= {one.index: one.leaf.encode() for one in self.erased(start, stop)}
        if not found.keys() >= set(range(start, stop)):
            raise Missing(f"The journal lacks some of the entries {start} to {stop - 1}.")
        return [found[index] for index in range(start, stop)]

    def size(self) -> int:
        if self._size is None:
            last = self._connection.execute(_SIZE).scalar()
            self._size = 0 if last is None else last + 1
        return self._size

    def proof(self, index: int, size: int) -> list[bytes]:
        """The inclusion proof (RFC 6962) of a leaf in the tree of that size."""
        self.flush()
        return inclusion_proof(index, size, self._subtree)

    def root(self, size: int) -> bytes:
        self.flush()
        return root_at(size, self._subtree)

    def checkpoint(self) -> Checkpoint | None:
        """The last one signed."""
        chosen = select(checkpoints).order_by(checkpoints.c.size.desc()).limit(1)
        row = self._connection.execute(chosen).one_or_none()
        return Checkpoint(origin=self._origin, size=row.size, root=row.root, note=row.note) if row else None

    def keep_checkpoint(self, checkpoint: Checkpoint) -> None:
        """Raises Conflict where another root was signed for this size, or it is not the root of this journal.

        To be kept, in a committed transaction, before it leaves: two roots for one size prove a log false for ever.
        """
        kept = select(checkpoints.c.root).where(checkpoints.c.size == checkpoint.size)
        before = self._connection.execute(kept).scalar()
        # Falls without these: tests/shelves/test_journal.py
        if before is not None and before != checkpoint.root:
            raise Conflict(
                f"Another root was signed for size {checkpoint.size} of {self._origin}.",
                do="Sign nothing more; find out which entries were changed.",
            )
        if checkpoint.origin != self._origin or self.root(checkpoint.size).hex() != checkpoint.root:
            raise Conflict(
                f"This is no checkpoint of {self._origin} at size {checkpoint.size}.", do="Sign the journal's own root."
            )
        row = {"size": checkpoint.size, "root": checkpoint.root, "note": checkpoint.note}
        put_row(self._connection, checkpoints, row)
        older = update(checkpoints).where(checkpoints.c.size < checkpoint.size, checkpoints.c.note != "")
        self._connection.execute(older.values(note=""))

    def _subtree(self, level: int, position: int) -> bytes:
        found = self._connection.execute(_SUBTREE, {"of_level": level, "of_position": position}).scalar()
        if found is None:
            raise Missing(f"The journal holds no subtree {level}/{position}.", do="Ask for a size that it has.")
        return bytes(found)

    def _openings(self, chosen: Select[int, bytes, Entry]) -> list[Opening]:
        self.flush()
        return [_opening(row) for row in self._connection.execute(chosen)]


def _commitment(one: Opening) -> bytes:
    return commitment(one.entry, unb64u(one.salt))


def _opening(row: Row[int, bytes, Entry]) -> Opening:
    position, salt, entry = row
    return Opening(index=position, salt=b64u(salt), entry=entry)
