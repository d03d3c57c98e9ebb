"""Small transactions that share one commit: each stands or falls alone, none goes on before it is on the disk."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import event
from sqlalchemy.exc import InvalidRequestError, OperationalError

from comity.domain import limits
from comity.domain.errors import Unavailable
from comity.storage.database import Database
from comity.storage.recomputation import faults
from tests.shelves.samples import entry


@pytest.fixture
def commits(store: Database) -> list[float]:
    """When the database was told to commit."""
    found: list[float] = []
    event.listen(store._engines.writer, "commit", lambda connection: found.append(time.monotonic()))
    return found


def written(store: Database, subject: str, then: Callable[[], None] = lambda: None) -> int:
    with store.together() as tx:
        receipt = tx.journal.record(entry(subject))
        then()
        tx.commit()
    return receipt.index


def subjects(store: Database) -> list[str]:
    with store.reading() as tx:
        assert list(faults(tx.journal)) == []
        return [one.entry.subject for one in tx.journal.read(-1, 1000)]


@pytest.fixture
def queue(store: Database) -> Callable[..., list]:
    """Several at once: the first holds its turn until all the others wait for theirs."""

    def run(*acts: Callable[[], object]) -> list:
        def first() -> object:
            until = time.monotonic() + 5
            while store._together._waiting < len(acts) - 1 and time.monotonic() < until:
                time.sleep(0.001)
            return None

        with ThreadPoolExecutor(len(acts)) as threads:
            held = threads.submit(written, store, "first", first)
            while store._together._open is None:
                time.sleep(0.001)
            return [held, *(threads.submit(act) for act in acts[1:])]

    return run


def test_one_alone_is_committed_at_once(store: Database, commits: list[float]):
    assert [written(store, f"q{number}") for number in range(3)] == [0, 1, 2]
    assert len(commits) == 3
    assert subjects(store) == ["q0", "q1", "q2"]


def test_those_that_wait_share_one_commit(
    store: Database, commits: list[float], queue, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(limits, "GROUP_COMMIT_SECONDS_MAX", 5.0)
    acts = [lambda number=number: written(store, f"q{number}") for number in range(8)]
    indexes = [one.result(5) for one in queue(*acts)]
    assert sorted(indexes) == list(range(8))
    assert len(commits) == 1
    assert len(subjects(store)) == 8


def test_a_group_has_an_end(store: Database, commits: list[float], queue, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(limits, "GROUP_COMMIT_SECONDS_MAX", 5.0)
    monkeypatch.setattr(limits, "GROUP_COMMIT_MEMBERS_MAX", 4)
    acts = [lambda number=number: written(store, f"q{number}") for number in range(8)]
    assert [one.result(5) for one in queue(*acts)]
    assert len(commits) == 2


def test_one_that_fails_is_undone_alone(store: Database, commits: list[float], queue, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(limits, "GROUP_COMMIT_SECONDS_MAX", 5.0)

    def broken() -> None:
        with store.together() as tx:
            tx.journal.record(entry("broken"))
            tx.journal.flush()
            raise ZeroDivisionError

    def left() -> None:
        with store.together() as tx:
            tx.journal.record(entry("left without a commit"))

    held, failed, _, good = queue(None, broken, left, lambda: written(store, "good"))
    assert (held.result(5), good.result(5)) == (0, 1)
    with pytest.raises(ZeroDivisionError):
        failed.result(5)
    assert subjects(store) == ["first", "good"]


def test_nobody_goes_on_before_the_commit(store: Database, queue, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(limits, "GROUP_COMMIT_SECONDS_MAX", 5.0)
    seen: list[int] = []

    def looks() -> int:
        index = written(store, "second")
        with store.reading() as tx:
            seen.append(tx.journal.size())
        return index

    for one in queue(None, looks, looks):
        one.result(5)
    assert min(seen) == 3  # the whole group, as soon as the first of it goes on


def test_what_cannot_be_written_has_failed_for_all(store: Database, queue, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(limits, "GROUP_COMMIT_SECONDS_MAX", 5.0)

    def full(connection: object) -> None:
        raise OperationalError("COMMIT", {}, Exception("disk full"))

    event.listen(store._engines.writer, "commit", full)
    for one in queue(None, lambda: written(store, "second")):
        with pytest.raises(Unavailable):
            one.result(5)
    event.remove(store._engines.writer, "commit", full)
    assert subjects(store) == []
    assert written(store, "after") == 0


def test_nothing_is_done_after_a_commit(store: Database):
    with store.together() as tx:
        tx.journal.record(entry())
        tx.commit()
        with pytest.raises(InvalidRequestError):
            tx.journal.record(entry())
    assert len(subjects(store)) == 1


def test_a_group_that_nobody_goes_on_with_is_ended(store: Database):
    """Somebody was counted as waiting, and gave up."""
    store._together._waiting += 1
    done = threading.Event()

    def alone() -> None:
        written(store, "alone")
        done.set()

    thread = threading.Thread(target=alone)
    thread.start()
    assert done.wait(5)
    thread.join()
    store._together._waiting -= 1


def test_others_write_between(store: Database):
    """Those that do not share wait for the group, and it for them."""

    def other(number: int) -> int:
        with store.transaction() as tx:
            receipt = tx.journal.record(entry(f"other-{number}"))
            tx.commit()
        return receipt.index

    with ThreadPoolExecutor(8) as threads:
        found = [
            threads.submit(other if number % 3 else lambda n: written(store, f"{n}"), number) for number in range(30)
        ]
        indexes = [one.result(15) for one in found]
    assert sorted(indexes) == list(range(30))
    assert len(subjects(store)) == 30
