"""A secret is whole or not there; destroyed, its bytes are in no file; two processes do not change keys at once."""

import multiprocessing
import os
import time
from pathlib import Path

from comity.keys.erasing import alone, destroy, write_secret, write_secrets

SECRET = b"thirty-two bytes that must vanish"


def test_a_secret_is_of_its_owner_alone_and_replaces_what_was_there(tmp_path: Path):
    file = tmp_path / "keys" / "seed.json"
    write_secret(file, b"first")
    write_secret(file, SECRET)
    assert file.read_bytes() == SECRET
    assert file.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in file.parent.iterdir()] == ["seed.json"]
    write_secrets({})


def test_what_is_destroyed_is_overwritten_where_it_lay(tmp_path: Path):
    """Whoever has the file still open, as a disk has its block, finds other bytes."""
    file = tmp_path / "seed.json"
    write_secret(file, SECRET)
    with file.open("rb") as still_open:
        destroy(file)
        assert SECRET not in still_open.read()
        still_open.seek(0)
        assert len(still_open.read()) == len(SECRET)
    assert not file.exists()


def _waits(folder: Path, told: Path) -> None:
    with alone(folder):
        told.write_text("in")


def test_whoever_changes_keys_waits_for_whoever_does(tmp_path: Path):
    told = tmp_path / "told"
    with alone(tmp_path):
        other = multiprocessing.get_context("fork").Process(target=_waits, args=(tmp_path, told))
        other.start()
        time.sleep(0.3)
        assert not told.exists()
    other.join(10)
    assert told.read_text() == "in"
    assert os.stat(tmp_path / ".lock").st_mode & 0o777 == 0o600
