"""A text signed by one or more keys, and those keys as one line of text (C2SP signed-note)."""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable

from msgspec import Struct

from comity.domain import limits
from comity.domain.errors import Invalid, TooLarge

KEY_ID_BYTES = 4

NAME = re.compile(r"[^\s+]+")
CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")
_COUNT = re.compile(r"0|[1-9][0-9]{0,18}")
_SIGNATURE = re.compile(r"— (?P<name>[^\s+]+) (?P<signature>[A-Za-z0-9+/]+={0,2})")
_KEY = re.compile(r"(?P<name>[^\s+]+)\+(?P<id>[0-9a-f]{8})\+(?P<key>[A-Za-z0-9+/]+={0,2})")


class Line(Struct, frozen=True):
    """One signature of a note, by the name and the id of its key."""

    name: str
    key_id: bytes
    signature: bytes

    def __str__(self) -> str:
        return f"— {self.name} {b64(self.key_id + self.signature)}\n"


class VerifierKey(Struct, frozen=True):
    """A public key with its name and the type of its signatures: a vkey."""

    name: str
    type: int
    key: bytes

    @property
    def key_id(self) -> bytes:
        return key_id(self.name, bytes([self.type]) + self.key)

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{b64(bytes([self.type]) + self.key)}"


def read_vkey(text: str) -> VerifierKey:
    """Raises Invalid: not of this form, or with an id that is not its own."""
    found = _KEY.fullmatch(text)
    data = unb64(found["key"]) if found else b""
    if found is None or len(data) < 2:
        raise Invalid("This is no verifier key.", do="Give NAME+ID+KEY, as C2SP signed-note has it.")
    key = VerifierKey(found["name"], data[0], data[1:])
    # Falls without it: tests/wire/test_note.py
    if key.key_id.hex() != found["id"]:
        raise Invalid(f"The id of this verifier key is {key.key_id.hex()}, not {found['id']}.")
    return key


def written(text: str, lines: Iterable[Line]) -> str:
    """The note: text that ends with a newline, an empty line, the signatures."""
    return text + "\n" + "".join(str(line) for line in lines)


def split(note: str) -> tuple[str, list[Line]]:
    """The signed text, with its last newline, and the signatures. Raises Invalid, TooLarge."""
    if len(note.encode("utf-8", "replace")) > limits.NOTE_BYTES_MAX:
        raise TooLarge(f"A note has {limits.NOTE_BYTES_MAX} bytes at most.")
    text, separator, signatures = note.rpartition("\n\n")
    if not separator or CONTROLS.search(note):
        raise Invalid("This is no signed note.")
    return text + "\n", read_lines(signatures)


def read_lines(text: str) -> list[Line]:
    """Signature lines alone. Raises Invalid, TooLarge."""
    if not text.endswith("\n"):
        raise Invalid("This is no signed note.")
    lines = text.removesuffix("\n").split("\n")
    if len(lines) > limits.NOTE_SIGNATURES_MAX:
        raise TooLarge(f"A note has {limits.NOTE_SIGNATURES_MAX} signatures at most.")
    return [_line(line) for line in lines]


def key_id(name: str, typed_key: bytes) -> bytes:
    """The first bytes of SHA-256 over name, newline, the type of signature and the key."""
    return hashlib.sha256(name.encode("utf-8") + b"\n" + typed_key).digest()[:KEY_ID_BYTES]


def named(text: str, where: str) -> None:
    """Raises Invalid for what can name neither a log nor a key."""
    if not NAME.fullmatch(text) or CONTROLS.search(text):
        raise Invalid(f"{text!r} cannot name a log or its key.", where=where, do="Leave out blanks and plus signs.")


def count(text: str) -> int:
    """A number of entries: decimal, no leading zero. Raises Invalid."""
    if not _COUNT.fullmatch(text):
        raise Invalid(f"{text[:20]!r} is no count.")
    return int(text)


def b64(data: bytes) -> str:
    """RFC 4648, section 4."""
    return base64.b64encode(data).decode("ascii")


def unb64(text: str) -> bytes:
    """Raises Invalid for anything that `b64` would not have written."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        data = b""
    if not data or b64(data) != text:
        raise Invalid("Not base64 (RFC 4648, section 4).")
    return data


def _line(text: str) -> Line:
    found = _SIGNATURE.fullmatch(text)
    if not found:
        raise Invalid("A signature of the note cannot be read.")
    data = unb64(found["signature"])
    return Line(found["name"], data[:KEY_ID_BYTES], data[KEY_ID_BYTES:])
