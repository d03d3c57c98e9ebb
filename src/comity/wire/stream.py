"""The payload of an age file: 64 KiB chunks, each sealed in its place, so that any part of it can be read alone."""

import os
from collections.abc import Iterator
from typing import BinaryIO, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from comity.domain.errors import Invalid, Unauthenticated

FILE_KEY_BYTES = 16
CHUNK_BYTES = 64 * 1024
_TAG_BYTES = 16
NONCE_BYTES = 16
_SEALED_BYTES = CHUNK_BYTES + _TAG_BYTES


class Sink(Protocol):
    """Whatever takes bytes, and has copied them when it returns."""

    def write(self, part: bytes | memoryview, /) -> object: ...


def new_file_key() -> bytes:
    """For one file, once."""
    return os.urandom(FILE_KEY_BYTES)


def derived(file_key: bytes, salt: bytes, label: bytes) -> bytes:
    """HKDF-SHA-256, as age derives its keys from the file key."""
    return HKDF(SHA256(), 32, salt, label).derive(file_key)


def whole_chunks(sealed: int) -> int:
    """How many full chunks, none of them the last, a payload of so many bytes begins with."""
    return max(0, sealed - NONCE_BYTES) // _SEALED_BYTES


def after_chunks(chunks: int) -> int:
    """How long a payload is behind so many full chunks."""
    return NONCE_BYTES + chunks * _SEALED_BYTES


