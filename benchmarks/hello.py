"""The least that the same server can do: it says hello, over the same TLS. `python -m benchmarks.hello FOLDER PORT`."""

import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from comity.keys import files
from comity.testing.processes import HOST
from comity.web.serve import Listener, Servers
from comity.web.tls import Tls

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


class Hello:
    """The least that an ASGI application can be."""

    name = "hello"

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            for step in ("startup", "shutdown"):
                await receive()
                await send({"type": f"lifespan.{step}.complete"})
            return
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"5")]})
        await send({"type": "http.response.body", "body": b"hello"})

    def stop(self) -> None:
        """Nothing runs on."""


def main() -> None:
    keys = files.load(Path(sys.argv[1]) / "keys")
    context = Tls(keys.tls_certificate_file, keys.tls_key_file).context
    Servers([Listener(app=Hello(), host=HOST, port=int(sys.argv[2]), tls=context)]).run()  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
