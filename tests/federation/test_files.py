"""Files travel beside their letter: sealed, through the hub, gone on with wherever they break, to whom is named."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as some

from comity.domain import limits
from comity.domain.bureau import Member
from comity.domain.collection import Category
from comity.domain.errors import Missing, NotPermitted, Unavailable
from comity.domain.files import FileState, NewFile, RoomFile, Share
from comity.domain.journal import Act
from comity.storage.sealed_files import SealedFiles
from comity.testing.federation import ALDOVA, BERGENIA, CORVIA, HUB, Federation
from comity.testing.federation_line import Loss
from comity.wire.http import Request, Response
from comity.wire.stream import sealed_bytes
from tests.federation.file_cast import MANY_BYTES, content, drafted, notes, read_back, sent

FILES = "/federation/v1/files"


class CutLine:
    """Loses every request about files whose number is in `cuts`, on its way or its answer."""

    def __init__(self, line: object, cuts: set[int], loss: Loss) -> None:
        self.line = line
        self.cuts = cuts
        self.loss = loss
        self.count = 0

    def send(self, member: Member, request: Request, within_seconds: float, bytes_max: int) -> Response:
        if not request.target.startswith(FILES):
            return self.line.send(member, request, within_seconds, bytes_max)
        number, self.count = self.count, self.count + 1
        if number in self.cuts and self.loss is Loss.REQUEST:
            raise Unavailable("cut")
        response = self.line.send(member, request, within_seconds, bytes_max)
        if number in self.cuts:
            raise Unavailable("cut")
        return response


def cut(federation: Federation, cuts: set[int], loss: Loss) -> CutLine:
    line = CutLine(federation.line, cuts, loss)
    for node in federation.nodes.values():
        node.exchange.line = line
    return line


@pytest.fixture(autouse=True)
def _always_a_quick_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts grow as on a good line, however busy the machine is: how many there are can be counted."""
    monkeypatch.setattr(limits, "FILE_PART_QUICK_SECONDS", 600.0)


def room(federation: Federation, kind: str) -> list[Path]:
    folder = federation[HUB].folder / "files" / kind
    return sorted(folder.iterdir()) if folder.exists() else []


def test_a_file_goes_with_its_message_and_is_read_back(federation: Federation):
    body = content(MANY_BYTES)
    mail = sent(federation, body)
    federation.post()
    (note,) = notes(federation, mail.id)
    assert (note.state, note.name, note.size_bytes) == (FileState.WHOLE, "file-0.mp4", MANY_BYTES)
    assert read_back(federation, note.id) == body
    federation.time.pass_by(minutes=2)
    federation.post()
    (ours,) = notes(federation, mail.id, "ada")
    assert (ours.at_hub, ours.fetched_by) == (True, (BERGENIA,))
    assert [one.outcome for one in federation.journal(BERGENIA) if one.act is Act.FILE_ARRIVED] == ["whole"]
    assert [one.act for one in federation.journal(BERGENIA)].count(Act.FILE_SHOWN) == 1


@pytest.mark.parametrize("size", [0, 1, 65_535, 65_536, 65_537, 131_072])
def test_a_file_of_any_size_comes_as_it_was(federation: Federation, size: int):
    mail = sent(federation, content(size))
    federation.post()
    (note,) = notes(federation, mail.id)
    assert note.state is FileState.WHOLE
    assert read_back(federation, note.id) == content(size)


def test_the_hub_holds_nothing_that_it_can_read_and_no_longer_than_needed(federation: Federation):
    sent(federation, b"nobody in between reads this sentence" * 100)
    federation[ALDOVA].file_courier.bring()
    (held,) = room(federation, "whole")
    assert b"nobody in between" not in held.read_bytes()
    federation.post()
    assert room(federation, "whole") == room(federation, "coming") == []


