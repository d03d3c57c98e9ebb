"""Files beside letters: brought whole by a form or part by part by script, and kept by whoever may read the letter."""

from collections.abc import Iterator
from functools import partial
from urllib.parse import quote

from starlette.datastructures import UploadFile

from comity.desks.cases import WORK
from comity.domain import limits
from comity.domain.errors import Invalid, Refusal
from comity.domain.files import FileNote, NewFile
from comity.web.console import mail
from comity.web.console.page import Brought, Moved, Page, Shown, Visit
from comity.web.officer.bodies import made
from comity.web.officer.files import WHATEVER

PART_BYTES = 1024 * 1024  # read from the form at once
EDGES_BYTES = 64 * 1024  # of a form around its file
OFFSET = "upload-offset"


def attach(visit: Visit) -> Shown | Moved:
    """The whole file in one form: what works without script."""
    try:
        sent = visit.form.files.get("file")
        if sent is None or not sent.filename:
            raise Invalid("No file was chosen.", where="file", do="Choose one.")
        note = _begun(visit, sent.filename, sent.content_type or "", sent.size or 0)
        _bring(visit, note, sent)
    except Refusal as refusal:
        return mail.refused(visit, refusal)
    return Moved(f"/letters/{visit.id}#files", "The file is attached.")


def begin(visit: Visit) -> Brought:
    """A file whose parts follow; where they go is in Location."""
    form = visit.form
    size = form.text("size")
    if not (size.isascii() and size.isdigit()):
        raise Invalid("It does not say how long the file is.", where="size", do="Choose the file again.")
    note = _begun(visit, form.text("name"), form.text("type"), int(size))
    return Brought(fields={"location": f"/files/{note.id}", OFFSET: str(note.came_bytes)}, status=201)


def progress(visit: Visit) -> Brought:
    """How far it has come."""
    note = visit.desks.files.show(visit.id, visit.caller)
    return Brought(fields={OFFSET: str(note.came_bytes), "comity-file-state": note.state}, status=204)


def bring(visit: Visit) -> Brought:
    """The next part; go on at the offset of the answer."""
    told = visit.fields.get(OFFSET, "")
    if not (told.isascii() and told.isdigit()):
        raise Invalid("It does not say where the part belongs.", where=OFFSET, do="Send it as a number of bytes.")
    note = visit.desks.files.write(visit.id, int(told), visit.body, visit.caller)
    return Brought(fields={OFFSET: str(note.came_bytes), "comity-file-state": note.state}, status=204)


def keep(visit: Visit) -> Brought:
    """The file to keep, part by part from the sealed disk: it is never whole in memory."""
    note, first = visit.desks.files.read(visit.id, 0, limits.FILE_SHOWN_BYTES_MAX, visit.caller)
    headers = {
        # Never what its sender says that it is: a browser would run it. Falls without: tests/web/console/test_files.py
        "content-type": WHATEVER,
        "content-disposition": f"attachment; filename*=UTF-8''{quote(note.name, safe='')}",
        "content-length": str(note.size_bytes),
        "content-security-policy": "sandbox",
    }
    return Brought(fields=headers, parts=_parts(visit, note, first))


def discard(visit: Visit) -> Moved:
    note = visit.desks.files.discard(visit.id, visit.caller)
    return Moved(f"/letters/{note.mail}#files", "The file is taken off.")


def _begun(visit: Visit, name: str, kind: str, size: int) -> FileNote:
    told = {"name": name, "media_type": kind.partition(";")[0].strip().lower() or WHATEVER, "size_bytes": size}
    try:
        new = made(NewFile, told)
    except Invalid as wrong:
        raise Invalid(wrong.what, where="file", do=wrong.do) from None
    return visit.desks.files.begin(visit.id, new, visit.caller)


def _bring(visit: Visit, note: FileNote, sent: UploadFile) -> None:
    offset = 0
    for part in iter(partial(sent.file.read, PART_BYTES), b""):
        visit.desks.files.write(note.id, offset, part, visit.caller)
        offset += len(part)


def _parts(visit: Visit, note: FileNote, first: bytes) -> Iterator[bytes]:
    part, offset = first, 0
    while part:
        yield part
        offset += len(part)
        if offset >= note.size_bytes:
            return
        _, part = visit.desks.files.read(visit.id, offset, limits.FILE_SHOWN_BYTES_MAX, visit.caller)


PAGES = (
    Page(
        path="/letters/{id}/files",
        show=attach,
        method="POST",
        roles=WORK,
        bytes_max=limits.CONSOLE_UPLOAD_BYTES_MAX + EDGES_BYTES,
    ),
    Page(path="/letters/{id}/uploads", show=begin, method="POST", roles=WORK),
    Page(path="/files/{id}/progress", show=progress, roles=WORK),
    Page(path="/files/{id}", show=bring, method="PATCH", roles=WORK, bytes_max=limits.FILE_PART_BYTES_MAX),
    Page(path="/files/{id}", show=keep, roles=WORK),
    Page(path="/files/{id}/discard", show=discard, method="POST", roles=WORK),
)
