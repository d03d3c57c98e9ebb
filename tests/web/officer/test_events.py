"""The stream of arrivals: over a real line, resumed, with a sign of life, ended with its token, no more than may be."""

import threading
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
import urllib3

from comity.client.comity import Comity
from comity.domain import limits
from comity.domain.errors import Invalid, Unauthenticated, Unavailable
from comity.testing.federation import BERGENIA, Federation
from comity.web.asgi import Asgi
from comity.web.metrics import Metrics
from comity.web.serve import Listener, Servers
from comity.wire.http import Request
from tests.desks.casework import opened, sent
from tests.desks.conftest import federation, founded, furnished

__all__ = ["federation", "founded", "furnished"]


def token(federation: Federation, login: str) -> str:
    node = federation[federation.cast[login].bureau]
    return node.accounts.issue(login, timedelta(hours=1), node.operator("test"))[0]


def asked(held: str, after: str = "") -> Request:
    headers = {"authorization": f"Bearer {held}"} | ({"last-event-id": after} if after else {})
    return Request(method="GET", authority="", target="/v1/events", headers=headers)


@pytest.fixture
def address(federation: Federation, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The officers' door of Bergenia over HTTP, looking often."""
    monkeypatch.setattr(limits, "EVENT_SIGN_OF_LIFE_SECONDS", 0.2)
    door = federation[BERGENIA].officer_door
    app = Asgi(
        door,
        name="officer",
        route_of=door.route_of,
        body_bytes_max=limits.REQUEST_BYTES_MAX,
        counter=Metrics(),
        streams_at="/v1/events",
        stream_of=door.stream,
        looks_seconds=0.05,
    )
    servers = Servers([Listener(app=app, host="127.0.0.1", port=0)])
    thread = threading.Thread(target=servers.run)
    thread.start()
    host, port = servers.addresses[0]
    yield f"http://{host}:{port}"
    servers.stop()
    thread.join(20)
    assert not thread.is_alive(), "a stream holds up a node that stops"


def test_arrivals_are_heard_as_they_come_and_go_on_after_a_break(federation: Federation, address: str):
    case = opened(federation)
    first = sent(federation, case)
    bureau = Comity(address, token(federation, "ben"))
    events = bureau.casework.events(after=0)
    told = next(events)
    assert told.subject == first.id
    second = sent(federation, case)
    assert next(events).subject == second.id
    events.close()
    third = sent(federation, case)
    again = bureau.casework.events(after=told.number)
    assert [next(again).subject, next(again).subject] == [second.id, third.id]
    again.close()


def test_while_nothing_comes_there_is_a_sign_of_life(federation: Federation, address: str):
    held = token(federation, "ben")
    response = urllib3.PoolManager().request(
        "GET", f"{address}/v1/events", headers={"authorization": f"Bearer {held}"}, preload_content=False
    )
    assert response.headers["content-type"] == "text/event-stream"
    assert response.read1(64) == b": here\n\n"
    response.close()


def test_a_stream_ends_with_its_account(federation: Federation, address: str):
    events = Comity(address, token(federation, "ben")).casework.events(after=0)
    sent(federation, opened(federation))
    next(events)
    node = federation[BERGENIA]
    node.accounts.suspend("ben", "on leave", node.operator("test"))
    started = time.monotonic()
    assert list(events) == []
    assert time.monotonic() - started < 10


def test_who_has_no_token_or_asks_oddly_hears_nothing(federation: Federation):
    door = federation[BERGENIA].officer_door
    with pytest.raises(Unauthenticated):
        door.stream(asked("wrong"))
    with pytest.raises(Invalid):
        door.stream(asked(token(federation, "ben"), "yesterday"))
    with pytest.raises(Invalid):
        door.stream(asked(token(federation, "ben"), "9" * 30))
    assert door.stream(Request(method="GET", authority="", target="/v1/me")) is None
    assert door(Request(method="POST", authority="", target="/v1/events")).status == 405


def test_no_more_streams_than_may_be_and_a_closed_one_makes_room(federation: Federation, monkeypatch):
    door = federation[BERGENIA].officer_door
    held = token(federation, "ben")
    open_ones = [door.stream(asked(held)) for _ in range(limits.EVENT_STREAMS_PER_ACCOUNT_MAX)]
    with pytest.raises(Unavailable):
        door.stream(asked(held))
    open_ones[0].close()
    monkeypatch.setattr(limits, "EVENT_STREAMS_MAX", limits.EVENT_STREAMS_PER_ACCOUNT_MAX)
    door.stream(asked(held))
    with pytest.raises(Unavailable):
        door.stream(asked(token(federation, "sara")))


def test_whoever_cannot_be_held_on_to_gets_what_is_there(federation: Federation):
    mail = sent(federation, opened(federation))
    door = federation[BERGENIA].officer_door
    for _ in range(2 * limits.EVENT_STREAMS_PER_ACCOUNT_MAX):  # none of them stays open
        response = door(asked(token(federation, "ben"), "0"))
    assert response.headers["content-type"] == "text/event-stream"
    assert f'"subject":"{mail.id}"'.encode() in response.body
    assert response.body.endswith(b"\n\n")
