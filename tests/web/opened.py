"""Doors really open on loopback ports, for tests that must go over HTTP."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from ssl import SSLContext

import urllib3

from comity.keys.tls import self_signed
from comity.web.asgi import Asgi, Door
from comity.web.metrics import Metrics
from comity.web.serve import Listener, Served, Servers
from comity.wire.http import Request, Response

OK = Response(status=200, headers={"content-type": "text/plain"}, body=b"done")


def app(door: Door, **limits) -> Asgi:
    chosen = {"name": "test", "route_of": lambda _: "/here", "body_bytes_max": 1_000, "counter": Metrics()}
    return Asgi(door, **{**chosen, **limits})


def done(_request: Request) -> Response:
    return OK


@contextmanager
def opened(served: Served, tls: SSLContext | None = None, stop_within_seconds: int = 5) -> Iterator[Servers]:
    """The app on a free port, stopped at the end."""
    servers = Servers([Listener(app=served, host="127.0.0.1", port=0, tls=tls)], stop_within_seconds)
    ready = threading.Event()
    thread = threading.Thread(target=servers.run, kwargs={"on_ready": ready.set})
    thread.start()
    try:
        assert ready.wait(10)
        yield servers
    finally:
        servers.stop()
        thread.join(10)
        assert not thread.is_alive()


def url(servers: Servers, scheme: str = "http") -> str:
    host, port = servers.addresses[0]
    return f"{scheme}://{host}:{port}"


def send(servers: Servers, method: str = "GET", path: str = "/here", **more) -> urllib3.BaseHTTPResponse:
    with urllib3.PoolManager(retries=False) as pool:
        return pool.request(method, url(servers) + path, timeout=10, **more)


def certificate(folder: Path, name: str) -> tuple[Path, Path]:
    """Files of a certificate and its key, for 127.0.0.1."""
    files = folder / f"{name}.pem", folder / f"{name}.key"
    for file, content in zip(files, self_signed(name, ["127.0.0.1"], datetime.now(UTC)), strict=True):
        file.write_bytes(content)
    return files
