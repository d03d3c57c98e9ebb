"""The line to other nodes: one request out, its response back, over TLS 1.3 to exactly the node that was meant."""

import hashlib
import re
import ssl
import threading
import time
from pathlib import Path
from typing import Any, Protocol

import urllib3
from msgspec import Struct
from urllib3 import exceptions
from urllib3.response import BaseHTTPResponse

from comity.domain import limits
from comity.domain.bureau import Manifest, Member
from comity.domain.errors import Unavailable
from comity.wire.http import Request, Response

PIECE_BYTES = 256 * 1024  # read at a time of an answer that does not tell its length

_LENGTH = re.compile(r"[0-9]{1,15}")


class Line(Protocol):
    def send(self, member: Member, request: Request, within_seconds: float, bytes_max: int) -> Response:
        """Carry a request to a member and bring back what it answered, unverified.

        Raises Unavailable where there is no whole answer of at most `bytes_max` bytes in time. Whether the request
        arrived is then unknown.
        """
        ...


class _Call(threading.local):
    """The call that this thread is making: when it must have ended (monotonic seconds)."""

    ends_at = 0.0

    def seconds_left(self) -> float:
        left = self.ends_at - time.monotonic()
        if left <= 0:
            raise TimeoutError("timed out")
        return left


_call = _Call()


class _PromptSocket(ssl.SSLSocket):
    """Counts the time of the whole call. A time limit per read would let a peer that sends one byte at a time hold us.

    Falls without it: tests/peers/test_line.py, an answer that comes byte by byte.
    """

    def recv_into(self, buffer: Any, nbytes: int | None = None, flags: int = 0) -> int:
        self.settimeout(_call.seconds_left())
        return super().recv_into(buffer, nbytes, flags)

    def send(self, data: Any, flags: int = 0) -> int:
        self.settimeout(_call.seconds_left())
        return super().send(data, flags)


class _Pool(Struct, frozen=True):
    """Connections to one member as the directory described it when they were made."""

    address: str
    tls_certificate: str
    connections: urllib3.HTTPSConnectionPool


class HttpsLine:
    """HTTPS with this node's own certificate, trusting for each member the one certificate of its manifest.

    No authorities of the machine, no proxies of the environment, no redirects, no retries.
    """

    def __init__(self, tls_certificate_file: Path, tls_key_file: Path) -> None:
        self.tls_certificate_file = tls_certificate_file
        self.tls_key_file = tls_key_file
        self._pools: dict[str, _Pool] = {}
        self._reached: dict[str, int] = {}  # member: the version of its manifest by which it was reached last
        self._lock = threading.Lock()

    def send(self, member: Member, request: Request, within_seconds: float, bytes_max: int) -> Response:
        """Raises Unavailable: nobody there, too slow, not the node of the directory, answer broken off or too large."""
        _call.ends_at = time.monotonic() + within_seconds
        before, last = tuple(one.manifest for one in member.earlier), self._reached.get(member.id)
        known = sorted((member.manifest, *before), key=lambda one: one.version != last)  # where it answered last
        for number, manifest in enumerate(known, 1):
            try:
                raw = self._opened(member, manifest, request, within_seconds)
                self._reached[member.id] = manifest.version
                return _whole(member, raw, bytes_max)
            except _NOT_REACHED as error:
                # Nothing left this node: it may stand where it stood before. Falls without it: tests/peers/test_line.py
                if number == len(known):
                    raise _silent(member, error, within_seconds) from error
            except (exceptions.HTTPError, OSError, ValueError) as error:
                raise _silent(member, error, within_seconds) from error
        raise AssertionError("a member has a manifest")

    def _opened(self, member: Member, manifest: Manifest, request: Request, within_seconds: float) -> BaseHTTPResponse:
        return self._pool(member, manifest).urlopen(
            request.method,
            request.target,
            body=request.body or None,
            headers={**request.headers, "host": request.authority},
            timeout=urllib3.Timeout(total=within_seconds),
            retries=False,
            redirect=False,
            preload_content=False,
            decode_content=False,
        )

    def close(self) -> None:
        """Hang up everywhere."""
        with self._lock:
            for pool in self._pools.values():
                pool.connections.close()
            self._pools.clear()

    def _pool(self, member: Member, manifest: Manifest) -> urllib3.HTTPSConnectionPool:
        """The connections to a member; new ones where it is to be reached at another address or certificate."""
        with self._lock:
            held = self._pools.get(member.id)
            if held and (held.address, held.tls_certificate) == (manifest.address, manifest.tls_certificate):
                return held.connections
            connections = self._connections(manifest.address, manifest.tls_certificate)
            if held:
                held.connections.close()
            self._pools[member.id] = _Pool(manifest.address, manifest.tls_certificate, connections)
            return connections

    def _connections(self, address: str, tls_certificate: str) -> urllib3.HTTPSConnectionPool:
        url = urllib3.util.parse_url(address)
        if url.scheme != "https" or not url.host:
            raise ValueError(f"{address!r} is no https address")
        return urllib3.HTTPSConnectionPool(
            url.host,
            url.port or 443,
            maxsize=limits.CONNECTIONS_PER_MEMBER_MAX,
            ssl_context=self._context(tls_certificate),
            # A trusted certificate could vouch for others: only this very one is the member's.
            # Falls without it: tests/peers/test_line.py, a certificate issued by the member's own.
            assert_fingerprint=hashlib.sha256(ssl.PEM_cert_to_DER_cert(tls_certificate.strip())).hexdigest(),
        )

    def _context(self, tls_certificate: str) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.sslsocket_class = _PromptSocket
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        # The name is in no one's interest to forge: address and certificate come from the same signed manifest.
        context.check_hostname = False
        context.verify_mode = ssl.CERT_REQUIRED
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN  # also one that a national authority issued
        context.load_verify_locations(cadata=tls_certificate)
        context.load_cert_chain(self.tls_certificate_file, self.tls_key_file)
        return context


