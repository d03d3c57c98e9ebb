"""A node is killed under load, again and again: what it answered stands in its log, and the log never forks.

COMITY_LOG_KILLS says how often; 200 for what the releases are tried with.
"""

import multiprocessing
import os
import random
import threading
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import msgspec
import pytest

from comity.domain.caller import Caller, Role
from comity.domain.journal import Checkpoint, Receipt
from comity.domain.lookup import DocumentQuery, LookupRequest
from comity.domain.purpose import Purpose
from comity.nodes.node import Node
from comity.nodes.settings import DatabaseSettings
from tests.nodes.conftest import made, settings_of_aldova

KILLS = int(os.environ.get("COMITY_LOG_KILLS", "6"))
LONGEST_LIFE_SECONDS = 0.5
OFFICERS = 6  # who ask at the same time
ASKED = LookupRequest(
    query=DocumentQuery(country="XBE", number="QQ0000001"), purpose=Purpose.BORDER_CONTROL, case="T-1"
)
ADA = Caller(
    account="account:ada", login="ada", bureau="aldova", country="XA", unit="border", roles=frozenset({Role.OFFICER})
)
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload([__name__])  # imported once, not at each kill


def work(folder: Path, told: Connection) -> None:
    """Without end: officers are answered, the log is signed; each answer and each signature is told as it leaves."""
    node, one_at_a_time, begun = Node(folder), threading.Lock(), threading.Event()

    def tell(one: Receipt | Checkpoint | None) -> None:
        with one_at_a_time:
            told.send_bytes(msgspec.json.encode([type(one).__name__, one]))

    def officer() -> None:
        while True:
            tell(node.lookups.ask(ASKED, ADA).receipt)
            begun.set()

    for _ in range(OFFICERS):
        threading.Thread(target=officer, daemon=True).start()
    begun.wait()
    while True:
        tell(node.log.sign())
        time.sleep(0.01)


def heard(told: Connection) -> Iterator[bytes]:
    """What arrived before the end."""
    try:
        while True:
            yield told.recv_bytes()
    except EOFError:
        return


@pytest.fixture
def folder(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Of a node whose state lies in that database."""
    settings = settings_of_aldova()
    if backend != "sqlite":
        settings = msgspec.structs.replace(settings, database=DatabaseSettings(url=request.getfixturevalue("empty")))
    made(tmp_path / "aldova", settings)
    return tmp_path / "aldova"


@pytest.mark.slow
def test_what_was_answered_is_in_the_log_and_no_size_has_two_roots(folder: Path):
    lots = random.Random(43)
    said: list[tuple[str, dict]] = []
    for _ in range(KILLS):
        ours, child_s = PROCESSES.Pipe(duplex=False)
        worker = PROCESSES.Process(target=work, args=(folder, child_s))
        worker.start()
        child_s.close()
        assert ours.poll(60)
        deadline = threading.Timer(lots.uniform(0, LONGEST_LIFE_SECONDS), worker.kill)
        deadline.start()
        said += [msgspec.json.decode(one) for one in heard(ours)]
        deadline.join()
        worker.join()
        ours.close()
    receipts = [msgspec.convert(one, Receipt) for kind, one in said if kind == "Receipt"]
    signed = {(one["size"], one["root"]) for kind, one in said if kind == "Checkpoint"}
    print(f"{KILLS} kills, {len(receipts)} answers, {len(signed)} checkpoints")
    assert len(receipts) > KILLS
    assert len(signed) > KILLS / 2
    node = Node(folder)
    try:
        check(node, receipts, signed)
        answer = node.lookups.ask(ASKED, ADA)  # and it goes on from there
        assert answer.receipt is not None
        assert answer.receipt.index > max(one.index for one in receipts)
        assert node.log.verify().size > answer.receipt.index
    finally:
        node.close()


def check(node: Node, receipts: list[Receipt], signed: set[tuple[int, str]]) -> None:
    with node.store.reading() as tx:
        size = tx.journal.size()
        leaves = [leaf.hex() for leaf in tx.journal.leaves(0, size)]
        assert all(one.index < size and leaves[one.index] == one.leaf for one in receipts)
        assert len({one.index for one in receipts}) == len(receipts)
        sizes = [of_size for of_size, _ in signed]
        assert len(sizes) == len(set(sizes)), "two roots for one size"
        assert all(tx.journal.root(of_size).hex() == root for of_size, root in signed)
    assert node.log.verify().size == size
