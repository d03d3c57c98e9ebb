"""Where no line is, the same sealed letters are carried as files, and whichever way is first, each is taken once."""

from pathlib import Path

import pytest

from comity.domain.errors import Missing, Refusal
from comity.domain.evidence import Step
from comity.domain.files import FileState
from comity.testing.federation import ALDOVA, BERGENIA, HUB, Federation
from tests.federation.file_cast import MANY_BYTES, content, notes, read_back, sent
from tests.federation.post_cast import arrived, steps, write, wrongs


def carried(federation: Federation, folder: Path, sender: str = ALDOVA, to: str = BERGENIA) -> None:
    folder.mkdir()
    federation[sender].mail_drop.write(folder, to)
    federation[to].mail_drop.read(folder)


def test_letters_and_receipts_are_carried_while_the_hub_is_away(federation: Federation, tmp_path: Path):
    federation.line.out_of_reach = {HUB}
    letters = [write(federation, "bulk"), write(federation, "urgent", urgent=True)]
    carried(federation, tmp_path / "there")
    assert arrived(federation) == ["urgent", "bulk"]
    carried(federation, tmp_path / "back", BERGENIA, ALDOVA)
    for letter in letters:
        assert steps(federation, ALDOVA, letter) == [(Step.SUBMITTED, ALDOVA), (Step.DELIVERED, BERGENIA)]
    assert wrongs(federation) == wrongs(federation, ALDOVA) == []


def test_a_letter_that_comes_both_ways_is_taken_once(federation: Federation, tmp_path: Path):
    write(federation, "one")
    federation[ALDOVA].sealed_courier.bring()
    carried(federation, tmp_path / "there")
    federation[BERGENIA].mail_drop.read(tmp_path / "there")
    federation.post()
    assert arrived(federation) == ["one"]
    assert wrongs(federation) == []


def test_a_missing_letter_comes_by_hand_and_the_lane_goes_on(federation: Federation, tmp_path: Path):
    for what in ("1", "2"):
        write(federation, what)
    folder = tmp_path / "there"
    folder.mkdir()
    federation[ALDOVA].mail_drop.write(folder, BERGENIA)
    files = sorted(folder.iterdir())
    first = files[0].read_bytes()
    files[0].unlink()
    federation[BERGENIA].mail_drop.read(folder)
    assert (arrived(federation), wrongs(federation)) == ([], ["gap"])
    files[0].write_bytes(first)
    federation[BERGENIA].mail_drop.read(folder)
    assert arrived(federation) == ["1", "2"]


def test_files_are_carried_beside_their_letter_and_the_hub_learns_of_it(federation: Federation, tmp_path: Path):
    federation.line.out_of_reach = {HUB}
    mail = sent(federation, content(MANY_BYTES))
    carried(federation, tmp_path / "there")
    (note,) = notes(federation, mail.id)
    assert read_back(federation, note.id) == content(MANY_BYTES)
    assert federation[BERGENIA].mail_drop.read(tmp_path / "there")[2] == 0  # whatever was taken changes nothing
    federation.line.out_of_reach = set()
    federation.time.pass_by(minutes=6)  # longer than the courier rests
    assert federation[BERGENIA].file_courier.fetch() == 0  # the hub knows nothing of it yet
    federation.post()
    federation.time.pass_by(minutes=6)
    federation.post()
    assert federation[HUB].file_room.disk.places() == set()
    federation.time.pass_by(minutes=6)
    federation.post()
    assert notes(federation, mail.id, "ada")[0].fetched_by == (BERGENIA,)


def test_a_file_that_came_half_by_line_comes_whole_by_hand_and_one_that_broke_off_goes_on(
    federation: Federation, tmp_path: Path
):
    mail = sent(federation, content(MANY_BYTES))
    folder = tmp_path / "there"
    folder.mkdir()
    federation[ALDOVA].mail_drop.write(folder, BERGENIA)
    (sealed,) = folder.glob("*.sealed")
    whole = sealed.read_bytes()
    sealed.write_bytes(whole[:100_001])  # the stick was full
    assert federation[BERGENIA].mail_drop.read(folder) == (1, 0, 0)
    assert notes(federation, mail.id)[0].came_bytes == 100_001
    federation[ALDOVA].mail_drop.write(folder, BERGENIA)
    assert sealed.read_bytes() == whole
    assert federation[BERGENIA].mail_drop.read(folder) == (1, 0, 1)
    assert read_back(federation, notes(federation, mail.id)[0].id) == content(MANY_BYTES)


def test_what_a_hand_altered_on_its_way_is_found_out_and_comes_by_line(federation: Federation, tmp_path: Path):
    mail = sent(federation, content(MANY_BYTES), content(1_000))
    folder = tmp_path / "there"
    folder.mkdir()
    federation[ALDOVA].mail_drop.write(folder, BERGENIA)
    sealed = max(folder.glob("*.sealed"), key=lambda path: path.stat().st_size)
    sealed.write_bytes(sealed.read_bytes()[::-1])
    with pytest.raises(Refusal):
        federation[BERGENIA].mail_drop.read(folder)
    states = {one.size_bytes: one.state for one in notes(federation, mail.id)}
    assert states == {MANY_BYTES: FileState.COMING, 1_000: FileState.WHOLE}
    federation.post()
    large = next(one for one in notes(federation, mail.id) if one.size_bytes == MANY_BYTES)
    assert read_back(federation, large.id) == content(MANY_BYTES)


def test_what_is_no_letter_is_refused(federation: Federation, tmp_path: Path):
    with pytest.raises(Missing):
        federation[BERGENIA].mail_drop.read(tmp_path)
    (tmp_path / "x.letter").write_bytes(b"nothing of the kind")
    with pytest.raises(Refusal):
        federation[BERGENIA].mail_drop.read(tmp_path)
