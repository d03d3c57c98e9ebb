"""One canonical byte form for each value (RFC 8785): what is signed is exactly what is read."""

import base64
import binascii
import re
from collections.abc import Callable
from typing import TypeVar

import msgspec
import rfc8785

from comity.domain.errors import Invalid

T = TypeVar("T")

# Where the struct library's JSON may differ from RFC 8785: a number with a fraction, an exponent or 16 digits and more,
# and a character beyond the basic plane (its keys sort differently). Numbers stand after a key or in a list; the
# seconds of a moment after a digit. What looks the same inside a string only costs time.
_NUMBER = rb"-?(?:[0-9]+[.eE]|[0-9]{16})"
# A pattern that begins with fixed text is searched ten times as fast as one that begins with a choice.
_DIFFERS = tuple(re.compile(before + _NUMBER) for before in (rb'":', rb",", rb"\["))
_BEYOND = re.compile(rb"[\xf0-\xf4]")
# The alphabet of base64url as that of base64; what is only of the latter, and padding, becomes what neither knows.
_STANDARD = bytes.maketrans(b"-_+/=", b"+/!!!")
_PATH = re.compile(r" - at `\$\.?(?P<path>[^`]*)`")


def encode(value: object) -> bytes:
    """The RFC 8785 bytes of a domain object or plain JSON value.

    Raises Invalid for a number that JSON cannot carry exactly (beyond 2^53).
    """
    quick = msgspec.json.encode(value, order="sorted")
    if not _may_differ(quick):
        return quick
    try:
        return rfc8785.dumps(msgspec.to_builtins(value, order="sorted", enc_hook=_plain))
    except rfc8785.CanonicalizationError as wrong:
        raise Invalid(f"This cannot be written as canonical JSON: {wrong}.") from None


def encode_texts(value: object) -> bytes:
    """As `encode`, at a third of its cost, for structs of nothing but texts: without a number nothing can differ."""
    return msgspec.json.encode(value, order="sorted")


def decode(data: bytes, type: type[T], what: str) -> T:
    """The object that canonical bytes stand for. Raises Invalid, naming the field.

    `what` says whose bytes they are ("letter"), for the reader of a refusal.
    """
    # Two JSON texts of one meaning would give one object two signatures, and a key written twice two meanings.
    # Falls without it: tests/wire/test_canonical.py, tests/attacks/test_wire_signed.py
    plain = _parsed(data, object, what)
    if _canonical(plain, what) != data:
        raise Invalid(
            f"The {what} is not in canonical form (RFC 8785).",
            do="Write each key once, sorted, without blanks.",
        )
    return _parsed(data, type, what)


def decode_as_written(data: bytes, type: type[T], written: Callable[[T], bytes] = encode) -> T | None:
    """As `decode`, in a third of its time, for what a release that knows the same fields wrote; None for all else.

    Whatever is written again as the very same bytes was canonical, and nothing in it was passed over. `written` is
    `encode_texts` for structs of nothing but texts.
    """
    try:
        value = msgspec.json.decode(data, type=type, strict=True)
        return value if written(value) == data else None
    except (msgspec.DecodeError, ValueError, RecursionError, Invalid):
        return None


def decode_again(data: bytes, type: type[T], what: str) -> T:
    """Bytes that `decode` took once before, read as another type. Raises Invalid, naming the field."""
    return _parsed(data, type, what)


def b64u(data: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def unb64u(text: str) -> bytes:
    """The bytes of base64url text in its one canonical form. Raises Invalid."""
    try:
        written = text.encode("ascii").translate(_STANDARD) + b"=" * (-len(text) % 4)
        data = binascii.a2b_base64(written, strict_mode=True)
    except ValueError:
        raise _not_base64url() from None
    # Two texts may stand for the same bytes: the last letter may hold bits that are left over.
    # Falls without it: tests/wire/test_canonical.py
    last = len(data) % 3
    if last and not text.endswith(b64u(data[-last:])):
        raise _not_base64url()
    return data


def _not_base64url() -> Invalid:
    return Invalid("Not base64url without padding.", do="Write it as RFC 4648, section 5.")


def _may_differ(quick: bytes) -> bool:
    alone = not quick.startswith((b"{", b"[", b'"'))
    return (
        alone
        or any(pattern.search(quick) for pattern in _DIFFERS)
        or (not quick.isascii() and _BEYOND.search(quick) is not None)
    )


def _plain(value: object) -> object:
    """What stands in JSON that was left as it came."""
    if isinstance(value, msgspec.Raw):
        return msgspec.json.decode(value)
    raise NotImplementedError(f"{type(value).__name__} is not written as JSON.")


def _canonical(plain: object, what: str) -> bytes:
    try:
        return encode(plain)
    except RecursionError:
        raise Invalid(f"The {what} is nested too deeply.") from None


def _parsed(data: bytes, type: type[T], what: str) -> T:
    try:
        return msgspec.json.decode(data, type=type, strict=True)
    except msgspec.ValidationError as wrong:
        raise _refusal(str(wrong), what) from None
    except RecursionError:
        raise Invalid(f"The {what} is nested too deeply.") from None
    except (msgspec.DecodeError, ValueError) as wrong:
        raise Invalid(f"The {what} is not JSON: {wrong}.") from None


def _refusal(message: str, what: str) -> Invalid:
    found = _PATH.search(message)
    where = found["path"] if found else ""
    return Invalid(f"The {what} is not well formed: {_PATH.sub('', message).rstrip('.')}.", where=where or what)
