"""The keys of a federation: published, copied by everybody, changed week by week, revoked, refused when old."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from comity.domain.bureau import Standing
from comity.domain.errors import Missing, NotPermitted, Unauthenticated, Unavailable
from comity.domain.journal import Act
from comity.domain.keys import Revocation
from comity.nodes.key_log import key_origin
from comity.nodes.node import Node
from comity.testing.federation import ALDOVA, BERGENIA, CORVIA, HUB, Federation
from comity.wire.age import decrypt, encrypt
from comity.wire.checkpoint import write
from comity.wire.key_page import KeyPage, read_page, write_page
from comity.wire.manifest import node_pair
from comity.wire.merkle import leaf_hash, root_of

BUREAUS = (ALDOVA, BERGENIA, CORVIA)


@pytest.fixture(scope="session")
def published(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Everybody has published keys, and holds everybody's."""
    folder = tmp_path_factory.mktemp("published") / "federation"
    shutil.copytree(founded, folder)
    federation = Federation(folder)
    federation.publish_keys()
    federation.close()
    return folder


@pytest.fixture
def federation(published: Path, tmp_path: Path) -> Iterator[Federation]:
    shutil.copytree(published, tmp_path / "federation")
    opened = Federation(tmp_path / "federation")
    opened.publish_keys()
    yield opened
    opened.close()


def sealed_to(federation: Federation, sender: str, recipient: str, text: bytes = b"eyes only") -> bytes:
    return encrypt(text, [federation[sender].key_book.recipient_of(recipient, federation.time())])


def opened(federation: Federation, recipient: str, sealed: bytes) -> bytes:
    return decrypt(sealed, federation[recipient].own_keys.epochs.identities(federation.time()))


def days_pass(federation: Federation, days: int) -> None:
    """With a live hub: everybody follows, every few days."""
    while days > 0:
        federation.time.pass_by(days=min(days, 6))
        days -= 6
        federation[HUB].members.refresh()
        federation.follow()
        federation.publish_keys()


def log_of(node: Node) -> list[bytes]:
    with node.store.reading() as tx:
        return tx.key_log.entries(0, 1000)


def test_everybody_holds_the_whole_log_and_seals_to_everybody(federation: Federation):
    assert {name: log_of(federation[name]) for name in BUREAUS} == dict.fromkeys(BUREAUS, log_of(federation[HUB]))
    assert len(log_of(federation[HUB])) == 8
    for sender in BUREAUS:
        for recipient in (*BUREAUS, HUB):
            assert opened(federation, recipient, sealed_to(federation, sender, recipient)) == b"eyes only"


def test_nothing_is_published_twice_or_asked_for_again(federation: Federation):
    federation.publish_keys()
    assert len(log_of(federation[HUB])) == 8
    assert federation.journal(ALDOVA)[-1].act is not Act.KEYS_SIGNED


def test_keys_change_week_by_week_and_those_that_are_over_are_destroyed(federation: Federation):
    sealed = sealed_to(federation, ALDOVA, BERGENIA)
    days_pass(federation, 10)
    assert opened(federation, BERGENIA, sealed) == b"eyes only"
    newer = sealed_to(federation, ALDOVA, BERGENIA)
    days_pass(federation, 14)
    with pytest.raises(Missing):
        opened(federation, BERGENIA, sealed)
    assert opened(federation, BERGENIA, newer) == b"eyes only"
    destroyed = [one.subject for one in federation.journal(BERGENIA) if one.act is Act.KEYS_DESTROYED]
    assert destroyed


def test_the_next_manifest_is_signed_and_published_in_time(federation: Federation):
    days_pass(federation, 36)
    manifest = federation[ALDOVA].key_book.manifest_of(BERGENIA, federation.time())
    assert manifest.version == 2
    assert manifest.epochs[-1].ends_at - federation.time() > timedelta(weeks=7)
    assert opened(federation, BERGENIA, sealed_to(federation, ALDOVA, BERGENIA)) == b"eyes only"


def test_a_copy_that_the_hub_has_not_confirmed_within_the_hour_is_not_used(federation: Federation):
    federation.time.pass_by(minutes=59)
    sealed_to(federation, ALDOVA, BERGENIA)
    federation.time.pass_by(minutes=2)
    for use in ("recipient_of", "signer_of"):
        with pytest.raises(Unavailable, match="not confirmed"):
            getattr(federation[ALDOVA].key_book, use)(BERGENIA, federation.time())
    federation[ALDOVA].tend_keys()
    assert opened(federation, BERGENIA, sealed_to(federation, ALDOVA, BERGENIA)) == b"eyes only"


def test_a_bureau_that_signs_no_more_is_sealed_to_no_more(federation: Federation):
    """Its last manifest ends by itself: an old one cannot be kept alive by whoever holds the new one back."""
    federation[BERGENIA].own_keys.tend = lambda: None  # type: ignore[method-assign]
    days_pass(federation, 57)
    with pytest.raises(Unavailable, match="expired"):
        sealed_to(federation, ALDOVA, BERGENIA)


