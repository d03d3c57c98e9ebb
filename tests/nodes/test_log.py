"""The journal as a log: signed once for each size, recomputed, proved entry by entry."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from comity.domain.errors import Conflict, Missing
from comity.domain.journal import Act
from comity.nodes.node import Node
from comity.nodes.run import _note
from comity.wire.canonical import unb64u
from comity.wire.checkpoint import verified_proof
from comity.wire.leaf import leaf_hash_of


@pytest.fixture
def node(aldova: Path, tmp_path: Path) -> Iterator[Node]:
    shutil.copytree(aldova, tmp_path / "aldova")
    opened = Node(tmp_path / "aldova")
    yield opened
    opened.close()


def test_a_size_is_signed_once_and_a_larger_one_anew(node: Node):
    first = node.log.sign()
    assert node.log.sign() == first == node.log.checkpoint()
    _note(node, Act.NODE_STARTED)
    assert node.log.sign().size == first.size + 1


def test_an_entry_is_proved_to_whoever_holds_its_opening(node: Node):
    _note(node, Act.NODE_STARTED)
    proof = node.log.prove(1)
    (opening,) = node.oversight.read(node.operator("ada"), after=0, limit=1)
    leaf = leaf_hash_of(opening.entry, unb64u(opening.salt))
    assert verified_proof(proof, leaf, node.log.origin, node.keys.node.public).size == 2


@pytest.mark.parametrize("index", [-1, 1, 99])
def test_an_entry_that_is_not_there_is_missing(node: Node, index: int):
    with pytest.raises(Missing, match="journal show"):
        node.log.prove(index)


def test_a_checkpoint_that_was_exchanged_is_found(node: Node, monkeypatch: pytest.MonkeyPatch):
    _note(node, Act.NODE_STARTED)
    node.log.sign()
    assert node.log.verify().signed_size == 2
    other = node.log.checkpoint()
    forged = other.__class__(origin=other.origin, size=other.size, root="00" * 32, note=other.note)
    monkeypatch.setattr("comity.storage.journal.Journal.checkpoint", lambda _: forged)
    monkeypatch.setattr("comity.nodes.log.faults", lambda _: iter(()))
    with pytest.raises(Conflict, match="evidence"):
        node.log.verify()
