"""Files beside messages: brought by any tus 1.0 client (creation, termination, checksum), read by any byte range."""

import base64
import binascii
import hashlib
import re
from collections.abc import Callable
from urllib.parse import quote

from msgspec import Struct

from comity.domain import limits
from comity.domain.caller import Caller
from comity.domain.errors import Conflict, Invalid, Missing, NotPermitted, Refusal, TooLarge
from comity.domain.files import FileNote, NewFile
from comity.web.officer import bodies
from comity.web.officer.needs import Desks
from comity.web.officer.route import Asked, Route
from comity.web.refusals import ChecksumMismatch, RangeNotSatisfiable, WrongContentType
from comity.wire.http import Request, Response

PART = "application/offset+octet-stream"
WHATEVER = "application/octet-stream"
TUS = {"tus-resumable": "1.0.0"}

_NUMBER = re.compile(r"[0-9]{1,18}")
_RANGE = re.compile(r"bytes=(?P<first>[0-9]{0,18})-(?P<last>[0-9]{0,18})")


class FileRoute(Struct, frozen=True, kw_only=True):
    """An address whose request or answer is bytes. `done` are its statuses where it is not refused."""

    method: str
    template: str
    does: str
    act: Callable[[Desks, Caller, str, Request], Response]
    takes: str = ""  # content type of the body
    fields: tuple[str, ...] = ()  # header fields that it reads
    done: tuple[int, ...]
    refusals: tuple[type[Refusal], ...] = ()


class FileList(Struct, frozen=True, kw_only=True):
    """In the order in which they were attached."""

    files: tuple[FileNote, ...]


def every(desks: Desks, asked: Asked[None]) -> FileList:
    return FileList(files=tuple(desks.files.of_mail(asked.id, asked.caller)))


def begin(desks: Desks, caller: Caller, mail_id: str, request: Request) -> Response:
    told = _metadata(request.headers.get("upload-metadata", ""))
    size = _number(request, "upload-length")
    kind = told.get("filetype", "").lower() or WHATEVER
    new = bodies.made(NewFile, {"name": told.get("filename", ""), "media_type": kind, "size_bytes": size})
    note = desks.files.begin(mail_id, new, caller)
    return Response(status=201, headers={**TUS, **_offset(note), "location": f"/v1/files/{note.id}"})


def look(desks: Desks, caller: Caller, file_id: str, request: Request) -> Response:
    note = desks.files.show(file_id, caller)
    return Response(status=200, headers={**TUS, **_offset(note), "upload-length": str(note.size_bytes)})


def bring(desks: Desks, caller: Caller, file_id: str, request: Request) -> Response:
    if request.headers.get("content-type", "") != PART:
        raise WrongContentType("This is no part of a file.", where="content-type", do=f"Send content-type: {PART}.")
    _check_sum(request)
    note = desks.files.write(file_id, _number(request, "upload-offset"), request.body, caller)
    return Response(status=204, headers={**TUS, **_offset(note)})


def discard(desks: Desks, caller: Caller, file_id: str, request: Request) -> Response:
    desks.files.discard(file_id, caller)
    return Response(status=204, headers=TUS)


def read(desks: Desks, caller: Caller, file_id: str, request: Request) -> Response:
    note = desks.files.show(file_id, caller)
    asked = request.headers.get("range", "")
    if not asked and note.size_bytes > limits.FILE_SHOWN_BYTES_MAX:
        raise TooLarge(
            f"It has {note.size_bytes} bytes.",
            where="range",
            do=f"Ask for {limits.FILE_SHOWN_BYTES_MAX} at a time: Range: bytes=0-{limits.FILE_SHOWN_BYTES_MAX - 1}.",
        )
    first, length = _asked(asked, note.size_bytes) if asked else (0, note.size_bytes)
    note, found = desks.files.read(file_id, first, length, caller)
    headers = {
        # Never what its sender says that it is: a browser would run it.
        # Falls without it: tests/web/officer/test_files.py
        "content-type": WHATEVER,
        "content-disposition": f"attachment; filename*=UTF-8''{quote(note.name, safe='')}",
        "content-security-policy": "sandbox",
        "accept-ranges": "bytes",
        "etag": f'"{note.sha256}"',
    }
    if not asked:
        return Response(status=200, headers=headers, body=found)
    span = f"bytes {first}-{first + len(found) - 1}/{note.size_bytes}"
    return Response(status=206, headers={**headers, "content-range": span}, body=found)