def test_the_officers_own_node_never_writes_it_down_open(federation: Federation):
    sent(federation, b"nobody who steals the disk alone reads this" * 100)
    federation.post()
    for name in (ALDOVA, BERGENIA):
        for path in (federation[name].folder / "files").rglob("*"):
            assert path.is_dir() or b"nobody who steals" not in path.read_bytes()


def test_nobody_gets_a_file_that_was_not_sent_to_them(federation: Federation):
    sent(federation, content(1_000))
    federation[ALDOVA].file_courier.bring()
    with federation[HUB].store.reading() as tx:
        (held,) = tx.file_room.every()
    hub = federation[CORVIA].directory().member(HUB)
    target = f"{FILES}?sender={ALDOVA}&digest={held.ct_sha256}&offset=0&length=10"
    with pytest.raises(Missing, match="no such file for you"):
        federation[CORVIA].exchange.get(hub, target, 1.0, 1_000_000)
    end = f"{FILES}?sender={ALDOVA}&digest={held.ct_sha256}&recipient={BERGENIA}"
    with pytest.raises(Missing, match="no such file for you"):
        federation[CORVIA].exchange.delete(hub, end, 1.0, 1_000_000)
    assert federation[BERGENIA].exchange.get(hub, target, 1.0, 1_000_000).body


@pytest.mark.parametrize("loss", Loss)
@pytest.mark.parametrize("lost", range(9))
def test_whichever_request_is_lost_it_comes_whole_and_once(federation: Federation, lost: int, loss: Loss):
    body = content(MANY_BYTES)
    mail = sent(federation, body)
    line = cut(federation, {lost}, loss)
    federation.post()
    wait_for_files(federation)
    assert line.count > lost
    (note,) = notes(federation, mail.id)
    assert read_back(federation, note.id) == body
    assert room(federation, "whole") == room(federation, "coming") == []


def test_it_is_fetched_while_it_is_still_brought(federation: Federation):
    body = content(MANY_BYTES)
    mail = sent(federation, body)
    federation[ALDOVA].sealed_courier.bring()
    federation[BERGENIA].sealed_courier.fetch()
    bergenia = federation[BERGENIA]
    (name,) = (one.id for one in notes(federation, mail.id))
    assert bergenia.file_courier.fetch() == 0
    federation.time.pass_by(seconds=2)
    line = cut(federation, {2}, Loss.REQUEST)
    federation[ALDOVA].file_courier.bring()
    first = room(federation, "coming")[0].stat().st_size
    assert line.count == 3
    assert bergenia.file_courier.fetch() == 1
    assert bergenia.files.disk.sealed.size(name) == first > 0
    federation.time.pass_by(seconds=5)
    federation.post()
    wait_for_files(federation)
    assert read_back(federation, notes(federation, mail.id)[0].id) == body
    assert room(federation, "whole") == room(federation, "coming") == []


@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=some.integers(0, sealed_bytes(MANY_BYTES)), way=some.sampled_from(["out", "in"]))
@example(at=sealed_bytes(MANY_BYTES), way="out")
@example(at=sealed_bytes(MANY_BYTES), way="in")
def test_a_process_killed_at_any_byte_goes_on_there(federation: Federation, at: int, way: str):
    """A kill leaves on the disk as many bytes of a part as were written; the next start has nothing else to go by."""
    body = content(MANY_BYTES)
    mail = sent(federation, body)
    with federation[ALDOVA].store.reading() as tx:
        (file,) = tx.files.of_mail(mail.id)
    sealed = federation[ALDOVA].files.disk.read_sealed(file, 0, file.ct_bytes)
    if way == "in":
        federation[ALDOVA].sealed_courier.bring()
        federation[BERGENIA].sealed_courier.fetch()
        disk, name = federation[BERGENIA].files.disk.sealed, notes(federation, mail.id)[0].id
    else:
        disk, name = federation[HUB].file_room.disk.coming, f"{ALDOVA}.{file.ct_sha256}"
    with disk.opened(name) as torn:
        torn.write(sealed[:at])
    federation.post()
    wait_for_files(federation)
    (note,) = notes(federation, mail.id)
    assert read_back(federation, note.id) == body
    assert room(federation, "whole") == room(federation, "coming") == []


