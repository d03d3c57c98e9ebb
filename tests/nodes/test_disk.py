"""A disk that is full or read-only: nothing is answered that is not written down, and it goes on when it can."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from comity.domain.caller import Caller, Role
from comity.domain.errors import Unavailable
from comity.domain.lookup import Answer, DocumentQuery, LookupRequest
from comity.domain.purpose import Purpose
from comity.nodes.node import Node
from tests.nodes.conftest import made

ADA = Caller(
    account="account:ada", login="ada", bureau="aldova", country="XA", unit="border", roles=frozenset({Role.OFFICER})
)
MEGABYTES = 12
PAGE_BYTES = 4096


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own, of a few megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if os.geteuid() or _mount("-t", "tmpfs", "-o", f"size={MEGABYTES}m", "tmpfs", folder):
        pytest.skip("a file system can be mounted by root alone, and not in every container")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


def _mount(*words: object) -> int:
    return subprocess.run(["mount", *map(str, words)], capture_output=True, check=False).returncode


def asked(node: Node) -> Answer:
    query = DocumentQuery(country="XBE", number="QQ0000001")
    return node.lookups.ask(LookupRequest(query=query, purpose=Purpose.BORDER_CONTROL, case="T-1"), ADA)


def fill(disk: Path) -> Path:
    """To the last page."""
    filler = disk / "filler"
    file = os.open(filler, os.O_CREAT | os.O_WRONLY)
    try:
        while True:
            os.write(file, bytes(PAGE_BYTES))
    except OSError:
        return filler
    finally:
        os.close(file)


def readiness(node: Node) -> str:
    """What is told of the database; '' where it is ready."""
    try:
        return node._checks()["database"]()
    except Unavailable as refusal:
        return refusal.what


@pytest.mark.slow
def test_on_a_full_disk_nothing_is_answered_and_afterwards_all_is(disk: Path):
    made(disk / "aldova")
    node = Node(disk / "aldova")
    try:
        before = asked(node)
        filler, answers = fill(disk), [before]
        with pytest.raises(Unavailable, match=r"disk of this node is full.* free space"):
            for _ in range(100):  # pages that the database has already are still written
                answers.append(asked(node))
        with pytest.raises(Unavailable, match="disk of this node is full"):
            node.log.sign()
        assert "full" in readiness(node)
        filler.unlink()
        assert readiness(node) == ""
        answers.append(asked(node))
        node.log.sign()
        assert node.log.verify().size > 0
        receipts = [one.receipt for one in answers if one.receipt]
        with node.store.reading() as tx:
            assert [tx.journal.leaves(one.index, one.index + 1)[0].hex() for one in receipts] == [
                one.leaf for one in receipts
            ]
    finally:
        node.close()


@pytest.mark.slow
def test_a_node_on_a_read_only_disk_says_so_and_starts_when_it_can(disk: Path):
    made(disk / "aldova")
    Node(disk / "aldova").close()
    assert not _mount("-o", "remount,ro", disk)
    with pytest.raises(Unavailable, match=r"nothing can be written.*make .* writable"):
        asked(Node(disk / "aldova"))
    assert not _mount("-o", "remount,rw", disk)
    node = Node(disk / "aldova")
    assert asked(node).receipt
    node.close()
