"""A bureau that asks for its post is kept waiting while there is none, and has it as soon as it comes."""

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from comity.domain import limits
from comity.domain.mail import Mail
from comity.testing.federation import ALDOVA, BERGENIA, HUB, Federation
from comity.web.federation.post import Kept
from comity.wire.http import Request, Response
from tests.desks.casework import DRAFT, mail_at, opened


class KeepingDoor:
    """The hub's door as its server opens it; `meanwhile` happens while somebody waits."""

    def __init__(self, federation: Federation, meanwhile: Callable[[], object] = lambda: None) -> None:
        self.door = federation[HUB].federation_door
        self.meanwhile = meanwhile
        self.kept: list[Kept] = []

    def __call__(self, request: Request) -> Response:
        begun = self.door.begun(request)
        if isinstance(begun, Response):
            return begun
        self.kept.append(begun)
        assert not begun.ready()
        self.meanwhile()
        return begun.answer()


def to_aldova(federation: Federation) -> Mail:
    node, ben = federation[BERGENIA], federation.cast["ben"]
    draft = node.mail.write(opened(federation, "ben").id, replace(DRAFT, to=(ALDOVA,)), ben)
    return node.mail.send(draft.id, ben)


def test_a_letter_that_comes_meanwhile_is_handed_out_to_whoever_waits(federation: Federation):
    sent = to_aldova(federation)
    ready = []

    def brought() -> None:
        federation[BERGENIA].sealed_courier.bring()
        ready.append(door.kept[-1].ready())

    federation.line.doors[HUB] = door = KeepingDoor(federation, brought)
    assert federation[ALDOVA].sealed_courier.fetch() > 0
    assert ready == [True, False, False]  # then its receipt left, and then there was nothing more
    assert mail_at(federation, ALDOVA, sent.id) is not None
    assert {one.seconds for one in door.kept} == {limits.POST_HELD_SECONDS}


def test_whoever_has_post_is_not_kept_waiting_for_more(federation: Federation):
    sent = to_aldova(federation)
    federation[BERGENIA].sealed_courier.bring()
    federation.line.doors[HUB] = door = KeepingDoor(federation)
    federation[ALDOVA].sealed_courier.fetch()
    assert mail_at(federation, ALDOVA, sent.id) is not None
    assert len(door.kept) == 2  # as its receipt left, and when it asked for more


@pytest.mark.parametrize("query", ["", "?wait=", "?wait=-1", "?wait=0", "?wait=2&wait=3", "?wait=1e9", "?wait=\u0663"])
def test_whoever_does_not_ask_for_it_is_answered_at_once(federation: Federation, query: str):
    assert (
        federation[HUB].federation_door.collections.kept(
            Request(
                method="POST", authority="", target=f"/federation/v1/post-collections{query}", headers={}, body=b""
            ),
            federation[HUB].directory().members[0],  # type: ignore[union-attr]
            Response(status=200, headers={}, body=b""),
        )
        is None
    )


def test_a_slow_line_is_known_though_the_hub_kept_us_waiting(federation: Federation):
    courier = federation[ALDOVA].sealed_courier
    federation.line.doors[HUB] = KeepingDoor(
        federation, lambda: federation.time.pass_by(seconds=limits.POST_HELD_SECONDS)
    )
    courier.fetch()
    assert not courier._try_at
    federation.line.doors[HUB] = KeepingDoor(
        federation, lambda: federation.time.pass_by(seconds=limits.POST_HELD_SECONDS + limits.POST_SLOW_SECONDS)
    )
    courier.fetch()
    assert courier._try_at
