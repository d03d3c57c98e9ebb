"""What a node and the file room say to each other: files announced, how they stand, which part is meant."""

import re
from urllib.parse import parse_qsl

from msgspec import Struct

from comity.domain import limits
from comity.domain.errors import Invalid
from comity.domain.files import Announcement, Stand
from comity.wire.canonical import decode, encode
from comity.wire.http import Request

FILES = "/federation/v1/files"

_DIGEST = re.compile(r"[0-9a-f]{64}")
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_NUMBER = re.compile(r"0|[1-9][0-9]{0,14}")


class Part(Struct, frozen=True, kw_only=True):
    """Which part of which file; `length` of one that is asked for."""

    digest: str
    offset: int
    length: int = 0
    sender: str = ""


class End(Struct, frozen=True, kw_only=True):
    """Whose share in whose file ends."""

    digest: str
    sender: str
    recipient: str


def write_announcement(announced: Announcement) -> bytes:
    return encode(announced)


def read_announcement(data: bytes) -> Announcement:
    """Raises Invalid."""
    return decode(data, Announcement, "announcement of a file")


def write_stand(stand: Stand) -> bytes:
    return encode(stand)


def read_stand(data: bytes) -> Stand:
    """Raises Invalid."""
    return decode(data, Stand, "word of a file")


# The part that is meant stands in the address, which both signatures cover; they cover no header fields of our own.


def target_of(part: Part) -> str:
    """The address of a part that is brought, or with a length of one that is asked for."""
    if not part.sender:
        return f"{FILES}?digest={part.digest}&offset={part.offset}"
    return f"{FILES}?sender={part.sender}&digest={part.digest}&offset={part.offset}&length={part.length}"


def end_target(end: End) -> str:
    return f"{FILES}?sender={end.sender}&digest={end.digest}&recipient={end.recipient}"


def part_brought(request: Request) -> Part:
    """Raises Invalid."""
    told = _query(request, "digest", "offset")
    return Part(digest=_checked(told, "digest", _DIGEST), offset=int(_checked(told, "offset", _NUMBER)))


def part_asked(request: Request) -> Part:
    """Raises Invalid."""
    told = _query(request, "sender", "digest", "offset", "length")
    length = int(_checked(told, "length", _NUMBER))
    if not 0 < length <= limits.FILE_PART_BYTES_MAX:
        raise Invalid(f"A part has {limits.FILE_PART_BYTES_MAX} bytes at most.", where="length")
    return Part(
        digest=_checked(told, "digest", _DIGEST),
        offset=int(_checked(told, "offset", _NUMBER)),
        length=length,
        sender=_checked(told, "sender", _NAME),
    )


def share_ended(request: Request) -> End:
    """Raises Invalid."""
    told = _query(request, "sender", "digest", "recipient")
    return End(
        digest=_checked(told, "digest", _DIGEST),
        sender=_checked(told, "sender", _NAME),
        recipient=_checked(told, "recipient", _NAME),
    )


def _query(request: Request, *names: str) -> dict[str, str]:
    query = parse_qsl(request.target.partition("?")[2], keep_blank_values=True)
    if [name for name, _ in query] != list(names):
        raise Invalid(f"This address takes {', '.join(names)}, in this order.", where="query")
    return dict(query)


def _checked(told: dict[str, str], name: str, form: re.Pattern[str]) -> str:
    if not form.fullmatch(told[name]):
        raise Invalid("This is not what belongs here.", where=name, do="See docs/protocol/files.md.")
    return told[name]
