"""Bergenia as the operator of a log who shows what they like: entries of their choice, signed by the node."""

from collections.abc import Callable, Sequence

from comity.nodes.node import Node
from comity.web.federation.door import Route
from comity.web.federation.follow import LOGS, Logs
from comity.wire.checkpoint import write
from comity.wire.merkle import leaf_hash, root_of, subtrees_of
from comity.wire.pair import Signer
from comity.wire.tiles import Tile, read_path, write_entries


def entries(*sizes: int, other: str = "") -> list[bytes]:
    """As many as named; those of another history where `other` says so."""
    return [f"entry {number}{other}".encode() for number in range(sum(sizes))]


class HostileLog:
    """What it serves follows from `entries`, where `content` does not say otherwise; it signs whatever it is told."""

    def __init__(self, node: Node) -> None:
        self.node = node
        self.origin = f"{node.here.node}/disclosures"
        self.entries: Sequence[bytes] = ()
        self.note = b""
        self.content: Callable[[Tile], bytes | None] = lambda tile: None
        node.federation_door.routes["GET", LOGS] = Route(0, Logs(self.file))

    def signs(self, of: Sequence[bytes], signer: Signer | None = None, origin: str = "") -> str:
        """A checkpoint of those entries, and serves them."""
        self.entries = of
        root = root_of(map(leaf_hash, of))
        note = write(origin or self.origin, len(of), root, signer or self.node.keys.node, origin or self.origin)
        self.note = note.encode()
        return note

    def file(self, log: str, path: str) -> bytes:
        if path == "checkpoint":
            return self.note
        tile = read_path(path)
        content = self.content(tile)
        return self._honest(tile) if content is None else content

    def _honest(self, tile: Tile) -> bytes:
        if tile.level is None:
            return write_entries(self.entries[tile.first : tile.first + tile.width])
        read = subtrees_of(map(leaf_hash, self.entries))
        return b"".join(read(8 * tile.level, tile.first + at) for at in range(tile.width))
