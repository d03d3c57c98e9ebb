"""One connection at a door: uvicorn's, with the limits that it lacks."""

import asyncio
from asyncio import TimerHandle
from email.utils import formatdate
from http import HTTPStatus

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from comity.domain import limits
from comity.domain.errors import Invalid, Refusal
from comity.web.refusals import HeadersTooLarge, refused


class Connection(HttpToolsProtocol):
    """Bounds what a client can hold open: how many connections, how long a request may take to arrive, its header.

    The parser below has no such bounds; without them one client could hold a door's memory with a header that
    never ends. Falls without them: tests/web/test_serve.py.
    """

    connections_max = limits.CONNECTIONS_MAX
    head_bytes_max = limits.HEADER_BYTES_MAX
    # A little more than the application's own limit, which can say so to the client.
    arrives_within_seconds = limits.REQUEST_ARRIVES_WITHIN_SECONDS + 1.0
    close_within_seconds = limits.CLOSE_WITHIN_SECONDS

    _due: TimerHandle | None = None
    _head_open = False
    _head_bytes = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if len(self.connections) > self.connections_max:
            transport.abort()
            return
        self._start_waiting()

    def connection_lost(self, exc: Exception | None) -> None:
        self._end_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if not self._answering():
            self._start_waiting()
        if self._head_open:
            self._head_bytes += len(data)
        super().data_received(data)
        if self._head_open and self._head_bytes > self.head_bytes_max:
            self._refuse(HeadersTooLarge(f"The header fields take more than {self.head_bytes_max} bytes."))

    def on_message_begin(self) -> None:
        self._start_waiting()
        self._head_open = True
        self._head_bytes = 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._head_open = False
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._end_waiting()
        super().on_message_complete()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._close_in_time()

    def shutdown(self) -> None:
        super().shutdown()
        self._close_in_time()

    def send_400_response(self, msg: str) -> None:
        self._refuse(Invalid("This is no HTTP request.", do="Send HTTP/1.1."))

    def _answering(self) -> bool:
        cycle: RequestResponseCycle | None = self.cycle
        return cycle is not None and not cycle.response_complete

    def _start_waiting(self) -> None:
        if self._due is None:
            self._due = self.loop.call_later(self.arrives_within_seconds, self.transport.abort)

    def _end_waiting(self) -> None:
        if self._due is not None:
            self._due.cancel()
            self._due = None

    def _close_in_time(self) -> None:
        """A client that does not close its side of a TLS connection must not hold up ours, nor a stopping node."""
        if self.transport.is_closing():
            self.loop.call_later(self.close_within_seconds, self._abort_when_sent)

    def _abort_when_sent(self) -> None:
        if self not in self.connections:
            return
        if self.transport.get_write_buffer_size():
            self._close_in_time()
        else:
            self.transport.abort()

    def _refuse(self, refusal: Refusal) -> None:
        """Answer what never became a request, and close."""
        if not self._answering():
            response = refused(refusal)
            headers = {
                **response.headers,
                "date": formatdate(usegmt=True),
                "content-length": str(len(response.body)),
                "connection": "close",
            }
            lines = [f"HTTP/1.1 {response.status} {HTTPStatus(response.status).phrase}"]
            lines += [f"{name}: {value}" for name, value in headers.items()]
            self.transport.write("\r\n".join([*lines, "", ""]).encode("latin-1") + response.body)
        self._head_open = False
        self.transport.close()
        self._close_in_time()


class MemberConnection(Connection):
    """The same for members, whose line may be bad: whoever has no certificate of a member gets no such connection."""

    arrives_within_seconds = limits.MEMBER_REQUEST_ARRIVES_WITHIN_SECONDS + 1.0
