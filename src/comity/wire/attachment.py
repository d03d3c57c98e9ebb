"""Files that travel beside a sealed letter: sealed under a key of their own, which the letter carries."""

import hashlib
from typing import BinaryIO

from comity.domain.errors import TooLarge, Unauthenticated
from comity.domain.sealed import Attachment
from comity.wire.canonical import b64u, unb64u
from comity.wire.stream import CHUNK_BYTES, Reader, Writer, new_file_key, sealed_bytes


def seal_attachment(source: BinaryIO, sink: BinaryIO, name: str, media_type: str) -> Attachment:
    """Seal a whole file into `sink`, in constant memory; what a letter must say of it. Raises Invalid for its name."""
    file_key = new_file_key()
    plain, sealed = _Counted(source), _Counted(sink)
    sealing = Writer(sealed, file_key)
    while part := plain.read(CHUNK_BYTES):
        sealing.write(part)
    sealing.finish()
    return Attachment(
        name=name,
        media_type=media_type,
        size_bytes=plain.size,
        sha256=plain.hexdigest(),
        ct_sha256=sealed.hexdigest(),
        ct_bytes=sealed.size,
        key=b64u(file_key),
    )


def open_attachment(source: BinaryIO, attachment: Attachment, sink: BinaryIO) -> Attachment:
    """Open a whole file into `sink`, in constant memory, and give back what it was held against.

    Raises Unauthenticated, TooLarge: whatever is in `sink` then must be thrown away.
    """
    sealed, plain = _Counted(source, most=attachment.ct_bytes), _Counted(sink)
    for chunk in Reader(sealed, unb64u(attachment.key)).chunks():  # type: ignore[arg-type]
        plain.write(chunk)
    # Every recipient of the letter has the key, and could put another file in the place of this one. What the sender
    # signed is these bytes. Falls without it: tests/wire/test_attachment.py
    came = (sealed.size, sealed.hexdigest(), plain.size, plain.hexdigest())
    if came != (attachment.ct_bytes, attachment.ct_sha256, attachment.size_bytes, attachment.sha256):
        raise Unauthenticated(
            f"The file {attachment.name!r} is not the one that the letter speaks of.",
            do="Fetch it again, and tell its sender if it is the same.",
        )
    return attachment


def attachment_reader(source: BinaryIO, attachment: Attachment) -> Reader:
    """Any part of a sealed file that can seek; it is held against the letter first, once. Raises as `check_sealed`."""
    start = source.tell()
    check_sealed(source, attachment)
    source.seek(start)
    return Reader(source, unb64u(attachment.key))


def check_sealed(source: BinaryIO, attachment: Attachment) -> Attachment:
    """Hold a sealed file against the letter without opening it. Raises Unauthenticated, TooLarge."""
    sealed = _Counted(source, most=attachment.ct_bytes)
    while sealed.read(CHUNK_BYTES):
        pass
    expected = (attachment.ct_bytes, attachment.ct_sha256, sealed_bytes(attachment.size_bytes))
    if (sealed.size, sealed.hexdigest(), sealed.size) != expected:
        raise Unauthenticated(f"The file {attachment.name!r} is not the one that the letter speaks of.")
    return attachment


class _Counted:
    """A file that counts and digests what goes through it, one way."""

    def __init__(self, file: BinaryIO, most: int | None = None) -> None:
        self._file = file
        self._digest = hashlib.sha256()
        self._most = most
        self.size = 0

    def read(self, size: int) -> bytes:
        part = self._file.read(size)
        self._through(part)
        return part

    def write(self, part: bytes | memoryview) -> int:
        self._file.write(part)
        self._through(part)
        return len(part)

    def seekable(self) -> bool:
        return False

    def hexdigest(self) -> str:
        return self._digest.hexdigest()

    def _through(self, part: bytes | memoryview) -> None:
        self._digest.update(part)
        self.size += len(part)
        # Whoever keeps the file could send one without end. Falls without it: tests/wire/test_attachment.py
        if self._most is not None and self.size > self._most:
            raise TooLarge(f"This sealed file has more than the {self._most} bytes that the letter speaks of.")
