"""The index from the command line: built, checked, sealed; a node of the first release brought to this one."""

import shutil
from pathlib import Path

import pytest

from comity.nodes.node import Node
from comity.nodes.settings import FILE_NAME
from comity.storage.index.contents import Contents
from tests.cli.conftest import Run
from tests.shelves.samples import document, record, with_version
from tests.shelves.test_migrations import made_by_the_first_release


@pytest.fixture
def stocked(aldova: Path) -> Path:
    node = Node(aldova)
    with node.store.transaction() as tx:
        tx.records.put([with_version(record(document(f"N{n}"), f"B-{n}"), 1) for n in range(5)])
        tx.commit()
    node.close()
    return aldova


def test_an_index_is_checked_and_rebuilt(comity: Run, stocked: Path):
    assert comity("index", "check", "--node", stocked).out == "records 5  entries 5  missing 0  surplus 0\n"
    node = Node(stocked)
    assert node.store.index.behind() == 0
    with node.store.index.leased() as environment:
        assert environment is not None
        with environment.writing() as families:
            Contents(families, environment.digests).set_many({1: None})
    node.close()
    said = comity("index", "check", "--node", stocked)
    assert said.status == 5
    assert "missing 2" in said.out
    assert "comity index rebuild" in said.err
    assert comity("index", "rebuild", "--node", stocked).out == "aldova: an index of 5 records\n"
    assert comity("index", "check", "--node", stocked).status == 0


def test_an_index_is_sealed_by_a_setting(comity: Run, stocked: Path):
    settings = stocked / FILE_NAME
    settings.write_text(settings.read_text() + "\n[index]\nencrypted = true\n")
    assert comity("index", "check", "--node", stocked).out == "records 5  entries 5  missing 0  surplus 0\n"
    assert (stocked / "keys" / "index.key").stat().st_mode & 0o777 == 0o600


def test_a_node_of_the_first_release_is_brought_to_this_one(comity: Run, aldova: Path):
    for file in aldova.glob("comity.sqlite3*"):
        file.unlink()
    shutil.rmtree(aldova / "index", ignore_errors=True)
    these = [with_version(record(document(f"N{n}"), f"B-{n}"), 1) for n in range(5)]
    made_by_the_first_release(f"sqlite:///{aldova / 'comity.sqlite3'}", these)
    refused = comity("index", "check", "--node", aldova)
    assert refused.status == 5
    assert "comity node upgrade" in refused.err
    assert "index: 5 records" in comity("node", "upgrade", aldova).out
    assert comity("index", "check", "--node", aldova).out == "records 5  entries 5  missing 0  surplus 0\n"
