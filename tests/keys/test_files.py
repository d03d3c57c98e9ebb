"""Private keys in files: made whole or not at all, read by nobody else, never written over."""

import os
from pathlib import Path

import pytest

from comity.domain.errors import Conflict, Invalid, Missing
from comity.keys import files
from comity.keys.pair import PairSigner
from comity.wire.canonical import b64u, encode

HOSTS = ["bergenia.example", "127.0.0.1"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "node" / "keys"


def test_keys_that_were_made_are_loaded_again(folder):
    made, loaded = files.create(folder, HOSTS, "bergenia"), files.load(folder)
    assert made.root is not None
    assert loaded.root is not None
    assert (loaded.node.public, loaded.root.public) == (made.node.public, made.root.public)
    assert (made.node.public.level, made.root.public.level) == (65, 87)
    signed = loaded.node.sign_mldsa(b"x")
    assert made.node.public.verified_mldsa(signed, b"x") == b"x"
    assert made.tls_certificate_file.is_file()
    assert made.tls_key_file.is_file()


def test_no_two_nodes_have_the_same_keys(tmp_path):
    one, two = (files.create(tmp_path / name, HOSTS, name) for name in ("a", "b"))
    assert one.root is not None
    assert two.root is not None
    pairs = [one.node.public, two.node.public, one.root.public, two.root.public]
    assert len({pair.ed25519 for pair in pairs} | {pair.mldsa for pair in pairs}) == 8


def test_only_the_nodes_own_account_can_read_them(folder):
    files.create(folder, HOSTS, "bergenia")
    assert folder.stat().st_mode & 0o777 == 0o700
    modes = {file.name: file.stat().st_mode & 0o777 for file in folder.iterdir()}
    names = (files.ROOT_FILE, files.NODE_FILE, files.TLS_CERTIFICATE_FILE, files.TLS_KEY_FILE)
    assert modes == dict.fromkeys(names, 0o600)


@pytest.mark.parametrize("mask", [0o000, 0o077])
def test_whatever_the_umask(folder, mask):
    before = os.umask(mask)
    try:
        files.create(folder, HOSTS, "bergenia")
    finally:
        os.umask(before)
    assert (folder / files.NODE_FILE).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("name", [files.ROOT_FILE, files.NODE_FILE, files.TLS_KEY_FILE])
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o601])
def test_a_key_that_others_may_use_is_refused(folder, name, mode):
    files.create(folder, HOSTS, "bergenia")
    (folder / name).chmod(mode)
    with pytest.raises(Invalid, match="chmod 600"):
        files.load(folder)


def test_a_certificate_is_no_secret(folder):
    files.create(folder, HOSTS, "bergenia")
    (folder / files.TLS_CERTIFICATE_FILE).chmod(0o644)
    files.load(folder)


def test_a_node_runs_without_its_root(folder):
    files.create(folder, HOSTS, "bergenia")
    (folder / files.ROOT_FILE).unlink()
    assert files.load(folder).root is None


@pytest.mark.parametrize("name", [files.NODE_FILE, files.TLS_KEY_FILE, files.TLS_CERTIFICATE_FILE])
def test_a_missing_key_is_named(folder, name):
    files.create(folder, HOSTS, "bergenia")
    (folder / name).unlink()
    with pytest.raises(Missing, match=name):
        files.load(folder)


def test_keys_are_never_written_over(folder):
    made = files.create(folder, HOSTS, "bergenia")
    with pytest.raises(Conflict):
        files.create(folder, HOSTS, "bergenia")
    assert files.load(folder).node.public == made.node.public


def test_an_empty_folder_may_stand_there_already(folder):
    folder.mkdir(parents=True)
    files.create(folder, HOSTS, "bergenia")


@pytest.mark.parametrize("last", [files.ROOT_FILE, files.NODE_FILE, files.TLS_CERTIFICATE_FILE, files.TLS_KEY_FILE])
def test_a_disk_that_fails_half_way_leaves_nothing(folder, monkeypatch, last):
    write = files._write

    def failing(file: Path, content: bytes) -> None:
        if file.name == last:
            raise OSError("no space")
        write(file, content)

    monkeypatch.setattr(files, "_write", failing)
    with pytest.raises(OSError, match="no space"):
        files.create(folder, HOSTS, "bergenia")
    assert list(folder.parent.iterdir()) == []


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not JSON",
        encode({"ed25519": b64u(bytes(32)), "level": 87, "mldsa": b64u(bytes(32))}),
        encode({"ed25519": b64u(bytes(31)), "level": 65, "mldsa": b64u(bytes(32))}),
        encode({"ed25519": b64u(bytes(32)), "level": 65, "mldsa": b64u(bytes(33))}),
        encode({"ed25519": b64u(bytes(32)), "level": 65}),
        encode({"ed25519": b64u(bytes(32)), "level": 44, "mldsa": b64u(bytes(32))}),
    ],
)
def test_a_damaged_key_file_is_refused(folder, content):
    files.create(folder, HOSTS, "bergenia")
    (folder / files.NODE_FILE).write_bytes(content)
    with pytest.raises(Invalid):
        files.load(folder)


def test_a_certificate_of_another_key_is_refused(folder, tmp_path):
    files.create(folder, HOSTS, "bergenia")
    other = files.create(tmp_path / "other", HOSTS, "corvia")
    (folder / files.TLS_CERTIFICATE_FILE).write_bytes(other.tls_certificate_file.read_bytes())
    with pytest.raises(Invalid, match="certificate"):
        files.load(folder)
    (folder / files.TLS_CERTIFICATE_FILE).write_bytes(b"nonsense")
    with pytest.raises(Invalid):
        files.load(folder)


def test_a_signer_shows_nothing_of_its_keys():
    signer = PairSigner(b"s" * 32, b"t" * 32, 65)
    shown = repr(signer) + str(vars(signer))
    assert b64u(b"s" * 32) not in shown
    assert "ssssssss" not in shown
    assert signer.public.key_ids[0] in repr(signer)


def test_the_key_of_the_index_is_made_once_and_kept(folder):
    files.create(folder, HOSTS, "bergenia")
    key = files.index_key(folder)
    assert len(key) == 32
    assert files.index_key(folder) == key
    assert (folder / files.INDEX_FILE).stat().st_mode & 0o777 == 0o600
    assert not list(folder.glob(".*"))


def test_a_key_of_the_index_that_others_may_read_or_that_is_damaged_is_refused(folder):
    files.create(folder, HOSTS, "bergenia")
    files.index_key(folder)
    (folder / files.INDEX_FILE).chmod(0o640)
    with pytest.raises(Invalid):
        files.index_key(folder)
    (folder / files.INDEX_FILE).chmod(0o600)
    (folder / files.INDEX_FILE).write_bytes(b"short")
    with pytest.raises(Invalid, match="32 bytes"):
        files.index_key(folder)
