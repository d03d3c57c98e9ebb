"""A full copy of a log, made of its entries alone: the same files to the last byte, however often it is brought on."""

from pathlib import Path

from comity.domain.journal import Checkpoint
from comity.nodes.mirror import copy
from comity.wire.merkle import leaf_hash, root_at, subtrees_of
from comity.wire.tiles import Tile, tiles_of, write_entries

ENTRIES = [b"entry %d" % number for number in range(65_800)]  # a level more than one tile of tiles has
TREE = subtrees_of(map(leaf_hash, ENTRIES))


def content(tile: Tile) -> bytes:
    if tile.level is None:
        return write_entries(ENTRIES[tile.first : tile.first + tile.width])
    return b"".join(TREE(8 * tile.level, tile.first + at) for at in range(tile.width))


def at(size: int) -> Checkpoint:
    origin, root = "bergenia/disclosures", root_at(size, TREE).hex()
    return Checkpoint(origin=origin, size=size, root=root, note=f"{origin}\n{size}\n{'A' * 43}=\n\n— n AAAAAA==\n")


def test_it_has_every_file_of_the_log(tmp_path: Path):
    sizes = (3, 256, 300, 65_536, 65_537, 65_800)
    assert [copy(tmp_path, at(size), content) for size in sizes] == [3, 253, 44, 65_236, 1, 263]
    for tile in tiles_of(65_800):
        assert (tmp_path / str(tile)).read_bytes() == content(tile)


def test_what_was_cut_off_counts_for_nothing(tmp_path: Path):
    """Files of an earlier try lie there, and no checkpoint says that they are whole."""
    copy(tmp_path, at(300), content)
    (tmp_path / str(Tile(0, 1))).write_bytes(b"torn")
    (tmp_path / str(Tile(None, 1))).write_bytes(b"torn")
    assert copy(tmp_path, at(600), content) == 300
    for tile in tiles_of(600):
        assert (tmp_path / str(tile)).read_bytes() == content(tile)
