"""From an HTTP server to a door and back: limits, time, faults, one line in the log for each request."""

import asyncio
import secrets
import time
import traceback
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from datetime import UTC, datetime
from email.utils import formatdate
from io import BytesIO
from pathlib import PurePath
from typing import Any, Protocol, TypeVar
from urllib.parse import quote

import structlog

from comity.domain import limits
from comity.domain.errors import Invalid, Refusal, TooLarge, Unavailable
from comity.domain.ids import new_id
from comity.web.refusals import HeadersTooLarge, TooSlow, code_of, fault, refused
from comity.wire.http import Request, Response

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

Door = Callable[[Request], Response]
RouteOf = Callable[[Request], str]
SIGN_OF_LIFE = b": here\n\n"  # a comment, in server-sent events

# Two of these in one request could be read differently by us and by whoever stands before us.
SINGLE_FIELDS = frozenset({"host", "authorization", "content-length", "content-type", "content-encoding"})
NO_ROUTE = "-"
STREAM_FIELDS = [
    (b"content-type", b"text/event-stream"),
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
]
T = TypeVar("T")

log = structlog.get_logger("comity.web")


class Counter(Protocol):
    """Who counts what passed a door."""

    def served(self, door: str, route: str, status: int, seconds: float) -> None: ...

    def refused(self, code: str) -> None: ...


class Stream(Protocol):
    """What goes on telling, piece by piece."""

    def next(self) -> bytes:
        """What came since, b'' where nothing did; a Refusal ends it."""
        ...

    @property
    def close(self) -> Callable[[], None]: ...


class Kept(Protocol):
    """Somebody who waits: `answer` as something is `ready`, or after so many seconds."""

    @property
    def seconds(self) -> float: ...
    @property
    def ready(self) -> Callable[[], bool]: ...
    @property
    def answer(self) -> Callable[[], Response]: ...


class Gone(Exception):
    """The client went away before its request was complete."""


