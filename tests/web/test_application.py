"""An application behind the limits of a door: too much, too late, under another name, broken."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import urllib3
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from comity.web.application import Application
from comity.web.metrics import Metrics
from tests.web.opened import opened

HERE = "console.example:7704"


async def read(request: Request) -> PlainTextResponse:
    return PlainTextResponse(str(len(await request.body())))


async def sleep(_: Request) -> PlainTextResponse:
    await run_in_threadpool(time.sleep, 0.6)
    return PlainTextResponse("late")


async def broken(_: Request) -> PlainTextResponse:
    raise RuntimeError("the name of a person")


@contextmanager
def door() -> Iterator[str]:
    routes = [Route("/", read, methods=["POST"]), Route("/sleep", sleep), Route("/broken", broken)]
    served = Application(
        Starlette(routes=routes).router,
        name="console",
        authority=HERE,
        route_of=lambda scope: scope["path"],
        body_bytes_max=100,
        counter=Metrics(),
        seconds_max=0.3,
    )
    with opened(served) as servers:
        yield f"http://127.0.0.1:{servers.addresses[0][1]}"


def test_what_is_in_order_goes_through_and_the_rest_is_refused():
    with door() as at:
        many = iter([b"x" * 60, b"x" * 60])  # of a length that nobody told
        cases = [
            (urllib3.request("POST", at, body=b"x" * 100, headers={"host": HERE}), 200),
            (urllib3.request("POST", at, body=b"x" * 101, headers={"host": HERE}), 413),
            (urllib3.request("POST", at, body=many, headers={"host": HERE, "transfer-encoding": "chunked"}), 413),
            (urllib3.request("POST", at, body=b"x", headers={"host": "elsewhere.example"}), 400),
            (urllib3.request("GET", f"{at}/sleep", headers={"host": HERE}), 503),
            (urllib3.request("GET", f"{at}/broken", headers={"host": HERE}, retries=False), 500),
        ]
    assert [answered.status for answered, _ in cases] == [status for _, status in cases]
    assert b"name of a person" not in cases[-1][0].data


@pytest.mark.parametrize("length", ["-1", "x", "1e3"])
def test_a_length_that_is_none_is_refused(length: str):
    with door() as at:
        answered = urllib3.request("POST", at, headers={"host": HERE, "content-length": length}, retries=False)
    assert answered.status == 400
