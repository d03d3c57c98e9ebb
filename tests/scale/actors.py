"""What officers and sources do while nodes are killed around them: each tries again until it is done."""

import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TypeVar

from comity.client import Comity
from comity.domain.errors import Conflict, Missing, Unauthenticated, Unavailable
from comity.domain.hit import HitState, Priority, Side
from comity.domain.lookup import Answer
from comity.domain.record import WithdrawalReason
from comity.testing.processes import RunningFederation, opened

T = TypeVar("T")
Act = Callable[[random.Random], None]
AGAIN_SECONDS = 0.1


class Actors:
    """Threads that act until `end`; what they were told is what the end of the test compares with."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self._ending = threading.Event()
        self._faults: list[BaseException] = []
        self._threads: list[threading.Thread] = []

    def start(self, *acts: Act) -> None:
        for number, act in enumerate(acts):
            lots = random.Random(f"{self.seed}/{number}")
            self._threads.append(threading.Thread(target=self._go_on, args=(act, lots), daemon=True))
            self._threads[-1].start()

    def check(self) -> None:
        """Raises the first thing that nobody had foreseen."""
        if self._faults:
            raise self._faults[0]

    def end(self) -> None:
        """Let each finish what it is about."""
        self._ending.set()
        for thread in self._threads:
            thread.join()

    def _go_on(self, act: Act, lots: random.Random) -> None:
        try:
            while not self._ending.is_set():
                act(lots)
        except BaseException as fault:
            self._faults.append(fault)
            self._ending.set()


def until_done(act: Callable[[], T]) -> T:
    """Try again for as long as the node is out of reach; a connection that is cut may look like a stranger's."""
    while True:
        try:
            return act()
        except (Unavailable, Unauthenticated):
            time.sleep(AGAIN_SECONDS)


class Ada:
    """Asks for documents and persons, and asks the owners of her hits to confirm."""

    def __init__(self, comity: Comity, queries: list[dict[str, str]]) -> None:
        self.comity = comity
        self.queries = queries
        self.answers: list[Answer] = []

    def ask(self, lots: random.Random) -> None:
        query = lots.choice(self.queries)
        look_up = self.comity.lookup_person if "name" in query else self.comity.lookup_document
        answer = until_done(lambda: look_up(purpose="wanted-persons", case="K-1", **query))
        self.answers.append(answer)
        findings = [finding for source in answer.sources for finding in source.findings]
        found = [finding for finding in findings if finding.owner == "bergenia"]  # whose duty desk is Ben
        if found and lots.random() < 0.5:
            self._request(found[0].hit)

    def _request(self, hit: str) -> None:
        with suppress(Conflict):  # an earlier try was done though its answer was lost
            until_done(lambda: self.comity.request_confirmation(hit, Priority.URGENT, "Before us."))


class Ben:
    """Confirms whatever he is asked to confirm."""

    def __init__(self, comity: Comity) -> None:
        self.comity = comity

    def confirm(self, lots: random.Random) -> None:
        waiting = [hit for hit in until_done(self.comity.hits) if hit.side is Side.OWNER and _asked(hit.state)]
        for hit in waiting:
            with suppress(Conflict):  # an earlier try was done, or the record was withdrawn meanwhile
                until_done(partial(self.comity.confirm, hit.id, "It stands."))
        time.sleep(lots.random())


class Source:
    """Enters files one after the other, its import killed now and then, and takes some of its records back."""

    def __init__(self, federation: RunningFederation, name: str, files: list[Path]) -> None:
        self.folder = federation.folder / name
        self.files = files
        self.entered: list[Path] = []
        self.to_withdraw: list[str] = []
        self.withdrawn: set[str] = set()

    def enter(self, lots: random.Random) -> None:
        """One file, whole, however often it takes."""
        if len(self.entered) == len(self.files):
            time.sleep(AGAIN_SECONDS)
            return
        file = self.files[len(self.entered)]
        while self._import(file, lots) != 0:
            time.sleep(AGAIN_SECONDS)
        self.entered.append(file)

    def withdraw(self, lots: random.Random) -> None:
        """One record, once; which ones is known from the beginning."""
        time.sleep(lots.random())
        left = [reference for reference in self.to_withdraw if reference not in self.withdrawn]
        if not left or not self.entered:
            return
        with opened(self.folder) as (node, operator):
            try:
                node.records.withdraw("sltd", left[0], "", WithdrawalReason.RECOVERED, operator)
            except (Missing, Unavailable):
                return  # not entered yet, or the database was busy for too long
        self.withdrawn.add(left[0])

    def _import(self, file: Path, lots: random.Random) -> int:
        words = ("records", "import", str(file), "--node", str(self.folder), "--collection", "sltd")
        command = [sys.executable, "-m", "comity", *words]
        running = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        within = lots.uniform(0.5, 4.0) if lots.random() < 0.4 else 60.0
        try:
            said, _ = running.communicate(timeout=within)
        except subprocess.TimeoutExpired:
            running.kill()
            running.communicate()
            return -1
        assert running.returncode in (0, 6), said.decode()  # 6: the database was busy for too long
        return running.returncode


def _asked(state: HitState) -> bool:
    return state in (HitState.REQUESTED, HitState.PROMISED)
