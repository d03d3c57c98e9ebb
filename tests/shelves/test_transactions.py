"""All together or not at all; one writer after another, in threads and in processes; readers beside them."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import create_engine, select, text
from sqlalchemy.exc import DBAPIError, InvalidRequestError

from comity.domain.errors import Unavailable
from comity.domain.letter import Lane, LetterParked
from comity.storage import engines
from comity.storage.database import Database
from comity.storage.outbox import outbox_letters
from comity.storage.recomputation import faults
from tests.shelves.samples import NOW, TODAY, document, document_key, entry, record

GREETING = LetterParked(letter="letter-1", unknown_kind="greeting")


def test_nothing_stands_without_a_commit(store: Database):
    one = record(document())
    with store.transaction() as tx:
        tx.records.put([one])
        tx.journal.record(entry())
        tx.outbox.send("hub", GREETING, NOW)
    with pytest.raises(ZeroDivisionError), store.transaction() as tx:
        tx.journal.record(entry())
        raise ZeroDivisionError
    with store.reading() as tx:
        assert (tx.journal.size(), tx.records.count(), tx.outbox.depths()) == (0, {}, {})


def test_nothing_is_lost_silently_after_a_commit(store: Database):
    with store.transaction() as tx:
        tx.journal.record(entry())
        tx.commit()
        with pytest.raises(InvalidRequestError):
            tx.journal.record(entry())
    with store.reading() as tx:
        assert tx.journal.size() == 1


def test_a_reader_cannot_write(store: Database):
    with store.reading() as tx, pytest.raises(DBAPIError):
        tx.nonces.use("key-1", "nonce", NOW, NOW)


def test_a_reader_keeps_one_view_and_does_not_wait_for_a_writer(store: Database):
    with store.transaction() as writer:
        writer.journal.record(entry())
        with store.reading() as reader:
            assert reader.journal.size() == 0
            writer.journal.record(entry())
            writer.commit()
            assert reader.journal.size() == 0
    with store.reading() as reader:
        assert reader.journal.size() == 2


def test_a_writer_sees_what_the_one_before_it_wrote(store: Database):
    """It may not read before its turn has come."""
    started, sizes = threading.Event(), []

    def second() -> None:
        started.set()
        with store.transaction() as tx:
            sizes.append(tx.journal.size())

    with ThreadPoolExecutor(1) as threads, store.transaction() as tx:
        threads.submit(second)
        assert started.wait(5)
        time.sleep(0.1)
        tx.journal.record(entry())
        tx.commit()
    assert sizes == [1]


def test_whoever_waits_too_long_is_told_to_try_again(
    opened: Callable[[str], Database], monkeypatch: pytest.MonkeyPatch
):
    node = opened("bergenia/disclosures")
    monkeypatch.setattr(engines, "SQLITE_SETTINGS", ("PRAGMA busy_timeout = 50", *engines.SQLITE_SETTINGS[1:]))
    monkeypatch.setattr(engines, "POSTGRES_WRITES", ("SET LOCAL lock_timeout = 50", *engines.POSTGRES_WRITES[1:]))
    command = opened("bergenia/disclosures")
    with node.transaction() as tx:
        tx.journal.record(entry())
        with pytest.raises(Unavailable, match="busy"), command.transaction():
            pass
        tx.commit()
    with command.transaction() as tx:
        assert tx.journal.size() == 1


def test_threads_write_one_after_another(store: Database):
    def write(number: int) -> int:
        with store.transaction() as tx:
            receipt = tx.journal.record(entry(f"question-{number}"))
            tx.outbox.send("hub", GREETING, NOW)
            tx.commit()
        return receipt.index

    with ThreadPoolExecutor(8) as threads:
        indexes = list(threads.map(write, range(40)))
    assert sorted(indexes) == list(range(40))
    with store.reading() as tx:
        assert list(faults(tx.journal)) == []


WRITER = """
import sys
from pathlib import Path
from comity.domain.letter import LetterParked
from comity.storage.database import Database
from tests.shelves.samples import NOW, STORAGE_KEY, entry

