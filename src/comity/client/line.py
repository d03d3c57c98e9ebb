"""One request to one node over HTTPS, and its answer or the refusal that it carried."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import urllib3
from urllib3.exceptions import HTTPError, ReadTimeoutError, SSLError
from urllib3.util import Timeout, parse_url

from comity.domain import limits
from comity.domain.errors import Invalid, Missing, TooLarge, Unauthenticated, Unavailable
from comity.domain.problem import refusal_in

LOOPBACK = frozenset({"127.0.0.1", "[::1]", "localhost"})
PIECE_BYTES = 256 * 1024


class Line:
    """To the node at `url`. `trust` is a file with the one certificate (PEM) that it must show; None: the system's."""

    def __init__(self, url: str, token: str, trust: Path | None) -> None:
        self.url = _checked(url)
        self.token = token
        within = limits.REQUEST_WITHIN_SECONDS_MAX + limits.CONNECT_WITHIN_SECONDS
        self.pool = urllib3.PoolManager(
            ssl_context=_tls(trust),
            timeout=Timeout(connect=limits.CONNECT_WITHIN_SECONDS, read=within),
            # A lookup is written down each time it is asked: whether to ask again is the caller's decision. Nor is a
            # redirection followed, which would carry the token elsewhere. Falls without: tests/client/test_comity.py
            retries=False,
        )

    def send(self, method: str, path: str, on_behalf_of: str, body: dict[str, Any] | None = None) -> bytes:
        """The body of the answer. Raises the refusal that it carried, Unavailable, or Unauthenticated for the node."""
        headers = {"authorization": f"Bearer {self.token}", "accept": "application/json"}
        if on_behalf_of:
            headers["comity-on-behalf-of"] = on_behalf_of
        if body is not None:
            headers["content-type"] = "application/json"
        status, answer = self._exchange(method, path, headers, msgspec.json.encode(body) if body is not None else None)
        if status != 200:
            raise refusal_in(answer, status)
        return answer

    def exchange(
        self, method: str, path: str, on_behalf_of: str, fields: dict[str, str] | None = None, body: bytes = b""
    ) -> tuple[dict[str, str], bytes]:
        """The header fields, in small letters, and the bytes of an answer that is no JSON. Raises as `send`."""
        headers = {"authorization": f"Bearer {self.token}", **(fields or {})}
        if on_behalf_of:
            headers["comity-on-behalf-of"] = on_behalf_of
        with self._reached():
            response = self.pool.request(
                method, self.url + path, headers=headers, body=body or None, preload_content=False
            )
            try:
                found = _whole(response)
            finally:
                response.release_conn()
        if response.status >= 300:
            raise refusal_in(found, response.status)
        return {name.lower(): value for name, value in response.headers.items()}, found

    def stream(self, path: str, on_behalf_of: str, after: str) -> Iterator[bytes]:
        """The lines of a stream of events, until it ends. Raises as `send`."""
        headers = {"authorization": f"Bearer {self.token}", "accept": "text/event-stream"}
        headers |= {"comity-on-behalf-of": on_behalf_of} if on_behalf_of else {}
        headers |= {"last-event-id": after} if after else {}
        with self._reached():
            response = self.pool.request("GET", self.url + path, headers=headers, preload_content=False)
            try:
                if response.status != 200:
                    raise refusal_in(_whole(response), response.status)
                yield from _lines(response)
            finally:
                response.close()

    def _exchange(self, method: str, path: str, headers: dict[str, str], body: bytes | None) -> tuple[int, bytes]:
        with self._reached():
            response = self.pool.request(method, self.url + path, headers=headers, body=body, preload_content=False)
            try:
                return response.status, _whole(response)
            finally:
                response.release_conn()

    @contextmanager
    def _reached(self) -> Iterator[None]:
        try:
            yield
        except SSLError as wrong:
            raise Unauthenticated(
                f"{self.url} did not show the certificate that is trusted.",
                do="Ask its operator whether the certificate was changed; compare it before you trust a new one.",
            ) from wrong
        except ReadTimeoutError as late:
            raise Unavailable(f"{self.url} did not answer in time.", do="Ask again later.") from late
        except HTTPError as broken:
            raise Unavailable(f"{self.url} cannot be reached.", do="Check the address and the network.") from broken


def _whole(response: urllib3.BaseHTTPResponse) -> bytes:
    body = bytearray()
    for piece in response.stream(PIECE_BYTES, decode_content=False):
        body += piece
        if len(body) > limits.SHOWN_ANSWER_BYTES_MAX:
            response.close()
            raise TooLarge(f"The answer is over {limits.SHOWN_ANSWER_BYTES_MAX} bytes.", do="Ask more narrowly.")
    return bytes(body)


def _lines(response: urllib3.BaseHTTPResponse) -> Iterator[bytes]:
    """As they come, without their ends. Raises TooLarge for one that has none."""
    rest = b""
    while piece := response.read1(PIECE_BYTES, decode_content=False):
        *lines, rest = (rest + piece).split(b"\n")
        yield from lines
        if len(rest) > PIECE_BYTES:
            raise TooLarge("A line of the stream has no end.", do="Ask for lists instead.")


def _checked(url: str) -> str:
    """Without the slash at its end. Raises Invalid for what would send the token in clear."""
    try:
        parts = parse_url(url)
    except HTTPError:
        raise Invalid(f"{url!r} is no address.", where="url", do="Write https://host:port.") from None
    if parts.scheme not in ("http", "https") or not parts.host or parts.query or parts.fragment or parts.auth:
        raise Invalid(f"{url!r} is no address of a node.", where="url", do="Write https://host:port.")
    if parts.scheme == "http" and parts.host not in LOOPBACK:
        raise Invalid(f"{url!r} would send the token in clear.", where="url", do="Use https.")
    return url.rstrip("/")


def _tls(trust: Path | None) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    if trust is None:
        context.load_default_certs()
        return context
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    try:
        context.load_verify_locations(trust)
    except FileNotFoundError:
        raise Missing(f"There is no certificate {trust}.", do="Name the node's certificate (PEM).") from None
    except ssl.SSLError:
        raise Invalid(f"{trust} is no certificate.", where="trust", do="Name a PEM file.") from None
    return context
