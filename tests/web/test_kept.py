"""Whoever waits at a door takes no thread of it, and is answered as something comes, in time, or as the node stops."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

from comity.domain import limits
from comity.domain.errors import Conflict
from comity.web.federation.post import Kept
from comity.wire.http import Request, Response
from tests.web.opened import OK, app, done, opened, send

LONG_SECONDS = 30.0


def never() -> bool:
    return False


def test_many_wait_while_a_door_of_one_thread_serves_another():
    came = threading.Event()

    def door(request: Request) -> Response | Kept:
        return OK if request.target == "/now" else Kept(seconds=LONG_SECONDS, ready=came.is_set, answer=lambda: OK)

    with opened(app(done, keeps_waiting=door, at_once_max=1)) as servers, ThreadPoolExecutor(4) as clients:
        waiting = [clients.submit(send, servers) for _ in range(3)]
        assert send(servers, path="/now").status == 200
        assert not any(one.done() for one in waiting)
        came.set()
        assert [one.result(5).status for one in waiting] == [200, 200, 200]


def test_whoever_waits_is_answered_when_the_time_is_over_or_the_node_stops_or_too_many_wait(monkeypatch):
    began = time.monotonic()
    served = app(done, keeps_waiting=lambda _: Kept(seconds=0.1, ready=never, answer=lambda: OK))
    with opened(served) as servers:
        assert send(servers).status == 200
    served = app(done, keeps_waiting=lambda _: Kept(seconds=LONG_SECONDS, ready=never, answer=lambda: OK))
    with opened(served) as servers, ThreadPoolExecutor(1) as clients:
        waiting = clients.submit(send, servers)
        while not served.kept:
            time.sleep(0.01)
        served.stop()
        assert waiting.result(5).status == 200
    monkeypatch.setattr(limits, "POST_HELD_MAX", 0)
    served = app(done, keeps_waiting=lambda _: Kept(seconds=LONG_SECONDS, ready=never, answer=lambda: OK))
    with opened(served) as servers:
        assert send(servers).status == 200
    assert time.monotonic() - began < LONG_SECONDS


def test_what_breaks_while_somebody_waits_is_told_like_any_fault():
    def broken() -> bool:
        raise ZeroDivisionError

    def refuses() -> Response:
        raise Conflict("It went away.")

    for waiting, status in (
        (Kept(seconds=LONG_SECONDS, ready=broken, answer=lambda: OK), 500),
        (Kept(seconds=0.0, ready=never, answer=refuses), 409),
    ):
        with opened(app(done, keeps_waiting=lambda _, waiting=waiting: waiting)) as servers:
            assert send(servers).status == status
