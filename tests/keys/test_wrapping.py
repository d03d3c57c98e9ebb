"""Secrets are read with the key and the words they were wrapped with, and with no others."""

from pathlib import Path

import pytest

from comity.domain.errors import Invalid, Missing, NotPermitted
from comity.keys.wrapped_by import wrapping_key
from comity.keys.wrapping import WrappingKey, unwrap_under_passphrase, wrap_under_passphrase
from comity.wire.canonical import b64u

KEY, OTHER = WrappingKey(b"k" * 32), WrappingKey(b"o" * 32)


def test_what_is_wrapped_is_bound_to_its_key_and_to_what_it_is():
    wrapped = KEY.wrap(b"secret", "seed 1")
    assert KEY.unwrap(wrapped, "seed 1") == b"secret"
    assert b"secret" not in wrapped
    for key, about, data in ((OTHER, "seed 1", wrapped), (KEY, "seed 2", wrapped), (KEY, "seed 1", wrapped[:-5])):
        with pytest.raises(Invalid):
            key.unwrap(data, about)


def test_a_passphrase_opens_and_a_wrong_one_does_not():
    wrapped = wrap_under_passphrase(b"share", "correct horse battery", "share of anna")
    assert unwrap_under_passphrase(wrapped, "correct horse battery", "share of anna") == b"share"
    with pytest.raises(NotPermitted):
        unwrap_under_passphrase(wrapped, "correct horse staple", "share of anna")
    with pytest.raises(Invalid, match="12 characters"):
        wrap_under_passphrase(b"share", "short", "share of anna")


def test_the_wrapping_key_comes_from_a_file_the_environment_or_beside(tmp_path: Path):
    file = tmp_path / "elsewhere.key"
    file.write_bytes(b"k" * 32)
    file.chmod(0o600)
    assert wrapping_key(tmp_path, str(file), "", {}) == b"k" * 32
    assert wrapping_key(tmp_path, "", "WRAP", {"WRAP": b64u(b"k" * 32)}) == b"k" * 32
    beside = wrapping_key(tmp_path, "", "", {})
    assert len(beside) == 32
    assert wrapping_key(tmp_path, "", "", {}) == beside
    assert (tmp_path / "wrapping.key").stat().st_mode & 0o777 == 0o600


def test_a_wrapping_key_that_is_not_there_or_no_key_is_refused(tmp_path: Path):
    with pytest.raises(Missing, match="no WRAP"):
        wrapping_key(tmp_path, "", "WRAP", {})
    with pytest.raises(Invalid, match="WRAP"):
        wrapping_key(tmp_path, "", "WRAP", {"WRAP": b64u(b"k" * 31)})
    open_to_all = tmp_path / "open.key"
    open_to_all.write_bytes(b"k" * 32)
    open_to_all.chmod(0o644)
    with pytest.raises(Invalid, match="chmod 600"):
        wrapping_key(tmp_path, str(open_to_all), "", {})
