"""The desk of the sealed post: one lane is never sealed twice at once."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from comity.desks.here import Here
from comity.desks.post import Post
from comity.domain.bureau import NodeRole
from comity.domain.caller import Caller
from comity.domain.errors import NotPermitted
from comity.domain.letter import Lane, Letter, LetterParked
from comity.domain.post import InPost
from comity.domain.sealed import Place, Route, Sealed
from comity.storage.database import Database
from comity.wire.evidence import write_evidence
from comity.wire.seal import digest
from tests.peers.conftest import empty_database, new_store  # noqa: F401
from tests.peers.federation import NOW, Clock, station


@pytest.fixture
def post(new_store: Callable[[str], Database]) -> Post:  # noqa: F811
    here = Here(node="aldova", role=NodeRole.BUREAU, country="XA", contact="")
    signer = station("aldova").signer
    nobody: object = None
    return Post(  # type: ignore[arg-type]
        here,
        new_store("aldova"),
        Clock(),
        nobody,
        nobody,
        nobody,
        nobody,
        lambda said: write_evidence(said, signer),
        nobody,
    )


def write(post: Post) -> Letter:
    with post.store.transaction() as tx:
        tx.outbox.send("bergenia", LetterParked(letter="l", unknown_kind="k"), NOW)
        tx.commit()
    with post.store.reading() as tx:
        return tx.outbox.several("bergenia", Lane.BULK, 100)[-1]


def under_seal(letter: Letter, box: bytes) -> InPost:
    route = Route(
        id=letter.id,
        sender="aldova",
        recipients=("bergenia",),
        ct_sha256=digest(box),
        ct_bytes=len(box),
        priority="routine",  # type: ignore[arg-type]
        traffic="letters",
        expires=NOW + timedelta(days=1),
    )
    return InPost(route=route, sealed=Sealed(route=b"signed", box=box))


def test_two_processes_that_seal_at_once_do_not_fork_a_lane(post: Post):
    letter = write(post)
    assert post.sealed([(letter, under_seal(letter, b"one"))], Place())
    assert not post.sealed([(letter, under_seal(letter, b"other"))], Place())
    later = write(post)
    assert not post.sealed([(later, under_seal(later, b"two"))], Place())
    with post.store.reading() as tx:
        assert [one.sealed.box for one in tx.sealed.undelivered()] == [b"one"]
        assert tx.outbox.several("bergenia", Lane.BULK, 10) == [later]


def test_only_people_of_the_duty_desk_clear_alarms(post: Post):
    nobody = Caller(account="a", login="ada", bureau="aldova", country="XA", unit="u", roles=frozenset())
    with pytest.raises(NotPermitted):
        post.clear("alarm", nobody)
