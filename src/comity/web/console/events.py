"""Arrivals told to a reader's page as they come: server-sent events until the session ends."""

from collections.abc import AsyncIterator, Mapping

import anyio
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from comity.domain import limits
from comity.domain.errors import Refusal, Unauthenticated
from comity.web.console.needs import ConsoleDesks
from comity.web.officer.events import CONTENT_TYPE, LAST_EVENT, EventStream, EventStreams
from comity.web.refusals import status_of
from comity.wire import http

PATH = "/events"
SIGN_OF_LIFE = b": \n\n"


class Arrivals:
    """No thread is held while nothing comes. Waiting here does not count as work: the session ends in its time."""

    def __init__(self, desks: ConsoleDesks, cookie: str, fields: Mapping[str, str]) -> None:
        self.desks = desks
        self.cookie = cookie
        self.fields = fields
        self.streams = EventStreams(desks.events)

    async def told(self, request: Request) -> Response:
        token = request.cookies.get(self.cookie, "")
        headers = {LAST_EVENT: request.headers.get(LAST_EVENT, "")}
        asked = http.Request(method="GET", authority="", target=PATH, headers=headers, body=b"")

        def opened() -> EventStream:
            return self.streams.opened(asked, lambda: self.desks.sessions.session(token, is_asked=False).caller)

        try:
            stream = await run_in_threadpool(opened)
        except Refusal as refusal:
            # 204: a browser does not ask again.
            is_over = isinstance(refusal, Unauthenticated)
            return Response(status_code=204 if is_over else status_of(type(refusal))[0], headers=self.fields)
        return StreamingResponse(_parts(stream), media_type=CONTENT_TYPE, headers=dict(self.fields))


async def _parts(stream: EventStream) -> AsyncIterator[bytes]:
    """A sign of life while nothing comes, by which a page that was left is noticed."""
    quiet_seconds = 0.0
    try:
        yield SIGN_OF_LIFE
        while True:
            if told := await run_in_threadpool(stream.next):
                yield told
                quiet_seconds = 0.0
            elif quiet_seconds >= limits.EVENT_SIGN_OF_LIFE_SECONDS:
                yield SIGN_OF_LIFE
                quiet_seconds = 0.0
            await anyio.sleep(limits.EVENT_LOOKS_SECONDS)
            quiet_seconds += limits.EVENT_LOOKS_SECONDS
    except Refusal:
        return  # signed out, suspended, or the role is gone
    finally:
        stream.close()
