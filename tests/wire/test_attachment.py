"""Files beside sealed letters: sealed, held against the letter, opened whole or in parts."""

import io
import tracemalloc

import msgspec
import pytest

from comity.domain.errors import Refusal, TooLarge, Unauthenticated
from comity.domain.sealed import Attachment
from comity.wire import age
from comity.wire.attachment import attachment_reader, check_sealed, open_attachment, seal_attachment
from comity.wire.canonical import unb64u
from comity.wire.stream import CHUNK_BYTES, Writer
from tests.wire.letters import identity

VIDEO = bytes(range(256)) * 1024 + b"end"


def sealed(content: bytes = VIDEO) -> tuple[bytes, Attachment]:
    sink = io.BytesIO()
    attachment = seal_attachment(io.BytesIO(content), sink, "van.mp4", "video/mp4")
    return sink.getvalue(), attachment


def opened(data: bytes, attachment: Attachment) -> bytes:
    sink = io.BytesIO()
    assert open_attachment(io.BytesIO(data), attachment, sink) is attachment
    return sink.getvalue()


@pytest.mark.parametrize("content", [b"", b"x", VIDEO, bytes(CHUNK_BYTES), bytes(2 * CHUNK_BYTES)], ids=len)
def test_a_file_comes_out_as_it_went_in(content):
    data, attachment = sealed(content)
    assert opened(data, attachment) == content
    assert (attachment.size_bytes, attachment.ct_bytes) == (len(content), len(data))
    assert check_sealed(io.BytesIO(data), attachment) is attachment


def test_any_part_is_read_alone():
    data, attachment = sealed()
    reader = attachment_reader(io.BytesIO(data), attachment)
    assert reader.size == len(VIDEO)
    assert reader.read_at(200_000, 1000) == VIDEO[200_000:201_000]


def test_no_part_is_read_of_a_file_that_is_another():
    data, attachment = sealed()
    _, other = sealed()
    with pytest.raises(Unauthenticated):
        attachment_reader(io.BytesIO(data), msgspec.structs.replace(other, key=attachment.key))


def test_two_files_of_one_content_do_not_look_alike():
    (first, one), (second, two) = sealed(), sealed()
    assert one.key != two.key
    assert first[16:] != second[16:]


def test_with_a_header_in_front_it_is_an_age_file_that_more_recipients_can_open():
    data, attachment = sealed()
    header = age.header_for(unb64u(attachment.key), [identity("corvia").recipient, identity("hub").recipient])
    assert age.decrypt(header + data, [identity("hub")]) == VIDEO


def test_another_file_under_the_same_key_is_not_taken():
    """Corvia has the letter too, and so the key."""
    _, attachment = sealed()
    sink = io.BytesIO()
    forging = Writer(sink, unb64u(attachment.key))
    forging.write(VIDEO[:-3] + b"END")
    forging.finish()
    for hold in (opened, lambda data, one: check_sealed(io.BytesIO(data), one)):
        with pytest.raises(Unauthenticated):
            hold(sink.getvalue(), attachment)


@pytest.mark.parametrize("field", ["size_bytes", "sha256", "ct_sha256", "ct_bytes", "key"])
def test_a_letter_that_speaks_of_another_file_is_noticed(field):
    data, attachment = sealed()
    _, other = sealed(b"another")
    with pytest.raises(Refusal):
        opened(data, msgspec.structs.replace(attachment, **{field: getattr(other, field)}))


@pytest.mark.parametrize("change", [lambda data: data[:-1], lambda data: data[: CHUNK_BYTES + 32], lambda data: b""])
def test_a_file_cut_short_is_refused(change):
    data, attachment = sealed()
    for hold in (opened, lambda cut, one: check_sealed(io.BytesIO(cut), one)):
        with pytest.raises(Refusal):
            hold(change(data), attachment)


class Endless(io.RawIOBase):
    """Gives bytes for as long as somebody asks."""

    given = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        self.given += size
        assert self.given < 10_000_000, "read without end"
        return bytes(size)


def test_a_file_without_end_is_read_no_further_than_the_letter_says():
    _, attachment = sealed(b"x")
    endless = Endless()
    with pytest.raises(TooLarge):
        check_sealed(endless, attachment)
    with pytest.raises(TooLarge):
        open_attachment(endless, attachment, io.BytesIO())
    assert endless.given < 4 * CHUNK_BYTES


class Nowhere(io.RawIOBase):
    def writable(self) -> bool:
        return True

    def write(self, part: object) -> int:
        return len(memoryview(part))  # type: ignore[arg-type]


class Zeros(io.RawIOBase):
    """So many zeros."""

    def __init__(self, size: int) -> None:
        self._left = size

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        part = min(size, self._left)
        self._left -= part
        return bytes(part)


def test_memory_does_not_grow_with_the_file():
    tracemalloc.start()
    seal_attachment(Zeros(40_000_000), Nowhere(), "van.mp4", "video/mp4")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2_000_000