@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=some.integers(0, sealed_bytes(MANY_BYTES)))
def test_the_officers_node_killed_at_any_byte_goes_on_at_a_whole_chunk(federation: Federation, at: int):
    body, ada, desk = content(MANY_BYTES), federation.cast["ada"], federation[ALDOVA].files
    draft = drafted(federation)
    note = desk.begin(draft.id, NewFile(name="a.mp4", media_type="video/mp4", size_bytes=MANY_BYTES), ada)
    desk.write(note.id, 0, body[:-1], ada)
    path = desk.disk.sealed.path(note.id)
    os.truncate(path, min(at, path.stat().st_size))
    desk.disk = SealedFiles(path.parent)  # a new start
    came = desk.show(note.id, ada).came_bytes
    assert came % 65_536 == 0
    assert came <= at
    while note.state is FileState.COMING:
        note = desk.write(note.id, came, body[came : came + 100_000], ada)
        came = note.came_bytes
    assert read_back(federation, note.id, "ada") == body


def wait_for_files(federation: Federation) -> None:
    """Longer than couriers rest after a failure, a few times."""
    for _ in range(5):
        federation.time.pass_by(seconds=301)
        federation.post()


def test_what_the_hub_lost_is_brought_again(federation: Federation):
    body = content(MANY_BYTES)
    mail = sent(federation, body)
    federation[ALDOVA].sealed_courier.bring()
    federation[ALDOVA].file_courier.bring()
    (held,) = room(federation, "whole")
    held.unlink()
    federation.time.pass_by(minutes=2)
    federation.post()
    wait_for_files(federation)
    (note,) = notes(federation, mail.id)
    assert read_back(federation, note.id) == body


def test_a_file_for_two_is_brought_once_and_kept_until_both_have_it(federation: Federation):
    body = content(MANY_BYTES)
    mail = sent(federation, body, category=Category.VEHICLES, to=(BERGENIA, CORVIA))
    line = cut(federation, set(), Loss.REQUEST)
    federation[ALDOVA].file_courier.bring()
    assert line.count == 4  # announced, three parts that grow
    for name, left in ((BERGENIA, 1), (CORVIA, 0)):
        federation[name].sealed_courier.fetch()
        federation[ALDOVA].sealed_courier.bring()
        federation.carry(name)
        federation.carry(name)
        assert len(room(federation, "whole")) == left
    assert read_back(federation, notes(federation, mail.id)[0].id) == body


def test_a_message_sent_once_more_hands_its_files_out_again_to_whom_it_was_sent(federation: Federation):
    """Bergenia was brought back without what it had; Corvia has the file, and nobody waits for Corvia again."""
    body = content(MANY_BYTES)
    mail = sent(federation, body, category=Category.VEHICLES, to=(BERGENIA, CORVIA))
    federation.post()
    bergenia, aldova = federation[BERGENIA], federation[ALDOVA]
    with bergenia.store.transaction() as tx:
        (lost,) = tx.files.of_mail(mail.id)
        tx.files.forget(lost.id)
        tx.commit()
    bergenia.files.sweep()
    federation.time.pass_by(minutes=2)
    aldova.mail.again(mail.id, BERGENIA, federation.cast["ada"])
    aldova.file_courier.bring()
    assert [one.waiting for one in in_the_room(federation)] == [(BERGENIA,)]
    federation.post()
    assert read_back(federation, notes(federation, mail.id)[0].id) == body
    assert room(federation, "whole") == room(federation, "coming") == []


