"""The malware scanner of whoever runs this node: clamd, asked over a socket with INSTREAM."""

import socket
from collections.abc import Iterable

from comity.domain import limits
from comity.domain.errors import Invalid, Unavailable

UNIX = "unix:"
PIECE_BYTES = 1024 * 1024
ANSWER_BYTES_MAX = 4096
FINDS, CLEAN, TOO_MUCH = b" FOUND", b" OK", b"size limit exceeded"
UNSCANNED = "larger than the scanner takes"


class Clamd:
    """`address` is `unix:/path/of/socket` or `host:port`. Raises Invalid for another."""

    def __init__(self, address: str, within_seconds: float = limits.SCAN_WITHIN_SECONDS) -> None:
        self._family, self._address = _parts(address)
        self.within_seconds = within_seconds

    def scan(self, content: Iterable[bytes]) -> str:
        """What clamd found in it, '' for nothing. Raises Unavailable where it does not answer.

        What is larger than its StreamMaxLength counts as found: nobody has looked at all of it.
        """
        try:
            with socket.socket(self._family) as line:
                line.settimeout(self.within_seconds)
                line.connect(self._address)
                answer = _asked(line, content)
        except OSError as fault:
            raise Unavailable("The malware scanner does not answer.", do="Start clamd, or see files.clamd.") from fault
        return _found(answer)


def _asked(line: socket.socket, content: Iterable[bytes]) -> bytes:
    line.sendall(b"zINSTREAM\0")
    try:
        for whole in content:
            for at in range(0, len(whole), PIECE_BYTES):
                piece = whole[at : at + PIECE_BYTES]
                line.sendall(len(piece).to_bytes(4, "big") + piece)
        line.sendall(bytes(4))
    except (BrokenPipeError, ConnectionResetError):
        pass  # it stops listening where it has had too much, and says so
    answer = b""
    # What it says ends with a zero byte; behind it there may be nothing but a line that was cut.
    while len(answer) < ANSWER_BYTES_MAX and b"\0" not in answer and (piece := line.recv(ANSWER_BYTES_MAX)):
        answer += piece
    return answer.rstrip(b"\0\n")


def _found(answer: bytes) -> str:
    """Only a clear word that it is clean counts as clean. Falls without it: tests/peers/test_clamd.py"""
    if answer == b"stream:" + CLEAN:
        return ""
    if TOO_MUCH in answer:
        return UNSCANNED
    if answer.startswith(b"stream: ") and answer.endswith(FINDS):
        name = answer.removeprefix(b"stream: ").removesuffix(FINDS).decode("ascii", "replace")
        return "".join(mark for mark in name if mark.isprintable())[: limits.CODE_CHARS_MAX]
    raise Unavailable("The malware scanner says nothing that can be understood.", do="Look at clamd's own log.")


def _parts(address: str) -> tuple[int, str | tuple[str, int]]:
    if address.startswith(UNIX):
        return socket.AF_UNIX, address.removeprefix(UNIX)
    host, _, port = address.rpartition(":")
    if not host or not port.isdigit():
        raise Invalid(f"{address!r} is no address of clamd.", where="files.clamd", do="Write unix:PATH or HOST:PORT.")
    bare = host.strip("[]")
    return (socket.AF_INET6 if ":" in bare else socket.AF_INET), (bare, int(port))