def sealed_bytes(plain_bytes: int) -> int:
    """How long a payload is, nonce included, that holds so many bytes."""
    return NONCE_BYTES + plain_bytes + _TAG_BYTES * max(1, -(-plain_bytes // CHUNK_BYTES))


class Writer:
    """Seals what is written to it into `sink`; holds one chunk in memory. Whole only after `finish`.

    A nonce is given by tests, and with the number of chunks that are sealed already to go on where another stopped:
    a file key with one nonce must never seal two different contents.
    """

    def __init__(self, sink: Sink, file_key: bytes, nonce: bytes = b"", sealed_chunks: int = 0) -> None:
        nonce = nonce or os.urandom(NONCE_BYTES)
        self._sink = sink
        self._cipher = _cipher(file_key, nonce)
        self._held = bytearray()
        self._sealed = bytearray(_SEALED_BYTES)
        self._index = sealed_chunks
        if not sealed_chunks:
            sink.write(nonce)

    def write(self, content: bytes | bytearray | memoryview) -> int:
        view = memoryview(content).cast("B")
        at = 0
        if self._held:
            at = min(CHUNK_BYTES - len(self._held), len(view))
            self._held += view[:at]
            if at == len(view):
                return at
            self._seal(self._held)
            self._held.clear()
        # The last chunk is marked as such, so a full one waits until more follows.
        while len(view) - at > CHUNK_BYTES:
            self._seal(view[at : at + CHUNK_BYTES])
            at += CHUNK_BYTES
        self._held += view[at:]
        return len(view)

    def pause(self) -> None:
        """Seal what is held as a chunk that is not the last: more will follow. Raises Invalid where it is not full."""
        if len(self._held) not in (0, CHUNK_BYTES):
            raise Invalid(f"A file is sealed in chunks of {CHUNK_BYTES} bytes.")
        if self._held:
            self._seal(self._held)
            self._held.clear()

    def finish(self) -> None:
        """Seal the last chunk. The sink stays open."""
        self._seal(self._held, last=True)

    def _seal(self, chunk: bytearray | memoryview, last: bool = False) -> None:
        size = len(chunk) + _TAG_BYTES
        room = memoryview(self._sealed)[:size]
        self._cipher.encrypt_into(_place(self._index, last), chunk, None, room)
        self._sink.write(room)
        self._index += 1


class Reader:
    """Opens the payload that begins where `source` stands: in order, or any part alone; holds one chunk in memory."""

    def __init__(self, source: BinaryIO, file_key: bytes) -> None:
        nonce = _exactly(source, NONCE_BYTES)
        if len(nonce) < NONCE_BYTES:
            raise Invalid("This sealed file ends before its content begins.")
        self._source = source
        self._cipher = _cipher(file_key, nonce)
        self._start = source.tell() if source.seekable() else 0
        self._size: int | None = None

    def chunks(self) -> Iterator[bytes]:
        """The content in order, once. Raises Unauthenticated where it was changed, cut short or added to.

        What came before the refusal is true as far as it goes, and not whole.
        """
        index = 0
        while True:
            sealed = _exactly(self._source, _SEALED_BYTES)
            # A full part may be the last one too: it says so itself.
            chunk = self._open(sealed, index, last=False) if len(sealed) == _SEALED_BYTES else None
            if chunk is None:
                yield self._opened(sealed, index, last=True)
                self._ends(index)
                return
            yield chunk
            index += 1

    def read(self) -> bytes:
        """All that `chunks` gives."""
        return b"".join(self.chunks())

    @property
    def size(self) -> int:
        """Bytes of the content, told by its last chunk. Raises Unauthenticated where that is not the last."""
        if self._size is None:
            # Whatever the length of the file says, it is the sealed mark of its end that counts: a file cut at a
            # chunk's edge would else read as a shorter one. Falls without it: tests/wire/test_stream.py
            index = max(0, -(-self._sealed_size() // _SEALED_BYTES) - 1)
            self._size = index * CHUNK_BYTES + len(self._opened(self._sealed_at(index), index, last=True))
        return self._size

    def read_at(self, offset: int, length: int) -> bytes:
        """So many bytes of the content from there, fewer at its end; needs a source that can seek.

        Does not move what `chunks` reads next.
        """
        if offset < 0 or length < 0:
            raise Invalid(f"There are no {length} bytes at {offset}.")
        end = min(offset + length, self.size)
        if offset >= end:
            return b""
        first, final = offset // CHUNK_BYTES, (self.size - 1) // CHUNK_BYTES
        parts = [
            self._opened(self._sealed_at(index), index, index == final)
            for index in range(first, (end - 1) // CHUNK_BYTES + 1)
        ]
        return b"".join(parts)[offset - first * CHUNK_BYTES : end - first * CHUNK_BYTES]

    def _opened(self, sealed: bytes, index: int, last: bool) -> bytes:
        # Only an empty file may end with an empty part, or one content would have two forms.
        # Falls without it: tests/wire/test_stream.py
        if len(sealed) == _TAG_BYTES and index:
            raise Invalid("This sealed file ends with an empty part.")
        chunk = self._open(sealed, index, last)
        if chunk is None:
            raise Unauthenticated(
                f"This sealed file was changed, cut short or added to at part {index + 1}.",
                do="Fetch it again, and tell its sender if it is the same.",
            )
        return chunk

    def _open(self, sealed: bytes, index: int, last: bool) -> bytes | None:
        try:
            return self._cipher.decrypt(_place(index, last), sealed, None)
        except InvalidTag:
            return None

    def _ends(self, index: int) -> None:
        # Falls without it: tests/wire/test_stream.py
        if self._source.read(1):
            raise Unauthenticated(f"Something was added to this sealed file behind its last part, {index + 1}.")

    def _sealed_size(self) -> int:
        stood = self._source.tell()
        end = self._source.seek(0, os.SEEK_END)
        self._source.seek(stood)
        return end - self._start

    def _sealed_at(self, index: int) -> bytes:
        stood = self._source.tell()
        self._source.seek(self._start + index * _SEALED_BYTES)
        sealed = _exactly(self._source, _SEALED_BYTES)
        self._source.seek(stood)
        return sealed


def _cipher(file_key: bytes, nonce: bytes) -> ChaCha20Poly1305:
    if len(file_key) != FILE_KEY_BYTES or len(nonce) != NONCE_BYTES:
        raise Invalid(f"A file key has {FILE_KEY_BYTES} bytes, and so has its nonce.")
    return ChaCha20Poly1305(derived(file_key, nonce, b"payload"))


def _place(index: int, last: bool) -> bytes:
    """The nonce of a chunk: no chunk opens in another's place, and only the last one as the last."""
    return index.to_bytes(11, "big") + bytes([last])


def _exactly(source: BinaryIO, size: int) -> bytes:
    """So many bytes, fewer only where the source ends; a pipe gives them in pieces."""
    parts = []
    while size and (part := source.read(size)):
        parts.append(part)
        size -= len(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)
