"""How fast a source's file is read in, against SQLite alone writing the same bytes as safely."""

import sqlite3
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import msgspec

from benchmarks.figures import told
from comity.domain import limits
from comity.formats import jsonlines
from comity.law.shipped import model_agreements
from comity.nodes.node import Node
from comity.testing import fictitious
from comity.testing.processes import CAST, found, operator

COUNTS = {"sltd": 100_000, "smv": 20_000, "nominals": 10_000}


def main() -> None:
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        federation = found(Path(folder), model_agreements(), CAST[:2], first_port=24_000)
        node = Node(federation["aldova"].folder)
        try:
            for collection, count in COUNTS.items():
                rows.append(_row(node, collection, count))
        finally:
            node.close()
    columns = ("", "rows/s", "CPU µs/row", "raw rows/s", "ratio to raw")
    told("import: JSON Lines to a bureau's records, keys and letters, against raw executemany", columns, rows)


def _row(node: Node, collection: str, count: int) -> tuple[str, float, float, float, float]:
    file = node.folder / f"{collection}.jsonl"
    file.write_bytes(b"".join(fictitious.make(collection, count, 1, "XA")))
    wall, cpu = _taken(lambda: _import(node, collection, file))
    contents = _contents(node, collection)
    raw_wall, _ = _taken(lambda: _raw(node.folder / f"{collection}.raw.sqlite3", contents))
    return f"{collection}, {count:,} rows", count / wall, cpu / count * 1e6, count / raw_wall, raw_wall / wall


def _import(node: Node, collection: str, file: Path) -> None:
    by = operator("aldova", "XA")
    begun = node.records.begin(file.name, "0" * 64, collection, "", by)
    done = node.records.enter(begun, jsonlines.read(file), by)
    assert done.refused == 0, f"{done.refused} rows were refused"


def _taken(act: Callable[[], object]) -> tuple[float, float]:
    """Seconds of wall clock and of CPU."""
    wall, cpu = time.perf_counter(), time.process_time()
    act()
    return time.perf_counter() - wall, time.process_time() - cpu


def _contents(node: Node, collection: str) -> list[tuple[int, str, bytes]]:
    """Every record as the bytes in which it lies on the shelf."""
    with node.store.reading() as tx:
        records = tx.records.own("aldova", collection, node.clock().date())
        return [(number, one.header.id, msgspec.json.encode(one)) for number, one in enumerate(records)]


def _raw(file: Path, contents: list[tuple[int, str, bytes]]) -> None:
    """The same bytes under the same two keys, as durable, in transactions of the same size, by SQLite's own driver."""
    with closing(sqlite3.connect(file, isolation_level=None)) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = FULL")
        database.execute("CREATE TABLE records (number INTEGER PRIMARY KEY, id TEXT UNIQUE, content BLOB) STRICT")
        size = limits.IMPORT_ROWS_PER_TRANSACTION
        for start in range(0, len(contents), size):
            database.execute("BEGIN IMMEDIATE")
            database.executemany("INSERT INTO records VALUES (?, ?, ?)", contents[start : start + size])
            database.execute("COMMIT")
