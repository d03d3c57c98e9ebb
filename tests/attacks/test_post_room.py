"""Attacks on the post room by members: nobody brings, ends or reads another's letters, or speaks for another."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import msgspec
import pytest
from msgspec import Raw

from comity.desks.here import Here
from comity.desks.postroom import PostRoom
from comity.domain import limits
from comity.domain.bureau import NodeRole
from comity.domain.errors import Invalid, NotPermitted, Refusal, TooLarge, Unauthenticated
from comity.domain.evidence import Concerned, Evidence, Step
from comity.domain.mail import Urgency
from comity.domain.post import Collection
from comity.domain.sealed import Manifest, Sealed
from comity.storage.database import Database
from comity.web.federation.post import Collections, Submissions
from comity.wire.age import Identity
from comity.wire.collection import (
    read_collected,
    read_letters,
    read_taken,
    write_collection,
    write_letters,
)
from comity.wire.evidence import read_evidence, write_evidence
from comity.wire.http import Request
from comity.wire.pieces import join, split
from comity.wire.seal import digest, seal
from tests.peers.conftest import empty_database, new_store  # noqa: F401
from tests.peers.federation import NOW, Clock, Station, station
from tests.peers.federation import directory as directory_of

ALDOVA, BERGENIA, CORVIA, HUB = (station(name) for name in ("aldova", "bergenia", "corvia", "hub"))
KEY = Identity(b"k" * 32)


class Room:
    """The hub's two addresses with everything behind them real."""

    def __init__(self, store: Database) -> None:
        self.store, self.clock = store, Clock()
        with store.transaction() as tx:
            tx.members.put(directory_of(), b"signed")
            tx.commit()
        here = Here(node="hub", role=NodeRole.HUB, country="", contact="")
        self.desk = PostRoom(here, store, self.clock, lambda said: write_evidence(said, HUB.signer))
        self.submissions, self.collections = Submissions(self.desk), Collections("hub", self.desk)

    def bring(self, by: Station, *letters: Sealed) -> tuple[int, list[str]]:
        """(letters that the hub signed for, codes of those refused)."""
        body = write_letters(letters)
        taken = read_taken(self.submissions(request(body), by.member, lambda tx: None).body)
        proofs = [read_evidence(piece, lambda _: HUB.signer.public, "hub") for piece in taken.relayed]
        return sum(len(proof.evidence.letters) for proof in proofs), [one.code for one in taken.refused]

    def fetch(self, by: Station, *evidence: bytes) -> list[Sealed]:
        body = write_collection(Collection(evidence=evidence))
        return list(read_collected(self.collections(request(body), by.member, lambda tx: None).body).letters)


@pytest.fixture
def room(new_store: Callable[[str], Database]) -> Room:  # noqa: F811
    return Room(new_store("hub"))


def request(body: bytes) -> Request:
    return Request(method="POST", authority="hub.example:8443", target="/federation/v1/post", headers={}, body=body)


def letter(number: int = 1, sender: Station = ALDOVA, to: str = "bergenia", text: str = "words") -> Sealed:
    manifest = Manifest(
        id=f"letter-{number}",
        sender=sender.name,
        recipients=(to,),
        seq={to: number},
        prev={to: "" if number == 1 else "a" * 64},
        created=NOW,
        expires=NOW + timedelta(days=5),
        purpose=None,
        basis=(),
        handling=(),
        body=Raw(msgspec.json.encode({"text": text})),
    )
    return seal(manifest, sender.signer, {to: KEY.recipient}, Urgency.ROUTINE)


def said(step: Step, by: Station, sealed: Sealed, recipient: str = "bergenia", sender: str = "aldova") -> bytes:
    concerned = Concerned(letter="letter-1", recipient=recipient, digest=digest(sealed.box))
    evidence = Evidence(step=step, by=by.name, sender=sender, at=NOW, letters=(concerned,))
    return write_evidence(evidence, by.signer).signed


def test_an_honest_letter_goes_through(room: Room):
    sealed = letter()
    assert room.bring(ALDOVA, sealed) == (1, [])
    assert room.fetch(BERGENIA) == [sealed]
    assert room.fetch(BERGENIA, said(Step.DELIVERED, BERGENIA, sealed)) == []


def test_a_member_cannot_bring_another_s_letter(room: Room):
    with pytest.raises(Unauthenticated):
        room.bring(CORVIA, letter())


