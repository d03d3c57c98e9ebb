"""Files that grow on the disk: whatever was torn goes on, one writer at a time, and digests are those of the whole."""

import hashlib
import io
from datetime import UTC, datetime
from pathlib import Path

import pytest

from comity.domain.errors import Conflict, Missing, Unavailable
from comity.domain.files import HeldFile
from comity.storage.growing_files import GrowingFiles
from comity.storage.sealed_files import SealedFiles
from comity.wire.attachment import open_attachment

CHUNK = 65_536


def a_file(disk: SealedFiles, size: int) -> HeldFile:
    return HeldFile(
        id="f1",
        mail="m1",
        name="a.mp4",
        media_type="video/mp4",
        size_bytes=size,
        key=disk.new_key(),
        noted_at=datetime(2031, 1, 1, tzinfo=UTC),
    )


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 5])
@pytest.mark.parametrize("part", [CHUNK, 2 * CHUNK + 17])
def test_what_is_sealed_in_parts_is_what_is_sealed_at_once(tmp_path: Path, size: int, part: int):
    disk, body = SealedFiles(tmp_path), bytes(number % 251 for number in range(size))
    file, at = a_file(disk, size), 0
    while True:
        at = disk.seal(file, at, body[at : at + part])
        if at == size:
            break
    plain, sealed = disk.digests(file)
    assert plain == hashlib.sha256(body).hexdigest()
    whole = file.whole(plain, sealed, disk.fetched(file))
    assert disk.came(whole) == size
    opened = io.BytesIO()
    with disk.sealed.reading(file.id) as source:
        open_attachment(source, whole.attachment, opened)
    assert opened.getvalue() == body
    assert SealedFiles(tmp_path).digests(file) == (plain, sealed)  # after a new start


def test_a_torn_chunk_is_sealed_anew(tmp_path: Path):
    disk, body = SealedFiles(tmp_path), bytes(3 * CHUNK)
    file = a_file(disk, len(body))
    disk.seal(file, 0, body[: 2 * CHUNK])
    with disk.sealed.opened(file.id) as torn:
        torn.seek(0, 2)
        torn.write(b"half of a chunk that was written when the power failed")
    again = SealedFiles(tmp_path)
    assert again.came(file) == 2 * CHUNK
    assert again.seal(file, 2 * CHUNK, body[2 * CHUNK :]) == len(body)
    assert again.digests(file)[0] == hashlib.sha256(body).hexdigest()
    assert again.read(file, CHUNK - 5, 10) == bytes(10)


def test_one_writes_at_a_time(tmp_path: Path):
    files = GrowingFiles(tmp_path)
    with files.opened("a"), pytest.raises(Unavailable):
        GrowingFiles(tmp_path).append("a", 0, b"x")
    assert files.append("a", 0, b"x") == 1
    with pytest.raises(Conflict):
        files.append("a", 0, b"x")


def test_a_digest_of_much_is_worked_out_in_steps(tmp_path: Path):
    files, body = GrowingFiles(tmp_path), bytes(5_000_000)
    files.append("a", 0, body)
    fresh = GrowingFiles(tmp_path)
    found = [fresh.digest("a", 0.0) for _ in range(7)]
    assert found[:3] == [None] * 3
    assert found[-1] == files.digest("a") == hashlib.sha256(body).hexdigest()


def test_what_is_cut_off_does_not_stay_in_the_digest(tmp_path: Path):
    files = GrowingFiles(tmp_path)
    files.append("a", 0, b"right and wrong")
    files.cut("a", 5)
    assert files.digest("a") == hashlib.sha256(b"right").hexdigest()


def test_what_is_gone_is_said_to_be(tmp_path: Path):
    files = GrowingFiles(tmp_path)
    assert files.size("a") == 0
    with pytest.raises(Missing):
        files.read("a", 0, 1)
    files.drop("a")
    assert files.names() == set()
