"""What stands between the network and a door: limits, time, faults, the log."""

import asyncio
import http.client
import socket
import threading
import time
from contextlib import suppress
from contextvars import ContextVar

import msgspec
import pytest
from structlog.testing import capture_logs

from comity.domain import limits
from comity.domain.errors import Conflict
from comity.web.connection import Connection
from comity.web.metrics import Metrics
from comity.wire.http import Request, Response
from tests.web.opened import OK, app, done, opened, send


def problem(body: bytes) -> dict:
    return msgspec.json.decode(body)


def test_a_request_comes_as_it_was_sent_and_the_answer_too():
    seen: list[Request] = []

    def door(request: Request) -> Response:
        seen.append(request)
        return Response(status=207, headers={"x-mark": "1"}, body=b"\x00\xff")

    with opened(app(door)) as servers:
        answer = send(servers, "POST", "/a%2Fb/c?d=%20e", body=b"\x00body", headers={"X-Several": "1", "Date": "then"})
    (request,) = seen
    host, port = servers.addresses[0]
    assert (request.method, request.target, request.authority) == ("POST", "/a%2Fb/c?d=%20e", f"{host}:{port}")
    assert request.headers["x-several"] == "1"
    assert request.body == b"\x00body"
    assert (answer.status, answer.headers["x-mark"], answer.data) == (207, "1", b"\x00\xff")


def test_every_answer_is_kept_by_nobody_and_taken_for_what_it_says_it_is():
    with opened(app(done)) as servers:
        headers = send(servers).headers
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["date"]
    assert "server" not in headers


def test_ten_megabytes_are_refused_before_they_have_come():
    with opened(app(done)) as servers:
        with socket.create_connection(servers.addresses[0]) as line:
            line.sendall(b"POST /here HTTP/1.1\r\nHost: x\r\nContent-Length: 10485760\r\n\r\n")
            assert line.recv(65536).startswith(b"HTTP/1.1 413")
        answer = send(servers, "POST", body=b"x" * 10 * 1024 * 1024)
    assert answer.status == 413
    assert problem(answer.data)["type"] == "urn:comity:refusal:too-large"


def test_a_body_of_untold_length_is_refused_when_it_is_too_long():
    def pieces():
        for _ in range(11):
            yield b"x" * 100

    with opened(app(done)) as servers:
        assert send(servers, "POST", body=pieces()).status == 413


def test_a_body_at_its_limit_passes():
    with opened(app(done)) as servers:
        assert send(servers, "POST", body=b"x" * 1_000).status == 200


@pytest.mark.parametrize("length", ["-1", "1e3", "٣"])
def test_a_length_that_is_none_is_refused(length: str):
    with opened(app(done)) as servers, socket.create_connection(servers.addresses[0]) as line:
        line.sendall(f"POST /here HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n".encode())
        assert line.recv(65536).startswith(b"HTTP/1.1 400")


def test_what_is_no_http_gets_a_problem_document():
    with opened(app(done)) as servers, socket.create_connection(servers.addresses[0]) as line:
        line.sendall(b"HELO aldova\r\n\r\n")
        head, _, body = line.recv(65536).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400")
    assert problem(body)["type"] == "urn:comity:refusal:invalid"


def test_a_signature_of_thousands_of_bytes_fits_and_an_endless_header_does_not():
    with opened(app(done)) as servers:
        assert send(servers, headers={"signature": "a" * 20_000}).status == 200
        answer = send(servers, headers={"a": "x" * 33_000, "b": "x" * 33_000})
        assert answer.status == 431
        with socket.create_connection(servers.addresses[0]) as line:
            line.sendall(b"GET / HTTP/1.1\r\nX: ")
            received = b""
            try:
                for _ in range(40):
                    line.sendall(b"x" * 4_096)
                    time.sleep(0.005)
                received = line.recv(100)
            except OSError:
                # Closed while we went on sending; with some luck the answer came before.
                received = received or b"HTTP/1.1 431"
        assert received.startswith(b"HTTP/1.1 431")


def test_a_field_that_decides_must_not_stand_twice():
    with opened(app(done)) as servers, socket.create_connection(servers.addresses[0]) as line:
        line.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer a\r\nAuthorization: Bearer b\r\n\r\n")
        assert line.recv(65536).startswith(b"HTTP/1.1 400")


def test_other_fields_that_stand_twice_are_joined():
    seen: list[str] = []

    def door(request: Request) -> Response:
        seen.append(request.headers["x-mark"])
        return OK

    with opened(app(door)) as servers, socket.create_connection(servers.addresses[0]) as line:
        line.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX-Mark: a\r\nx-mark: b\r\n\r\n")
        line.recv(65536)
    assert seen == ["a, b"]


def test_a_fault_is_logged_by_its_place_and_never_by_its_text():
    def broken(_: Request) -> Response:
        try:
            raise ValueError("Anna Petrova, born 1980-05-02")
        except ValueError as wrong:
            raise RuntimeError("while reading Anna Petrova") from wrong

    metrics = Metrics()
    with capture_logs() as logged, opened(app(broken, counter=metrics)) as servers:
        answer = send(servers)
    told = problem(answer.data)
    assert (answer.status, told["type"]) == (500, "urn:comity:refusal:fault")
    (fault,) = [line for line in logged if line["event"] == "fault"]
    assert fault["incident"] == told["incident"]
    assert "ValueError" in fault["errors"][1]
    assert "test_asgi.py" in fault["errors"][0]
    assert "Petrova" not in f"{logged}{answer.data!r}"
    assert b'comity_refusals_total{code="fault"} 1.0' in metrics.text()


