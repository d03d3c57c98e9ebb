"""A key for each week: made ahead, used for its week and two more, then destroyed with every byte of its seed."""

from datetime import timedelta
from pathlib import Path

import pytest

from comity.domain.errors import Invalid, Missing
from comity.domain.keys import EpochKey, epoch_number
from comity.keys.epochs import EpochKeys
from comity.keys.storage_key import STORAGE_FILE, storage_key
from comity.keys.wrapping import WrappingKey
from comity.wire.age import Recipient, decrypt, encrypt
from comity.wire.canonical import b64u, unb64u
from tests.wire.cast import NOW

WRAPPING = WrappingKey(bytes(range(32)))
FIRST = epoch_number(NOW)
WEEK = timedelta(days=7)


@pytest.fixture
def epochs(tmp_path: Path) -> EpochKeys:
    made = EpochKeys(tmp_path, WRAPPING)
    made.keys(range(FIRST, FIRST + 4))
    return made


def bytes_in(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())


def recipient(key: EpochKey) -> Recipient:
    return Recipient(unb64u(key.xwing))


def test_the_same_keys_come_again_and_open_what_was_sealed_to_them(epochs: EpochKeys, tmp_path: Path):
    again = EpochKeys(tmp_path, WRAPPING)
    keys = again.keys(range(FIRST, FIRST + 4))
    assert keys == epochs.keys(range(FIRST, FIRST + 4))
    for n, key in enumerate(keys):
        sealed = encrypt(b"for your eyes", [recipient(key)])
        assert decrypt(sealed, again.identities(NOW + n * WEEK)) == b"for your eyes"


def test_the_likeliest_key_comes_first(epochs: EpochKeys):
    keys = epochs.keys(range(FIRST, FIRST + 4))
    later = epochs.identities(NOW + WEEK)
    assert [one.recipient for one in later] == [recipient(keys[n]) for n in (1, 0, 2, 3)]


def test_a_seed_lies_wrapped_and_only_its_own_wrapping_key_reads_it(epochs: EpochKeys, tmp_path: Path):
    seeds = [one.seed for one in epochs.identities(NOW)]
    stored = bytes_in(tmp_path)
    assert not any(form in stored for seed in seeds for form in (seed, b64u(seed).encode(), seed.hex().encode()))
    with pytest.raises(Invalid, match="another key"):
        EpochKeys(tmp_path, WrappingKey(b"x" * 32)).identities(NOW)


def test_a_key_works_to_the_end_of_its_grace_and_not_a_moment_longer(epochs: EpochKeys):
    key = epochs.keys([FIRST])[0]
    sealed, end = encrypt(b"late", [recipient(key)]), key.ends_at + timedelta(days=14)
    assert decrypt(sealed, epochs.identities(end - timedelta(seconds=1))) == b"late"
    with pytest.raises((Missing, Invalid)):
        decrypt(sealed, epochs.identities(end))


def test_a_seed_is_destroyed_after_its_grace_with_every_byte_of_it(epochs: EpochKeys, tmp_path: Path):
    key = epochs.keys([FIRST])[0]
    (file,) = (tmp_path / "epochs").glob(f"{FIRST}.*.json")
    wrapped = file.read_bytes()
    end = key.ends_at + timedelta(days=14)
    assert epochs.destroy_due(end - timedelta(seconds=1)) == []
    assert bytes_in(tmp_path).count(wrapped) == 1
    with file.open("rb") as still_open:
        assert epochs.destroy_due(end) == [FIRST]
        assert wrapped not in still_open.read()
    assert wrapped not in bytes_in(tmp_path)
    assert key not in epochs.keys([FIRST])  # were it asked for again, it would be another


def test_a_revoked_key_is_replaced_and_still_opens_what_is_on_its_way(epochs: EpochKeys):
    (old,) = epochs.keys([FIRST])
    (new,) = epochs.keys([FIRST], revoked={recipient(old).key_id})
    assert new != old
    for key in (old, new):
        assert decrypt(encrypt(b"x", [recipient(key)]), epochs.identities(NOW)) == b"x"


def test_a_file_under_anothers_name_is_not_believed(epochs: EpochKeys, tmp_path: Path):
    first, second = (next((tmp_path / "epochs").glob(f"{FIRST + n}.*.json")) for n in (0, 1))
    second.write_bytes(first.read_bytes())
    with pytest.raises(Invalid):
        EpochKeys(tmp_path, WRAPPING).identities(NOW)


def test_the_storage_key_is_made_once_and_lies_wrapped(tmp_path: Path):
    key = storage_key(tmp_path, WRAPPING)
    assert storage_key(tmp_path, WRAPPING) == key
    assert b64u(key).encode() not in (tmp_path / STORAGE_FILE).read_bytes()
    with pytest.raises(Invalid):
        storage_key(tmp_path, WrappingKey(b"x" * 32))
