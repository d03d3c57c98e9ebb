"""A node follows its hub's directory only forward, and keeps what it holds while anything else is offered."""

from collections.abc import Callable
from datetime import timedelta

import msgspec
import pytest

from comity.domain import limits
from comity.domain.bureau import Directory, Measure, Standing
from comity.domain.errors import Conflict, Refusal, Unauthenticated, Unavailable
from comity.peers.exchange import Exchange
from comity.peers.follower import MEASURES, Follower
from comity.storage.database import Database
from comity.testing.federation_line import LossyLine
from comity.web.refusals import UnknownAddress, refused
from comity.wire.directory import signed_directory
from comity.wire.http import Request, Response
from comity.wire.measures import signed_measures
from comity.wire.signature import signed_response
from tests.peers.federation import NOW, Clock, Entropy, directory, next_directory, station

HUB, ALDOVA, CORVIA = station("hub"), station("aldova"), station("corvia")


class Bureau:
    """Aldova, which has joined the hub, and a hub that gives out whatever the test says."""

    def __init__(self, store: Database) -> None:
        self.store = store
        with self.store.transaction() as tx:
            tx.members.pin_hub("hub", HUB.member.fingerprint, HUB.member.signed_manifest)
            tx.commit()
        self.clock = Clock()
        self.asked: list[str] = []
        self.given: Response = Response(status=304, headers={})
        self.measures: bytes | None = None  # None: a hub of an earlier release, which has no such address
        self.signer = HUB.signer
        exchange = Exchange(LossyLine({"hub": self._hub}), ALDOVA.signer, self.clock, Entropy())
        self.follower = Follower(self.store, exchange, self._follow, self.clock)

    def _hub(self, request: Request) -> Response:
        self.asked.append(request.target)
        return signed_response(self._told(request), request, self.signer, self.clock())

    def _told(self, request: Request) -> Response:
        if request.target != MEASURES:
            return self.given
        if self.measures is None:
            return refused(UnknownAddress("There is nothing there."))
        return Response(status=200, headers={"content-type": "application/jose+json"}, body=self.measures)

    def _follow(self, newer: Directory, signed: bytes, measures: bytes) -> None:
        with self.store.transaction() as tx:
            tx.members.put(newer, signed, measures)
            tx.commit()

    def gives(self, signed: bytes) -> None:
        self.given = Response(status=200, headers={"content-type": "application/jose+json"}, body=signed)

    def follow(self, signed: bytes) -> bool:
        self.gives(signed)
        return self.follower.follow_once()

    def version(self) -> int:
        held = self.held()
        return held.version if held else 0

    def held(self) -> Directory | None:
        with self.store.reading() as tx:
            return tx.members.directory()


@pytest.fixture
def bureau(new_store):
    bureau = Bureau(new_store("aldova"))
    yield bureau
    bureau.store.close()


def signed(one: Directory) -> bytes:
    return signed_directory(one, HUB.signer)


FIRST = signed(directory())
SECOND = next_directory(FIRST, 2)[1]
THIRD = next_directory(SECOND, 3)[1]


def test_the_first_directory_is_taken_from_the_pinned_hub(bureau):
    assert bureau.follow(FIRST)
    assert bureau.version() == 1
    assert bureau.asked == ["/federation/v1/directory?after=0", MEASURES]


def test_a_newer_directory_is_taken_over(bureau):
    assert bureau.follow(FIRST)
    assert bureau.follow(SECOND)
    assert bureau.version() == 2
    assert bureau.asked[-2:] == ["/federation/v1/directory?after=1", MEASURES]


def test_missed_versions_are_no_obstacle(bureau):
    assert bureau.follow(FIRST)
    assert bureau.follow(THIRD)
    assert bureau.version() == 3


def test_nothing_changes_where_there_is_nothing_newer(bureau):
    bureau.follow(FIRST)
    bureau.given = Response(status=304, headers={})
    assert not bureau.follower.follow_once()
    assert not bureau.follow(FIRST)
    assert bureau.version() == 1


def held_to(bureau: Bureau, version: int, offered: bytes, refusal: type[Refusal], match: str) -> None:
    with pytest.raises(refusal, match=match):
        bureau.follow(offered)
    assert bureau.version() == version


def test_a_rollback_is_refused(bureau):
    bureau.follow(FIRST)
    bureau.follow(SECOND)
    held_to(bureau, 2, FIRST, Conflict, "not newer")


def test_a_fork_is_refused(bureau):
    """Another second version, without Corvia's suspension: the hub shows members different directories."""
    bureau.follow(FIRST)
    held_to(bureau, 1, next_directory(SECOND, 2)[1], Unauthenticated, "does not continue")


