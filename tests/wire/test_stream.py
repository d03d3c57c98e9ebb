"""Files sealed in parts: whatever way they are written and read, the content is the same, or it is refused."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.domain.errors import Invalid, Refusal, Unauthenticated
from comity.wire import stream
from comity.wire.stream import CHUNK_BYTES, Reader, Writer

KEY = bytes(range(16))
PART = CHUNK_BYTES + 16
EDGES = (0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES, 2 * CHUNK_BYTES + 7)


def content(size: int) -> bytes:
    return (bytes(range(251)) * (size // 251 + 1))[:size]


def sealed(plain: bytes, steps: tuple[int, ...] = ()) -> bytes:
    sink = io.BytesIO()
    sealing = Writer(sink, KEY)
    at = 0
    for step in steps:
        sealing.write(plain[at : at + step])
        at += step
    sealing.write(plain[at:])
    sealing.finish()
    return sink.getvalue()


def opened(data: bytes) -> bytes:
    return Reader(io.BytesIO(data), KEY).read()


@pytest.mark.parametrize("size", EDGES)
def test_a_file_of_any_length_comes_out_as_it_went_in(size):
    data = sealed(content(size))
    assert opened(data) == content(size)
    assert len(data) == stream.sealed_bytes(size)
    assert Reader(io.BytesIO(data), KEY).size == size


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from([0, 1, 100, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1]), max_size=5))
def test_it_does_not_matter_in_what_pieces_it_is_written(steps):
    plain = content(3 * CHUNK_BYTES + 5)
    assert opened(sealed(plain, tuple(steps))) == plain


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 3 * CHUNK_BYTES), st.integers(0, 2 * CHUNK_BYTES))
def test_any_part_is_read_alone(offset, length):
    plain = content(2 * CHUNK_BYTES + 99)
    assert Reader(io.BytesIO(LONG), KEY).read_at(offset, length) == plain[offset : offset + length]


LONG = sealed(content(2 * CHUNK_BYTES + 99))


class Pipe(io.RawIOBase):
    """Gives a few bytes at a time and cannot seek."""

    def __init__(self, data: bytes) -> None:
        self._rest = io.BytesIO(data)

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        return self._rest.read(min(size, 1000))


def test_a_pipe_that_gives_little_at_a_time_is_read():
    assert Reader(Pipe(LONG), KEY).read() == content(2 * CHUNK_BYTES + 99)


def test_reading_a_part_does_not_move_what_is_read_in_order():
    reader = Reader(io.BytesIO(LONG), KEY)
    chunks = reader.chunks()
    first = next(chunks)
    assert reader.read_at(CHUNK_BYTES, 10) == content(CHUNK_BYTES + 10)[-10:]
    assert first + b"".join(chunks) == content(2 * CHUNK_BYTES + 99)


@pytest.mark.parametrize("size", EDGES)
@pytest.mark.parametrize("where", [0, 15, 16, 17, -1, -16, -17])
def test_a_flipped_byte_anywhere_is_refused(size, where):
    data = bytearray(sealed(content(size)))
    data[where] ^= 1
    with pytest.raises(Unauthenticated):
        opened(bytes(data))


CHANGED = {
    "cut at the edge of a part": LONG[: 16 + 2 * PART],
    "cut after the first part": LONG[: 16 + PART],
    "cut in the last part": LONG[:-1],
    "cut in its mark": LONG[: 16 + 2 * PART + 8],
    "cut before its content": LONG[:16],
    "cut in its nonce": LONG[:15],
    "nothing at all": b"",
    "first two parts exchanged": LONG[:16] + LONG[16 + PART : 16 + 2 * PART] + LONG[16 : 16 + PART] + LONG[-115:],
    "first part left out": LONG[:16] + LONG[16 + PART :],
    "first part twice": LONG[: 16 + PART] + LONG[16:],
    "bytes behind it": LONG + b"\0",
    "bytes behind a full last part": sealed(content(CHUNK_BYTES)) + b"\0",
    "its last part twice": LONG + LONG[16 + 2 * PART :],
    "a whole part behind it": LONG + LONG[16 : 16 + PART],
    "an empty part behind a full one": b"",  # below
}


def with_an_empty_last_part() -> bytes:
    sink = io.BytesIO()
    sealing = Writer(sink, KEY)
    sealing._seal(memoryview(content(CHUNK_BYTES)))
    sealing.finish()
    return sink.getvalue()


CHANGED["an empty part behind a full one"] = with_an_empty_last_part()


@pytest.mark.parametrize("how", CHANGED)
def test_what_was_cut_shuffled_or_added_to_is_refused(how):
    with pytest.raises(Refusal):
        opened(CHANGED[how])


@pytest.mark.parametrize("how", CHANGED)
def test_no_part_of_it_is_read_alone_where_the_end_is_not_the_end(how):
    if how in ("first two parts exchanged",):
        reader = Reader(io.BytesIO(CHANGED[how]), KEY)
        assert reader.size == 2 * CHUNK_BYTES + 99
    with pytest.raises(Refusal):
        Reader(io.BytesIO(CHANGED[how]), KEY).read_at(0, 3 * CHUNK_BYTES)


def test_another_key_does_not_open_it():
    with pytest.raises(Unauthenticated):
        Reader(io.BytesIO(LONG), bytes(16)).read()


@pytest.mark.parametrize("key", [b"", bytes(15), bytes(32)])
def test_a_key_of_another_length_is_refused(key):
    with pytest.raises(Invalid):
        Writer(io.BytesIO(), key)


def test_no_part_before_nothing_and_no_length_below():
    reader = Reader(io.BytesIO(LONG), KEY)
    for offset, length in ((-1, 1), (0, -1)):
        with pytest.raises(Invalid):
            reader.read_at(offset, length)


class Sink(io.RawIOBase):
    """Forgets what it is given, and counts."""

    size = 0

    def write(self, part: object) -> int:
        self.size += len(memoryview(part))  # type: ignore[arg-type]
        return len(memoryview(part))  # type: ignore[arg-type]


def test_a_writer_holds_no_more_than_one_part():
    sink = Sink()
    sealing = Writer(sink, KEY)
    for _ in range(40):
        sealing.write(bytes(100_000))
        assert len(sealing._held) <= CHUNK_BYTES
    sealing.finish()
    assert sink.size == stream.sealed_bytes(4_000_000)