def test_whoever_has_a_file_that_is_sent_once_more_says_so_and_fetches_nothing(federation: Federation):
    mail = sent(federation, content(MANY_BYTES))
    federation.post()
    federation.time.pass_by(minutes=2)
    federation[ALDOVA].mail.again(mail.id, BERGENIA, federation.cast["ada"])
    line = cut(federation, set(), Loss.REQUEST)
    federation[ALDOVA].sealed_courier.bring()
    federation[BERGENIA].sealed_courier.fetch()
    federation[ALDOVA].file_courier.bring()
    asked = line.count
    assert federation[BERGENIA].file_courier.fetch() == 1
    assert line.count == asked + 1
    assert [one.waiting for one in in_the_room(federation)] == [()]
    assert notes(federation, mail.id)[0].state is FileState.WHOLE
    assert federation[BERGENIA].file_courier.fetch() == 0


def in_the_room(federation: Federation) -> list[RoomFile]:
    with federation[HUB].store.reading() as tx:
        return tx.file_room.every()


def test_what_may_hold_anything_goes_only_where_all_may_be_told(federation: Federation):
    """A form alone needs no more than the core, which Corvia may be told; with a file beside it that is not enough."""
    with pytest.raises(NotPermitted):
        sent(federation, content(1_000), to=(CORVIA,))


def test_a_letter_recalled_after_it_was_read_takes_its_files_with_it(federation: Federation):
    mail = sent(federation, content(MANY_BYTES))
    federation.post()
    (note,) = notes(federation, mail.id)
    disk = federation[BERGENIA].files.disk
    assert disk.names() == {note.id}
    read_back(federation, note.id)
    letter = next(one.letter for one in shares(federation, mail.id))
    dora, ben = federation.cast["dora"], federation.cast["ben"]
    federation[ALDOVA].recalls.recall(letter, "a mistake", dora)
    federation.post()
    federation[BERGENIA].recalls.deleted(ALDOVA, letter, ben)
    federation[BERGENIA].files.sweep()
    assert disk.names() == set()
    assert [one.act for one in federation.journal(BERGENIA)].count(Act.FILE_DESTROYED) == 1


def test_a_letter_recalled_before_anybody_opened_it_takes_its_files_with_it(federation: Federation):
    mail = sent(federation, content(MANY_BYTES))
    federation.post()
    letter = next(one.letter for one in shares(federation, mail.id))
    federation[ALDOVA].recalls.recall(letter, "a mistake", federation.cast["dora"])
    federation.post()
    federation[BERGENIA].files.sweep()
    assert federation[BERGENIA].files.disk.names() == set()


def test_a_letter_recalled_before_it_was_fetched_takes_its_files_from_the_hub(federation: Federation):
    mail = sent(federation, content(MANY_BYTES))
    federation[ALDOVA].file_courier.bring()
    assert len(room(federation, "whole")) == 1
    letter = next(one.letter for one in shares(federation, mail.id))
    federation[ALDOVA].recalls.recall(letter, "a mistake", federation.cast["dora"])
    federation.post()
    assert room(federation, "whole") == []
    assert federation[BERGENIA].files.disk.names() == set()


def test_what_nobody_fetches_is_gone_after_thirty_days(federation: Federation):
    mail = sent(federation, content(MANY_BYTES))
    federation[ALDOVA].sealed_courier.bring()
    federation[ALDOVA].file_courier.bring()
    federation[BERGENIA].sealed_courier.fetch()
    federation.time.pass_by(days=31)
    federation[HUB].file_room.tend()
    assert room(federation, "whole") == []
    federation[BERGENIA].file_post.expire()
    with federation[BERGENIA].store.reading() as tx:
        (file,) = tx.files.of_mail(mail.id)
    assert file.state is FileState.LOST


def shares(federation: Federation, mail_id: str) -> list[Share]:
    with federation[ALDOVA].store.reading() as tx:
        return [share for file in tx.files.of_mail(mail_id) for share in tx.files.shares(file.id)]
