"""The SDK's line, straight to the officers' door of a node in this process."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import msgspec

from comity.client.comity import Comity
from comity.domain.problem import refusal_in
from comity.testing.federation import Federation
from comity.wire.http import Request


class DoorLine:
    """What `client.line.Line` is over HTTPS."""

    def __init__(self, door: Any, token: str) -> None:
        self.door = door
        self.token = token

    def send(self, method: str, path: str, on_behalf_of: str, body: dict[str, Any] | None = None) -> bytes:
        headers = {"authorization": f"Bearer {self.token}"}
        if on_behalf_of:
            headers["comity-on-behalf-of"] = on_behalf_of
        if body is not None:
            headers["content-type"] = "application/json"
        sent = msgspec.json.encode(body) if body is not None else b""
        response = self.door(Request(method=method, authority="", target=path, headers=headers, body=sent))
        if response.status != 200:
            raise refusal_in(response.body, response.status)
        return response.body

    def exchange(
        self, method: str, path: str, on_behalf_of: str, fields: dict[str, str] | None = None, body: bytes = b""
    ) -> tuple[dict[str, str], bytes]:
        headers = {"authorization": f"Bearer {self.token}", **(fields or {})}
        response = self.door(Request(method=method, authority="", target=path, headers=headers, body=body))
        if response.status >= 300:
            raise refusal_in(response.body, response.status)
        return response.headers, response.body

    def stream(self, path: str, on_behalf_of: str, after: str) -> Iterator[bytes]:
        """What is there already: this door cannot hold on to anybody."""
        headers = {"authorization": f"Bearer {self.token}"} | ({"last-event-id": after} if after else {})
        response = self.door(Request(method="GET", authority="", target=path, headers=headers))
        if response.status != 200:
            raise refusal_in(response.body, response.status)
        yield from response.body.split(b"\n")


def connected(federation: Federation, login: str) -> Comity:
    """One of the cast at the door of their own bureau, by a token of their own."""
    node = federation[federation.cast[login].bureau]
    token, _ = node.accounts.issue(login, timedelta(hours=1), node.operator("test"))
    found = object.__new__(Comity)
    found._line, found._on_behalf_of = DoorLine(node.officer_door, token), ""
    return found