store = Database(sys.argv[1], "bergenia/disclosures", Path(sys.argv[3]), storage_key=STORAGE_KEY)
print("ready", flush=True)
sys.stdin.readline()
for number in range(15):
    with store.transaction() as tx:
        tx.journal.record(entry(f"{sys.argv[2]}-{number}"))
        tx.outbox.send("hub", LetterParked(letter=sys.argv[2], unknown_kind="greeting"), NOW)
        tx.commit()
"""


@pytest.mark.slow
def test_processes_write_one_after_another(store: Database, fresh: str, index_folder: Path):
    """A node runs while its operator gives commands: no index and no number of a letter is given twice."""
    root = Path(__file__).parents[2]
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, fresh, f"writer-{name}", index_folder],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=root,
        )
        for name in ("a", "b", "c")
    ]
    for writer in writers:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write("\n")
        writer.stdin.flush()
    assert [(writer.communicate(timeout=120), writer.returncode)[1] for writer in writers] == [0, 0, 0]
    with store.reading() as tx:
        assert tx.journal.size() == 45
        assert list(faults(tx.journal)) == []
        for name in ("a", "b", "c"):
            subjects = [one.entry.subject for one in tx.journal.read(-1, 99) if f"-{name}-" in one.entry.subject]
            assert subjects == [f"writer-{name}-{number}" for number in range(15)]
        first = tx.outbox.next("hub", Lane.BULK)
        assert first is not None
        assert first.sequence == 1
    with store._engines.reader.begin() as connection:
        numbers = connection.execute(select(outbox_letters.c.sequence)).scalars()
        assert sorted(numbers) == list(range(1, 46))


def test_an_error_does_not_carry_what_was_being_stored(store: Database):
    with store.transaction() as tx, pytest.raises(DBAPIError) as fault:
        tx.accounts.issue("account-of-nobody", "digest-of-a-token", NOW)
    assert "digest-of-a-token" not in str(fault.value)
    assert "account-of-nobody" not in str(fault.value)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_sqlite_keeps_what_it_has_acknowledged(store: Database):
    """A commit is on the disk before the answer leaves; no test can cut the power, so this reads the settings."""
    settings = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1, "temp_store": 2}
    with store._engines.writer.begin() as connection:
        found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in settings}
    assert found == settings


def test_a_writer_reads_what_it_wrote(store: Database):
    one = record(document())
    with store.transaction() as tx:
        tx.records.put([one])
        assert len(tx.records.numbered(document_key(), False, TODAY)) == 1
        tx.commit()


def test_a_server_that_only_reads_is_told_as_that_and_written_to_when_it_can(store: Database, backend: str):
    """As after a failover to a standby. A disk that is full: tests/nodes/test_disk.py."""
    if backend == "sqlite":
        pytest.skip("a file has no server")
    name = store._engines.writer.url.database
    with store.transaction() as tx:
        tx.journal.record(entry("before"))
        tx.commit()
    set_for_all(store, f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    for writing in (store.transaction, store.together):
        with pytest.raises(Unavailable, match="can be read, not written"), writing() as tx:
            tx.journal.record(entry("while it only reads"))
            tx.commit()
    with pytest.raises(Unavailable, match="can be read, not written"):
        store.check_writing()
    set_for_all(store, f"ALTER DATABASE {name} SET default_transaction_read_only = off")
    store.check_writing()
    with store.transaction() as tx:
        assert tx.journal.record(entry("after")).index == 1
        tx.commit()


def set_for_all(store: Database, statement: str) -> None:
    """By a connection that may write in any case; the others are made anew, and learn of it."""
    engine = create_engine(store._engines.writer.url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("SET default_transaction_read_only = off"))
        connection.execute(text(statement))
    engine.dispose()
    store._engines.dispose()
