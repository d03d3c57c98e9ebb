"""Files beside messages through the SDK: brought and fetched part by part, and gone on with wherever it broke off."""

import base64
import hashlib
import os
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import BinaryIO, TypeVar

from msgspec import Struct

from comity.client.address import id_in_path
from comity.client.line import Line
from comity.client.reading import read
from comity.domain import limits
from comity.domain.errors import Conflict, Invalid, Missing, Unauthenticated, Unavailable
from comity.domain.file_name import check_file_name
from comity.domain.files import FileNote, FileState

PART = "application/offset+octet-stream"
PART_BYTES = limits.REQUEST_BYTES_MAX
TRIES = 5  # of one part, before it is left to be gone on with later
WAIT_SECONDS = 0.5  # before the second try, and twice as long before each one after it

T = TypeVar("T")
Progress = Callable[[int, int], None]  # bytes that have come, of how many


class _Files(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    files: tuple[FileNote, ...]


def _silent(came: int, of: int) -> None:
    """Nobody looks on."""


class Files:
    """Reached as `Comity.files`. Raises the refusals of `comity.domain.errors`, as all of the SDK does.

    note = bureau.files.attach(draft.id, Path("harbour.mp4"), "video/mp4")
    path = bureau.files.save(note, Path("."))
    """

    def __init__(self, line: Line, on_behalf_of: str) -> None:
        self._line = line
        self._on_behalf_of = on_behalf_of

    def of(self, mail_id: str) -> Sequence[FileNote]:
        """The files of a message, and how far each has come."""
        return read(self._line.send("GET", f"/v1/mail/{id_in_path(mail_id)}/files", self._on_behalf_of), _Files).files

    def attach(
        self, mail_id: str, path: Path, media_type: str = "application/octet-stream", progress: Progress = _silent
    ) -> FileNote:
        """Bring a file to a draft, to its end; one of this name and size that broke off before is gone on with."""
        if not path.is_file():
            raise Missing(f"There is no file {path}.", do="Check the path.")
        size = path.stat().st_size
        begun = next((one for one in self.of(mail_id) if self._same(one, path.name, size)), None)
        file_id = begun.id if begun else self._begin(mail_id, path.name, size, media_type)
        with open(path, "rb") as source:
            self._bring(file_id, source, begun.came_bytes if begun else 0, size, progress)
            digest = _digest(source)
        note = self._whole(mail_id, file_id)
        if note.sha256 != digest:
            self.discard(file_id)
            raise Conflict(f"{path} was changed while it was brought.", do="Attach it again.")
        return note

    def discard(self, file_id: str) -> None:
        """Take a file from a draft."""
        self._line.exchange("DELETE", f"/v1/files/{id_in_path(file_id)}", self._on_behalf_of)

    def read(self, file_id: str, offset: int, length: int) -> bytes:
        """Any part of a file; fewer bytes than asked for at its end, or over the limit of one answer."""
        fields = {"range": f"bytes={offset}-{offset + length - 1}"}
        return self._line.exchange("GET", f"/v1/files/{id_in_path(file_id)}", self._on_behalf_of, fields)[1]

    def save(self, note: FileNote, folder: Path, progress: Progress = _silent) -> Path:
        """A file as a new one in a folder; a fetch that broke off before is gone on with."""
        # A peer chose this name. Falls without it: tests/client/test_files.py
        target = folder / check_file_name(note.name)
        if target.exists():
            raise Conflict(f"{target} is there already.", do="Move it away, or choose another folder.")
        coming = folder / f".{note.id}.coming"
        with open(coming, "ab", opener=lambda name, flags: os.open(name, flags, 0o600)) as sink:
            at = sink.seek(0, os.SEEK_END)
            while at < note.size_bytes:
                at += sink.write(self._again(partial(self.read, note.id, at, limits.FILE_SHOWN_BYTES_MAX)))
                progress(at, note.size_bytes)
        with open(coming, "rb") as source:
            digest = _digest(source)
        if digest != note.sha256:
            coming.unlink()
            raise Unauthenticated(f"What came is not {note.name!r}.", do="Fetch it again.")
        _renamed(coming, target)
        return target

    def _same(self, note: FileNote, name: str, size: int) -> bool:
        return note.state is FileState.COMING and (note.name, note.size_bytes) == (name, size)

    def _begin(self, mail_id: str, name: str, size: int, media_type: str) -> str:
        told = {"filename": name, "filetype": media_type}
        metadata = ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in told.items())
        fields = {"upload-length": str(size), "upload-metadata": metadata}
        headers, _ = self._line.exchange("POST", f"/v1/mail/{id_in_path(mail_id)}/files", self._on_behalf_of, fields)
        return headers.get("location", "").rpartition("/")[2]

    def _bring(self, file_id: str, source: BinaryIO, at: int, size: int, progress: Progress) -> None:
        path = f"/v1/files/{id_in_path(file_id)}"
        failures = 0
        progress(at, size)
        while at < size:
            source.seek(at)
            fields = {"content-type": PART, "upload-offset": str(at)}
            try:
                headers, _ = self._line.exchange("PATCH", path, self._on_behalf_of, fields, source.read(PART_BYTES))
                failures = 0
            except (Unavailable, Conflict):
                # Whether the part arrived is unknown: the node says how far it is.
                failures += 1
                if failures >= TRIES:
                    raise
                time.sleep(WAIT_SECONDS * 2 ** (failures - 1))
                headers = self._again(lambda: self._line.exchange("HEAD", path, self._on_behalf_of)[0])
            at = _offset(headers, size)
            progress(at, size)

    def _whole(self, mail_id: str, file_id: str) -> FileNote:
        """Once the node has read it over, which takes a while where it was started anew in between."""
        path = f"/v1/files/{id_in_path(file_id)}"
        while True:
            self._line.exchange("HEAD", path, self._on_behalf_of)
            note = next((one for one in self.of(mail_id) if one.id == file_id), None)
            if note is None or note.state is not FileState.COMING:
                break
            time.sleep(WAIT_SECONDS)
        if note is None:
            raise Missing("The file was taken out of the draft meanwhile.", do="Attach it again.")
        return note

    def _again(self, act: Callable[[], T]) -> T:
        """A few times where the line breaks."""
        for tried in range(1, TRIES):
            try:
                return act()
            except Unavailable:
                time.sleep(WAIT_SECONDS * 2 ** (tried - 1))
        return act()


def _offset(headers: dict[str, str], size: int) -> int:
    told = headers.get("upload-offset", "")
    if not told.isdigit() or int(told) > size:
        raise Invalid("The node does not say how far the file has come.", do="Ask its operator.")
    return int(told)


def _digest(source: BinaryIO) -> str:
    source.seek(0)
    digest = hashlib.sha256()
    while part := source.read(PART_BYTES):
        digest.update(part)
    return digest.hexdigest()


def _renamed(coming: Path, target: Path) -> None:
    """Under its own name, which nothing else has: what is there is never written over."""
    try:
        os.link(coming, target)
    except FileExistsError:
        raise Conflict(f"{target} is there already.", do="Move it away; what was fetched is kept.") from None
    coming.unlink()
