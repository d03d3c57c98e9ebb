"""The logs that a node keeps, as the files of C2SP tlog-tiles: for the doors, and for a folder on a disk."""

import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from comity.desks.needs import Store, Transaction
from comity.domain.errors import Missing
from comity.domain.journal import DISCLOSURES, KEYS, Checkpoint
from comity.wire.tiles import CHECKPOINT_PATH, COSIGNED_PATH, Tile, read_path, tiles_of, write_entries

LOGS = (DISCLOSURES, KEYS)


class LogFiles:
    """Nothing beyond the last signed checkpoint is given out, so whatever has left is signed for.

    Entries of the journal are commitments: their openings are in no file.
    """

    def __init__(self, store: Store) -> None:
        self.store = store

    def file(self, log: str, path: str) -> bytes:
        """Raises Missing."""
        with self.store.reading() as tx:
            checkpoint = _signed(tx, log)
            if path == CHECKPOINT_PATH:
                cosigned = tx.witnessing.cosigned(checkpoint.origin)
                newest = cosigned if cosigned and cosigned.size == checkpoint.size else checkpoint
                return newest.note.encode("utf-8")
            if path == COSIGNED_PATH:
                return _cosigned(tx, checkpoint.origin)
            tile = read_path(path)
            if tile.first + tile.width > checkpoint.size >> (8 * (tile.level or 0)):
                raise Missing("The log is not that long yet.", do="Read its checkpoint first.")
            return _content(tx, log, tile)

    def kept(self) -> list[str]:
        """The names of the logs of which this node has a signed checkpoint."""
        with self.store.reading() as tx:
            signed = {DISCLOSURES: tx.journal.checkpoint(), KEYS: tx.key_log.checkpoint()}
        return [log for log in LOGS if signed[log]]

    def write(self, log: str, folder: Path) -> Checkpoint:
        """Bring a folder up to date, to be read as it is or served by any web server; the checkpoint comes last.

        Full tiles that are there stay as they are. Raises Missing.
        """
        with self.store.reading() as tx:
            checkpoint = _signed(tx, log)
            for path, tile in _wanted(folder, checkpoint.size):
                put(path, _content(tx, log, tile))
        put(folder / CHECKPOINT_PATH, checkpoint.note.encode("utf-8"))
        return checkpoint


def _signed(tx: Transaction, log: str) -> Checkpoint:
    checkpoint = {DISCLOSURES: tx.journal.checkpoint, KEYS: tx.key_log.checkpoint}[log]() if log in LOGS else None
    if checkpoint is None:
        raise Missing(f"There is no log {log[:20]!r} here, or nothing of it is signed yet.", do="Ask again later.")
    return checkpoint


def _cosigned(tx: Transaction, origin: str) -> bytes:
    """In a log that grows each second, witnesses are always a little behind: this is how far they are."""
    cosigned = tx.witnessing.cosigned(origin)
    if cosigned is None:
        raise Missing("No witness has signed this log yet.", do="Ask again later.")
    return cosigned.note.encode("utf-8")


def _content(tx: Transaction, log: str, tile: Tile) -> bytes:
    first, last = tile.first, tile.first + tile.width
    if tile.level is None:
        of = tx.journal.commitments(first, last) if log == DISCLOSURES else tx.key_log.entries(first, tile.width)
        return write_entries(of)
    hashes = tx.journal.hashes if log == DISCLOSURES else tx.key_log.hashes
    return b"".join(hashes(8 * tile.level, first, last))


def _wanted(folder: Path, size: int) -> Iterator[tuple[Path, Tile]]:
    named = ((folder / str(tile), tile) for tile in tiles_of(size))
    return ((path, tile) for path, tile in named if not path.exists())


def put(path: Path, data: bytes) -> None:
    """Whole or not there, and on the disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with draft.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
