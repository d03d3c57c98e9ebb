"""The hub's store in S3: whole files go there in parts, come back by any range, and are gone when nobody waits."""

import hashlib
from pathlib import Path

import pytest

from comity.domain import limits
from comity.domain.errors import Invalid, Missing, Unavailable
from comity.nodes.file_store import wholes
from comity.nodes.settings import FileSettings
from tests.s3_server import BUCKET, endpoint, settings, store

__all__ = ["endpoint", "settings", "store"]  # fixtures

BODY = bytes(range(256)) * 50_000  # 12.8 MB: a part of a whole and a rest
DIGEST = hashlib.sha256(BODY).hexdigest()
PLACE = f"aldova.{DIGEST}"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "whole"
    path.write_bytes(BODY)
    return path


def test_a_whole_file_comes_back_by_any_range_and_is_gone_when_it_is_dropped(store, file: Path):
    assert not store.holds(PLACE)
    store.keep(PLACE, file)
    store.keep(PLACE, file)  # as after a kill before it was noted
    assert store.holds(PLACE)
    assert store.places() == {PLACE}
    end = len(BODY)
    for offset, length in ((0, 10), (limits.STORE_PART_BYTES - 5, 10), (end - 3, 10), (end, 10), (5, 0)):
        assert store.read(PLACE, offset, length) == BODY[offset : offset + length]
    store.drop(PLACE)
    store.drop(PLACE)
    assert (store.holds(PLACE), store.places()) == (False, set())
    with pytest.raises(Missing):
        store.read(PLACE, 0, 10)


def test_a_small_file_goes_at_once(store, tmp_path: Path):
    small = tmp_path / "small"
    small.write_bytes(b"sealed elsewhere")
    store.keep(PLACE, small)
    assert store.read(PLACE, 0, 100) == b"sealed elsewhere"


def test_what_broke_off_goes_on_with_the_parts_that_are_there(store, file: Path, monkeypatch: pytest.MonkeyPatch):
    brought, upload_part = [], store._client.upload_part

    def once(**named):
        if brought:
            raise KeyboardInterrupt  # the node is killed
        brought.append(named["PartNumber"])
        return upload_part(**named)

    monkeypatch.setattr(store._client, "upload_part", once)
    with pytest.raises(KeyboardInterrupt):
        store.keep(PLACE, file)
    assert (store.holds(PLACE), store.places()) == (False, {PLACE})  # a new start sees that something lies there
    monkeypatch.setattr(
        store._client, "upload_part", lambda **named: brought.append(named["PartNumber"]) or upload_part(**named)
    )
    store.keep(PLACE, file)
    assert brought == [1, 2]
    assert store.read(PLACE, 0, len(BODY)) == BODY


def test_what_broke_off_is_taken_away_when_nobody_waits(store, file: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(store._client, "complete_multipart_upload", lambda **named: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        store.keep(PLACE, file)
    store.drop(PLACE)
    assert store.places() == set()


def test_what_others_keep_in_the_bucket_is_not_ours(store):
    for key in (f"{store._prefix}notes.txt", f"another/{PLACE}"):
        store._client.put_object(Bucket=BUCKET, Key=key, Body=b"of others")
    assert store.places() == set()


def test_a_store_that_is_not_there_or_does_not_let_us_in_is_said_to_be(settings: FileSettings, store, tmp_path: Path):
    far = FileSettings(
        **{name: getattr(settings, name) for name in settings.__struct_fields__} | {"s3_endpoint": "http://127.0.0.1:9"}
    )
    with pytest.raises(Unavailable, match="out of reach"):
        wholes(far, tmp_path).holds(PLACE)
    nowhere = FileSettings(
        **{name: getattr(settings, name) for name in settings.__struct_fields__} | {"s3_bucket": "no-such-bucket"}
    )
    small = tmp_path / "small"
    small.write_bytes(b"x")
    with pytest.raises(Unavailable, match="refuses"):
        wholes(nowhere, tmp_path).keep(PLACE, small)


def test_a_bucket_without_a_place_or_credentials_is_refused(settings: FileSettings, tmp_path: Path):
    with pytest.raises(Invalid, match="s3_endpoint"):
        wholes(FileSettings(s3_bucket=BUCKET), tmp_path)
    Path(settings.s3_credentials).write_text("nothing", "ascii")
    with pytest.raises(Invalid, match="s3_credentials"):
        wholes(settings, tmp_path)
