"""Several doors open in one process, and closed again without losing what runs."""

import asyncio
import signal
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Protocol

import uvicorn
from msgspec import Struct

from comity.domain import limits
from comity.domain.errors import Conflict
from comity.web.asgi import Receive, Scope, Send
from comity.web.connection import Connection

SIGNALS = (signal.SIGTERM, signal.SIGINT)
BACKLOG = 512
TICK_SECONDS = 0.05


class Served(Protocol):
    """What stands behind a door: an ASGI application that can be told to stop."""

    @property
    def name(self) -> str: ...

    def stop(self) -> None:
        """Refuse what comes from now on; what runs may finish."""
        ...

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None: ...


class Listener(Struct, frozen=True, kw_only=True):
    """A door and where it stands. `tls` None: plain HTTP. Port 0: any that is free, see `Servers.addresses`."""

    app: Served
    host: str
    port: int
    tls: ssl.SSLContext | None = None
    connection: type[Connection] = Connection


class Servers:
    """All doors of a node, opened once. Raises Conflict where a port is taken.

    `run` returns after `stop()`, or after SIGTERM or SIGINT where it runs in the main thread.
    """

    def __init__(self, listeners: Sequence[Listener], stop_within_seconds: int = limits.STOP_WITHIN_SECONDS) -> None:
        self.listeners = tuple(listeners)
        self.stop_within_seconds = stop_within_seconds
        self._sockets = _bound(self.listeners)
        self._servers = [_Server(self._config(one)) for one in self.listeners]
        # A plain value, not an Event: a signal may come while a lock is held.
        self._stop_asked = False
        self.addresses: list[tuple[str, int]] = [
            (one.host, bound.getsockname()[1]) for one, bound in zip(self.listeners, self._sockets, strict=True)
        ]

    def run(self, on_ready: Callable[[], None] = lambda: None, on_stop: Callable[[], None] = lambda: None) -> None:
        """Serve until stopped. `on_ready`: all doors are open. `on_stop`: all are closed, also where serving broke."""
        loop_factory = self._servers[0].config.get_loop_factory()
        with self._stopped_by_signals():
            try:
                with asyncio.Runner(loop_factory=loop_factory) as runner:
                    runner.run(self._serve(on_ready))
            finally:
                on_stop()

    def stop(self) -> None:
        """From any thread: refuse new requests, let running ones finish within `stop_within_seconds`, close."""
        self._stop_asked = True

    async def _serve(self, on_ready: Callable[[], None]) -> None:
        running = [
            asyncio.create_task(server.serve(sockets=[bound]))
            for server, bound in zip(self._servers, self._sockets, strict=True)
        ]
        try:
            await _until(lambda: all(server.started for server in self._servers), running)
            on_ready()
            await _until(lambda: self._stop_asked, running)
        finally:
            for listener in self.listeners:
                listener.app.stop()
            for server in self._servers:
                server.should_exit = True
            await asyncio.gather(*running)

    @contextmanager
    def _stopped_by_signals(self) -> Iterator[None]:
        """Until `on_stop` has returned, so that a second signal cannot tear it."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {one: signal.signal(one, lambda *_: self.stop()) for one in SIGNALS}
        try:
            yield
        finally:
            for one, earlier in before.items():
                signal.signal(one, earlier)

    def _config(self, listener: Listener) -> uvicorn.Config:
        tls = listener.tls
        return uvicorn.Config(
            listener.app,
            http=listener.connection,
            ws="none",
            interface="asgi3",
            lifespan="on",
            log_config=None,
            log_level="warning",
            access_log=False,
            # Who a client is comes from its key, never from a field that anyone may write.
            proxy_headers=False,
            server_header=False,
            date_header=False,
            timeout_keep_alive=limits.IDLE_CONNECTION_SECONDS,
            timeout_graceful_shutdown=self.stop_within_seconds,
            ssl_context_factory=(lambda _config, _default: tls) if tls else None,
        )


class _Server(uvicorn.Server):
    """One of several: signals concern all of them and are seen to by `Servers`."""

    def capture_signals(self) -> AbstractContextManager[None]:  # type: ignore[override]
        return nullcontext()


async def _until(holds: Callable[[], bool], running: Sequence[asyncio.Task[None]]) -> None:
    """Wait until it holds, or until one of the servers has ended by itself."""
    while not holds() and not any(task.done() for task in running):
        await asyncio.sleep(TICK_SECONDS)


def _bound(listeners: Sequence[Listener]) -> list[socket.socket]:
    """A listening socket for each, or none at all."""
    bound: list[socket.socket] = []
    for one in listeners:
        family = socket.AF_INET6 if ":" in one.host else socket.AF_INET
        try:
            bound.append(socket.create_server((one.host, one.port), family=family, backlog=BACKLOG))
        except OSError as why:
            for earlier in bound:
                earlier.close()
            raise Conflict(
                f"The door {one.app.name} cannot open at {one.host}:{one.port}: {why.strerror}.",
                do="Choose another address in the settings, or end the program that has it.",
            ) from why
    return bound
