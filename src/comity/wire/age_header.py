"""The header of an age file: to whom its file key is wrapped, in text lines under a MAC."""

import base64
import binascii
import hmac
import re
from collections.abc import Iterator
from typing import BinaryIO

from msgspec import Struct

from comity.domain import limits
from comity.domain.errors import Invalid, TooLarge, Unauthenticated
from comity.wire.stream import derived

_VERSION = b"age-encryption.org/v1"
_END = b"---"
_ARGUMENTS = re.compile(rb"-> ([\x21-\x7e]+(?: [\x21-\x7e]+)*)")
_COLUMNS = 64
_MAC_BYTES = 32


class Stanza(Struct, frozen=True):
    """The file key, wrapped for one recipient; the first argument names the type."""

    arguments: tuple[str, ...]
    body: bytes


class Header(Struct, frozen=True):
    stanzas: tuple[Stanza, ...]
    signed: bytes  # what the MAC covers
    mac: bytes


def write(stanzas: tuple[Stanza, ...], file_key: bytes) -> bytes:
    signed = b"\n".join([_VERSION, *(line for one in stanzas for line in _lines(one)), _END])
    return signed + b" " + b64(_mac(file_key, signed)).encode() + b"\n"


def read(source: BinaryIO) -> Header:
    """The header at which `source` stands; it stands behind it then. Raises Invalid, TooLarge."""
    lines = _Lines(source)
    if lines.next() != _VERSION:
        raise Invalid("This is not an age file of version 1.", do="Armored files are not read: decode them first.")
    stanzas = []
    while (line := lines.next()).startswith(b"->"):
        stanzas.append(_stanza(line, lines))
        # Counted as they come. Falls without it: tests/attacks/test_wire_age.py
        if len(stanzas) > limits.RECIPIENTS_MAX:
            raise TooLarge(f"This age file is for more than {limits.RECIPIENTS_MAX} recipients.")
    mark, _, mac = line.partition(b" ")
    if mark != _END or not stanzas:
        raise Invalid("The header of this age file is not well formed.")
    return Header(stanzas=tuple(stanzas), signed=b"\n".join([*lines.passed[:-1], _END]), mac=_sized(mac, _MAC_BYTES))


def verified(header: Header, file_key: bytes) -> Header:
    """The header as whoever knew the file key wrote it. Raises Unauthenticated."""
    # A recipient added or taken away. Falls without it: tests/attacks/test_wire_age.py
    if not hmac.compare_digest(_mac(file_key, header.signed), header.mac):
        raise Unauthenticated("The header of this age file was changed.")
    return header


def b64(content: bytes) -> str:
    """Standard base64 without padding, as age writes it."""
    return base64.b64encode(content).rstrip(b"=").decode("ascii")


def unb64(text: bytes | str) -> bytes:
    """Raises Invalid for any but the one canonical form."""
    plain = text.encode("ascii", "replace") if isinstance(text, str) else text
    try:
        content = base64.b64decode(plain + b"=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError):
        content = b""
    # Two texts for the same bytes would be two headers of one meaning. Falls without it: tests/attacks/test_wire_age.py
    if b64(content).encode() != plain:
        raise Invalid("Not base64 without padding.", do="Write it as RFC 4648, section 4, without `=`.")
    return content


def _lines(stanza: Stanza) -> Iterator[bytes]:
    yield b"-> " + " ".join(stanza.arguments).encode("ascii")
    body = b64(stanza.body).encode()
    yield from (body[at : at + _COLUMNS] for at in range(0, len(body) + 1, _COLUMNS))


def _stanza(line: bytes, lines: "_Lines") -> Stanza:
    found = _ARGUMENTS.fullmatch(line)
    if not found:
        raise Invalid("A recipient in this age file is not well formed.")
    body = [lines.next()]
    while len(body[-1]) == _COLUMNS:
        body.append(lines.next())
    if len(body[-1]) > _COLUMNS:
        raise Invalid("A line in the header of this age file is too long.")
    return Stanza(arguments=tuple(found[1].decode("ascii").split(" ")), body=unb64(b"".join(body)))


class _Lines:
    """Lines without their ends, never more bytes than a header may have; all of them are remembered."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self._left = limits.AGE_HEADER_BYTES_MAX
        self.passed: list[bytes] = []

    def next(self) -> bytes:
        line = self._source.readline(self._left)
        self._left -= len(line)
        if not line.endswith(b"\n"):
            # Falls without it: tests/attacks/test_wire_age.py
            if not self._left:
                raise TooLarge(f"The header of this age file has more than {limits.AGE_HEADER_BYTES_MAX} bytes.")
            raise Invalid("This age file ends in its header.")
        self.passed.append(line[:-1])
        return line[:-1]


def _sized(text: bytes, size: int) -> bytes:
    content = unb64(text)
    if len(content) != size:
        raise Invalid("The header of this age file is not well formed.")
    return content


def _mac(file_key: bytes, signed: bytes) -> bytes:
    return hmac.digest(derived(file_key, b"", b"header"), signed, "sha256")
