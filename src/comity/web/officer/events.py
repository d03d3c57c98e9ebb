"""Arrivals as server-sent events: a stream that goes on where it was, with a sign of life while nothing comes."""

import threading
from collections import Counter
from collections.abc import Callable

import msgspec
from msgspec import Struct

from comity.domain import limits
from comity.domain.caller import Caller
from comity.domain.errors import Invalid, Unavailable
from comity.domain.event import Event
from comity.web.officer.needs import Events
from comity.wire.http import Request

CONTENT_TYPE = "text/event-stream"
LAST_EVENT = "last-event-id"
PLACE_DIGITS_MAX = 18  # what every database takes for a whole number


class EventAddress(Struct, frozen=True):
    """Where arrivals are told as they come (WHATWG HTML, server-sent events)."""

    method: str = "GET"
    template: str = "/v1/events"


class EventStream:
    """One officer's stream. `next` asks who they are each time: whoever is suspended hears nothing more."""

    def __init__(self, events: Events, caller: Callable[[], Caller], after: int, closed: Callable[[], None]) -> None:
        self.events = events
        self.caller = caller
        self.place = after
        self.close = closed

    def next(self) -> bytes:
        """What came since, b'' where nothing did. Raises Unauthenticated where the token has ended."""
        found, self.place = self.events.after(self.place, self.caller())
        return b"".join(_written(one) for one in found)


class EventStreams:
    """Those that are open at this door, no more than may be."""

    def __init__(self, events: Events) -> None:
        self.events = events
        self._open: Counter[str] = Counter()
        self._lock = threading.Lock()

    def opened(self, request: Request, caller: Callable[[], Caller]) -> EventStream:
        """From the place after `last-event-id`, else from now on; to be closed. Raises Invalid, Unavailable."""
        after, account = _place(request), caller().account
        place = self.events.newest() if after is None else after
        self._enter(account)
        return EventStream(self.events, caller, place, lambda: self._leave(account))

    def _enter(self, account: str) -> None:
        # One officer could take all threads of the door. Falls without it: tests/web/officer/test_events.py
        with self._lock:
            if self._open.total() >= limits.EVENT_STREAMS_MAX:
                raise Unavailable("Too many streams are open at this node.", do="Ask for lists instead.")
            if self._open[account] >= limits.EVENT_STREAMS_PER_ACCOUNT_MAX:
                raise Unavailable(
                    f"{limits.EVENT_STREAMS_PER_ACCOUNT_MAX} streams of this account are open.", do="Close one."
                )
            self._open[account] += 1

    def _leave(self, account: str) -> None:
        with self._lock:
            self._open[account] -= 1


def _place(request: Request) -> int | None:
    after = request.headers.get(LAST_EVENT, "").strip()
    if not after:
        return None
    if not (after.isascii() and after.isdigit() and len(after) <= PLACE_DIGITS_MAX):
        raise Invalid(f"{after[:40]!r} is no event.", where=LAST_EVENT, do="Send the id of the last one, or none.")
    return int(after)


def _written(event: Event) -> bytes:
    body = msgspec.json.encode(event).decode()
    return f"id: {event.number}\nevent: {event.arrival}\ndata: {body}\n\n".encode()
