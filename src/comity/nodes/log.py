"""The journal as a log that others can check: signed checkpoints, proofs, and the whole tree recomputed."""

from datetime import timedelta

from msgspec import Struct

from comity.desks.needs import Clock, Store, Transaction
from comity.domain import limits
from comity.domain.errors import Conflict, Missing
from comity.domain.journal import Act, Checkpoint, Entry
from comity.domain.witnessing import LogWrong
from comity.nodes.enrolment import origin
from comity.storage.recomputation import faults
from comity.wire.checkpoint import verified, write, write_proof
from comity.wire.pair import Signer

_ALIVE = timedelta(seconds=limits.LOG_ALIVE_SECONDS)


class Verified(Struct, frozen=True, kw_only=True):
    """What was recomputed: every opening against its leaf, every leaf against the root, the root against the note."""

    origin: str
    size: int
    root: str
    signed_size: int
    erased: int  # whose term has ended: of them only the leaf is left


class Log:
    def __init__(self, node: str, store: Store, signer: Signer, clock: Clock) -> None:
        self.node = node
        self.origin = origin(node)
        self.store = store
        self.signer = signer
        self.clock = clock

    def size(self) -> int:
        with self.store.reading() as tx:
            return tx.journal.size()

    def sign(self) -> Checkpoint | None:
        """Sign the tree as it stands, if it grew. Kept before it is given out: no size is ever signed twice over.

        Nothing is signed while a witness has seen more of this log than there is: it would be a second root.
        """
        with self.store.reading() as tx:
            held, size = tx.journal.checkpoint(), tx.journal.size()
            if size == 0 or (held is not None and held.size == size) or self._went_back(tx):
                return held
        with self.store.transaction() as tx:
            size = tx.journal.size()
            root = tx.journal.root(size)
            note = write(self.origin, size, root, self.signer, self.origin)
            checkpoint = Checkpoint(origin=self.origin, size=size, root=root.hex(), note=note)
            tx.journal.keep_checkpoint(checkpoint)
            tx.commit()
        return checkpoint

    def _went_back(self, tx: Transaction) -> bool:
        """Falls without it: tests/federation/test_hostile_logs.py"""
        alarms = tx.witnessing.alarms().values()
        return any((one.wrong, one.origin) == (LogWrong.ROLLBACK, self.origin) for one in alarms)

    def keep_alive(self) -> bool:
        """Write a sign of life where nothing was written for a while: a log that does not grow is taken for frozen.

        True where one was written.
        """
        now = self.clock()
        with self.store.reading() as tx:
            last = tx.journal.read(tx.journal.size() - 2, 1)
        if not last or now - last[0].entry.at < _ALIVE:
            return False
        with self.store.transaction() as tx:
            tx.journal.record(Entry(act=Act.LOG_ALIVE, at=now, actor=self.node))
            tx.commit()
        return True

    def checkpoint(self) -> Checkpoint | None:
        with self.store.reading() as tx:
            return tx.journal.checkpoint()

    def verify(self) -> Verified:
        """Recompute the whole log from its entries. Raises Conflict naming the first thing that does not fit."""
        with self.store.reading() as tx:
            for fault in faults(tx.journal):
                raise Conflict(fault, do="Keep this database as evidence and tell your data-protection officer.")
            size, held = tx.journal.size(), tx.journal.checkpoint()
            if held is not None and verified(held.note, self.origin, self.signer.public).root != held.root:
                raise Conflict(
                    "The signed checkpoint is not the one that is kept.", do="Keep this database as evidence."
                )
            root, erased = tx.journal.root(size), len(tx.journal.erased(0, size))
        signed_size = held.size if held else 0
        return Verified(origin=self.origin, size=size, root=root.hex(), signed_size=signed_size, erased=erased)

    def prove(self, index: int) -> str:
        """A C2SP tlog-proof that the entry stands in the signed log; whoever holds the opening can check it.

        With the cosignatures of witnesses, where they have seen the log since.
        """
        checkpoint = self.sign()
        with self.store.reading() as tx:
            if checkpoint is None or not 0 <= index < checkpoint.size:
                raise Missing(f"There is no entry {index}.", do="See `comity journal show`.")
            cosigned = tx.witnessing.cosigned(self.origin)
            checkpoint = cosigned if cosigned and index < cosigned.size else checkpoint
            return write_proof(index, tx.journal.proof(index, checkpoint.size), checkpoint.note)
