"""Files of messages on this node's disk, sealed as they come: nothing of them ever lies there open."""

import os
import threading
import time
from pathlib import Path
from typing import BinaryIO

from comity.domain import limits
from comity.domain.errors import Conflict, Unauthenticated
from comity.domain.files import HeldFile
from comity.storage.growing_files import GrowingFiles, RunningDigest
from comity.wire.canonical import b64u, unb64u
from comity.wire.stream import (
    CHUNK_BYTES,
    NONCE_BYTES,
    Reader,
    Writer,
    after_chunks,
    new_file_key,
    sealed_bytes,
    whole_chunks,
)


class SealedFiles:
    def __init__(self, folder: Path) -> None:
        self.sealed = GrowingFiles(folder)
        self._plain: dict[str, RunningDigest] = {}
        self._lock = threading.Lock()

    def new_key(self) -> str:
        """For one file, once."""
        return b64u(new_file_key())

    # -- what an officer brings: it comes open and is sealed at once ---------------------------------------------------

    def came(self, file: HeldFile) -> int:
        """Bytes of the content that are sealed: whole chunks, or all."""
        size = self.sealed.size(file.id)
        if size == sealed_bytes(file.size_bytes):
            return file.size_bytes
        return whole_chunks(size) * CHUNK_BYTES

    def seal(self, file: HeldFile, offset: int, part: bytes) -> int:
        """Seal the next part of the content; how much of it is sealed then.

        What of it does not fill a chunk is left for the next part, unless it is the end. Raises Conflict.
        """
        came = self.came(file)
        if came != offset:
            raise Conflict(f"{came} bytes of it have come, not {offset}.", do="Go on from there.")
        reached = offset + len(part)
        if reached > file.size_bytes:
            raise Conflict(f"It was said to have {file.size_bytes} bytes, and more come.", do="Attach it anew.")
        last = reached == file.size_bytes
        taken = part if last else part[: len(part) // CHUNK_BYTES * CHUNK_BYTES]
        if not taken and not last:
            raise Conflict(f"A part has at least {CHUNK_BYTES} bytes, but for the last.", do="Send larger parts.")
        with self.sealed.opened(file.id) as sink:
            self._seal(file, sink, offset // CHUNK_BYTES, taken, last)
        self._digest_of(file.id).feed(offset, taken)
        return offset + len(taken)

    def digests(self, file: HeldFile, within_seconds: float = limits.FILE_READ_OVER_SECONDS) -> tuple[str, str] | None:
        """SHA-256 of the content and of what is sealed; None where it takes longer: asked again, it goes on."""
        began = time.monotonic()
        sealed = self.sealed.digest(file.id, within_seconds)
        if sealed is None:
            return None
        with self.sealed.reading(file.id) as source:
            content = _Content(source, file)
            left = max(0.0, within_seconds - (time.monotonic() - began))
            plain = self._digest_of(file.id).of(content, left)  # type: ignore[arg-type]
        return (plain, sealed) if plain is not None else None

    # -- what another bureau sealed ------------------------------------------------------------------------------------

    def fetched(self, file: HeldFile) -> int:
        return self.sealed.size(file.id)

    def take(self, file: HeldFile, offset: int, part: bytes) -> int:
        """The next sealed part, as it came. Raises Conflict."""
        came = self.sealed.append(file.id, offset, part)
        self.sealed.running(file.id).feed(offset, part)
        return came

    def verified(self, file: HeldFile) -> bool | None:
        """Whether it is the file that the letter speaks of; None where that takes longer: asked again, it goes on."""
        found = self.sealed.digest(file.id)
        # Whoever keeps the file could put another in its place, and so could every other recipient, who has the key.
        # Falls without it: tests/federation/test_files.py
        return None if found is None else found == file.ct_sha256 and self.sealed.size(file.id) == file.ct_bytes

    # -- both ----------------------------------------------------------------------------------------------------------

    def read(self, file: HeldFile, offset: int, length: int) -> bytes:
        """So many bytes of the content from there, opened. Raises Unauthenticated where the disk altered it."""
        with self.sealed.reading(file.id) as source:
            return _reader(source, file).read_at(offset, length)

    def read_sealed(self, file: HeldFile, offset: int, length: int) -> bytes:
        return self.sealed.read(file.id, offset, length)

    def drop(self, file_id: str) -> None:
        with self._lock:
            self._plain.pop(file_id, None)
        self.sealed.drop(file_id)

    def names(self) -> set[str]:
        """The ids of all files that lie here."""
        return self.sealed.names()

    def _seal(self, file: HeldFile, sink: BinaryIO, chunks: int, content: bytes, last: bool) -> None:
        key, behind = unb64u(file.key), after_chunks(chunks)
        sink.seek(0)
        nonce = sink.read(NONCE_BYTES) if chunks else b""
        start = behind if chunks else 0
        # A part that broke off may stand behind the last whole chunk.
        # Falls without it: tests/shelves/test_sealed_files.py
        sink.truncate(start)
        sink.seek(start)
        told = _Told(sink, self.sealed.running(file.id), start)
        sealing = Writer(told, key, nonce, chunks)
        sealing.write(content)
        if last:
            sealing.finish()
        else:
            sealing.pause()

    def _digest_of(self, file_id: str) -> RunningDigest:
        with self._lock:
            return self._plain.setdefault(file_id, RunningDigest())


class _Told:
    """What is sealed goes to the disk, and to the digest of it."""

    def __init__(self, sink: BinaryIO, digest: RunningDigest, at: int) -> None:
        self._sink, self._digest, self._at = sink, digest, at

    def write(self, part: bytes | memoryview) -> int:
        self._sink.write(part)
        self._digest.feed(self._at, part)
        self._at += len(part)
        return len(part)


class _Content:
    """The content of a sealed file, read in order from any place."""

    def __init__(self, source: BinaryIO, file: HeldFile) -> None:
        self._reader = _reader(source, file)
        self._at = 0

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        self._at = offset
        return offset

    def read(self, size: int) -> bytes:
        piece = self._reader.read_at(self._at, size)
        self._at += len(piece)
        return piece


def _reader(source: BinaryIO, file: HeldFile) -> Reader:
    reader = Reader(source, unb64u(file.key))
    if reader.size != file.size_bytes:
        raise Unauthenticated(f"The file {file.name!r} is not the one that the letter speaks of.")
    return reader
