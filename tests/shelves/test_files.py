"""The shelves of files: at a bureau who is still to get what, at the hub who waits; sent once more, they wait again."""

from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from comity.domain.files import Announcement, FileState, HeldFile, Share
from comity.storage.database import Database

NOW = datetime(2031, 3, 5, 8, 30, tzinfo=UTC)
UNTIL = NOW + timedelta(days=9)
TOLD = Announcement(ct_sha256="a" * 64, ct_bytes=700, recipients=("bergenia", "corvia"), expires=UNTIL)
OURS = HeldFile(id="f1", mail="m1", name="a.mp4", media_type="video/mp4", size_bytes=600, key="", noted_at=NOW)
SENT = replace(OURS, state=FileState.WHOLE, ct_sha256="a" * 64, expires_at=UNTIL)
THEIRS = replace(OURS, id="f2", mail="m2", sender="bergenia", letter="l2", expires_at=UNTIL)


def test_at_the_hub_a_file_waits_for_whoever_is_named_until_they_have_it(hub: Database):
    with hub.transaction() as tx:
        tx.file_room.announce("aldova", TOLD, NOW)
        assert tx.file_room.done("aldova", TOLD.ct_sha256, ["bergenia"])
        assert not tx.file_room.done("aldova", TOLD.ct_sha256, ["bergenia"])
        tx.file_room.announce("aldova", TOLD, NOW)  # asked again how it stands
        tx.file_room.whole("aldova", TOLD.ct_sha256, whole=True)
        tx.commit()
    with hub.reading() as tx:
        file = tx.file_room.get("aldova", TOLD.ct_sha256)
        assert file is not None
        assert (file.whole, file.waiting, file.ct_bytes, file.expires_at) == (True, ("corvia",), 700, UNTIL)
        assert tx.file_room.recipients("aldova", TOLD.ct_sha256) == ("bergenia", "corvia")
        assert tx.file_room.get("bergenia", TOLD.ct_sha256) is None
        assert tx.file_room.held("aldova") == (1, 700)
        assert tx.file_room.every() == [file]


def test_at_the_hub_a_file_that_is_sent_once_more_waits_again_for_whom_it_is_sent_to(hub: Database):
    later = replace(TOLD, recipients=("bergenia",), expires=UNTIL + timedelta(seconds=1))
    with hub.transaction() as tx:
        tx.file_room.announce("aldova", TOLD, NOW)
        tx.file_room.done("aldova", TOLD.ct_sha256, ["bergenia", "corvia"])
        assert tx.file_room.held("aldova") == (0, 0)
        tx.file_room.announce("aldova", later, NOW)
        found = tx.file_room.get("aldova", TOLD.ct_sha256)
        assert found is not None
        assert (found.waiting, found.expires_at) == (("bergenia",), later.expires)
        assert tx.file_room.expire(UNTIL) == []
        assert tx.file_room.expire(UNTIL + timedelta(seconds=2)) == [found]
        assert tx.file_room.every() == []
        assert tx.file_room.recipients("aldova", TOLD.ct_sha256) == ()


def test_at_a_bureau_it_is_known_what_is_to_be_brought_fetched_asked_and_carried(store: Database):
    with store.transaction() as tx:
        tx.files.put(SENT)
        for recipient in ("bergenia", "corvia"):
            tx.files.share("f1", recipient, f"to-{recipient}")
        tx.files.put(THEIRS)
        assert tx.files.to_bring() == [SENT]
        assert tx.files.to_fetch() == [THEIRS]
        tx.files.put(replace(SENT, brought=True), NOW + timedelta(minutes=1))
        assert (tx.files.to_bring(), tx.files.to_ask(NOW)) == ([], [])
        (asked,) = tx.files.to_ask(NOW + timedelta(minutes=1))
        tx.files.end("f1", ["bergenia"])
        assert (tx.files.to_carry("bergenia"), tx.files.to_carry("corvia")) == ([], [asked])
        assert tx.files.take_back("to-corvia") == 1
        assert tx.files.taken_back() == [(asked, "corvia")]
        assert tx.files.to_carry("corvia") == []
        assert tx.files.shares("f1")[1] == Share(recipient="corvia", letter="to-corvia", taken_back=True)


def test_at_a_bureau_what_came_by_hand_is_told_the_hub_and_then_no_more(store: Database):
    here = replace(THEIRS, state=FileState.WHOLE, by_hand=True)
    with store.transaction() as tx:
        tx.files.put(here)
        assert tx.files.to_fetch() == [here]
        tx.files.put(replace(here, by_hand=False))
        assert tx.files.to_fetch() == []
        assert tx.files.ids() == {"f2"}
        tx.files.forget("f2")
        assert tx.files.of_mail("m2") == []
