"""A request and its response between nodes, as they are signed: no library's object, no connection."""

import re
from collections.abc import Iterable

from msgspec import Struct

from comity.domain import limits
from comity.domain.errors import Invalid, TooLarge

# The protocol between nodes. Suites are pinned to it; nothing is negotiated.
COMITY_VERSION = "1"

_ADDRESS = re.compile(r"https://(?P<authority>(?:[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?)/?")
# A second one would let two readers of the same request see two different things.
_ONCE = frozenset({"host", "content-type", "content-digest", "comity-version", "signature", "signature-input"})


class Request(Struct, frozen=True, kw_only=True):
    """`authority` is host and port; `target` path and query, beginning with `/`; header names are in small letters."""

    method: str
    authority: str
    target: str
    headers: dict[str, str] = {}
    body: bytes = b""
    came_from: str = ""  # the network address of whoever connected, as far as it is known


class Response(Struct, frozen=True, kw_only=True):
    """Header names are in small letters."""

    status: int
    headers: dict[str, str] = {}
    body: bytes = b""


def headers_of(lines: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Header lines as they came, with names in small letters. Raises Invalid, TooLarge."""
    headers: dict[str, str] = {}
    total_bytes = 0
    for raw_name, raw_value in lines:
        total_bytes += len(raw_name) + len(raw_value)
        if total_bytes > limits.HEADER_BYTES_MAX:
            raise TooLarge(f"The header fields exceed {limits.HEADER_BYTES_MAX} bytes.")
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1").strip(" \t")
        if name in headers:
            # Falls without it: tests/attacks/test_wire_signature.py
            if name in _ONCE:
                raise Invalid("This header field came twice.", where=name)
            value = f"{headers[name]}, {value}"
        headers[name] = value
    return headers


def authority_of(address: str) -> str:
    """Host and port of `https://host:port`, without the port where it is 443. Raises Invalid."""
    found = _ADDRESS.fullmatch(address)
    if not found:
        raise Invalid(
            f"{address!r} is no address of a node.",
            where="address",
            do="Write https://host:port in small letters, without a path.",
        )
    return canonical_authority(found["authority"])


def canonical_authority(authority: str) -> str:
    """As RFC 9421, section 2.2.3 has it: small letters, no default port."""
    return authority.lower().removesuffix(":443")
