"""Files that grow part by part, in a folder of the node: whatever breaks off, they go on where they stand."""

import fcntl
import hashlib
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from comity.domain import limits
from comity.domain.errors import Conflict, Missing, Unavailable

PIECE_BYTES = 1024 * 1024  # read at a time


class GrowingFiles:
    """By names that this node gave them; none of another's choosing ever names a file here.

    How far a file has come is how long it is: what a cut line or a killed process left of a part is true as far as it
    goes, for every part was verified before it was written, and the digest of the whole has the last word.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._digests: dict[str, RunningDigest] = {}
        self._lock = threading.Lock()

    def size(self, name: str) -> int:
        """Bytes that have come; 0 where there is no such file yet."""
        with suppress(FileNotFoundError):
            return self._path(name).stat().st_size
        return 0

    def append(self, name: str, offset: int, part: bytes) -> int:
        """Its new length. Raises Conflict where it is not as long as `offset`, Unavailable where the disk is full."""
        with self.opened(name) as file:
            if (size := file.seek(0, os.SEEK_END)) != offset:
                raise Conflict(f"{size} bytes of it have come, not {offset}.", do="Go on from there.")
            file.write(part)
        return offset + len(part)

    def sync(self, name: str) -> None:
        """When this returns, what has come is on the disk, whatever fails."""
        with self.reading(name) as file:
            os.fsync(file.fileno())
        _sync_folder(self.folder)

    def cut(self, name: str, size: int) -> None:
        """Throw away what stands behind; the digest is worked out anew."""
        with self.opened(name) as file:
            file.truncate(size)
        self._forget(name)

    def digest(self, name: str, within_seconds: float = limits.FILE_READ_OVER_SECONDS) -> str | None:
        """SHA-256 of all of it; None where it takes longer: asked again, it goes on. The file is on the disk then."""
        path = self._path(name)
        if not path.exists():
            return hashlib.sha256().hexdigest()
        with open(path, "rb") as file:
            found = self.running(name).of(file, within_seconds)
        if found is not None:
            self.sync(name)
        return found

    def read(self, name: str, offset: int, length: int) -> bytes:
        """Raises Missing where there is no such file."""
        with self.reading(name) as file:
            file.seek(offset)
            return file.read(length)

    @contextmanager
    def reading(self, name: str) -> Iterator[BinaryIO]:
        try:
            with open(self._path(name), "rb") as file:
                yield file
        except FileNotFoundError:
            raise Missing("The file is not on the disk of this node.", do="Restore it from a backup.") from None

    @contextmanager
    def opened(self, name: str) -> Iterator[BinaryIO]:
        """For writing, alone among all processes. Raises Unavailable where another writes, or the disk is full."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            with open(self._path(name), "rb+", buffering=0, opener=_made_for_us) as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                yield _Whole(file)  # type: ignore[misc]
        except BlockingIOError:
            raise Unavailable("Another request is writing this file.", do="Try again in a moment.") from None
        except OSError as full:
            self._forget(name)
            raise Unavailable("The disk of this node takes no more.", do="Tell its operator; try again.") from full

    def drop(self, name: str) -> None:
        self._forget(name)
        self._path(name).unlink(missing_ok=True)

    def names(self) -> set[str]:
        """Of all that lie here."""
        return {path.name for path in self.folder.iterdir()} if self.folder.exists() else set()

    def path(self, name: str) -> Path:
        return self._path(name)

    def running(self, name: str) -> "RunningDigest":
        with self._lock:
            return self._digests.setdefault(name, RunningDigest())

    def _forget(self, name: str) -> None:
        with self._lock:
            self._digests.pop(name, None)

    def _path(self, name: str) -> Path:
        return self.folder / Path(name).name


class RunningDigest:
    """SHA-256 of a file that grows, worked out as it comes; read from the disk again only after a new start."""

    def __init__(self) -> None:
        self._digest = hashlib.sha256()
        self._at = 0
        self._lock = threading.Lock()

    def feed(self, offset: int, part: bytes | memoryview) -> None:
        with self._lock:
            if offset == self._at:
                self._digest.update(part)
                self._at += len(part)

    def of(self, file: BinaryIO, within_seconds: float) -> str | None:
        until = time.monotonic() + within_seconds
        with self._lock:
            file.seek(self._at)
            while piece := file.read(PIECE_BYTES):
                self._digest.update(piece)
                self._at += len(piece)
                if time.monotonic() > until:
                    return None
            return self._digest.hexdigest()


class _Whole:
    """A file without a buffer, of which every write is whole or raises."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def write(self, part: bytes | memoryview) -> int:
        view = memoryview(part)
        at = 0
        while at < len(view):
            at += self._file.write(view[at:])
        return at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        return self._file.seek(offset, whence)

    def read(self, size: int) -> bytes:
        return self._file.read(size)

    def truncate(self, size: int) -> int:
        return self._file.truncate(size)


def _made_for_us(path: str, flags: int) -> int:
    """Made where it is not there yet, for this account alone."""
    return os.open(path, flags | os.O_CREAT, 0o600)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
