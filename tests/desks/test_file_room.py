"""The hub's file room: quotas before anything is written, no more bytes than announced, nothing of anybody else's."""

import hashlib
from datetime import timedelta

import pytest
from msgspec.structs import replace

from comity.domain import limits
from comity.domain.bureau import Member
from comity.domain.errors import Conflict, Invalid, Missing, TooLarge
from comity.domain.files import Announcement, Stand
from comity.storage.growing_files import GrowingFiles
from comity.storage.room_disk import RoomDisk
from comity.testing.federation import ALDOVA, BERGENIA, CORVIA, HUB, Federation
from comity.web.federation.files import KnownDigests
from comity.wire.file_parts import Part

BODY = b"sealed elsewhere" * 100
DIGEST = hashlib.sha256(BODY).hexdigest()


def once(_: object) -> None:
    """Whether a request came before is for the door."""


def member(federation: Federation, name: str) -> Member:
    found = federation[HUB].directory().member(name)
    assert found is not None
    return found


def announced(federation: Federation, sender: str = ALDOVA, **how: object) -> Stand:
    told = {"ct_sha256": DIGEST, "ct_bytes": len(BODY), "recipients": (BERGENIA,)} | how
    until = told.pop("expires", federation.time() + timedelta(days=9))
    file = Announcement(expires=until, **told)
    return federation[HUB].file_room.announce(file, member(federation, sender), once)


def brought(federation: Federation, offset: int, part: bytes, sender: str = ALDOVA, digest: str = DIGEST) -> Stand:
    return federation[HUB].file_room.append(digest, offset, part, member(federation, sender), once)


def handed(federation: Federation, to: str, sender: str = ALDOVA) -> bytes:
    return federation[HUB].file_room.hand_out(sender, DIGEST, 0, 10_000, member(federation, to), once)


def test_a_file_is_announced_brought_handed_out_and_gone(federation: Federation):
    assert announced(federation) == Stand(offset=0, whole=False, waiting=(BERGENIA,))
    assert brought(federation, 0, BODY[:700]).offset == 700
    assert announced(federation).offset == 700
    assert brought(federation, 700, BODY[700:]).whole
    assert handed(federation, BERGENIA) == BODY
    federation[HUB].file_room.end(ALDOVA, DIGEST, BERGENIA, member(federation, BERGENIA), once)
    with pytest.raises(Missing):
        handed(federation, BERGENIA)
    assert announced(federation) == Stand(offset=len(BODY), whole=True, waiting=())
    assert federation[HUB].file_room.disk.places() == set()


def test_what_has_come_is_handed_out_and_no_more(federation: Federation):
    announced(federation)
    room, to = federation[HUB].file_room, member(federation, BERGENIA)
    with pytest.raises(Missing):
        room.hand_out(ALDOVA, DIGEST, 0, 1, to, once)
    brought(federation, 0, BODY[:700])
    assert room.hand_out(ALDOVA, DIGEST, 0, 700, to, once) == BODY[:700]
    assert room.hand_out(ALDOVA, DIGEST, 690, 10, to, once) == BODY[690:700]
    for offset, length in ((0, 701), (691, 10), (700, 1), (len(BODY), 1)):
        with pytest.raises(Missing, match="not brought that part yet"):
            room.hand_out(ALDOVA, DIGEST, offset, length, to, once)
    with pytest.raises(Missing, match="no such file for you"):
        room.hand_out(ALDOVA, DIGEST, 0, 700, member(federation, CORVIA), once)


def test_what_a_new_start_finds_otherwise_than_it_was_announced_is_thrown_away(federation: Federation):
    """Where the power failed, zeros may stand for what was not on the disk yet."""
    announced(federation)
    brought(federation, 0, BODY[:700])
    room = federation[HUB].file_room
    path = room.disk.coming.path(f"{ALDOVA}.{DIGEST}")
    path.write_bytes(BODY[:600] + bytes(100))
    room.disk = RoomDisk(GrowingFiles(path.parent), room.disk.wholes)
    assert announced(federation).offset == 700
    assert brought(federation, 700, BODY[700:]) == Stand(offset=0, whole=False, waiting=(BERGENIA,))
    assert room.disk.places() == set()
    assert brought(federation, 0, BODY).whole