def test_a_letter_whose_box_was_exchanged_is_not_taken(room: Room):
    with pytest.raises(Unauthenticated):
        room.bring(ALDOVA, Sealed(route=letter().route, box=letter(text="others").box))


def test_other_bytes_under_an_id_are_refused_and_noted(room: Room):
    first = letter()
    room.bring(ALDOVA, first)
    assert room.bring(ALDOVA, letter(text="others")) == (0, ["conflict"])
    assert room.fetch(BERGENIA) == [first]
    with room.store.reading() as tx:
        assert [(one.wrong, one.sender) for one in tx.alarms.every().values()] == [("conflicting", "aldova")]


def test_an_id_that_stands_twice_in_one_request_is_one_letter(room: Room):
    first = letter()
    assert room.bring(ALDOVA, first, letter(text="others"), letter(2)) == (1, ["conflict", "unavailable"])
    assert room.fetch(BERGENIA) == [first]
    again = letter(sender=CORVIA)
    assert room.bring(CORVIA, again, again) == (1, [])
    assert room.fetch(BERGENIA) == [first, again]


def test_the_same_bytes_again_are_signed_for_again_and_queued_once(room: Room):
    sealed = letter()
    assert room.bring(ALDOVA, sealed) == room.bring(ALDOVA, sealed) == (1, [])
    assert room.fetch(BERGENIA) == [sealed]


def test_a_letter_to_nobody_or_to_the_hub_is_refused_and_holds_back_only_its_lane(room: Room):
    letters = [letter(1, to="nobody"), letter(2, to="nobody"), letter(3, to="hub"), letter(4)]
    assert room.bring(ALDOVA, *letters) == (1, ["missing", "unavailable", "missing"])


def test_a_member_cannot_fill_the_hub(room: Room, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(limits, "POST_LETTERS_PER_MEMBER_MAX", 2)
    assert room.bring(ALDOVA, letter(1), letter(2), letter(3)) == (2, ["too-large"])
    assert room.bring(CORVIA, letter(1, CORVIA)) == (1, [])
    monkeypatch.setattr(limits, "POST_BYTES_PER_MEMBER_MAX", 10)
    assert room.bring(BERGENIA, letter(1, BERGENIA, "corvia")) == (0, ["too-large"])


def test_nobody_fetches_another_s_letters(room: Room):
    room.bring(ALDOVA, letter())
    assert room.fetch(CORVIA) == room.fetch(ALDOVA) == []


def test_nobody_ends_another_s_letter(room: Room):
    sealed = letter()
    room.bring(ALDOVA, sealed)
    for evidence in (
        said(Step.DELIVERED, BERGENIA, sealed),  # Bergenia's own, brought by Corvia
        said(Step.DELIVERED, CORVIA, sealed),  # Corvia's, of a letter to Bergenia
        said(Step.RELAYED, CORVIA, sealed),
        said(Step.SUBMITTED, CORVIA, sealed, sender="corvia"),
    ):
        with pytest.raises((Unauthenticated, NotPermitted)):
            room.fetch(CORVIA, evidence)
    room.fetch(CORVIA, said(Step.DELIVERED, CORVIA, sealed, recipient="corvia"))
    assert room.fetch(BERGENIA) == [sealed]
    with room.store.reading() as tx:
        assert [one.wrong for one in tx.alarms.every().values()] == ["invented"]


@pytest.mark.parametrize("cut", [1, 3, 5])
def test_a_body_that_ends_within_a_piece_is_refused(cut: int):
    with pytest.raises(Invalid):
        split(join([b"one", b"two"])[:-cut], 10)


def test_too_many_pieces_and_half_a_letter_are_refused():
    with pytest.raises(TooLarge):
        split(join([b"x"] * 11), 10)
    with pytest.raises(Invalid):
        read_letters(join([b"route"]))
    with pytest.raises(TooLarge):
        read_letters(join([b"x"] * (2 * limits.POST_LETTERS_PER_REQUEST_MAX + 2)))
    for read in (read_taken, partial(read_collected)):
        with pytest.raises(Refusal):
            read(b"")


def test_pieces_come_out_as_they_went_in():
    pieces = [b"", b"one", bytes(range(256)) * 300]
    assert split(join(pieces), 3) == pieces