def _silent(member: Member, error: Exception, within_seconds: float) -> Unavailable:
    return Unavailable(_why(member, error, within_seconds), do="It is tried again or shown as silent.")


def _whole(member: Member, raw: BaseHTTPResponse, bytes_max: int) -> Response:
    """The response with its body, of which little more than the limit is ever in memory."""
    told = raw.headers.get("content-length", "")
    # At once where its length is told: gathered from pieces, a part of a file is copied twice more.
    piece_bytes = min(int(told), bytes_max + 1) if _LENGTH.fullmatch(told) else PIECE_BYTES
    pieces: list[bytes] = []
    try:
        # Until there is nothing more to read: only then has the library compared with the length announced.
        # Falls without it: tests/peers/test_line.py, an answer that is broken off.
        while piece := raw.read(piece_bytes or PIECE_BYTES, decode_content=False):
            pieces.append(piece)
            if sum(map(len, pieces)) > bytes_max:
                raise Unavailable(f"{member.id} answered with more than {bytes_max:,} bytes.", do="Tell its operator.")
    except BaseException:
        raw.close()
        raise
    raw.release_conn()
    headers = {name.lower(): value for name, value in raw.headers.items()}
    return Response(status=raw.status, headers=headers, body=b"".join(pieces))


_NOT_REACHED = (exceptions.SSLError, exceptions.NewConnectionError)
# failure: what it means. The first that fits is told.
_REASONS: tuple[tuple[type[Exception], str], ...] = (
    (exceptions.SSLError, "did not prove to be the node of the directory, or did not accept our certificate"),
    (ssl.SSLError, "cannot be reached securely: its certificate or ours cannot be read"),
    (exceptions.NewConnectionError, "accepts no connections at {address}"),
    (exceptions.ProtocolError, "broke the connection off"),
    (OSError, "cannot be reached: a file of our own certificate cannot be read"),
    (ValueError, "has no usable address or certificate in the directory ({address})"),
)


def _why(member: Member, error: Exception, within_seconds: float) -> str:
    """In plain words; the exception itself is the cause of the one that is raised."""
    # The library counts a refused connection as a time-out.
    timed_out = isinstance(error, exceptions.TimeoutError | TimeoutError)
    refused = isinstance(error, exceptions.NewConnectionError)
    if (timed_out and not refused) or any(isinstance(part, TimeoutError) for part in error.args):
        return f"{member.id} did not answer within {within_seconds:g} seconds."
    reason = next((text for kind, text in _REASONS if isinstance(error, kind)), "could not be asked")
    return f"{member.id} {reason.format(address=member.manifest.address)}."