def test_a_part_that_came_is_not_hashed_again_and_one_that_comes_anew_is_another():
    known, part = KnownDigests(), Part(digest=DIGEST, offset=0)
    known.note(ALDOVA, part, 700, "of the first")
    known.note(ALDOVA, replace(part, offset=700), 900, "of the second")
    asked = Part(sender=ALDOVA, digest=DIGEST, offset=700, length=900)
    assert known.of(asked) == "of the second"
    assert {known.of(replace(asked, sender=CORVIA)), known.of(replace(asked, length=899))} == {""}
    known.note(ALDOVA, part, 500, "brought anew")
    assert known.of(asked) == ""


def test_the_hub_remembers_digests_of_so_many_parts(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(limits, "FILE_DIGESTS_KNOWN_MAX", 3)
    known = KnownDigests()
    for number in range(5):
        known.note(ALDOVA, Part(digest=f"{number:064d}", offset=0), 10, "known")
    told = [known.of(Part(sender=ALDOVA, digest=f"{number:064d}", offset=0, length=10)) for number in range(5)]
    assert told == ["", "", "known", "known", "known"]


def test_only_those_whom_the_sender_named_get_it_and_only_from_its_sender(federation: Federation):
    announced(federation)
    brought(federation, 0, BODY)
    for name in (CORVIA, ALDOVA):
        with pytest.raises(Missing):
            handed(federation, name)
    with pytest.raises(Missing):
        handed(federation, BERGENIA, sender=CORVIA)
    with pytest.raises(Missing):
        federation[HUB].file_room.end(ALDOVA, DIGEST, BERGENIA, member(federation, CORVIA), once)


def test_the_same_bytes_of_two_senders_are_two_files(federation: Federation):
    announced(federation)
    brought(federation, 0, BODY)
    assert announced(federation, CORVIA).offset == 0  # nobody learns that another has brought it


def test_more_than_was_announced_is_not_taken(federation: Federation):
    announced(federation)
    with pytest.raises(TooLarge):
        brought(federation, 0, BODY + b"x")
    with pytest.raises(Conflict):
        announced(federation, ct_bytes=len(BODY) + 1)
    assert federation[HUB].file_room.disk.places() == set()


def test_what_was_not_announced_is_not_taken(federation: Federation):
    with pytest.raises(Missing):
        brought(federation, 0, BODY)


def test_a_part_at_another_place_is_not_taken(federation: Federation):
    announced(federation)
    brought(federation, 0, BODY[:700])
    for offset in (0, 699, 701):
        with pytest.raises(Conflict):
            brought(federation, offset, BODY[700:710])


def test_each_member_has_a_quota_of_files_and_of_bytes(federation: Federation, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(limits, "FILES_BYTES_PER_MEMBER_MAX", 2 * len(BODY))
    announced(federation)
    announced(federation, ct_sha256="1" * 64)
    with pytest.raises(TooLarge):
        announced(federation, ct_sha256="2" * 64)
    announced(federation)  # what was announced before is not counted twice
    announced(federation, CORVIA, ct_sha256="2" * 64)
    federation[HUB].file_room.end(ALDOVA, "1" * 64, BERGENIA, member(federation, BERGENIA), once)
    announced(federation, ct_sha256="2" * 64)
    monkeypatch.setattr(limits, "FILES_PER_MEMBER_MAX", 2)
    monkeypatch.setattr(limits, "FILES_BYTES_PER_MEMBER_MAX", 10**9)
    with pytest.raises(TooLarge):
        announced(federation, ct_sha256="3" * 64)


def test_strangers_and_long_times_are_refused(federation: Federation):
    with pytest.raises(Missing):
        announced(federation, recipients=("dunmark",))
    with pytest.raises(Missing):
        announced(federation, recipients=(HUB,))
    for days in (31, -1):
        with pytest.raises(Invalid):
            announced(federation, expires=federation.time() + timedelta(days=days))


def test_a_bureau_has_no_file_room(federation: Federation):
    file = Announcement(ct_sha256=DIGEST, ct_bytes=1, recipients=(BERGENIA,), expires=federation.time())
    with pytest.raises(Missing):
        federation[ALDOVA].file_room.announce(file, member(federation, BERGENIA), once)
