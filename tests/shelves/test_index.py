"""The index says what the shelves say, at every moment, to every reader, whatever became of it meanwhile."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from comity.domain import limits
from comity.domain.errors import Unavailable
from comity.domain.lookup import PersonQuery
from comity.domain.record import Record
from comity.storage.changes import Changes
from comity.storage.database import Database
from comity.storage.engines import database_url, file_of
from comity.storage.index.check import Checked
from comity.storage.index.contents import Contents
from tests.shelves.samples import (
    TODAY,
    document,
    document_key,
    person,
    record,
    references,
    vehicle,
    vehicle_keys,
    withdrawal,
)

B1 = record(document())
SECRET = bytes(range(32))


def put(store: Database, *these: Record) -> None:
    with store.transaction() as tx:
        tx.records.put(these)
        tx.commit()


def withdraw(store: Database, *these: Record) -> None:
    with store.transaction() as tx:
        for one in these:
            assert tx.records.withdraw(withdrawal(one, 9))
        tx.commit()


def found(store: Database, number: str = "B123456", near: bool = False) -> list[str]:
    with store.reading() as tx:
        return references(tx.records.numbered(document_key(number), near, TODAY))


@pytest.fixture
def lagging(monkeypatch: pytest.MonkeyPatch) -> Callable[[Database], None]:
    """As if whoever wrote was killed right after the commit: the index has heard of nothing."""

    def lag(store: Database) -> None:
        follow = store.index.follow
        calls = iter([lambda: None])
        monkeypatch.setattr(store.index, "follow", lambda: next(calls, follow)())

    return lag


# -- near numbers -----------------------------------------------------------------------------------------------------


def test_look_alikes_and_neighbours_are_found_where_they_are_asked_for(store: Database):
    put(store, record(document("AB0123456"), "same"), record(document("A8O123456"), "alike"))
    put(store, record(document("AB012345"), "shorter"), record(document("AB0132456"), "swapped"))
    put(store, record(document("AB9923456"), "two wrong"), record(document("7654321"), "far"))
    assert found(store, "AB0123456") == ["same"]
    assert found(store, "AB0123456", near=True) == ["same", "alike", "shorter", "swapped"]
    assert found(store, "AB9123456", near=True) == ["same", "alike", "two wrong"]


def test_a_number_of_another_issuer_or_kind_is_not_near(store: Database):
    put(store, record(replace(document(), country="XAL"), "B-2"), record(vehicle("B123456"), "B-3"))
    assert found(store, near=True) == []
    with store.reading() as tx:
        assert references(tx.records.numbered(vehicle_keys("B123456"), True, TODAY)) == ["B-3"]


def test_no_more_than_the_limit_are_read(store: Database, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(limits, "CANDIDATES_MAX", 3)
    put(store, *(record(document(), f"B-{number}") for number in range(7)))
    assert found(store) == ["B-0", "B-1", "B-2"]


# -- at every moment --------------------------------------------------------------------------------------------------


def test_what_was_committed_is_found_whoever_wrote_it(
    opened: Callable[[str], Database], lagging: Callable[[Database], None]
):
    writer, reader = opened("bergenia/disclosures"), opened("bergenia/disclosures")
    assert found(reader) == []
    lagging(writer)
    put(writer, B1)
    assert reader.index.behind() == 1
    assert found(reader) == ["B-1"]
    assert reader.index.behind() == 0


def test_what_was_erased_is_not_found_even_where_the_index_still_leads_to_it(
    store: Database, monkeypatch: pytest.MonkeyPatch
):
    put(store, B1, record(document("C9"), "B-2"))
    monkeypatch.setattr(store.index, "follow", lambda: None)
    withdraw(store, B1)
    assert store.index.behind() == 1
    assert found(store) == []
    assert found(store, "C9") == ["B-2"]


def test_a_reader_finds_what_stood_when_it_began(store: Database):
    """Its index is ahead of it by then."""
    put(store, B1)
    with store.reading() as before:
        assert before.records.owned(B1.header.id)  # the view of a database begins with the first read
        put(store, replace(B1, subject=document("C9")))
        withdraw(store, B1)
        assert references(before.records.numbered(document_key(), False, TODAY)) == ["B-1"]
        assert references(before.records.numbered(document_key("C9"), False, TODAY)) == []


def test_a_writer_finds_its_own_changes_and_nobody_else_does(store: Database):
    put(store, record(document("C9"), "B-2"))
    with store.transaction() as tx:
        assert references(tx.records.numbered(document_key(), False, TODAY)) == []
        tx.records.put([B1])
        assert references(tx.records.numbered(document_key(), False, TODAY)) == ["B-1"]
        assert references(tx.records.numbered(document_key("C9"), False, TODAY)) == ["B-2"]
        assert found(store) == []
        tx.records.withdraw(withdrawal(B1, 1))
        assert references(tx.records.numbered(document_key(), False, TODAY)) == []
    assert store.index.check() == Checked(records=1, entries=1)


def test_many_threads_read_and_write(store: Database):
    faults: list[object] = []
    done = threading.Event()

    def write() -> None:
        for turn in range(30):
            put(store, *(record(document(f"N{n}", str(turn)), f"B-{n}") for n in range(turn, turn + 5)))
        done.set()

    def read() -> None:
        while not done.is_set():
            with store.reading() as tx:
                standing = {one.header.reference for one in tx.records.own("bergenia", "sltd", TODAY)}
                for number in range(0, 35, 7):
                    one = references(tx.records.numbered(document_key(f"N{number}"), False, TODAY))
                    if one != [f"B-{number}"] * (f"B-{number}" in standing):
                        faults.append((number, one))

    threads = [threading.Thread(target=work) for work in (write, read, read)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    assert store.index.check() == Checked(records=34, entries=34)


# -- whatever became of it --------------------------------------------------------------------------------------------


def test_an_index_that_is_lost_is_built_anew(store: Database, index_folder: Path):
    put(store, B1)
    for path in index_folder.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    put(store, record(document("C9"), "B-2"))
    assert found(store) == ["B-1"]
    assert store.index.check() == Checked(records=2, entries=2)


def test_an_index_that_is_damaged_is_built_anew(opened: Callable[[str], Database], index_folder: Path):
    first = opened("bergenia/disclosures")
    put(first, B1)
    first.close()
    (data,) = index_folder.glob("*/data.mdb")
    data.write_bytes(b"no index at all" * 1000)
    assert found(opened("bergenia/disclosures")) == ["B-1"]


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize("read_first", [True, False])
def test_an_index_of_another_history_is_built_anew(
    opened: Callable[[str], Database], fresh: str, tmp_path: Path, read_first: bool
):
    """A backup is restored and written to; its places are those of the index, its records are not."""
    store = opened("bergenia/disclosures")
    put(store, record(document("C9"), "B-9"))
    store.close()
    file = file_of(database_url(fresh))
    assert file is not None
    shutil.copy(file, tmp_path / "backup")
    store = opened("bergenia/disclosures")
    put(store, B1)
    store.close()
    shutil.copy(tmp_path / "backup", file)
    restored = opened("bergenia/disclosures")
    if read_first:
        assert found(restored) == [], "older than the index"
    put(restored, record(document("D1"), "B-2"))
    assert (found(restored), found(restored, "D1"), found(restored, "C9")) == ([], ["B-2"], ["B-9"])
    assert restored.index.check() == Checked(records=2, entries=2)


def test_an_index_that_is_too_far_behind_is_built_anew(
    store: Database, monkeypatch: pytest.MonkeyPatch, lagging: Callable[[Database], None]
):
    put(store, B1)
    monkeypatch.setattr(limits, "CHANGES_KEPT", 10)
    monkeypatch.setattr(limits, "CHANGES_FORGOTTEN_AT_ONCE", 10)
    lagging(store)
    put(store, *(record(document(f"N{number}"), f"N-{number}") for number in range(25)))
    with store._engines.reader.begin() as connection:
        assert Changes(connection).count() == 10
    assert store.index.behind() == -1
    assert found(store, "N3") == ["N-3"]
    assert store.index.check() == Checked(records=26, entries=26)


def test_a_large_index_is_built_by_the_node_s_round_and_until_then_nobody_is_told_that_there_is_nothing(
    store: Database, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(limits, "INDEX_BUILT_AT_ONCE_RECORDS_MAX", 1)
    put(store, B1, record(document("C9"), "B-2"))
    with pytest.raises(Unavailable, match="being built"):
        found(store)
    store.index.tend(compact_after_seconds=3600)
    assert found(store) == ["B-1"]


def test_who_is_behind_by_more_than_can_be_looked_at_says_so(store: Database, monkeypatch: pytest.MonkeyPatch):
    put(store, B1)
    monkeypatch.setattr(limits, "INDEX_DOUBTFUL_MAX", 2)
    with store.transaction() as tx:
        tx.records.put([record(document(f"N{number}"), f"N-{number}") for number in range(3)])
        with pytest.raises(Unavailable, match="behind"):
            tx.records.numbered(document_key(), False, TODAY)


def test_a_rebuilt_index_has_the_same_and_readers_do_not_stop(store: Database):
    put(store, B1, *(record(document(f"N{number}"), f"N-{number}") for number in range(300)))
    with store.reading() as before:
        assert references(before.records.numbered(document_key(), False, TODAY)) == ["B-1"]
        assert store.index.rebuild() == 301
        assert references(before.records.numbered(document_key("N7"), False, TODAY)) == ["N-7"]
    assert found(store) == ["B-1"]
    assert store.index.check() == Checked(records=301, entries=301)


def test_only_the_newest_generation_is_kept(store: Database, index_folder: Path):
    put(store, B1)
    for _ in range(3):
        store.index.rebuild()
    folders = sorted(path.name for path in index_folder.iterdir() if path.is_dir())
    assert folders == ["00000004"]


# -- checked ----------------------------------------------------------------------------------------------------------


def change(store: Database, act: Callable[[Contents], object]) -> None:
    """Behind the back of everything."""
    with store.index.leased() as environment:
        assert environment is not None
        with environment.writing() as families:
            act(Contents(families, environment.digests))


def test_a_check_names_what_is_missing_and_what_is_too_much(store: Database):
    put(store, B1, record(vehicle("VIN1", "AB 1", "XB"), "B-2"))
    assert store.index.check() == Checked(records=2, entries=3)
    change(store, lambda contents: contents.set_many({7: document("GHOST1")}))
    assert store.index.check() == Checked(records=2, entries=3, surplus=2)  # the entry, and the note of its record
    change(store, lambda contents: contents.set_many({7: None, 1: None}))
    assert store.index.check() == Checked(records=2, entries=3, missing=2)
    change(store, lambda contents: contents.set_many({1: document("C9")}))
    assert not store.index.check().is_whole
    store.index.rebuild()
    assert store.index.check() == Checked(records=2, entries=3)


# -- erased -----------------------------------------------------------------------------------------------------------


@pytest.fixture(params=[None, SECRET], ids=["open", "sealed"])
def kept(request: pytest.FixtureRequest, fresh: str, index_folder: Path) -> Iterator[Database]:
    store = Database(fresh, "bergenia/disclosures", index_folder, request.param)
    yield store
    store.close()


def digest_of(store: Database, number: str) -> bytes:
    store.index.follow()  # bulk is left to the node's round
    with store.index.leased() as environment:
        assert environment is not None
        with environment.reading() as families:
            return Contents(families, environment.digests).numbers.digest(document_key(number)[0])


def disk(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_after_compacting_nothing_of_what_was_erased_is_left(kept: Database, index_folder: Path):
    gone = [record(document(f"GONE{number}"), f"G-{number}") for number in range(400)]
    stay = [record(document(f"STAY{number}"), f"S-{number}") for number in range(400)]
    put(kept, *gone, *stay)
    digests = [digest_of(kept, f"GONE{number}") for number in range(400)]
    withdraw(kept, *gone)
    kept.index.compact()
    content = disk(index_folder)
    assert not [digest for digest in digests if digest in content]
    assert found(kept, "STAY7") == ["S-7"]
    assert kept.index.check() == Checked(records=400, entries=400)


def test_what_was_erased_is_compacted_away_in_time(kept: Database, index_folder: Path, monkeypatch: pytest.MonkeyPatch):
    put(kept, B1)
    digest = digest_of(kept, "B123456")
    withdraw(kept, B1)
    kept.index.tend(compact_after_seconds=3600)
    assert digest in disk(index_folder), "in a page that was freed"
    kept.index.tend(compact_after_seconds=0)
    assert digest not in disk(index_folder)
    before = index_folder.stat().st_mtime_ns
    kept.index.tend(compact_after_seconds=0)
    assert index_folder.stat().st_mtime_ns == before, "once is enough"


def test_a_number_is_nowhere_on_the_disk(kept: Database, index_folder: Path):
    put(kept, record(document("PLAINLY1234"), "B-1"))
    for form in (b"PLAINLY1234", b"PLAINLY", b"XBE"):
        assert form not in disk(index_folder)


def test_a_sealed_index_has_no_name_on_the_disk(fresh: str, index_folder: Path):
    for secret, lies_there in ((None, True), (SECRET, False)):
        store = Database(fresh, "bergenia/disclosures", index_folder, secret)
        put(store, record(person("Oleander Миранова"), "P-1"))
        with store.reading() as tx:
            assert references(tx.records.persons(PersonQuery(name="Oleander Miranova"), 9, TODAY)) == ["P-1"]
        assert ("миранова".encode() in disk(index_folder)) is lies_there
        assert store.index.check().is_whole
        store.close()


def test_a_sealed_index_does_not_tell_which_records_have_a_number(fresh: str, index_folder: Path):
    store = Database(fresh, "bergenia/disclosures", index_folder, SECRET)
    put(store, B1)
    with store.index.leased() as environment:
        assert environment is not None
        with environment.reading() as families:
            entries = families["numbers"].get(digest_of(store, "B123456"))
            assert entries is not None
    assert entries not in disk(index_folder)
    store.close()


def test_with_another_key_or_none_it_is_built_anew(fresh: str, index_folder: Path):
    for secret in (None, SECRET, bytes(32), None):
        store = Database(fresh, "bergenia/disclosures", index_folder, secret)
        put(store, B1)
        assert found(store) == ["B-1"]
        assert store.index.check() == Checked(records=1, entries=1)
        store.close()


def test_only_this_account_can_read_it(store: Database, index_folder: Path):
    before = os.umask(0)
    try:
        put(store, B1)
    finally:
        os.umask(before)
    modes = {path.name: oct(path.stat().st_mode & 0o777) for path in (index_folder, *index_folder.rglob("*"))}
    assert {mode for name, mode in modes.items() if "." in name and name != "node.index"} == {"0o600"}, modes
    assert {mode for name, mode in modes.items() if "." not in name or name == "node.index"} == {"0o700"}, modes
