"""The shelf of members: the directory only moves forward, and a hub is joined once."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from comity.domain.bureau import Directory, Manifest, Member, NodeRole
from comity.domain.errors import Conflict
from comity.storage.database import Database
from tests.shelves.samples import NOW


def directory(version: int, *nodes: str) -> Directory:
    members = tuple(Member(manifest=manifest(node), signed_manifest="signed", fingerprint="ABCD") for node in nodes)
    return Directory(
        hub="hub",
        version=version,
        previous="",
        issued_at="2031-07-09T08:30:00+00:00",
        expires_at="2031-07-16T08:30:00+00:00",
        members=members,
    )


def manifest(node: str) -> Manifest:
    return Manifest(
        node=node,
        name=node.title(),
        role=NodeRole.BUREAU,
        country="",
        version=1,
        issued_at="2031-07-09T08:30:00+00:00",
        address="https://127.0.0.1:1",
        contact="duty desk",
        root_ed25519="",
        root_mldsa87="",
        node_ed25519="",
        node_mldsa65="",
        tls_certificate="",
    )


def put(store: Database, one: Directory, signed: bytes) -> None:
    with store.transaction() as tx:
        tx.members.put(one, signed)
        tx.commit()


def test_the_newest_directory_is_the_one_held_by_every_process(opened: Callable[[str], Database]):
    node, command = opened("bergenia/disclosures"), opened("bergenia/disclosures")
    for version, nodes in ((1, ("aldova",)), (2, ("aldova", "corvia")), (7, ())):
        put(command, directory(version, *nodes), b"signed %d" % version)
        for _ in range(2):
            with node.reading() as tx:
                assert tx.members.directory() == directory(version, *nodes)
                assert tx.members.signed() == b"signed %d" % version


def test_a_directory_that_was_not_committed_is_not_remembered(store: Database):
    with store.transaction() as tx:
        tx.members.put(directory(1, "corvia"), b"signed 1 with Corvia")
        assert tx.members.directory() == directory(1, "corvia")
    with store.reading() as tx:
        assert (tx.members.directory(), tx.members.signed()) == (None, b"")
    put(store, directory(1, "aldova"), b"signed 1 with Aldova")
    with store.reading() as tx:
        assert tx.members.directory() == directory(1, "aldova")


def test_a_transaction_sees_the_directory_that_it_put_itself(store: Database):
    with store.transaction() as tx:
        assert tx.members.directory() is None
        tx.members.put(directory(1, "aldova"), b"signed 1")
        assert tx.members.directory() == directory(1, "aldova")


@pytest.mark.parametrize("version", [4, 5])
def test_a_directory_does_not_go_back(store: Database, version: int):
    put(store, directory(5), b"signed 5")
    with pytest.raises(Conflict, match="not newer than 5"):
        put(store, directory(version, "corvia"), b"signed again")
    with store.reading() as tx:
        assert tx.members.directory() == directory(5)


def test_an_invitation_is_open_until_it_is_closed(store: Database):
    until = NOW + timedelta(days=14)
    with store.transaction() as tx:
        tx.members.invite("corvia", "digest-1", NOW)
        tx.members.invite("corvia", "digest-2", until)
        tx.members.invite("aldova", "digest-3", until)
        assert tx.members.invitation("corvia") == ("digest-2", until)
        assert tx.members.invitations() == [("aldova", until), ("corvia", until)]
        tx.members.close_invitation("corvia")
        assert tx.members.invitation("corvia") is None
        assert tx.members.invitations() == [("aldova", until)]


def test_a_bureau_joins_one_hub(store: Database):
    with store.transaction() as tx:
        assert tx.members.hub() is None
        tx.members.pin_hub("hub", "ABCD", "manifest 1")
        tx.members.pin_hub("hub", "ABCD", "manifest 2")
        assert tx.members.hub() == ("hub", "ABCD", "manifest 2")
        for other in (("hub", "EFGH"), ("other-hub", "ABCD")):
            with pytest.raises(Conflict, match="has joined hub already"):
                tx.members.pin_hub(*other, "manifest 3")