class Asgi:
    """One door as an ASGI application.

    The door is a plain function from bytes to bytes; it runs in a thread of this door's own pool. `route_of` gives
    the template of a request's path: ids and queries stand in no log.
    """

    def __init__(
        self,
        door: Door,
        *,
        name: str,
        route_of: RouteOf,
        body_bytes_max: int,
        counter: Counter,
        seconds_max: float = limits.REQUEST_WITHIN_SECONDS_MAX,
        arrives_within_seconds: float = limits.REQUEST_ARRIVES_WITHIN_SECONDS,
        at_once_max: int = limits.REQUESTS_AT_ONCE_MAX,
        waiting_max: int = limits.REQUESTS_WAITING_MAX,
        streams_at: str = "",
        stream_of: Callable[[Request], Stream | None] = lambda _: None,
        looks_seconds: float = limits.EVENT_LOOKS_SECONDS,
        keeps_waiting: Callable[[Request], Response | Kept] | None = None,
    ) -> None:
        self.door = door
        self.name = name
        self.route_of = route_of
        self.body_bytes_max = body_bytes_max
        self.counter = counter
        self.seconds_max = seconds_max
        self.arrives_within_seconds = arrives_within_seconds
        self.admitted_max = at_once_max + waiting_max
        self.admitted = 0
        self.stopping = False
        self.streams_at = streams_at  # the template of the one address that answers with a stream
        self.stream_of = stream_of
        self.looks_seconds = looks_seconds
        self.keeps_waiting = keeps_waiting  # a door that may answer later, without a thread meanwhile
        self.kept = 0
        self.pool = ThreadPoolExecutor(at_once_max, thread_name_prefix=f"door-{name}")

    def stop(self) -> None:
        """Refuse what comes from now on; what runs may finish."""
        self.stopping = True

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._serve(scope, receive, send)
        else:
            raise NotImplementedError(f"a door speaks no {scope['type']}")

    async def _live(self, receive: Receive, send: Send) -> None:
        while (await receive())["type"] != "lifespan.shutdown":
            await send({"type": "lifespan.startup.complete"})
        self.stop()
        self.pool.shutdown(wait=False, cancel_futures=True)
        await send({"type": "lifespan.shutdown.complete"})

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = time.perf_counter()
        route = NO_ROUTE
        try:
            headers = fields_of(scope)
            route = self.route_of(_request(scope, headers, b""))
            request = _request(scope, headers, await self._body(headers, receive))
            if route == self.streams_at and (stream := await self._in_pool(self.stream_of, request)) is not None:
                self._note(scope, route, 200, started)
                await self._flow(stream, route, receive, send)
                return
            response = await self._through_door(request, route)
        except Refusal as refusal:
            response = refused(refusal)
        except Gone:
            self._note(scope, route, 499, started)
            return
        except Exception as broken:
            response = self._fault(broken, route)
        # Noted first: whoever has the answer finds it counted.
        self._note(scope, route, response.status, started)
        if code := code_of(response):
            self.counter.refused(code)
        await answer(response, send)

    async def _body(self, headers: dict[str, str], receive: Receive) -> bytes:
        """The whole body. Raises TooLarge before it has come, as soon as it is known to be over the limit."""
        announced = headers.get("content-length", "0")
        if not (announced.isascii() and announced.isdigit()):
            raise Invalid("This is no length.", where="content-length", do="Send the number of bytes.")
        if int(announced[:20]) > self.body_bytes_max:
            raise self._too_large()
        try:
            async with asyncio.timeout(self.arrives_within_seconds):
                return await self._gathered(receive)
        except TimeoutError:
            raise TooSlow(
                f"The request did not arrive within {self.arrives_within_seconds:g} seconds.", do="Send it again."
            ) from None

    async def _gathered(self, receive: Receive) -> bytes:
        body = BytesIO()  # gives its bytes away without another copy
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise Gone
            body.write(message.get("body", b""))
            if body.tell() > self.body_bytes_max:
                raise self._too_large()
            more = message.get("more_body", False)
        return body.getvalue()

    def _too_large(self) -> TooLarge:
        return TooLarge(f"The body is over the limit of {self.body_bytes_max} bytes.", do="Send less at once.")

    async def _through_door(self, request: Request, route: str) -> Response:
        if self.stopping:
            raise Unavailable("The node is stopping.", do="Ask again in a moment.")
        if self.admitted >= self.admitted_max:
            raise Unavailable("Too many requests wait at this door.", do="Ask again in a moment.")
        # With this task's context: a log line from the door's thread names the node too.
        work = self.pool.submit(copy_context().run, self._open, request, route)
        self._admit(work)
        try:
            async with asyncio.timeout(self.seconds_max):
                begun = await asyncio.shield(asyncio.wrap_future(work))
        except TimeoutError:
            raise self._late(began=not work.cancel()) from None
        return begun if isinstance(begun, Response) else await self._kept(begun, route)

    async def _kept(self, waiting: Kept, route: str) -> Response:
        """Answer once something is ready, or the time is over, or the node stops. No thread is taken meanwhile."""
        ends, look_seconds = time.monotonic() + waiting.seconds, limits.POST_AGAIN_SECONDS  # others follow soon
        self.kept += 1
        try:
            while not self.stopping and self.kept <= limits.POST_HELD_MAX and time.monotonic() < ends:
                await asyncio.sleep(min(look_seconds, max(0.0, ends - time.monotonic())))
                look_seconds = min(2 * look_seconds, limits.POST_HELD_LOOK_SECONDS)
                if await self._in_pool(waiting.ready):
                    break
            return await self._in_pool(waiting.answer)
        except Refusal as refusal:
            return refused(refusal)
        except Exception as broken:
            return self._fault(broken, route)
        finally:
            self.kept -= 1

    async def _flow(self, stream: Stream, route: str, receive: Receive, send: Send) -> None:
        """Until the client goes, the node stops, or whoever hears it may hear no more."""
        gone = asyncio.ensure_future(receive())
        quiet_seconds = 0.0
        try:
            await send({"type": "http.response.start", "status": 200, "headers": STREAM_FIELDS})
            while not (self.stopping or gone.done()):
                piece = await self._in_pool(stream.next)
                quiet_seconds += self.looks_seconds
                if piece or quiet_seconds >= limits.EVENT_SIGN_OF_LIFE_SECONDS:
                    await send({"type": "http.response.body", "body": piece or SIGN_OF_LIFE, "more_body": True})
                    quiet_seconds = 0.0
                await asyncio.wait({gone}, timeout=self.looks_seconds)
        except Refusal:
            log.info("stream-ended", door=self.name, route=route)
        except Exception as broken:
            self._fault(broken, route)
        finally:
            gone.cancel()
            stream.close()
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _in_pool(self, act: Callable[..., T], *args: object) -> T:
        """In a thread of this door, with this task's context."""
        work = self.pool.submit(copy_context().run, act, *args)
        return await asyncio.wrap_future(work)

    def _admit(self, work: Future[Response | Kept]) -> None:
        """Count it until its thread is free again, which may be later than its client was answered."""
        loop = asyncio.get_running_loop()
        self.admitted += 1

        def leave(_: Future[Response | Kept]) -> None:
            # Once the loop is closed nobody counts any more.
            if not loop.is_closed():
                loop.call_soon_threadsafe(self._leave)

        work.add_done_callback(leave)

    def _leave(self) -> None:
        self.admitted -= 1

    def _late(self, began: bool) -> Unavailable:
        told = f"There was no answer within {self.seconds_max:g} seconds."
        if began:
            return Unavailable(f"{told} It may still be done.", do="Look whether it was done before you ask again.")
        return Unavailable(f"{told} Nothing was done.", do="Ask again later.")

    def _open(self, request: Request, route: str) -> Response | Kept:
        try:
            return (self.keeps_waiting or self.door)(request)
        except Refusal as refusal:
            return refused(refusal)
        except Exception as broken:
            # Here and not only where it is waited for: by then nobody may be waiting, and nobody would log it.
            return self._fault(broken, route)

    def _fault(self, broken: BaseException, route: str) -> Response:
        """Log where it broke. Never its text, which may quote a record: tests/web/test_asgi.py."""
        incident = new_id(datetime.now(UTC), secrets.token_bytes(10))
        log.error("fault", incident=incident, door=self.name, route=route, errors=[*where_broken(broken)])
        return fault(incident)

    def _note(self, scope: Scope, route: str, status: int, started: float) -> None:
        seconds = time.perf_counter() - started
        method, ms = scope["method"], round(seconds * 1000, 1)
        log.info("request", door=self.name, method=method, route=route, status=status, ms=ms)
        self.counter.served(self.name, route, status, seconds)


