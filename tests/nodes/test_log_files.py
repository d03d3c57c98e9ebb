"""The logs of a node as files: a reader of C2SP tiles recomputes them, and learns of nobody."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from comity.domain.errors import Missing
from comity.domain.journal import Act
from comity.nodes.node import Node
from comity.nodes.run import _note
from comity.web import watch
from comity.wire.checkpoint import verified
from comity.wire.http import Request
from comity.wire.merkle import leaf_hash, root_at, root_of
from comity.wire.tiles import Tile, read_entries, reader, tiles_of


@pytest.fixture(scope="module")
def node(aldova: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    folder = tmp_path_factory.mktemp("files") / "aldova"
    shutil.copytree(aldova, folder)
    opened = Node(folder)
    for _ in range(300):
        _note(opened, Act.NODE_STARTED)
    opened.tend_keys()
    opened.log.sign()
    _note(opened, Act.NODE_STOPPED)  # in the journal, and not signed for yet
    yield opened
    opened.close()


def test_a_folder_is_read_by_whoever_knows_the_standard(node: Node, tmp_path: Path):
    node.log_files.write("disclosures", tmp_path)
    note = (tmp_path / "checkpoint").read_text("utf-8")
    signed = verified(note, "aldova/disclosures", node.keys.node.public)
    read = reader(signed.size, lambda tile: (tmp_path / str(tile)).read_bytes())
    assert root_at(signed.size, read).hex() == signed.root
    bundles = (tile for tile in tiles_of(signed.size) if tile.level is None)
    entries = [one for tile in bundles for one in read_entries((tmp_path / str(tile)).read_bytes(), tile.width)]
    assert root_of(map(leaf_hash, entries)).hex() == signed.root
    assert not any(b"operator" in one or b"node.started" in one for one in entries)


def test_a_folder_is_brought_up_to_date_by_what_is_new(node: Node, tmp_path: Path):
    node.log_files.write("disclosures", tmp_path)
    full = tmp_path / str(Tile(0, 0))
    before = full.stat().st_mtime_ns
    node.log_files.write("disclosures", tmp_path)
    assert full.stat().st_mtime_ns == before
    assert not list(tmp_path.rglob(".*"))


def test_nothing_leaves_that_is_not_signed_for(node: Node):
    signed = node.log.checkpoint()
    assert signed is not None
    last = [tile for tile in tiles_of(signed.size) if tile.level == 0][-1]
    assert len(node.log_files.file("disclosures", str(last))) == 32 * last.width
    with pytest.raises(Missing, match="not that long"):
        node.log_files.file("disclosures", str(Tile(0, last.index, last.width + 1)))


@pytest.mark.parametrize(("log", "path"), [("accounts", "checkpoint"), ("keys", "checkpoint"), ("", "tile/0/000")])
def test_a_log_that_is_not_kept_is_missing(node: Node, log: str, path: str):
    with pytest.raises(Missing):
        node.log_files.file(log, path)


def test_the_watch_door_has_the_journal_for_any_reader(node: Node):
    def got(path: str) -> watch.Response:
        return node.watch_door(Request(method="GET", authority="", target=f"/logs/disclosures/{path}"))

    assert got("checkpoint").body.startswith(b"aldova/disclosures\n")
    assert (got("tile/0/000").status, len(got("tile/0/000").body)) == (200, 8192)
    assert [got(path).status for path in ("tile/0/999", "../keys/checkpoint", "tile")] == [404, 404, 404]
