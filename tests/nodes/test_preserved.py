"""A package puts back a node, and nothing anywhere else."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from comity.domain.errors import Conflict, Invalid
from comity.nodes.preserved import restore

NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "path", ["../elsewhere", "keys/../../elsewhere", "/etc/passwd", "keys", "other/file", "comity.sqlite3"]
)
def test_a_package_that_names_another_place_writes_nothing_there(tmp_path: Path, path: str):
    folder = tmp_path / "node"
    folder.mkdir()
    with pytest.raises(Invalid, match="no part of a node"):
        restore(folder, {path: b"x", "comity.toml": b""}, NOW, "operator:test")
    assert [one.name for one in tmp_path.rglob("*")] == ["node"]


def test_a_node_that_stands_is_not_written_over(tmp_path: Path):
    (tmp_path / "comity.toml").write_text("x")
    with pytest.raises(Conflict, match="a node in"):
        restore(tmp_path, {}, NOW, "operator:test")