def fields_of(scope: Scope) -> dict[str, str]:
    """The fields by lower-case name. Raises HeadersTooLarge, and Invalid for a second one of SINGLE_FIELDS."""
    fields: list[tuple[bytes, bytes]] = list(scope["headers"])
    if sum(len(name) + len(value) + 4 for name, value in fields) > limits.HEADER_BYTES_MAX:
        raise HeadersTooLarge(f"The header fields take more than {limits.HEADER_BYTES_MAX} bytes.")
    headers: dict[str, str] = {}
    for raw_name, raw_value in fields:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1").strip()
        if name in headers and name in SINGLE_FIELDS:
            raise Invalid("The field stands twice.", where=name, do="Send it once.")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


def _request(scope: Scope, headers: dict[str, str], body: bytes) -> Request:
    path = (scope.get("raw_path") or quote(scope["path"]).encode()).decode("latin-1")
    query = scope.get("query_string", b"").decode("latin-1")
    return Request(
        method=scope["method"],
        authority=headers.get("host", ""),
        target=f"{path}?{query}" if query else path,
        headers=headers,
        body=body,
        came_from=(scope.get("client") or ("",))[0],
    )


async def answer(response: Response, send: Send) -> None:
    """All of it at once, with what every answer of a door carries."""
    headers = {
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
        "date": formatdate(usegmt=True),
        **response.headers,
        "content-length": str(len(response.body)),
    }
    fields = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": response.status, "headers": fields})
    await send({"type": "http.response.body", "body": response.body})


def where_broken(broken: BaseException | None) -> Iterator[str]:
    """Type and places of an exception and of those behind it, outermost first."""
    while broken is not None:
        frames = traceback.extract_tb(broken.__traceback__)
        places = " < ".join(f"{PurePath(one.filename).name}:{one.lineno} {one.name}" for one in reversed(frames))
        yield f"{type(broken).__module__}.{type(broken).__qualname__} at {places}"
        broken = broken.__cause__ or broken.__context__
