"""A node gets new signing keys, certificate and address, and nobody notices; old and new hold for an overlap."""

import pytest
from msgspec.structs import replace

from comity.domain import limits
from comity.domain.bureau import Manifest
from comity.domain.errors import Conflict, NotPermitted, Refusal
from comity.domain.journal import Act
from comity.domain.keys import Revocation
from comity.keys.rolling import RollingSigner
from comity.nodes.node import Node
from comity.nodes.renewal import carry_through, prepare
from comity.peers.follower import MANIFESTS
from comity.testing.federation import ALDOVA, BERGENIA, CORVIA, HUB, Federation
from comity.wire.manifest import node_pair, signed_manifest
from tests.desks.casework import mail_at, opened, sent
from tests.desks.cast import STOLEN

NEW_ADDRESS = "https://127.0.0.1:7799"


def prepared(federation: Federation, name: str, address: str = "") -> Manifest:
    node = federation[name]
    return prepare(node.folder, node.settings, node.manifest, node.keys.root, address, federation.time())


def listed(federation: Federation, name: str) -> None:
    """The hub has it; nobody follows yet."""
    federation[name].tend_renewal()


def used(federation: Federation, name: str, **settles: float) -> None:
    federation[name].tend_renewal()  # sees that it is listed
    federation.time.pass_by(**settles or {"seconds": limits.RENEWAL_SETTLES_SECONDS})
    federation[name].tend_renewal()


def of(federation: Federation, at: str, name: str) -> Manifest:
    directory = federation[at].directory()
    assert directory is not None
    member = directory.member(name)
    assert member is not None
    return member.manifest


def everyone_writes(federation: Federation, number: int) -> None:
    """Letters, evidence, questions both ways."""
    for login, to in (("ada", BERGENIA), ("ben", ALDOVA)):
        mail = sent(federation, opened(federation, login, number=f"{login}-{number}"), login, to=(to,))
        assert mail_at(federation, to, mail.id) is not None
    assert federation.answer_of(BERGENIA, federation.ask("ada", STOLEN)).outcome != "silent"
    assert not any(node.post.alarms() for node in federation.nodes.values() if not node.here.is_hub)


def test_a_bureau_changes_keys_certificate_and_address_and_nobody_notices(federation: Federation):
    old = federation[BERGENIA].manifest
    after = prepared(federation, BERGENIA, NEW_ADDRESS)
    assert node_pair(after) != node_pair(old)
    assert after.tls_certificate != old.tls_certificate
    listed(federation, BERGENIA)
    federation[ALDOVA].follower.follow_once()  # the others know only what was
    assert of(federation, ALDOVA, BERGENIA) == after
    assert of(federation, CORVIA, BERGENIA) == old
    everyone_writes(federation, 1)  # Bergenia still signs with the old ones, Aldova asks at the new address
    federation[BERGENIA].follower.follow_once()
    used(federation, BERGENIA)
    assert federation[BERGENIA].manifest == after
    assert federation[BERGENIA].keys.node.public == node_pair(after)
    assert Act.KEYS_RENEWED in [one.act for one in federation.journal(BERGENIA)]
    everyone_writes(federation, 2)
    federation.follow()
    federation.publish_keys()
    chain = federation[ALDOVA].key_book.chain_of(BERGENIA)
    assert chain is not None
    assert chain.manifest is not None
    assert chain.manifest.manifest_version == after.version
    everyone_writes(federation, 3)
    federation[BERGENIA].close()
    federation.nodes[BERGENIA] = again = Node(federation[BERGENIA].folder, line=federation.line, clock=federation.time)
    federation.line.doors[BERGENIA] = again.federation_door
    again.proofs.rules = federation[ALDOVA].proofs.rules
    assert again.log.verify().size
    everyone_writes(federation, 4)


def test_a_hub_changes_its_keys_once_nobody_can_hold_a_directory_without_them(federation: Federation):
    old, after = federation[HUB].manifest, prepared(federation, HUB)
    listed(federation, HUB)
    federation.follow()
    used(federation, HUB)
    assert federation[HUB].manifest == old
    everyone_writes(federation, 1)
    for _ in range(limits.DIRECTORY_DAYS_MAX):
        federation.time.pass_by(days=1)
        federation.follow()
    federation[HUB].tend_renewal()
    assert federation[HUB].manifest == after
    federation.follow()
    federation.publish_keys()
    everyone_writes(federation, 2)


