"""A process is killed in the middle of its work, again and again: what was committed is whole, and there is no more."""

import itertools
import multiprocessing
import random
import time
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from comity.domain.letter import LetterParked, lane_of
from comity.domain.record import Record
from comity.storage.database import Database
from comity.storage.recomputation import faults
from tests.shelves.samples import NOW, STORAGE_KEY, TODAY, document, document_key, entry, record, references, withdrawal

KILLS = 20
RECORDS_EACH = 40
LONGEST_LIFE_SECONDS = 0.15
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload([__name__])  # imported once, not twenty times


def work(url: str, index_folder: Path, begun: Connection) -> None:
    """Without end: forty records in, one of the last forty out, an entry, a letter; each time in one transaction."""
    store = Database(url, "bergenia/disclosures", index_folder, storage_key=STORAGE_KEY)
    for turn in itertools.count():
        with store.transaction() as tx:
            number = tx.journal.size()
            tx.records.put([one(number, place) for place in range(RECORDS_EACH)])
            if number:
                assert tx.records.withdraw(withdrawal(one(number - 1, 0), 1))
            tx.outbox.send("hub", LetterParked(letter=f"turn-{number}", unknown_kind="greeting"), NOW)
            tx.journal.record(entry(f"turn-{number}"))
            tx.commit()
        if not turn:
            begun.send_bytes(b"begun")


def one(number: int, place: int) -> Record:
    return record(document(f"N{number}P{place}"), f"B-{number}-{place}")


@pytest.mark.slow
def test_what_a_killed_process_leaves_is_whole(fresh: str, index_folder: Path):
    lots = random.Random(20)
    for _ in range(KILLS):
        begun, child_s = PROCESSES.Pipe(duplex=False)
        worker = PROCESSES.Process(target=work, args=(fresh, index_folder, child_s))
        worker.start()
        assert begun.poll(60)
        time.sleep(lots.uniform(0, LONGEST_LIFE_SECONDS))
        worker.kill()
        worker.join()
        begun.close()
        child_s.close()
    store = Database(fresh, "bergenia/disclosures", index_folder, storage_key=STORAGE_KEY)
    turns = check_agreement(store)
    assert turns >= KILLS
    with store.transaction() as tx:  # and it can go on from there
        assert tx.journal.record(entry("after")).index == turns
        tx.commit()
    with store.reading() as tx:
        assert list(faults(tx.journal)) == []
    store.close()


def check_agreement(store: Database) -> int:
    """Journal, letters and records tell of the same turns; how many."""
    with store.reading() as tx:
        turns = tx.journal.size()
        subjects = [f"turn-{number}" for number in range(turns)]
        assert list(faults(tx.journal)) == []
        assert [opening.entry.subject for opening in tx.journal.read(-1, turns + 1)] == subjects
        kept = [
            f"B-{number}-{place}"
            for number in range(turns)
            for place in range(RECORDS_EACH)
            if place or number == turns - 1
        ]
        assert sorted(held.header.reference for held in tx.records.own("bergenia", "sltd", TODAY)) == sorted(kept)
        assert tx.records.count() == {"sltd": len(kept)}
        for number in (0, turns // 2, turns - 1):
            assert references(tx.records.numbered(document_key(f"N{number}P7"), False, TODAY)) == [f"B-{number}-7"]
        letters = tx.outbox.several("hub", lane_of(LetterParked(letter="turn", unknown_kind="greeting")), turns + 1)
        assert [(letter.sequence, letter.body) for letter in letters] == [
            (number, LetterParked(letter=subject, unknown_kind="greeting"))
            for number, subject in enumerate(subjects, 1)
        ]
    return turns
