"""A hub, a disk or a sender that plays tricks with files: each is found out, and no officer gets what it did."""

from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from comity.domain.bureau import Member
from comity.domain.files import FileState
from comity.testing.federation import ALDOVA, BERGENIA, HUB, Federation
from comity.wire.http import Request, Response
from comity.wire.signature import signed_response
from tests.federation.file_cast import MANY_BYTES, content, notes, sent


class LyingHub:
    """The hub answers requests for parts as it likes, and signs that."""

    def __init__(self, federation: Federation, lie: Callable[[bytes], bytes]) -> None:
        self.federation = federation
        self.lie = lie
        self.asked = 0

    def send(self, member: Member, request: Request, within_seconds: float, bytes_max: int) -> Response:
        response = self.federation.line.send(member, request, within_seconds, bytes_max)
        if request.method != "GET" or not request.target.startswith("/federation/v1/files"):
            return response
        self.asked += 1
        hub = self.federation[HUB]
        plain = Response(status=200, headers={"content-type": "application/octet-stream"}, body=self.lie(response.body))
        return signed_response(plain, request, hub.keys.node, hub.clock())


@pytest.mark.parametrize(
    "lie",
    [
        lambda part: bytes([part[0] ^ 1]) + part[1:],
        lambda part: part[::-1],
        lambda part: b"",
        lambda part: part[:-1],
    ],
    ids=["a changed bit", "turned round", "nothing", "one byte less"],
)
def test_a_hub_that_hands_out_something_else_is_found_out(federation: Federation, lie: Callable[[bytes], bytes]):
    mail = sent(federation, content(MANY_BYTES))
    line = LyingHub(federation, lie)
    federation[BERGENIA].exchange.line = line
    federation.post()
    assert 0 < line.asked < 50
    (note,) = notes(federation, mail.id)
    assert note.state is FileState.COMING
    federation[BERGENIA].exchange.line = federation.line
    for _ in range(4):
        federation.time.pass_by(seconds=301)
        federation.post()
    assert notes(federation, mail.id)[0].state is FileState.WHOLE


def test_what_came_otherwise_than_its_letter_says_is_not_fetched_all_day_and_holds_up_no_other(federation: Federation):
    mail = sent(federation, content(1_000), content(2_000))
    with federation[ALDOVA].store.reading() as tx:
        altered, _ = tx.files.of_mail(mail.id)
    path: Path = federation[ALDOVA].files.disk.sealed.path(altered.id)
    path.write_bytes(path.read_bytes()[::-1])
    line = LyingHub(federation, lambda part: part)
    federation[BERGENIA].exchange.line = line
    federation.post()
    assert [one.state for one in notes(federation, mail.id)] == [FileState.COMING, FileState.WHOLE]
    for _ in range(20):
        federation.time.pass_by(seconds=301)
        federation[BERGENIA].file_courier.fetch()
    assert 5 < line.asked < 10


def test_another_recipient_who_has_the_key_cannot_put_another_file_in_its_place(federation: Federation):
    """Whoever has the key can seal another content of this length; its digest is not the one that the sender signed."""
    mail = sent(federation, content(MANY_BYTES))
    federation[ALDOVA].sealed_courier.bring()
    federation[ALDOVA].file_courier.bring()
    with federation[ALDOVA].store.reading() as tx:
        (file,) = tx.files.of_mail(mail.id)
    forged, disk = replace(file, id="forged"), federation[ALDOVA].files.disk
    disk.seal(forged, 0, content(MANY_BYTES, seed=99))
    (held,) = (federation[HUB].folder / "files" / "whole").iterdir()
    held.write_bytes(disk.read_sealed(forged, 0, file.ct_bytes))
    federation.post()
    (note,) = notes(federation, mail.id)
    assert note.state is FileState.COMING


def test_a_disk_that_alters_a_file_is_found_out_when_it_is_read(federation: Federation):
    mail = sent(federation, content(MANY_BYTES))
    federation.post()
    (note,) = notes(federation, mail.id)
    path: Path = federation[BERGENIA].files.disk.sealed.path(note.id)
    altered = bytearray(path.read_bytes())
    altered[100] ^= 1
    path.write_bytes(altered)
    ben = federation.cast["ben"]
    with pytest.raises(Exception, match="changed, cut short or added to"):
        federation[BERGENIA].files.read(note.id, 0, 10, ben)
    assert federation[BERGENIA].files.read(note.id, 70_000, 10, ben)[1] == content(MANY_BYTES)[70_000:70_010]


def test_a_letter_that_contradicts_itself_on_a_size_fetches_nothing(federation: Federation):
    draft = sent(federation, content(1_000))
    with federation[ALDOVA].store.transaction() as tx:
        (file,) = tx.files.of_mail(draft.id)
        tx.files.put(replace(file, size_bytes=999_999, brought=True))
        tx.commit()
    federation.post()
    (note,) = notes(federation, draft.id)
    assert note.state is FileState.LOST
    assert "contradicts itself" in note.remark
    assert federation[BERGENIA].files.disk.names() == set()


def test_a_file_larger_than_this_node_takes_is_not_fetched(federation: Federation):
    draft = sent(federation, content(1_000))
    with federation[ALDOVA].store.transaction() as tx:
        (file,) = tx.files.of_mail(draft.id)
        tx.files.put(replace(file, size_bytes=2**50, ct_bytes=2**50 + 2**40, brought=True))
        tx.commit()
    federation.post()
    assert notes(federation, draft.id)[0].state is FileState.LOST
