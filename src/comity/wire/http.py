"""A request and its response as plain values, before and after any server or client has touched them."""

from msgspec import Struct


class Request(Struct, frozen=True, kw_only=True):
    """`authority` is host[:port] as the client wrote it, `target` the path with its query, as it came.

    Header names are lower-case; a field that came several times is joined by ", " (RFC 9110, section 5.3).
    """

    method: str
    authority: str
    target: str
    headers: dict[str, str]
    body: bytes = b""


class Response(Struct, frozen=True, kw_only=True):
    """Header names are lower-case."""

    status: int
    headers: dict[str, str]
    body: bytes = b""
