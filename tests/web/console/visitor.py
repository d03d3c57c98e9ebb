"""A browser without a screen: opens the console's pages and sends its forms, and keeps the answers for a test."""

import asyncio
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from msgspec import Struct

from comity.web.console.door import COOKIE, ConsoleDoor

ORIGIN = "https://console.aldova.example"


class Answered(Struct, frozen=True):
    status: int
    fields: Mapping[str, str]
    text: str
    content: bytes = b""


class Visitor:
    def __init__(self, door: ConsoleDoor, who: str = "ada", csrf: str = "csrf") -> None:
        self.door = door
        self.who = who
        self.csrf = csrf
        self.was_read = False  # the body of the last request

    def get(self, path: str, **query: str) -> Answered:
        return self._sent("GET", path, urlencode(query), b"")

    def post(self, path: str, origin: str = ORIGIN, **texts: str | list[str]) -> Answered:
        body = urlencode({"csrf": self.csrf} | texts, doseq=True).encode()
        return self._sent("POST", path, "", body, origin)

    def upload(self, path: str, name: str, content: bytes, **texts: str) -> Answered:
        """A form with one file, as a browser sends it."""
        edge, told = "edge-of-the-form", {"csrf": self.csrf} | texts
        parts = [f'--{edge}\r\ncontent-disposition: form-data; name="{one}"\r\n\r\n{told[one]}\r\n' for one in told]
        head = f'--{edge}\r\ncontent-disposition: form-data; name="file"; filename="{name}"\r\n'
        body = "".join((*parts, head)).encode() + b"content-type: text/plain\r\n\r\n" + content
        body += f"\r\n--{edge}--\r\n".encode()
        return self._sent("POST", path, "", body, ORIGIN, {"content-type": f"multipart/form-data; boundary={edge}"})

    def bring(self, path: str, offset: int, part: bytes, csrf: str = "") -> Answered:
        """The next part of a file, as the console's script sends it."""
        return self._sent(
            "PATCH", path, "", part, ORIGIN, {"upload-offset": str(offset), "comity-csrf": csrf or self.csrf}
        )

    def _sent(
        self, method: str, path: str, query: str, body: bytes, origin: str = "", more: Mapping[str, str] | None = None
    ) -> Answered:
        fields = {"host": "console.aldova.example", "cookie": f"{COOKIE}={self.who}", "origin": origin}
        if method in ("POST", "PATCH"):
            fields |= {"content-type": "application/x-www-form-urlencoded", "content-length": str(len(body))}
        fields |= more or {}
        return asyncio.run(self._asked(method, path, query, body, {name: one for name, one in fields.items() if one}))

    async def _asked(self, method: str, path: str, query: str, body: bytes, fields: dict[str, str]) -> Answered:
        sent: list[dict[str, Any]] = []
        scope = {
            "type": "http",
            "method": method,
            "scheme": "https",
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "headers": [(name.encode(), value.encode()) for name, value in fields.items()],
            "server": ("console.aldova.example", 443),
            "client": ("10.0.0.7", 50_000),
            "root_path": "",
        }

        left = [body]

        async def receive() -> dict[str, Any]:
            if not left:
                await asyncio.sleep(60)  # a browser that stays until it is answered
            return {"type": "http.request", "body": left.pop()}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        await self.door.app(scope, receive, send)  # type: ignore[arg-type]
        self.was_read = not left
        head = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
        content = b"".join(message.get("body", b"") for message in sent[1:])
        return Answered(sent[0]["status"], head, content.decode(errors="replace"), content)
