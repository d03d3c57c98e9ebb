"""The rounds: what a node does by the clock, each on a thread of its own, until it is told to stop."""

import threading
import time
from collections.abc import Callable, Sequence

import structlog
from msgspec import Struct

from comity.domain import limits
from comity.domain.upkeep import RoundTold
from comity.web.asgi import where_broken

log = structlog.get_logger("comity.rounds")


class Round(Struct, frozen=True):
    """Something done again and again, `seconds` apart. What broke is logged by type and place, and tried again soon:
    after `limits.ROUND_FAILED_AGAIN_SECONDS`, and after twice as long each time, up to `seconds`.

    With `again_seconds` it is done so soon after it has done anything, and then, while there is nothing more to do,
    after twice as long each time, up to `seconds`.
    """

    name: str
    seconds: float
    act: Callable[[], object]
    again_seconds: float = 0.0
    spaced_seconds: float = 0.0  # between the beginnings of two, however often it is woken
    waits: bool = False  # mostly for another node: whoever stops does not wait with it


class Rounds:
    def __init__(self, rounds: Sequence[Round]) -> None:
        self._stop = threading.Event()
        self._failing: dict[str, str] = {}
        self._done: dict[str, float] = {}  # when the last step of each ended, on the clock that never goes back
        self._every_seconds = {one.name: one.seconds for one in rounds}
        self._threads = {
            one.name: threading.Thread(target=self._walk, args=(one,), name=f"round-{one.name}", daemon=True)
            for one in rounds
        }
        self._woken = {one.name: threading.Event() for one in rounds}
        self._waits = {one.name for one in rounds if one.waits}

    def start(self) -> None:
        for thread in self._threads.values():
            thread.start()

    def stop(self, within_seconds: float) -> None:
        """Let each finish the step it is in. Every step is a transaction, so a cut costs nothing but time."""
        self._stop.set()
        self.wake(*self._woken)
        latest = time.monotonic() + within_seconds  # for all of them together
        for name, thread in self._threads.items():
            if thread.is_alive() and name not in self._waits:
                thread.join(max(0.0, latest - time.monotonic()))

    def wake(self, *names: str) -> None:
        """There is something to do for these: they do not rest until their time."""
        for name in names:
            self._woken[name].set()

    def failing(self) -> str:
        """'' where every round's last step went well; else which did not, and the kind of fault."""
        return ", ".join(f"{name}: {fault}" for name, fault in sorted(self._failing.copy().items()))

    def told(self) -> list[RoundTold]:
        """How each stands, those that fail first."""
        now, done, failing = time.monotonic(), self._done.copy(), self._failing.copy()
        every = [
            RoundTold(
                name=name,
                every_seconds=seconds,
                done_ago_seconds=now - done[name] if name in done else None,
                fault=failing.get(name, ""),
            )
            for name, seconds in self._every_seconds.items()
        ]
        return sorted(every, key=lambda one: not one.fault)

    def _walk(self, one: Round) -> None:
        wait_seconds = one.seconds
        while not self._stop.is_set():
            begun = time.monotonic()
            try:
                something_done = bool(one.act())
            except Exception as fault:
                again = 2 * wait_seconds if one.name in self._failing else limits.ROUND_FAILED_AGAIN_SECONDS
                wait_seconds = min(one.seconds, again)
                self._failing[one.name] = type(fault).__qualname__
                # Never its text, which may quote a record. Falls without it: tests/nodes/test_rounds.py
                log.error("round-failed", round=one.name, errors=[*where_broken(fault)])
            else:
                self._failing.pop(one.name, None)
                wait_seconds = _rest_seconds(one, something_done, wait_seconds)
            self._done[one.name] = time.monotonic()
            self._woken[one.name].wait(wait_seconds)
            # Falls without it: tests/nodes/test_rounds.py
            self._stop.wait(begun + one.spaced_seconds - time.monotonic())
            self._woken[one.name].clear()


def _rest_seconds(one: Round, something_done: bool, rested_seconds: float) -> float:
    if not one.again_seconds:
        return one.seconds
    return one.again_seconds if something_done else min(one.seconds, 2 * rested_seconds)
