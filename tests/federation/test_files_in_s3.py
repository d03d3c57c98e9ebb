"""A hub whose whole files lie in S3: nothing is called safe before it is there, and all goes once it is fetched."""

import hashlib
from datetime import timedelta

import pytest

from comity.domain import limits
from comity.domain.bureau import Member
from comity.domain.errors import Unavailable
from comity.domain.files import Announcement, Stand
from comity.storage.growing_files import GrowingFiles
from comity.storage.room_disk import RoomDisk, Wholes
from comity.testing.federation import ALDOVA, BERGENIA, HUB, Federation
from tests.s3_server import endpoint, settings, store

__all__ = ["endpoint", "settings", "store"]  # fixtures

BODY = bytes(range(256)) * 50_000  # 12.8 MB: more than a part of an upload
DIGEST = hashlib.sha256(BODY).hexdigest()
PLACE = f"{ALDOVA}.{DIGEST}"


def once(_: object) -> None:
    """Whether a request came before is for the door."""


def member(federation: Federation, name: str) -> Member:
    found = federation[HUB].directory().member(name)
    assert found is not None
    return found


def test_a_hub_with_such_a_store_keeps_files_there_until_they_are_fetched(
    federation: Federation, store: Wholes, monkeypatch: pytest.MonkeyPatch
):
    room, sender, to = federation[HUB].file_room, member(federation, ALDOVA), member(federation, BERGENIA)
    monkeypatch.setattr(room, "disk", RoomDisk(GrowingFiles(federation[HUB].folder / "files" / "s3-coming"), store))
    until = federation.time() + timedelta(days=9)
    told = Announcement(ct_sha256=DIGEST, ct_bytes=len(BODY), recipients=(BERGENIA,), expires=until)
    room.announce(told, sender, once)
    for at in range(0, len(BODY), limits.FILE_PART_BYTES_MAX):
        stand = room.append(DIGEST, at, BODY[at : at + limits.FILE_PART_BYTES_MAX], sender, once)
    assert stand == Stand(offset=len(BODY), whole=False, waiting=(BERGENIA,))  # it has come, and is not safe yet
    assert room.hand_out(ALDOVA, DIGEST, 7, 10, to, once) == BODY[7:17]
    with monkeypatch.context() as broken:
        broken.setattr(store, "keep", unreachable)
        room.tend()
        assert not room.announce(told, sender, once).whole
    room.tend()
    assert room.announce(told, sender, once).whole
    assert room.disk.coming.names() == set()
    assert store.places() == {PLACE}
    assert room.hand_out(ALDOVA, DIGEST, 7, 10, to, once) == BODY[7:17]
    with monkeypatch.context() as broken:
        broken.setattr(store, "drop", unreachable)
        room.end(ALDOVA, DIGEST, BERGENIA, to, once)
    assert store.places() == {PLACE}
    assert room.sweep() == 1
    assert store.places() == set()


def unreachable(*_: object) -> None:
    raise Unavailable("The store of files is out of reach.")
