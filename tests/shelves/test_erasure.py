"""What was withdrawn, amended or has expired is not left in the files of the database."""

import random
from datetime import timedelta
from pathlib import Path

import pytest

from comity.domain.record import Record
from comity.storage.database import Database
from comity.storage.engines import database_url, file_of
from tests.shelves.samples import TODAY, person, record, withdrawal


@pytest.fixture
def backend() -> str:
    """SQLite's promise alone; PostgreSQL's is told in storage/records.py."""
    return "sqlite"


def test_erased_persons_are_not_left_on_the_disk(store: Database, fresh: str):
    """In random order and of unequal length: pages are filled, split, merged and freed."""
    lots = random.Random(7)
    living = {number: record(person(_name(number)), f"B-{number}") for number in range(600)}
    _put_in_any_order(store, list(living.values()), lots)
    left = 0
    while living:
        gone = _withdraw_some(store, living, lots)
        content = _bytes(fresh)
        left += sum(_family(number) in content for number in gone)
        assert all(_family(number) in content for number in living)
    assert left <= 600 // 100, "zeros at commit, but for the rare copy in the unused part of a page"


@pytest.mark.parametrize("seed", [4, 16])  # with these, SQLite 3.40 leaves a copy
def test_after_compacting_nothing_is_left_at_all(store: Database, fresh: str, seed: int):
    lots = random.Random(seed)
    living = {number: record(person(*[_name(number)] * lots.choice((1, 3, 9))), f"B-{number}") for number in range(300)}
    _put_in_any_order(store, list(living.values()), lots)
    gone: list[int] = []
    while len(living) > 75:
        gone += _withdraw_some(store, living, lots)
    store.compact()
    content = _bytes(fresh) + _bytes_of_index(fresh)
    assert not [number for number in gone if _family(number) in content]
    assert all(_family(number) in content for number in living)


def test_an_amendment_leaves_nothing_of_what_it_replaces(store: Database, fresh: str):
    for name in ("Oleander Mira", "Quast Otto"):
        with store.transaction() as tx:
            tx.records.put([record(person(name))])
            tx.commit()
    assert b"oleander" not in _bytes(fresh)
    assert b"quast" in _bytes(fresh)


def test_expiry_leaves_nothing(store: Database, fresh: str):
    with store.transaction() as tx:
        tx.records.put([record(person("Oleander Mira"), retain_until=TODAY - timedelta(days=1))])
        tx.commit()
    assert b"oleander" in _bytes(fresh)
    with store.transaction() as tx:
        assert tx.records.expire(TODAY) == 1
        tx.commit()
    assert b"oleander" not in _bytes(fresh)


def test_what_a_reader_still_needs_goes_with_the_next_round(store: Database, fresh: str):
    one = record(person("Oleander Mira"))
    with store.transaction() as tx:
        tx.records.put([one])
        tx.commit()
    with store.reading() as before:
        assert before.records.owned(one.header.id)
        with store.transaction() as tx:
            tx.records.withdraw(withdrawal(one, 1))
            tx.commit()
        assert before.records.owned(one.header.id), "a reader keeps the view it began with"
    with store.transaction() as tx:
        tx.records.expire(TODAY)  # nothing to expire: desks leave without a commit
    assert b"oleander" not in _bytes(fresh)


def _put_in_any_order(store: Database, records: list[Record], lots: random.Random) -> None:
    lots.shuffle(records)
    for start in range(0, len(records), 50):
        with store.transaction() as tx:
            tx.records.put(records[start : start + 50])
            tx.commit()


def _withdraw_some(store: Database, living: dict[int, Record], lots: random.Random) -> list[int]:
    gone = lots.sample(sorted(living), min(75, len(living)))
    with store.transaction() as tx:
        for number in gone:
            assert tx.records.withdraw(withdrawal(living.pop(number), 1))
        tx.commit()
    return gone


def _name(number: int) -> str:
    return f"Oleander{number:04d}x Mira"


def _family(number: int) -> bytes:
    """As it stands in the record and, in small letters, in the keys."""
    return _name(number).split()[0].lower().encode()


def _bytes_of_index(url: str) -> bytes:
    path = file_of(database_url(url))
    assert path is not None
    return b"".join(one.read_bytes() for one in path.with_suffix(".index").rglob("*.mdb")).lower()


def _bytes(url: str) -> bytes:
    """The file and its log, in small letters."""
    path = file_of(database_url(url))
    assert path is not None
    return b"".join(one.read_bytes() for one in (path, Path(f"{path}-wal")) if one.exists()).lower()