def test_a_letter_that_was_under_way_for_a_month_is_believed_and_later_ones_by_old_keys_are_not(
    federation: Federation,
):
    old = RollingSigner(federation[BERGENIA].keys.node.now)
    prepared(federation, BERGENIA)
    listed(federation, BERGENIA)
    federation.follow()
    used(federation, BERGENIA)
    member = federation[ALDOVA].directory().member(BERGENIA)  # type: ignore[union-attr]
    assert [one.manifest.version for one in member.earlier] == [1]
    ring = federation[ALDOVA].federation_door.keys
    assert ring.at(federation.time()).find(old.public.key_ids[0]) is not None
    for _ in range(5):
        federation.time.pass_by(days=limits.KEYS_OVERLAP_DAYS / 5)
        federation.follow()
    assert ring.at(federation.time()).find(old.public.key_ids[0]) is not None
    federation.time.pass_by(days=1)
    federation.follow()
    assert ring.at(federation.time()).find(old.public.key_ids[0]) is None


def test_old_keys_that_were_stolen_hold_no_longer(federation: Federation):
    bergenia, old = federation[BERGENIA], federation[BERGENIA].keys.node.public
    prepared(federation, BERGENIA)
    listed(federation, BERGENIA)
    federation.follow()
    used(federation, BERGENIA)
    ring = federation[ALDOVA].federation_door.keys
    assert ring.at(federation.time()).find(old.key_ids[0]) is not None
    from_now = bergenia.own_keys.rotate((_revocation(federation, old.key_ids[0]),))
    assert from_now.revocations
    federation.publish_keys()
    assert ring.at(federation.time()).find(old.key_ids[0]) is None
    assert federation[ALDOVA].directory().member(BERGENIA).standing == "active"  # type: ignore[union-attr]


def test_a_node_that_stopped_in_the_middle_goes_on_with_what_is_new(federation: Federation):
    after = prepared(federation, CORVIA)
    folder = federation[CORVIA].folder
    (folder / "keys" / "next" / "switch").touch()
    (folder / "keys" / "node.json").unlink()
    assert carry_through(folder)
    assert not carry_through(folder)
    federation[CORVIA].close()
    federation.nodes[CORVIA] = Node(folder, line=federation.line, clock=federation.time)
    assert federation[CORVIA].manifest == after


def test_nobody_renews_another_or_by_another_root_or_goes_back(federation: Federation):
    hub, bergenia, corvia = federation[HUB], federation[BERGENIA], federation[CORVIA]
    after = prepared(federation, BERGENIA)
    signed = signed_manifest(after, bergenia.keys.root)
    with pytest.raises(Refusal, match="brings its own manifest"):
        corvia.exchange.post(hub_of(federation, CORVIA), MANIFESTS, signed.encode(), 10, 10_000)
    ours = replace(after, root_ed25519=corvia.manifest.root_ed25519, root_mldsa87=corvia.manifest.root_mldsa87)
    with pytest.raises(NotPermitted, match="root keys"):
        hub.members.renew(ours, signed_manifest(ours, corvia.keys.root), corvia.fingerprint)
    with pytest.raises(NotPermitted, match="stays what it is"):
        hub.members.renew(replace(after, country="XC"), "-", bergenia.fingerprint)
    with pytest.raises(Conflict, match="not newer"):
        hub.members.renew(replace(after, version=1), "-", bergenia.fingerprint)
    bergenia.keys = replace(bergenia.keys, root=None)
    with pytest.raises(Conflict, match="founding root key"):
        prepared(federation, BERGENIA)


def hub_of(federation: Federation, name: str):
    return federation[name].directory().member(HUB)  # type: ignore[union-attr]


def _revocation(federation: Federation, kid: str):
    return Revocation(kid=kid, since=federation.time(), reason="the old machine was stolen")
