"""An application that writes its own answers, such as the console, behind the limits of a door."""

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import structlog

from comity.domain import limits
from comity.domain.errors import Invalid, Refusal, TooLarge, Unavailable
from comity.domain.ids import new_id
from comity.web.asgi import NO_ROUTE, Counter, Receive, Scope, Send, answer, fields_of, where_broken
from comity.web.refusals import fault, refused

App = Callable[[Scope, Receive, Send], Awaitable[None]]

log = structlog.get_logger("comity.web")


class Application:
    """`authority`: host and port by which it is reached; under another name it answers nobody.

    `route_of` gives the template of a request's path: ids and queries stand in no log.
    """

    def __init__(
        self,
        app: App,
        *,
        name: str,
        authority: str,
        route_of: Callable[[Scope], str],
        body_bytes_max: int,
        counter: Counter,
        seconds_max: float = limits.REQUEST_WITHIN_SECONDS_MAX,
        admitted_max: int = limits.REQUESTS_AT_ONCE_MAX + limits.REQUESTS_WAITING_MAX,
    ) -> None:
        self.app = app
        self.name = name
        self.authority = authority
        self.route_of = route_of
        self.body_bytes_max = body_bytes_max
        self.counter = counter
        self.seconds_max = seconds_max
        self.admitted_max = admitted_max
        self.stopping = False
        self._running: set[asyncio.Task[None]] = set()

    def stop(self) -> None:
        """Refuse what comes from now on; what runs may finish."""
        self.stopping = True

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            while (await receive())["type"] != "lifespan.shutdown":
                await send({"type": "lifespan.startup.complete"})
            await send({"type": "lifespan.shutdown.complete"})
        elif scope["type"] == "http":
            await self._serve(scope, receive, send)
        else:
            raise NotImplementedError(f"a door speaks no {scope['type']}")

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        began, route, sending = time.perf_counter(), NO_ROUTE, _Sending(send)
        try:
            self._check(fields_of(scope))
            route = self.route_of(scope)
            await self._answered(scope, self._counted(receive), sending, route)
        except Refusal as refusal:
            if sending.close():
                await answer(refused(refusal), send)
                sending.status = refused(refusal).status
        self._note(scope, route, sending.status, time.perf_counter() - began)

    def _check(self, fields: dict[str, str]) -> None:
        if self.stopping:
            raise Unavailable("The node is stopping.", do="Ask again in a moment.")
        if len(self._running) >= self.admitted_max:
            raise Unavailable("Too many requests wait at this door.", do="Ask again in a moment.")
        # A name that points here from elsewhere would make a page of its owner one of ours (DNS rebinding).
        # Falls without it: tests/web/test_application.py
        if fields.get("host", "").lower() != self.authority:
            raise Invalid("This door has another address.", where="host", do=f"Use {self.authority}.")
        told = fields.get("content-length", "0")
        if not (told.isascii() and told.isdigit()):
            raise Invalid("This is no length.", where="content-length", do="Send the number of bytes.")
        if int(told[:20]) > self.body_bytes_max:
            raise self._too_large()

    def _counted(self, receive: Receive) -> Receive:
        """The same, which brings no more than the limit whatever was told of its length."""
        taken = 0

        async def limited() -> Any:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > self.body_bytes_max:
                raise self._too_large()
            return message

        return limited

    def _too_large(self) -> TooLarge:
        return TooLarge(f"The body is over the limit of {self.body_bytes_max} bytes.", do="Send less at once.")

    async def _answered(self, scope: Scope, receive: Receive, sending: "_Sending", route: str) -> None:
        """Its work, until it is done; refused where no answer has begun in time. It keeps its place until it ends."""
        work = asyncio.create_task(self._run(scope, receive, sending, route))
        self._running.add(work)
        work.add_done_callback(self._running.discard)
        begun = asyncio.create_task(sending.begun.wait())
        await asyncio.wait({work, begun}, timeout=self.seconds_max, return_when=asyncio.FIRST_COMPLETED)
        begun.cancel()
        if not work.done() and not sending.begun.is_set():
            raise Unavailable(
                f"There was no answer within {self.seconds_max:g} seconds. It may still be done.",
                do="Look whether it was done before you ask again.",
            )
        await work

    async def _run(self, scope: Scope, receive: Receive, sending: "_Sending", route: str) -> None:
        try:
            await self.app(scope, receive, sending)
        except Refusal:
            raise
        except Exception as broken:
            incident = new_id(datetime.now(UTC), secrets.token_bytes(10))
            log.error("fault", incident=incident, door=self.name, route=route, errors=[*where_broken(broken)])
            if sending.close():
                sending.status = 500
                await answer(fault(incident), sending.send)

    def _note(self, scope: Scope, route: str, status: int, seconds: float) -> None:
        ms = round(seconds * 1000, 1)
        log.info("request", door=self.name, method=scope["method"], route=route, status=status, ms=ms)
        self.counter.served(self.name, route, status, seconds)


class _Sending:
    """What the application sends, until somebody else has answered for it."""

    def __init__(self, send: Send) -> None:
        self.send = send
        self.begun = asyncio.Event()
        self.status = 499  # gone before it was answered
        self._closed = False

    async def __call__(self, message: Any) -> None:
        if self._closed:
            return
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.begun.set()
        await self.send(message)

    def close(self) -> bool:
        """Let nothing more through; whether nothing was sent before."""
        self._closed = True
        return not self.begun.is_set()
