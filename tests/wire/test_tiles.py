"""A log as files: every proof follows from them, and nothing passes for a tile that is none."""

import pytest

from comity.domain.errors import Invalid, Missing
from comity.wire.merkle import consistency_proof, inclusion_proof, leaf_hash, root_at, subtrees_of
from comity.wire.tiles import Tile, read_entries, read_hashes, read_path, reader, tiles_of, write_entries

ENTRIES = [b"entry %d" % number for number in range(600)]
TREE = subtrees_of(leaf_hash(entry) for entry in ENTRIES)


def content(tile: Tile) -> bytes:
    at = range(tile.first, tile.first + tile.width)
    if tile.level is None:
        return write_entries([ENTRIES[index] for index in at])
    return b"".join(TREE(8 * tile.level, index) for index in at)


@pytest.mark.parametrize("size", [1, 255, 256, 257, 600])
def test_roots_and_proofs_follow_from_the_tiles_of_a_size(size: int):
    files = {str(tile): content(tile) for tile in tiles_of(size)}
    read = reader(size, lambda tile: files[str(tile)])
    assert root_at(size, read) == root_at(size, TREE)
    assert inclusion_proof(size // 2, size, read) == inclusion_proof(size // 2, size, TREE)
    assert consistency_proof(max(1, size // 3), size, read) == consistency_proof(max(1, size // 3), size, TREE)
    entries = [one for tile in tiles_of(size) if tile.level is None for one in read_entries(content(tile), tile.width)]
    assert entries == ENTRIES[:size]


def test_only_what_is_new_is_fetched_again():
    assert list(tiles_of(600, before=300)) == [
        Tile(None, 1),
        Tile(None, 2, 88),
        Tile(0, 1),
        Tile(0, 2, 88),
        Tile(1, 0, 2),
    ]
    assert list(tiles_of(300, before=300)) == []
    assert list(tiles_of(0)) == []


@pytest.mark.parametrize(
    "path",
    [
        "", "checkpoint", "tile", "tile/0", "tile/0/0", "tile/0/0000", "tile/00/000", "tile/64/000", "tile/-1/000",
        "tile/0/000.p/0", "tile/0/000.p/256", "tile/0/000.p/01", "tile/0/000.p/", "tile/0/x000/001", "tile/0/001/002",
        "tile/0/x001", "/tile/0/000", "tile/0/000/", "tile/0/٠٠٠", "tile/entries/../0/000", "tile/0/000\n",
    ],
)  # fmt: skip
def test_a_path_that_is_no_tiles_leads_nowhere(path: str):
    with pytest.raises(Missing):
        read_path(path)


@pytest.mark.parametrize("tile", [Tile(0, 0), Tile(None, 1234067, 9), Tile(63, 999, 255)])
def test_a_path_is_read_as_written(tile: Tile):
    assert read_path(str(tile)) == tile


@pytest.mark.parametrize("data", [b"", b"\x00", b"\x00\x01a", b"\x00\x01a\x00\x01b\x00", b"\x00\x01a\x00\x02b"])
def test_a_bundle_that_is_short_or_long_is_refused(data: bytes):
    with pytest.raises(Invalid):
        read_entries(data, 2)


def test_a_tile_of_another_width_is_refused():
    with pytest.raises(Invalid, match="64 bytes, not 96"):
        read_hashes(bytes(96), 2)


def test_an_entry_too_long_for_a_bundle_is_refused():
    with pytest.raises(Invalid):
        write_entries([bytes(65_536)])
