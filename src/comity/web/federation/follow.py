"""GET /federation/v1/directory, /measures and /logs: what other nodes follow of this one."""

import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

from comity.desks.needs import Once
from comity.domain.bureau import Member
from comity.domain.errors import Invalid, Missing
from comity.web.logs import LogFile, log_file
from comity.wire.canonical import encode
from comity.wire.http import Request, Response

LOGS = "/federation/v1/logs"  # with the name of a log and a path in it

_DIGEST = re.compile(r"[0-9a-f]{64}")
_VERSION = re.compile(r"[0-9]{1,18}")


class Directories:
    """`published` gives the version and the signed bytes of this hub's directory; None at a node that is no hub."""

    def __init__(self, published: Callable[[], tuple[int, bytes] | None]) -> None:
        self.published = published

    def __call__(self, request: Request, member: Member) -> Response:
        """The directory, or 304 where the caller holds this version or a later one."""
        held = after(request.target)
        directory = self.published()
        if directory is None:
            raise Missing("This node keeps no directory for others.", do="Ask the hub.")
        version, signed = directory
        if held >= version:
            return Response(status=304, headers={})
        return Response(status=200, headers={"content-type": "application/jose+json"}, body=signed)


class Measures:
    """`published` gives the measures signed for this hub's directory; b'' at a node that is no hub."""

    def __init__(self, published: Callable[[], bytes]) -> None:
        self.published = published

    def __call__(self, request: Request, member: Member) -> Response:
        if not (signed := self.published()):
            raise Missing("This node keeps no measures for others.", do="Ask the hub.")
        return Response(status=200, headers={"content-type": "application/jose+json"}, body=signed)


class KeyEntries:
    """`page` gives what follows a place in this hub's log of keys, None where nothing does."""

    def __init__(self, page: Callable[[int, str], bytes | None]) -> None:
        self.page = page

    def __call__(self, request: Request, member: Member) -> Response:
        """Entries, or 304 where the caller's copy, of that size and root, is complete."""
        page = self.page(after(request.target), _root(request.target))
        if page is None:
            return Response(status=304, headers={})
        return Response(status=200, headers={"content-type": "application/json"}, body=page)


class KeyPublication:
    """`publish` appends what a member's custodians signed, and gives its position."""

    def __init__(self, publish: Callable[[bytes, Member], int]) -> None:
        self.publish = publish

    def __call__(self, request: Request, member: Member) -> Response:
        position = self.publish(request.body, member)
        return Response(status=200, headers={"content-type": "application/json"}, body=encode({"position": position}))


class ManifestRenewal:
    """`renew` takes what a member says anew of itself; whether it is news."""

    def __init__(self, renew: Callable[[bytes, Member], bool]) -> None:
        self.renew = renew

    def __call__(self, request: Request, member: Member) -> Response:
        news = self.renew(request.body, member)
        return Response(status=200, headers={"content-type": "application/json"}, body=encode({"news": news}))


class Logs:
    """`file` gives what stands at a path of one of this node's logs."""

    def __init__(self, file: LogFile) -> None:
        self.file = file

    def __call__(self, request: Request, member: Member, once: Once) -> Response:
        """A checkpoint or a tile, for whoever follows the log or checks a proof.

        Nothing is noted of it: a tile never changes and tells of nobody, so a request played back gains nothing, and
        whoever mirrors a log asks thousands of times.
        """
        log, _, path = request.target.removeprefix(f"{LOGS}/").partition("/")
        return log_file(self.file, log, path)


def _root(target: str) -> str:
    given = _given(target, "root", "")
    if len(given) != 1 or not _DIGEST.fullmatch(given[0]):
        raise Invalid("This is no root of a log.", where="root", do="Give 64 hexadecimal digits.")
    return given[0]


def _given(target: str, name: str, default: str) -> list[str]:
    return parse_qs(urlsplit(target).query, keep_blank_values=True).get(name, [default])


def after(target: str) -> int:
    """Which version, or number, whoever asks holds already. Raises Invalid."""
    given = _given(target, "after", "0")
    if len(given) != 1 or not _VERSION.fullmatch(given[0]):
        raise Invalid("This is no version.", where="after", do="Give the number of the version that you hold.")
    return int(given[0])
