"""Keys and values in order, in memory and on the disk, open and sealed: one behaviour."""

import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.domain.errors import Invalid
from comity.matching.key_value import InMemory, KeyValue, Shape
from comity.storage.index.environment import DATA_FILE, Environment, Unusable

NAMES = Shape("names", prefix_bytes=2)
SECRET = bytes(range(32))


@pytest.fixture(params=["memory", "open", "sealed"])
def family(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[KeyValue]:
    if request.param == "memory":
        yield InMemory()
        return
    environment = Environment(tmp_path / "index", (NAMES,), SECRET if request.param == "sealed" else None, new=True)
    with environment.writing() as families:
        yield families["names"]
    environment.close()


def test_what_was_put_is_there(family: KeyValue):
    family.put(b"ada", b"1")
    family.put(b"ada", b"2")
    assert family.get(b"ada") == b"2"
    assert family.get(b"ben") is None
    assert family.get_many([b"ada", b"ben"]) == {b"ada": b"2"}


def test_what_was_deleted_is_gone(family: KeyValue):
    family.put(b"ada", b"1")
    assert family.delete(b"ada")
    assert not family.delete(b"ada")
    assert family.get(b"ada") is None
    assert list(family.range()) == []


def test_a_range_is_in_the_order_of_the_keys(family: KeyValue):
    family.put_many((key, key[::-1]) for key in (b"bea", b"ada", b"be", b"ben", b"b", b"cora"))
    assert [key for key, _ in family.range(b"be")] == [b"be", b"bea", b"ben"]
    assert [key for key, _ in family.range(b"be", b"bea")] == [b"bea", b"ben"]
    assert [key for key, _ in family.range(b"b")] == [b"b", b"be", b"bea", b"ben"]
    assert list(family.range()) == sorted((key, key[::-1]) for key in (b"bea", b"ada", b"be", b"ben", b"b", b"cora"))


def test_of_two_values_put_at_once_under_one_key_the_later_stands(family: KeyValue):
    family.put_many([(b"ben", b"1"), (b"ada", b"1"), (b"ben", b"2")])
    family.put_many([(b"dora", b"1"), (b"dora", b"2")])
    assert dict(family.range()) == {b"ada": b"1", b"ben": b"2", b"dora": b"2"}


@pytest.mark.parametrize("key", [b"", b"x" * 512])
def test_a_key_that_cannot_be_kept_is_refused(family: KeyValue, key: bytes):
    with pytest.raises(Invalid):
        family.put(key, b"")


KEYS = st.binary(min_size=1, max_size=4)
STEPS = st.lists(st.tuples(st.sampled_from(["put", "delete"]), KEYS, st.binary(max_size=3)), max_size=30)


@settings(deadline=None, max_examples=30)
@given(steps=STEPS, prefix=st.binary(max_size=3), start=st.binary(max_size=3))
@pytest.mark.parametrize("secret", [None, SECRET])
def test_on_the_disk_as_in_memory(
    tmp_path_factory: pytest.TempPathFactory,
    secret: bytes | None,
    steps: list[tuple[str, bytes, bytes]],
    prefix: bytes,
    start: bytes,
):
    memory = InMemory()
    environment = Environment(tmp_path_factory.mktemp("index") / "one", (NAMES,), secret, new=True)
    with environment.writing() as families:
        disk = families["names"]
        for step, key, value in steps:
            if step == "put":
                memory.put(key, value)
                disk.put(key, value)
            else:
                assert memory.delete(key) == disk.delete(key)
        assert list(memory.range(prefix, start)) == list(disk.range(prefix, start))
    environment.close()


def test_an_exception_undoes_all(tmp_path: Path):
    environment = Environment(tmp_path / "index", (NAMES,), new=True)
    with pytest.raises(ZeroDivisionError), environment.writing() as families:
        families["names"].put(b"ada", b"1")
        raise ZeroDivisionError
    with environment.reading() as families:
        assert families["names"].get(b"ada") is None
    environment.close()


def test_a_reader_keeps_its_snapshot_while_another_writes(tmp_path: Path):
    environment = Environment(tmp_path / "index", (NAMES,), new=True)

    def write() -> None:
        with environment.writing() as families:
            families["names"].put(b"ada", b"1")

    with environment.reading() as before:
        writer = threading.Thread(target=write)
        writer.start()
        writer.join()
        assert before["names"].get(b"ada") is None
    with environment.reading() as after:
        assert after["names"].get(b"ada") == b"1"
    environment.close()


def test_only_this_account_can_read_it(tmp_path: Path):
    environment = Environment(tmp_path / "index", (NAMES,), new=True)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "index").iterdir()}
    assert modes == {"data.mdb": 0o600, "lock.mdb": 0o600}
    assert stat.S_IMODE((tmp_path / "index").stat().st_mode) == 0o700
    environment.close()


def test_neither_keys_nor_values_of_a_sealed_index_lie_on_the_disk(tmp_path: Path):
    for secret, lies_there in ((None, True), (SECRET, False)):
        folder = tmp_path / f"index-{bool(secret)}"
        environment = Environment(folder, (NAMES,), secret, new=True)
        with environment.writing() as families:
            families["names"].put(b"PLAINLYAKEY", b"PLAINLYAVALUE")
        environment.close()
        content = (folder / DATA_FILE).read_bytes()
        assert (b"PLAINLYAKEY" in content, b"PLAINLYAVALUE" in content) == (lies_there, lies_there)


@pytest.mark.parametrize(("made_with", "opened_with"), [(SECRET, None), (None, SECRET), (SECRET, bytes(32))])
def test_an_index_of_another_secret_is_not_used(tmp_path: Path, made_with: bytes | None, opened_with: bytes | None):
    Environment(tmp_path / "index", (NAMES,), made_with, new=True).close()
    with pytest.raises(Unusable):
        Environment(tmp_path / "index", (NAMES,), opened_with)


@pytest.mark.parametrize("damage", [b"", b"no index at all" * 1000])
def test_a_damaged_file_is_not_used(tmp_path: Path, damage: bytes):
    Environment(tmp_path / "index", (NAMES,), new=True).close()
    (tmp_path / "index" / DATA_FILE).write_bytes(damage)
    with pytest.raises(Unusable):
        Environment(tmp_path / "index", (NAMES,))


def test_a_copy_has_all_that_stands_and_nothing_that_was_deleted(tmp_path: Path):
    environment = Environment(tmp_path / "index", (NAMES,), new=True)
    with environment.writing() as families:
        families["names"].put(b"ada", b"STANDS")
        families["names"].put(b"ben", b"ERASED")
    with environment.writing() as families:
        families["names"].delete(b"ben")
    copy = Environment(tmp_path / "copy", (NAMES,), new=True)
    environment.copy_into(copy)
    copy.close()
    environment.close()
    content = (tmp_path / "copy" / DATA_FILE).read_bytes()
    assert b"STANDS" in content
    assert b"ERASED" not in content
    again = Environment(tmp_path / "copy", (NAMES,))
    with again.reading() as families:
        assert list(families["names"].range()) == [(b"ada", b"STANDS")]
    again.close()
