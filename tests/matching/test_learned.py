"""The learned tables are what the lists of names make them, and nothing else is in the package."""

import os
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
SAMPLES = Path(os.environ.get("COMITY_SAMPLE_DATA", ROOT.parent / "shared" / "data"))
TABLES = ROOT / "src" / "comity" / "matching" / "tables"
PROVENANCE = tomllib.loads((TABLES / "sources.toml").read_text(encoding="utf-8"))
TABLES_BYTES_MAX = 3_000_000


@pytest.fixture
def learn(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    return pytest.importorskip("learn")


def test_the_tables_are_small():
    assert sum(path.stat().st_size for path in TABLES.iterdir()) < TABLES_BYTES_MAX


@pytest.mark.parametrize("name", sorted(PROVENANCE["table"]))
def test_a_table_is_the_one_that_was_learned(learn, name):
    assert learn.digest(TABLES / name) == PROVENANCE["table"][name]["sha256"]


def test_every_learned_table_says_what_it_is_from():
    learned = {path.name for path in TABLES.iterdir() if path.suffix in (".npz", ".gz", ".txt")}
    assert learned == set(PROVENANCE["table"])
    for table in PROVENANCE["table"].values():
        assert set(table["lists"]) <= set(PROVENANCE["list"])


def test_no_list_that_measures_was_learned_from():
    assert not any("_16" in name or "dev-pairs" in name or "sanctions" in name for name in PROVENANCE["list"])


@pytest.mark.slow
@pytest.mark.skipif(not SAMPLES.is_dir(), reason="COMITY_SAMPLE_DATA: no lists of names here")
def test_the_same_lists_make_the_same_table_again(learn, tmp_path):
    for name, content in learn.romanisation.learn(SAMPLES, frozenset(("hangul",))):
        (tmp_path / name).write_bytes(content)
        assert learn.digest(tmp_path / name) == PROVENANCE["table"][name]["sha256"], name