def _offset(note: FileNote) -> dict[str, str]:
    return {"upload-offset": str(note.came_bytes), "comity-file-state": note.state}


def _number(request: Request, name: str) -> int:
    told = request.headers.get(name, "")
    if not _NUMBER.fullmatch(told):
        raise Invalid("This is no number of bytes.", where=name, do=f"Send {name}: N.")
    return int(told)


def _metadata(told: str) -> dict[str, str]:
    """The pairs of tus 1.0, section Creation: a key, and a value in base64. Raises Invalid."""
    found: dict[str, str] = {}
    try:
        for pair in filter(None, told.split(",")):
            key, _, value = pair.strip().partition(" ")
            if key in found:
                raise ValueError(key)
            found[key] = base64.b64decode(value, validate=True).decode("utf-8")
    except (ValueError, binascii.Error):
        raise Invalid(
            "This is no list of keys with values in base64.", where="upload-metadata", do="Send filename and filetype."
        ) from None
    return found


def _check_sum(request: Request) -> None:
    told = request.headers.get("upload-checksum", "")
    if not told:
        return
    kind, _, value = told.partition(" ")
    if kind != "sha256":
        raise Invalid("This sum is not known here.", where="upload-checksum", do="Send sha256 and base64, or none.")
    if base64.b64encode(hashlib.sha256(request.body).digest()).decode() != value.strip():
        raise ChecksumMismatch("The part came otherwise than it left.", where="upload-checksum", do="Send it again.")


def _asked(told: str, size: int) -> tuple[int, int]:
    """(first byte, how many) of one range (RFC 9110, section 14.1.2). Raises RangeNotSatisfiable."""
    found = _RANGE.fullmatch(told.replace(" ", ""))
    first, last = (found["first"], found["last"]) if found else ("", "")
    if not first and not last:
        raise RangeNotSatisfiable("One range of bytes is read here.", where="range", do="Send Range: bytes=FIRST-LAST.")
    if not first:  # the last so many
        length = min(int(last), size)
        start = size - length
    else:
        start = int(first)
        length = (min(int(last), size - 1) if last else size - 1) - start + 1
    if start >= size or length <= 0:
        raise RangeNotSatisfiable(f"It has {size} bytes.", where="range", do="Ask for some of those.")
    return start, min(length, limits.FILE_SHOWN_BYTES_MAX)


STEP = (NotPermitted, Missing, Conflict)

ROUTES = (
    Route(
        method="GET",
        template="/v1/mail/{id}/files",
        does="See the files of a message, and how far each has come",
        act=every,
        answer=FileList,
        refusals=(NotPermitted, Missing),
    ),
)
FILE_ROUTES = (
    FileRoute(
        method="POST",
        template="/v1/mail/{id}/files",
        does="Begin to attach a file to a draft (tus 1.0, creation): its address is in Location",
        act=begin,
        fields=("upload-length", "upload-metadata"),
        done=(201,),
        refusals=(*STEP, TooLarge),
    ),
    FileRoute(
        method="HEAD",
        template="/v1/files/{id}",
        does="See how far a file has come (tus 1.0)",
        act=look,
        done=(200,),
        refusals=(NotPermitted, Missing),
    ),
    FileRoute(
        method="PATCH",
        template="/v1/files/{id}",
        does="Bring the next part of a file (tus 1.0); go on at the Upload-Offset of the answer",
        act=bring,
        takes=PART,
        fields=("upload-offset", "upload-checksum"),
        done=(204,),
        refusals=(*STEP, TooLarge, WrongContentType, ChecksumMismatch),
    ),
    FileRoute(
        method="DELETE",
        template="/v1/files/{id}",
        does="Take a file from a draft (tus 1.0, termination)",
        act=discard,
        done=(204,),
        refusals=STEP,
    ),
    FileRoute(
        method="GET",
        template="/v1/files/{id}",
        does="Read a file, whole or any range of it",
        act=read,
        fields=("range",),
        done=(200, 206),
        refusals=(*STEP, TooLarge, RangeNotSatisfiable),
    ),
)
