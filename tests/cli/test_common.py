"""What every command shares: who works here, what is printed of what others wrote, which files are written."""

import os
import stat
from pathlib import Path

import pytest

from comity.cli import common
from comity.domain.errors import Conflict, Missing


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("\x1b[2Jgone", "�[2Jgone"),
        ("a\rb", "a�b"),
        ("a\u009bb", "a�b"),
        ("txt.\u202eexe", "txt.�exe"),
        ("a\u2066b", "a�b"),
        ("two\nlines", "two�lines"),
        ("[red]Иван[/red] :smile: مریم‌گلی", "[red]Иван[/red] :smile: مریم‌گلی"),
    ],
)
def test_what_others_wrote_is_shown_and_not_obeyed(written: str, shown: str, capsys: pytest.CaptureFixture[str]):
    common.tell(written)
    common.warn(written)
    common.print_table(("what",), [(written,)], "")
    said = capsys.readouterr()
    assert said.out.startswith(shown + "\n")
    assert said.err == shown + "\n"
    assert shown in said.out.split("what", 1)[1]


def test_who_works_here_is_told_by_the_account_and_by_no_variable(monkeypatch: pytest.MonkeyPatch):
    named = common.login()
    for variable in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(variable, "somebody-else")
    assert common.login() == named


def test_an_account_without_a_name_has_its_number(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(os, "getuid", lambda: 3_999_999_999)
    assert common.login() == "uid-3999999999"


def test_a_file_is_new_whole_and_for_this_account_alone(tmp_path: Path):
    file = tmp_path / "out"
    before = os.umask(0)
    common.write_new(file, b"content")
    os.umask(before)
    assert (file.read_bytes(), stat.S_IMODE(file.stat().st_mode)) == (b"content", 0o600)
    with pytest.raises(Conflict, match="there already"):
        common.write_new(file, b"other")
    assert file.read_bytes() == b"content"
    with pytest.raises(Missing, match="no folder"):
        common.write_new(tmp_path / "nowhere" / "out", b"")


def test_what_broke_off_is_not_left_as_if_it_were_whole(tmp_path: Path):
    with pytest.raises(KeyboardInterrupt), common.new_file(tmp_path / "out") as file:
        file.write(b"half")
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_comes_in_between_is_not_written_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "out").write_bytes(b"theirs")
    monkeypatch.setattr(common, "must_be_new", lambda _: None)
    with pytest.raises(OSError):
        common.write_new(tmp_path / "out", b"ours")
    assert (tmp_path / "out").read_bytes() == b"theirs"


def test_an_empty_table_says_what_it_means(capsys: pytest.CaptureFixture[str]):
    common.print_table(("a", "b"), [], "None yet.")
    assert capsys.readouterr().out == "None yet.\n"
