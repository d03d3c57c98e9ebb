"""A list is looked up while the command and the nodes are killed again and again: each line once, nothing lost."""

import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from comity.client import Comity
from comity.domain.batch import QueueEntry
from comity.domain.errors import Unauthenticated, Unavailable
from comity.domain.journal import Act, Entry
from comity.formats import jsonlines
from comity.law.shipped import model_agreements
from comity.nodes.node import Node
from comity.testing import fictitious
from comity.testing.processes import RunningFederation, found, opened, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("processes")]

KILLS = 6
LINES, STOLEN, LATER = 600, 60, 60  # of the list; that stand when it is looked up; that are entered afterwards
SECONDS = 240


@pytest.fixture(scope="module")
def seed() -> int:
    return time.time_ns() % 1_000_000


@pytest.fixture(scope="module")
def federation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningFederation]:
    founded = found(tmp_path_factory.mktemp("federation"), model_agreements(), first_port=23_000)
    try:
        founded.start()
        yield founded
    finally:
        founded.kill()


class Screening:
    """The command, typed again until it has nothing left to do."""

    def __init__(self, file: Path, profile: Path) -> None:
        words = ("batch", "screen", str(file), "--purpose", "border-control", "--case", "K-1")
        self.command = (sys.executable, "-m", "comity", *words, "--profile", str(profile))
        self.process: subprocess.Popen[str] | None = None
        self.runs: Counter[int] = Counter()
        self.thread = threading.Thread(target=self._until_done, daemon=True)
        self.thread.start()

    def kill(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.kill()

    def _until_done(self) -> None:
        silent = False
        while not self.runs[0]:
            self.process = subprocess.Popen(
                (*self.command, *["--silent"] * silent), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
            )
            told, _ = self.process.communicate()
            self.runs[self.process.returncode] += 1
            silent = "screened on" in told  # to its end: what is left are lines that somebody kept silent on
            time.sleep(0.2)


def test_each_line_is_looked_up_and_each_finding_waits_once(
    federation: RunningFederation, seed: int, tmp_path: Path
) -> None:
    print(f"seed {seed}")
    lots = random.Random(seed)
    made = list(fictitious.make("sltd", STOLEN + LATER, seed, "XB"))
    enter(federation, tmp_path / "before.jsonl", made[:STOLEN])
    ada = Profile(federation, tmp_path / "ada.toml")
    screening = Screening(a_list(tmp_path, made, lots), ada.file)
    killed: Counter[str] = Counter()
    for _ in range(KILLS):
        time.sleep(lots.uniform(0.0, 3.0))
        killed[kill(federation, screening, lots)] += 1
    for node in federation.nodes.values():
        node.wait_until_ready()
    wait_until(lambda: bool(screening.runs[0]), "the list is looked up to its end", SECONDS)
    print(f"killed {dict(killed)}; the command ended {dict(screening.runs)}")

    [batch] = ada.asks().batches()
    assert (batch.lines, batch.questions, batch.refused) == (LINES, LINES, 0)
    for name in ("aldova", "hub", "bergenia"):
        assert (batch.sources[name].silent, batch.sources[name].refused) == (0, 0), name
    assert all(batch.sources[name].hit == STOLEN for name in ("hub", "bergenia"))
    queue = every_entry(ada.asks(), batch.id)
    assert len(queue) == STOLEN
    assert len({entry.queued.line for entry in queue}) == STOLEN

    enter(federation, tmp_path / "later.jsonl", made[STOLEN:])
    for _ in range(KILLS // 2):
        time.sleep(lots.uniform(0.0, 1.5))
        killed[kill(federation, None, lots)] += 1
    for node in federation.nodes.values():
        node.wait_until_ready()
    wait_until(lambda: len(ada.asks().late()) == LATER, "all that came late is told", SECONDS)
    federation.stop()
    late_is_told_once(federation)


def a_list(folder: Path, made: list[bytes], lots: random.Random) -> Path:
    """The stolen documents in any order among others that nobody knows."""
    documents = [msgspec.json.decode(line)["subject"] for line in made]
    rows = [f"{one['number']},{one['country']},{one['type']}\n" for one in documents]
    rows += [f"QQ{number:07d},XBE,passport\n" for number in range(LINES - len(rows))]
    lots.shuffle(rows)
    file = folder / "list.csv"
    file.write_text("number,country,type\n" + "".join(rows))
    return file


def kill(federation: RunningFederation, screening: Screening | None, lots: random.Random) -> str:
    name = lots.choice(["aldova", "hub", "bergenia", *(["the command"] if screening else [])])
    if name == "the command" and screening:
        screening.kill()
        return name
    federation[name].kill()
    time.sleep(lots.uniform(0.0, 0.5))
    federation[name].start()
    return name


def enter(federation: RunningFederation, file: Path, lines: list[bytes]) -> None:
    file.write_bytes(b"".join(lines))
    with opened(federation.folder / "bergenia") as (node, operator):
        begun = node.records.begin(file.name, f"{len(lines):064x}{file.name}"[-64:], "sltd", "", operator)
        assert node.records.enter(begun, jsonlines.read(file), operator).stored == len(lines)
    for name in ("bergenia", "hub"):
        with opened(federation.folder / name) as (node, _):
            wait_until(lambda: not waiting(node), f"the post of {name} is delivered", SECONDS)


def waiting(node: Node) -> int:
    with node.store.reading() as tx:
        return sum(tx.outbox.depths().values())


class Profile:
    """Ada's token, in a file for the command and for the SDK."""

    def __init__(self, federation: RunningFederation, file: Path) -> None:
        self.file = file
        with opened(federation.folder / "aldova") as (node, by):
            token, _ = node.accounts.issue("ada", timedelta(hours=2), by)
            door, trust = node.settings.officer, node.keys.tls_certificate_file.resolve()
        file.touch(mode=0o600)
        file.write_text(f'url = "https://{door.host}:{door.port}"\ntoken = "{token}"\ntrust = "{trust}"\n')

    def asks(self) -> Comity:
        """A connection, once the node answers."""

        def answers() -> bool:
            try:
                return bool(Comity.from_profile(self.file).me())
            except (Unavailable, Unauthenticated):
                return False

        wait_until(answers, "aldova answers", SECONDS)
        return Comity.from_profile(self.file)


def every_entry(bureau: Comity, batch: str) -> list[QueueEntry]:
    entries: list[QueueEntry] = []
    after: int | None = 0
    while after is not None:
        page = bureau.queue(batch, None, after)
        entries += page.entries
        after = page.after
    return entries


def late_is_told_once(federation: RunningFederation) -> None:
    """Each of the later documents was shown once, and each journal is whole.

    The hub and Bergenia both hold them. Whoever learns that the other has told one of them does not tell it too.
    """
    by_either: set[tuple[str, ...]] = set()
    for name in ("aldova", "hub", "bergenia"):
        node = Node(federation.folder / name)
        try:
            node.log.sign()
            assert node.log.verify().size > 0
            if name == "aldova":
                shown = [
                    one.subject for one in journal(node) if one.act is Act.LOOKUP_SHOWN_LATE and one.outcome == "hit"
                ]
                assert (len(shown), len(set(shown))) == (LATER, LATER)
            else:
                told = [
                    (one.records, one.subject) for one in journal(node) if one.act is Act.LOOKUP_ANSWERED_LATE
                ]  # a question whose answer was lost was asked again under another id
                assert len(set(told)) == len(told), name
                by_either |= {records for records, _ in told}
                with node.store.reading() as tx:
                    assert tx.kept.noted(9) == []
        finally:
            node.close()
    assert len(by_either) == LATER


def journal(node: Node) -> list[Entry]:
    with node.store.reading() as tx:
        return [opening.entry for opening in tx.journal.read(-1, tx.journal.size())]