def test_a_door_works_in_the_context_of_its_server():
    node: ContextVar[str] = ContextVar("node", default="nobody")
    seen: list[str] = []

    def door(_: Request) -> Response:
        seen.append(node.get())
        return OK

    async def serve() -> None:
        node.set("aldova")
        scope = {"type": "http", "method": "GET", "path": "/here", "headers": []}
        await app(door)(scope, empty, ignored)

    asyncio.run(serve())
    assert seen == ["aldova"]


async def empty() -> dict:
    return {"type": "http.request", "body": b"", "more_body": False}


async def ignored(_message: dict) -> None:
    return None


def test_a_refusal_that_a_door_raises_is_told():
    def refusing(_: Request) -> Response:
        raise Conflict("It moved on.", do="Look again.")

    with opened(app(refusing)) as servers:
        answer = send(servers)
    assert (answer.status, problem(answer.data)["do"]) == (409, "Look again.")


def test_the_log_has_one_line_for_each_request_without_ids_and_queries():
    with capture_logs() as logged, opened(app(done, route_of=lambda _: "/v1/hits/{id}")) as servers:
        send(servers, "GET", "/v1/hits/0198-secret?name=Petrova", headers={"authorization": "Bearer secret"})
    (line,) = [line for line in logged if line["event"] == "request"]
    assert {name: line[name] for name in ("door", "method", "route", "status")} == {
        "door": "test",
        "method": "GET",
        "route": "/v1/hits/{id}",
        "status": 200,
    }
    assert line["ms"] >= 0
    assert "secret" not in str(logged)
    assert "Petrova" not in str(logged)


def test_a_door_that_takes_too_long_is_given_up_and_says_what_is_unknown():
    freed = threading.Event()

    def slow(_: Request) -> Response:
        freed.wait(10)
        return OK

    with opened(app(slow, seconds_max=0.2)) as servers:
        answer = send(servers)
        freed.set()
    assert answer.status == 503
    assert "may still be done" in problem(answer.data)["detail"]


def test_a_fault_is_logged_also_where_nobody_waits_any_more():
    freed, broke = threading.Event(), threading.Event()

    def slow_and_broken(_: Request) -> Response:
        freed.wait(10)
        broke.set()
        raise ValueError("Anna Petrova")

    with capture_logs() as logged, opened(app(slow_and_broken, seconds_max=0.1)) as servers:
        assert send(servers).status == 503
        freed.set()
        assert broke.wait(5)
        servers.listeners[0].app.pool.shutdown()
    assert [line["event"] for line in logged].count("fault") == 1
    assert "Petrova" not in str(logged)


@pytest.mark.parametrize("length", ["-1", "1e3", "٣", ""])
def test_a_length_that_is_none_is_refused_whichever_server_let_it_through(length: str):
    sent: list[dict] = []

    async def keep(message: dict) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/here", "headers": [(b"content-length", length.encode())]}
    asyncio.run(app(done)(scope, empty, keep))
    assert sent[0]["status"] == 400


def test_more_than_a_door_can_hold_is_refused_at_once_and_comes_back_when_there_is_room():
    freed, inside = threading.Event(), threading.Semaphore(0)

    def slow(_: Request) -> Response:
        inside.release()
        freed.wait(10)
        return OK

    statuses: list[int] = []
    with opened(app(slow, at_once_max=1, waiting_max=1)) as servers:
        held = [threading.Thread(target=lambda: statuses.append(send(servers).status)) for _ in range(2)]
        held[0].start()
        assert inside.acquire(timeout=5)
        held[1].start()
        while servers.listeners[0].app.admitted < 2:
            time.sleep(0.01)
        answer = send(servers)
        freed.set()
        for thread in held:
            thread.join(10)
        assert send(servers).status == 200
    assert (answer.status, statuses) == (503, [200, 200])
    assert int(answer.headers["retry-after"]) > 0


def test_a_body_that_does_not_come_is_given_up():
    with (
        opened(app(done, arrives_within_seconds=0.2)) as servers,
        socket.create_connection(servers.addresses[0]) as line,
    ):
        line.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nab")
        assert line.recv(65536).startswith(b"HTTP/1.1 408")


@pytest.mark.parametrize("sent", [b"", b"GET / HT", b"\r\n"])
def test_a_request_that_does_not_come_is_cut_off(sent: bytes, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(Connection, "arrives_within_seconds", 0.2)
    with opened(app(done)) as servers, socket.create_connection(servers.addresses[0], timeout=5) as line:
        line.sendall(sent)
        with suppress(ConnectionResetError):
            assert line.recv(100) == b""


def test_a_connection_that_stays_open_may_ask_again_later(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(Connection, "arrives_within_seconds", 0.2)
    with opened(app(done)) as servers:
        line = http.client.HTTPConnection(*servers.addresses[0])
        for _ in range(2):
            line.request("GET", "/here")
            assert line.getresponse().read() == b"done"
            time.sleep(0.4)
        line.close()


def test_more_connections_than_the_limit_are_closed_at_once(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(Connection, "connections_max", 1)
    with opened(app(done)) as servers, socket.create_connection(servers.addresses[0]) as first:
        first.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert first.recv(100)
        second = socket.create_connection(servers.addresses[0], timeout=5)
        with second, suppress(ConnectionResetError):
            assert second.recv(100) == b""


def test_the_header_limit_is_the_one_in_the_list_of_limits():
    assert Connection.head_bytes_max == limits.HEADER_BYTES_MAX
