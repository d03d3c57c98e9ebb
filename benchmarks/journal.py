"""Durable entries of the journal a second: one by one, together, in batches; against a bare append and fdatasync."""

import os
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from benchmarks.figures import milliseconds, quantile, told
from comity.domain.journal import Act, Entry
from comity.storage.database import Database, create
from comity.storage.shelves import Shelves
from comity.wire.merkle import check_consistency, consistency_proof, root_at, root_from_inclusion

THREADS = 32
ALONE, TOGETHER, BATCHES, BATCH = 300, 1_500, 30, 500
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def entry(number: int) -> Entry:
    """What is written down when a question is answered."""
    return Entry(
        act=Act.LOOKUP_ANSWERED,
        at=NOW,
        actor="bergenia",
        for_whom="aldova",
        subject=f"0195510c-7a00-7000-8000-{number:012}",
        purpose="border-control",
        case="A-2026-17",
        outcome="hit",
        level="core",
        clauses=("xa-xb-2024/art-7",),
        records=("0195510c-7a00-7000-8000-000000000005",),
    )


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'node.sqlite3'}"
        create(url)
        store = Database(url, "bergenia/disclosures")
        try:
            rates(folder, store)
            proofs(store)
        finally:
            store.close()


def rates(folder: Path, store: Database) -> None:
    def one(numbered: Callable[[], AbstractContextManager[Shelves]]) -> Callable[[int], None]:
        def write(number: int) -> None:
            with numbered() as tx:
                tx.journal.record(entry(number))
                tx.commit()

        return write

    def batch(number: int) -> None:
        with store.transaction() as tx:
            tx.journal.record_all([entry(number * BATCH + at) for at in range(BATCH)])
            tx.commit()

    for number in range(10):
        one(store.transaction)(number)
    bare_alone = bare(folder, ALONE, 1)
    bare_batch = bare(folder, BATCHES, BATCH)
    rows = []
    for title, rate, floor in (
        ("one transaction each, one after another", per_second(one(store.transaction), ALONE, 1), bare_alone),
        (f"one transaction each, {THREADS} threads", per_second(one(store.transaction), ALONE, THREADS), bare_alone),
        (f"together, {THREADS} threads", per_second(one(store.together), TOGETHER, THREADS), bare_alone),
        (f"{BATCH} in one transaction", BATCH * per_second(batch, BATCHES, 1), bare_batch),
    ):
        rows.append((title, f"{rate:,.0f}", f"{floor:,.0f}", rate / floor))
    told(
        "Durable entries of the journal (SQLite) against append and fdatasync of the same bytes",
        ("", "entries/s", "bare/s", "ratio"),
        rows,
    )


def proofs(store: Database) -> None:
    with store.reading() as tx:
        size, journal = tx.journal.size(), tx.journal

        def read(level: int, index: int) -> bytes:
            return journal.hashes(level, index, index + 1)[0]

        root, older = root_at(size, read), root_at(size // 3, read)
        leaf, at = journal.leaves(size // 2, size // 2 + 1)[0], size // 2
        inclusion, consistency = journal.proof(at, size), consistency_proof(size // 3, size, read)
        acts = (
            ("an inclusion proof, from the rows", lambda: journal.proof(at, size)),
            ("its verification", lambda: root_from_inclusion(leaf, at, size, inclusion)),
            (
                "a consistency proof's verification",
                lambda: check_consistency(size // 3, older, size, root, consistency),
            ),
        )
        rows = [
            (title, *(1000 * quantile(milliseconds(act, 300), share) for share in (0.5, 0.99))) for title, act in acts
        ]
    told(f"Proofs in a log of {size:,} entries, microseconds", ("", "p50", "p99"), rows)


def bare(folder: Path, times: int, entries: int) -> float:
    """Entries a second, by a file that is only appended to."""
    data = b"".join(msgspec.json.encode(entry(number)) + os.urandom(64) for number in range(entries))
    with (folder / "bare").open("ab") as file:
        began = time.perf_counter()
        for _ in range(times):
            file.write(data)
            file.flush()
            os.fdatasync(file.fileno())
        return times * entries / (time.perf_counter() - began)


def per_second(act: Callable[[int], None], times: int, threads: int) -> float:
    with ThreadPoolExecutor(threads) as pool:
        began = time.perf_counter()
        list(pool.map(act, range(1_000_000, 1_000_000 + times)))
        return times / (time.perf_counter() - began)


if __name__ == "__main__":
    main()
