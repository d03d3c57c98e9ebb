"""Where no line is, the same sealed letters are carried as files, and whichever way is first, each is taken once."""

from pathlib import Path

import pytest

from comity.domain.errors import Missing, Refusal
from comity.domain.evidence import Step
from comity.testing.federation import ALDOVA, BERGENIA, HUB, Federation
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


def test_what_is_no_letter_is_refused(federation: Federation, tmp_path: Path):
    with pytest.raises(Missing):
        federation[BERGENIA].mail_drop.read(tmp_path)
    (tmp_path / "x.letter").write_bytes(b"nothing of the kind")
    with pytest.raises(Refusal):
        federation[BERGENIA].mail_drop.read(tmp_path)
