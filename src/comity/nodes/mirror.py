"""A full copy of another member's log in a folder: every entry is proved, and what is left out or put in is found."""

import os
from collections.abc import Callable
from pathlib import Path

from comity.desks.needs import Store
from comity.domain.bureau import Member
from comity.domain.errors import Conflict, Invalid, Unauthenticated, Unavailable
from comity.domain.journal import Checkpoint
from comity.domain.witnessing import LogWrong, SeenLog
from comity.nodes.log_files import put
from comity.peers.log_follower import Broken, LogFollower
from comity.wire.checkpoint import read_text
from comity.wire.merkle import leaf_hash, root_at
from comity.wire.note import split
from comity.wire.tiles import CHECKPOINT_PATH, WIDTH, Tile, read_entries, read_hashes, reader, top_of, write_entries

Bring = Callable[[Tile], bytes]


class Mirror:
    def __init__(self, store: Store, follower: LogFollower) -> None:
        self.store = store
        self.follower = follower

    def bring(self, member: Member, name: str, folder: Path) -> Checkpoint:
        """Bring the copy up to the newest checkpoint that continues what was seen of the log.

        Raises Unauthenticated where something is wrong with it, which is then an alarm; Unavailable where it is silent.
        """
        origin = f"{member.id}/{name}"
        if self.follower.follow_one(member, name):
            raise _wrong(origin)
        with self.store.reading() as tx:
            seen = tx.witnessing.seen(origin)
        if seen is None:
            raise Unavailable(f"Nothing was seen of {origin} yet.", do="See that this node reaches it.")
        try:
            copy(folder, seen.checkpoint, lambda tile: self.follower.tile(member, name, tile))
        except Broken as broken:
            self._told(origin, broken, seen)
            raise _wrong(origin) from broken
        return seen.checkpoint

    def _told(self, origin: str, broken: Broken, seen: SeenLog) -> None:
        self.follower.alarm(origin, broken, seen, seen.checkpoint.note)


def copy(folder: Path, checkpoint: Checkpoint, bring: Bring) -> int:
    """Bring a folder up to a checkpoint by its entries alone, out of which all hashes are computed; how many are new.

    The checkpoint is written last, once its root is that of the whole copy: what was written before it counts for
    nothing and is written anew. Raises Broken where the entries are not those that were signed; Conflict where the
    folder is another log's, or further.
    """
    held = _held(folder, checkpoint)
    edges = _Edges(folder, held)
    for index in range(held // WIDTH, -(-checkpoint.size // WIDTH)):
        width = min(WIDTH, checkpoint.size - index * WIDTH)
        try:
            entries = read_entries(bring(Tile(None, index, width)), width)
        except Invalid as wrong:
            raise Broken(LogWrong.FALSE_TILE, wrong.what) from wrong
        _write(folder, Tile(None, index, width), write_entries(entries))
        edges.take(0, index, [leaf_hash(entry) for entry in entries])
    edges.write_partial(checkpoint.size)
    root = root_at(checkpoint.size, reader(checkpoint.size, lambda tile: (folder / str(tile)).read_bytes()))
    # Falls without it: tests/federation/test_hostile_logs.py
    if root.hex() != checkpoint.root:
        raise Broken(LogWrong.FALSE_TILE, f"Its {checkpoint.size} entries are not those that it signed.")
    os.sync()  # all files at once, before what says that they are whole
    put(folder / CHECKPOINT_PATH, checkpoint.note.encode("utf-8"))
    return checkpoint.size - held


class _Edges:
    """The hashes of the last tile of each level above the entries, while it is not full."""

    def __init__(self, folder: Path, held: int) -> None:
        self.folder = folder
        self.of: dict[int, list[bytes]] = {}
        level = 1
        while held >> (8 * level):
            index, width = divmod(held >> (8 * level), WIDTH)
            if width:
                tile = Tile(level, index, width)
                self.of[level] = read_hashes((folder / str(tile)).read_bytes(), width)
            level += 1

    def take(self, level: int, index: int, hashes: list[bytes]) -> None:
        """A tile is complete, or is the last of its level; a full one has its hash in the level above."""
        _write(self.folder, Tile(level, index, len(hashes)), b"".join(hashes))
        if len(hashes) < WIDTH:
            return
        above = self.of.setdefault(level + 1, [])
        above.append(top_of(hashes))
        if len(above) == WIDTH:
            self.take(level + 1, index // WIDTH, self.of.pop(level + 1))

    def write_partial(self, size: int) -> None:
        for level, hashes in self.of.items():
            if hashes:
                _write(self.folder, Tile(level, (size >> (8 * level)) // WIDTH, len(hashes)), b"".join(hashes))


def _held(folder: Path, checkpoint: Checkpoint) -> int:
    """How many entries the folder has, all of them proved. Raises Conflict."""
    file = folder / CHECKPOINT_PATH
    if not file.exists():
        return 0
    try:
        origin, size, _ = read_text(split(file.read_text("utf-8"))[0])
    except (Invalid, UnicodeDecodeError):
        raise Conflict(f"{folder} holds something else than a log.", do="Name another folder.") from None
    if origin != checkpoint.origin or size > checkpoint.size:
        raise Conflict(f"{folder} holds {size} entries of {origin}.", do="Name another folder, and keep this one.")
    return size


def _write(folder: Path, tile: Tile, content: bytes) -> None:
    path = folder / str(tile)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _wrong(origin: str) -> Unauthenticated:
    return Unauthenticated(f"Something is wrong with {origin}.", do="See `comity journal alarms`.")
