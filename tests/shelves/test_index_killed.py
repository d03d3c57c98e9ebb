"""A process is killed a hundred times while it writes, compacts and rebuilds the index: each time that is whole."""

import itertools
import multiprocessing
import random
import time
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from comity.storage.database import Database
from tests.shelves.samples import STORAGE_KEY, TODAY, document, document_key, record, references, withdrawal

KILLS = 50
RECORDS_EACH = 30
LONGEST_LIFE_SECONDS = 0.12
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload([__name__])  # imported once, not a hundred times


@pytest.fixture
def backend() -> str:
    """The index is the same beside every database."""
    return "sqlite"


def work(url: str, index_folder: Path, seed: int, begun: Connection) -> None:
    """Without end: records in, records out, the index compacted and rebuilt."""
    store = Database(url, "bergenia/disclosures", index_folder, storage_key=STORAGE_KEY)
    lots = random.Random(seed)
    begun.send_bytes(b"begun")
    for turn in itertools.count(seed * 1000):
        with store.transaction() as tx:
            tx.records.put([record(document(f"N{turn}P{n}"), f"B-{turn}-{n}") for n in range(RECORDS_EACH)])
            tx.records.withdraw(withdrawal(record(document(), f"B-{turn - 1}-{lots.randrange(RECORDS_EACH)}"), 9))
            tx.commit()
        if turn % 5 == 3:
            store.index.compact()
        if turn % 7 == 5:
            store.index.rebuild()


@pytest.mark.slow
def test_whatever_instant_it_is_killed_at_the_index_is_whole(fresh: str, index_folder: Path):
    lots = random.Random(100)
    for seed in range(1, KILLS + 1):
        begun, child_s = PROCESSES.Pipe(duplex=False)
        worker = PROCESSES.Process(target=work, args=(fresh, index_folder, seed, child_s))
        worker.start()
        assert begun.poll(60)
        time.sleep(lots.uniform(0, LONGEST_LIFE_SECONDS))
        worker.kill()
        worker.join()
        begun.close()
        child_s.close()
        reopened(fresh, index_folder, seed)
    assert len(list(index_folder.glob("0*"))) == 1


def reopened(url: str, index_folder: Path, seed: int) -> None:
    store = Database(url, "bergenia/disclosures", index_folder, storage_key=STORAGE_KEY)
    found = store.index.check()
    assert found.is_whole, found
    first = record(document(f"N{seed * 1000}P0"), f"B-{seed * 1000}-0")
    with store.reading() as tx:
        stands = tx.records.owned(first.header.id) is not None
        assert (
            references(tx.records.numbered(document_key(f"N{seed * 1000}P0"), False, TODAY))
            == [first.header.reference] * stands
        )
    store.close()


def read(url: str, index_folder: Path, until: float, said: Connection) -> None:
    """Another process: whatever it finds on the shelves it finds by number."""
    store = Database(url, "bergenia/disclosures", index_folder, storage_key=STORAGE_KEY)
    said.send_bytes(b"begun")
    lost = looked = 0
    while time.monotonic() < until:
        with store.reading() as tx:
            for one in itertools.islice(tx.records.own("bergenia", "sltd", TODAY), 40):
                looked += 1
                lost += not tx.records.numbered(document_key(one.subject.number), False, TODAY)  # type: ignore[union-attr]
    said.send((looked, lost))


@pytest.mark.slow
def test_processes_read_while_others_write_compact_and_rebuild(fresh: str, index_folder: Path):
    until = time.monotonic() + 8
    workers, ends = [], []
    for target, extra in ((work, 1), (work, 2), (read, until), (read, until)):
        end, child_s = PROCESSES.Pipe(duplex=False)
        workers.append(PROCESSES.Process(target=target, args=(fresh, index_folder, extra, child_s)))
        ends.append(end)
        workers[-1].start()
        assert end.poll(60)
        assert end.recv_bytes() == b"begun"
    told = []
    for end in ends[2:]:
        assert end.poll(60)
        told.append(end.recv())
    for worker in workers:
        worker.kill()
        worker.join()
    assert [lost for _, lost in told] == [0, 0]
    assert all(looked > 100 for looked, _ in told), told
    store = Database(fresh, "bergenia/disclosures", index_folder, storage_key=STORAGE_KEY)
    assert store.index.check().is_whole
    store.close()