def test_a_revoked_epoch_key_is_replaced_everywhere(federation: Federation):
    before = federation[ALDOVA].key_book.recipient_of(BERGENIA, federation.time())
    sealed = encrypt(b"on its way", [before])
    federation.time.pass_by(minutes=1)
    stolen = Revocation(kid=before.key_id, since=federation.time(), reason="the backup was stolen")
    federation[BERGENIA].own_keys.rotate((stolen,))
    federation.publish_keys()
    assert federation[ALDOVA].key_book.recipient_of(BERGENIA, federation.time()) != before
    assert opened(federation, BERGENIA, sealed) == b"on its way"


def test_whose_node_keys_are_revoked_is_turned_away_everywhere(federation: Federation):
    """Corvia's custodians stop a stolen machine, before there is a new one."""
    corvia = federation[CORVIA]
    federation.time.pass_by(minutes=1)
    kid = node_pair(corvia.manifest).key_ids[0]
    corvia.own_keys.rotate((Revocation(kid=kid, since=federation.time(), reason="the machine was stolen"),))
    with pytest.raises(NotPermitted, match="stolen"):
        corvia.tend_keys()  # it publishes, and is turned away from then on
    for name in (ALDOVA, BERGENIA):
        federation[name].tend_keys()
    for name in (HUB, ALDOVA, BERGENIA):
        directory = federation[name].directory()
        assert directory is not None
        member = directory.member(CORVIA)
        assert member is not None
        assert member.stands(federation.time().date()) is Standing.SUSPENDED
        assert "the machine was stolen" in member.reason
        with pytest.raises(Unauthenticated, match="revoked its node keys"):
            federation[name].key_book.signer_of(CORVIA, federation.time())


def test_an_epoch_key_that_is_revoked_is_not_sealed_to(federation: Federation, monkeypatch: pytest.MonkeyPatch):
    """Also where a release of the future lists it."""
    book, now = federation[ALDOVA].key_book, federation.time()
    manifest = book.manifest_of(BERGENIA, now)
    kid = book.recipient_of(BERGENIA, now).key_id
    revoked = msgspec.structs.replace(manifest, revocations=(Revocation(kid=kid, since=now, reason="stolen"),))
    monkeypatch.setattr(book, "manifest_of", lambda node, at: revoked)
    with pytest.raises(Unavailable, match="revoked its key of this week"):
        book.recipient_of(BERGENIA, now)


def test_nobody_publishes_keys_of_another(federation: Federation):
    documents = federation[BERGENIA].own_keys.documents.every()
    with pytest.raises(NotPermitted, match="cannot publish keys of bergenia"):
        federation[CORVIA].key_follower.publish(documents[:1])


def test_a_bureau_keeps_no_log_for_others(federation: Federation):
    directory = federation[ALDOVA].directory()
    assert directory is not None
    bergenia = directory.member(BERGENIA)
    assert bergenia is not None
    with pytest.raises(Missing, match="keeps no log"):
        federation[ALDOVA].exchange.get(bergenia, f"/federation/v1/keys?after=0&root={'0' * 64}", 10, 1000)


def test_a_node_restarted_reads_its_own_keys_again(federation: Federation, tmp_path: Path):
    sealed = sealed_to(federation, ALDOVA, BERGENIA)
    again = Node(tmp_path / "federation" / BERGENIA, line=federation.line, clock=federation.time)
    assert decrypt(sealed, again.own_keys.epochs.identities(federation.time())) == b"eyes only"
    assert again.own_keys.documents.every() == federation[BERGENIA].own_keys.documents.every()
    again.close()


def test_a_hub_that_forks_its_log_is_found_out_and_both_its_signatures_are_kept(federation: Federation):
    """Shown to Aldova alone: a log of the same size with another entry at its end."""
    hub, aldova = federation[HUB], federation[ALDOVA]
    page = read_page(hub.key_log.page(0, "") or b"")
    forked = [*page.entries[:-1], page.entries[-2]]
    root = root_of([leaf_hash(one.encode()) for one in forked])
    note = write(key_origin(HUB), len(forked), root, hub.keys.node, key_origin(HUB))
    lie = write_page(KeyPage(entries=(), note=note))
    hub.key_log.page = lambda after, root: lie  # type: ignore[method-assign]
    before = log_of(aldova)
    for _ in range(2):
        with pytest.raises(Unauthenticated, match="another one than is held"):
            aldova.key_follower.follow_once()
    refused = [one for one in federation.journal(ALDOVA) if one.act is Act.KEYS_REFUSED]
    assert len(refused) == 1  # noted once, however often it is shown
    assert (refused[0].details["shown"], refused[0].details["held"]) == (note, page.note)
    assert log_of(aldova) == before
    federation.time.pass_by(minutes=61)
    with pytest.raises(Unavailable, match="not confirmed"):
        sealed_to(federation, ALDOVA, BERGENIA)