def test_another_directory_of_the_same_version_is_refused(bureau):
    bureau.follow(FIRST)
    bureau.follow(SECOND)
    held_to(bureau, 2, next_directory(FIRST, 2, suspended="corvia")[1], Conflict, "not newer")


def test_an_expired_directory_is_refused(bureau):
    bureau.follow(FIRST)
    bureau.clock.go_on(timedelta(days=limits.DIRECTORY_DAYS_MAX).total_seconds())
    held_to(bureau, 1, SECOND, Unauthenticated, "expired")


def test_a_node_whose_directory_ran_out_takes_a_newer_one(bureau):
    bureau.follow(FIRST)
    bureau.clock.go_on(timedelta(days=limits.DIRECTORY_DAYS_MAX + 20).total_seconds())
    assert bureau.follow(next_directory(FIRST, 2, issued_at=bureau.clock())[1])


def test_a_directory_that_another_member_signed_is_refused(bureau):
    bureau.follow(FIRST)
    following = msgspec.structs.replace(directory(version=2), previous="0" * 64)
    held_to(bureau, 1, signed_directory(following, CORVIA.signer), Unauthenticated, "not signed by the two keys")


def test_a_members_root_does_not_change_by_the_hubs_word(bureau):
    bureau.follow(FIRST)
    swapped = station("bergenia", keys="of the hub", version=2).member
    following, _ = next_directory(FIRST, 2)
    members = tuple(swapped if member.id == "bergenia" else member for member in following.members)
    held_to(
        bureau, 1, signed(msgspec.structs.replace(following, members=members)), Unauthenticated, "root keys of bergenia"
    )


def test_a_suspension_is_followed(bureau):
    bureau.follow(FIRST)
    assert bureau.follow(next_directory(FIRST, 2, suspended="corvia")[1])
    corvia = bureau.held().member("corvia")
    assert (corvia.standing, corvia.reason) == (Standing.SUSPENDED, "keys were stolen")
    assert corvia.stands(bureau.clock().date()) is Standing.SUSPENDED


def supervised() -> tuple[Directory, bytes, bytes]:
    """The second directory, in which Corvia is supervised: with its bytes and the measures signed for it."""
    second, _ = next_directory(FIRST, 2, suspended="corvia")
    measure = Measure(
        id="m-1",
        member="corvia",
        standing=Standing.SUPERVISED,
        reason="too many",
        decided_by="legal office",
        first_day=NOW.date(),
    )
    members = tuple(
        msgspec.structs.replace(one, measures=(measure,)) if one.id == "corvia" else one for one in second.members
    )
    second = msgspec.structs.replace(second, members=members)
    bytes_ = signed(second)
    return second, bytes_, signed_measures(second, bytes_, HUB.signer)


def test_measures_are_followed_with_their_directory(bureau):
    bureau.follow(FIRST)
    second, signed_second, bureau.measures = supervised()
    assert bureau.follow(signed_second)
    assert bureau.held() == second
    assert bureau.held().member("corvia").stands(bureau.clock().date()) is Standing.SUPERVISED
    with bureau.store.reading() as tx:
        assert tx.members.signed_measures() == bureau.measures


def test_measures_of_another_directory_are_refused_and_the_directory_with_them(bureau):
    bureau.follow(FIRST)
    _, _, bureau.measures = supervised()
    held_to(bureau, 1, SECOND, Conflict, "go with another directory")


def test_measures_that_another_member_signed_are_refused(bureau):
    bureau.follow(FIRST)
    second, signed_second, _ = supervised()
    bureau.measures = signed_measures(second, signed_second, CORVIA.signer)
    held_to(bureau, 1, signed_second, Unauthenticated, "not signed by the two keys")


def test_a_hub_with_other_root_keys_is_not_followed(bureau):
    impostor = station("hub", keys="of an impostor")
    with bureau.store.transaction() as tx:
        tx.members.pin_hub("hub", HUB.member.fingerprint, impostor.member.signed_manifest)
        tx.commit()
    bureau.signer = impostor.signer
    with pytest.raises(Unauthenticated, match="whose fingerprint was compared"):
        bureau.follow(signed_directory(directory(), impostor.signer))
    assert (bureau.version(), bureau.asked) == (0, [])


def test_an_answer_that_the_hub_did_not_sign_changes_nothing(bureau):
    bureau.follow(FIRST)
    bureau.signer = CORVIA.signer
    held_to(bureau, 1, SECOND, Unavailable, "not proved to be its answer")


def test_a_node_that_has_joined_no_hub_says_so(new_store):
    store = new_store("aldova")
    nobody: Callable[[Directory, bytes], None] = lambda *_: None  # noqa: E731
    follower = Follower(store, Exchange(LossyLine({}), ALDOVA.signer, Clock(), Entropy()), nobody, Clock())
    with pytest.raises(Unavailable, match="joined no hub"):
        follower.follow_once()
    store.close()
