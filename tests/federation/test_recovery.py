"""The drill: a bureau whose node is lost is brought back by two of three custodians, and every letter is opened."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from comity.domain.errors import Conflict, NotPermitted, Unauthenticated
from comity.domain.journal import Act
from comity.keys.custody import CustodianKeys
from comity.keys.recovery import begin, read_package, read_request, recovered, release
from comity.nodes.node import Node
from comity.nodes.preserved import restore
from comity.testing.federation import ALDOVA, BERGENIA, HUB, Federation
from comity.wire.age import Recipient, decrypt, encrypt
from comity.wire.signing_request import contribution, write
from tests.federation.post_cast import arrived
from tests.federation.post_cast import write as write_letter
from tests.keys.custodians import keys_of

PEOPLE = {name: keys_of(name) for name in ("anna", "boris", "clara", "doris")}


@pytest.fixture
def federation(founded: Path, tmp_path: Path) -> Iterator[Federation]:
    shutil.copytree(founded, tmp_path / "federation")
    safe = tmp_path / "safe"
    settings = tmp_path / "federation" / BERGENIA / "comity.toml"
    settings.write_text(settings.read_text() + f'\n[keys]\nrecovery_folder = "{safe}"\n')
    opened = Federation(tmp_path / "federation")
    opened.publish_keys()
    yield opened
    opened.close()


def signatures(node: Node, *names: str) -> list[bytes]:
    """The request goes round; each signs on their own."""
    request = node.own_keys.documents.request()
    assert request is not None
    return [write(contribution(request, name, PEOPLE[name].signer)) for name in names]


def handed_over(federation: Federation, cards: tuple[str, ...], *signers: str) -> None:
    """A new root for those custodians, then the key manifest that they sign."""
    node = federation[BERGENIA]
    federation.time.pass_by(minutes=1)
    node.own_keys.hand_over([PEOPLE[name].card for name in cards], 2)
    node.own_keys.gather(signatures(node, *signers))
    federation.time.pass_by(minutes=1)
    node.own_keys.gather(signatures(node, *cards[:2]))
    federation.publish_keys()


def sealed(federation: Federation, text: bytes) -> bytes:
    """A letter that waits for Bergenia at the hub."""
    return encrypt(text, [federation[ALDOVA].key_book.recipient_of(BERGENIA, federation.time())])


def package_in(tmp_path: Path):
    return read_package((tmp_path / "safe" / "bergenia.recovery.json").read_bytes())


def released(package, request: bytes, *people: CustodianKeys) -> list[bytes]:
    asked = read_request(request)
    return [release(package, asked, one, Recipient.parse(asked.recipient).key_id) for one in people]


def brought_back(federation: Federation, folder: Path) -> Node:
    node = Node(folder, line=federation.line, clock=federation.time)
    federation.nodes[BERGENIA] = node
    federation.line.doors[BERGENIA] = node.federation_door
    return node


def test_the_drill_node_destroyed_recovered_by_two_of_three_nothing_lost(federation: Federation, tmp_path: Path):
    folder = tmp_path / "federation" / BERGENIA
    waiting = {text: sealed(federation, text) for text in (b"before the ceremony",)}
    handed_over(federation, ("anna", "boris", "clara"), "anna", "boris")
    waiting[b"under three custodians"] = sealed(federation, b"under three custodians")
    handed_over(federation, ("anna", "clara", "doris"), "boris", "clara", "doris")  # Boris leaves, Doris comes
    waiting[b"after the change of staff"] = sealed(federation, b"after the change of staff")

    federation[BERGENIA].close()
    shutil.rmtree(folder)
    package = package_in(tmp_path)
    once, request = begin(package)
    with pytest.raises(NotPermitted):
        released(package, request, PEOPLE["boris"])
    files = recovered(package, once, released(package, request, PEOPLE["clara"], PEOPLE["doris"]))
    assert restore(folder, files, federation.time(), "operator:test") == BERGENIA

    node = brought_back(federation, folder)
    identities = node.own_keys.epochs.identities(federation.time())
    assert {text: decrypt(letter, identities) for text, letter in waiting.items()} == {text: text for text in waiting}
    node.follower.follow_once()
    federation.publish_keys()
    assert decrypt(sealed(federation, b"and on it goes"), identities) == b"and on it goes"
    assert node.fingerprint == federation[HUB].directory().member(BERGENIA).fingerprint  # type: ignore[union-attr]
    assert federation.journal(BERGENIA)[0].act is Act.KEYS_RECOVERED


def test_after_the_ceremony_no_root_key_is_left_on_the_machine(federation: Federation, tmp_path: Path):
    keys = tmp_path / "federation" / BERGENIA / "keys"
    root = (keys / "root.json").read_bytes()
    handed_over(federation, ("anna", "boris", "clara"), "anna", "boris")
    assert not (keys / "root.json").exists()
    everything = b"".join(file.read_bytes() for file in keys.rglob("*") if file.is_file())
    assert root not in everything
    founder = read_package((keys / "founder.json").read_bytes())
    once, request = begin(founder)
    files = recovered(founder, once, released(founder, request, PEOPLE["boris"], PEOPLE["clara"]))
    assert files == {"keys/root.json": root}
    chain = federation[ALDOVA].key_book.chain_of(BERGENIA)
    assert chain is not None
    assert (chain.root.threshold, len(chain.root.custodians)) == (2, 3)


def test_one_custodian_alone_signs_nothing_for_the_bureau(federation: Federation):
    handed_over(federation, ("anna", "boris", "clara"), "anna", "boris")
    node = federation[BERGENIA]
    federation.time.pass_by(minutes=1)
    node.own_keys.rotate()
    with pytest.raises(Unauthenticated, match="2 must"):
        node.own_keys.gather(signatures(node, "clara"))
    with pytest.raises(Conflict, match="twice"):
        node.own_keys.gather(signatures(node, "clara", "clara"))
    version = node.own_keys.gather(signatures(node, "clara", "boris")).manifest
    assert version is not None
    assert version.version == 3


def test_while_the_custodians_wait_the_node_says_so_and_goes_on(federation: Federation):
    handed_over(federation, ("anna", "boris", "clara"), "anna", "boris")
    node = federation[BERGENIA]
    assert node.own_keys.advice() == ""
    for _ in range(6):
        federation.time.pass_by(days=6)
        federation[HUB].members.refresh()
        federation.follow()
        federation.publish_keys()
    assert "custodians must sign" in node.own_keys.advice()
    assert node.own_keys.failing() == ""
    assert decrypt(sealed(federation, b"still"), node.own_keys.epochs.identities(federation.time())) == b"still"
    node.own_keys.gather(signatures(node, "boris", "clara"))
    federation.publish_keys()
    assert node.own_keys.advice() == ""
    manifest = federation[ALDOVA].key_book.manifest_of(BERGENIA, federation.time())
    assert manifest.version == 3


@pytest.mark.parametrize("with_database", [True, False], ids=["database from its backup", "database lost too"])
def test_real_letters_that_waited_at_the_hub_are_opened_by_the_node_that_was_brought_back(
    federation: Federation, tmp_path: Path, with_database: bool
):
    folder, backup = tmp_path / "federation" / BERGENIA, tmp_path / "backup"
    handed_over(federation, ("anna", "boris", "clara"), "anna", "boris")
    texts = [f"letter {number}" for number in range(5)]
    for text in texts:
        write_letter(federation, text)
    federation[ALDOVA].sealed_courier.bring()
    assert federation[HUB].postroom.depths() == {BERGENIA: 5}

    federation[BERGENIA].close()
    backup.mkdir()
    shutil.copy(folder / "comity.sqlite3", backup)
    shutil.rmtree(folder)
    if with_database:
        shutil.copytree(backup, folder)
    package = package_in(tmp_path)
    once, request = begin(package)
    files = recovered(package, once, released(package, request, PEOPLE["anna"], PEOPLE["clara"]))
    restore(folder, files, federation.time(), "operator:test")
    node = brought_back(federation, folder)
    node.follower.follow_once()
    federation.publish_keys()
    federation.post()
    assert arrived(federation) == texts
    assert federation[HUB].postroom.depths() == {}
