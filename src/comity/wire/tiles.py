"""A log as files that never change: 256 hashes of its tree in each, and the entries themselves (C2SP tlog-tiles).

Whoever has the files of a size can prove all of it: `reader` reads the tree through them.
"""

import re
import struct
from collections.abc import Callable, Iterator, Sequence
from functools import cache

from msgspec import Struct

from comity.domain import limits
from comity.domain.errors import Invalid, Missing
from comity.wire.merkle import HASH_BYTES, Read, node_hash

WIDTH = 256
HEIGHT = 8  # of the tree over one tile
LEVEL_MAX = 63
CHECKPOINT_PATH = "checkpoint"
COSIGNED_PATH = "cosigned"  # the newest checkpoint that witnesses have signed

_PATH = re.compile(
    r"tile/(?P<level>entries|0|[1-9][0-9]?)/(?P<index>(?:x[0-9]{3}/){0,5}[0-9]{3})(?:\.p/(?P<width>[1-9][0-9]{0,2}))?"
)


class Tile(Struct, frozen=True):
    """Which hashes, or which entries: `width` of them from `index * 256` on, at that level; level None: entries."""

    level: int | None
    index: int
    width: int = WIDTH

    @property
    def first(self) -> int:
        return self.index * WIDTH

    def __str__(self) -> str:
        """The path under the log's prefix."""
        groups = f"{self.index:03}"
        groups = groups.zfill(-(-len(groups) // 3) * 3)
        *before, last = (groups[at : at + 3] for at in range(0, len(groups), 3))
        path = "/".join([*(f"x{group}" for group in before), last])
        level = "entries" if self.level is None else self.level
        return f"tile/{level}/{path}" + (f".p/{self.width}" if self.width < WIDTH else "")


Fetch = Callable[[Tile], bytes]


def read_path(path: str) -> Tile:
    """Raises Missing: there is nothing at any other path, and each tile has one."""
    found = _PATH.fullmatch(path)
    if found:
        level = None if found["level"] == "entries" else int(found["level"])
        index = int(re.sub(r"\D", "", found["index"]))
        tile = Tile(level, index, int(found["width"] or WIDTH))
        # 0-63, 1-255, no leading group of zeros: else a tile would have many names.
        # Falls without it: tests/wire/test_tiles.py
        if (level or 0) <= LEVEL_MAX and str(tile) == path:
            return tile
    raise Missing("There is no such tile.", do="See docs/protocol/log.md.")


def tiles_of(size: int, before: int = 0) -> Iterator[Tile]:
    """All tiles of a log of that size, entries and the lowest level first; not those that one of `before` had."""
    for level in (None, *range(LEVEL_MAX + 1)):
        here, held = size >> (HEIGHT * (level or 0)), before >> (HEIGHT * (level or 0))
        if here == 0:
            return
        for index in range(held // WIDTH, -(-here // WIDTH)):
            width = min(WIDTH, here - index * WIDTH)
            if index * WIDTH + width > held:
                yield Tile(level, index, width)


def reader(size: int, fetch: Fetch) -> Read:
    """The complete subtrees of a log of that size, out of its tiles; each is fetched once, none is believed.

    Raises Invalid for a tile that is no tile. Whether it is the right one shows in the root that is computed with it.
    """

    @cache
    def hashes(level: int, index: int) -> list[bytes]:
        tile = Tile(level, index, min(WIDTH, (size >> (HEIGHT * level)) - index * WIDTH))
        return read_hashes(fetch(tile), tile.width)

    def read(level: int, index: int) -> bytes:
        tile_level, up = divmod(level, HEIGHT)
        tile, first = divmod(index << up, WIDTH)
        return top_of(hashes(tile_level, tile)[first : first + (1 << up)])

    return read


def top_of(hashes: Sequence[bytes]) -> bytes:
    """The hash of the complete subtree over these; as many as a power of two."""
    while len(hashes) > 1:
        hashes = [node_hash(hashes[at], hashes[at + 1]) for at in range(0, len(hashes), 2)]
    return hashes[0]


def read_hashes(data: bytes, width: int) -> list[bytes]:
    """Raises Invalid."""
    if len(data) != width * HASH_BYTES:
        raise Invalid(f"A tile of {width} hashes has {width * HASH_BYTES} bytes, not {len(data)}.")
    return [data[at : at + HASH_BYTES] for at in range(0, len(data), HASH_BYTES)]


def write_entries(entries: Sequence[bytes]) -> bytes:
    """A bundle: each entry behind its length in two bytes. Raises Invalid."""
    if any(len(entry) > limits.KEY_ENTRY_BYTES_MAX for entry in entries):
        raise Invalid(f"An entry of a log has {limits.KEY_ENTRY_BYTES_MAX} bytes at most.")
    return b"".join(struct.pack(">H", len(entry)) + entry for entry in entries)


def read_entries(data: bytes, width: int) -> list[bytes]:
    """Exactly `width` entries, and nothing behind them. Raises Invalid."""
    entries, at = [], 0
    while at < len(data):
        (length,) = struct.unpack_from(">H", data, at) if at + 2 <= len(data) else (len(data),)
        entries.append(data[at + 2 : at + 2 + length])
        at += 2 + length
    # Falls without it: tests/wire/test_tiles.py
    if at != len(data) or len(entries) != width:
        raise Invalid(f"This is no bundle of {width} entries.")
    return entries
