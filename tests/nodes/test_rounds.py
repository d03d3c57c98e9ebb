"""The rounds: what breaks is logged without its text and tried again; a stop has one limit for all."""

import itertools
import threading
import time

import pytest
from structlog.testing import capture_logs

from comity.domain import limits
from comity.nodes.rounds import Round, Rounds

SECRET = "B1234567"


def until(holds: object, within_seconds: float = 5.0) -> None:
    latest = time.monotonic() + within_seconds
    while not holds():  # type: ignore[operator]
        assert time.monotonic() < latest
        time.sleep(0.005)


def test_what_breaks_is_logged_by_type_and_place_never_by_its_text_and_tried_again():
    tries: list[int] = []

    def broken() -> None:
        tries.append(1)
        if len(tries) < 3:
            raise ValueError(f"row with {SECRET}") from KeyError(SECRET)

    rounds = Rounds((Round("broken", 0.005, broken),))
    with capture_logs() as logged:
        rounds.start()
        until(lambda: rounds.failing())
        assert rounds.failing() == "broken: ValueError"
        until(lambda: len(tries) > 3 and not rounds.failing())
        rounds.stop(1)
    told = [one for one in logged if one["event"] == "round-failed"]
    assert len(told) == 2
    assert "builtins.ValueError at test_rounds.py" in told[0]["errors"][0]
    assert SECRET not in str(logged)


def test_what_broke_is_tried_again_long_before_its_hour(monkeypatch: pytest.MonkeyPatch):
    """A node whose yearly round met a busy database would call itself unable to work for a year."""
    monkeypatch.setattr(limits, "ROUND_FAILED_AGAIN_SECONDS", 0.01)
    walked: list[float] = []

    def act() -> None:
        walked.append(time.monotonic())
        if len(walked) < 4:
            raise ValueError

    rounds = Rounds((Round("expire", 3600, act),))
    rounds.start()
    until(lambda: len(walked) == 4 and not rounds.failing())
    rounds.stop(1)
    waits = [later - before for before, later in itertools.pairwise(walked)]
    assert [0.01 * 2**number <= wait for number, wait in enumerate(waits)] == [True] * 3


def test_a_stop_waits_no_longer_for_many_than_for_one():
    enough = threading.Event()
    rounds = Rounds([Round(f"stuck {number}", 1, enough.wait) for number in range(5)])
    rounds.start()
    began = time.monotonic()
    rounds.stop(0.2)
    took = time.monotonic() - began
    enough.set()
    assert took < 0.8


def test_rounds_that_never_started_can_be_stopped():
    Rounds((Round("idle", 1, lambda: None),)).stop(1)


def test_a_round_that_did_something_is_walked_again_soon_and_then_later_each_time():
    walked: list[float] = []

    def act() -> bool:
        walked.append(time.monotonic())
        return len(walked) == 1

    rounds = Rounds((Round("post", 60.0, act, again_seconds=0.02),))
    rounds.start()
    until(lambda: len(walked) == 4)
    rounds.stop(1)
    waits = [later - before for before, later in itertools.pairwise(walked)]
    assert [0.02 * 2**number <= wait for number, wait in enumerate(waits)] == [True] * 3


def test_a_round_that_is_woken_does_not_rest_until_its_time():
    acted = threading.Event()
    rounds = Rounds([Round("carry", 60.0, acted.set), Round("other", 60.0, lambda: None)])
    rounds.start()
    assert acted.wait(5)
    acted.clear()
    rounds.wake("carry")
    assert acted.wait(5)
    rounds.stop(5)


def test_whoever_stops_does_not_wait_with_a_round_that_waits_for_another_node():
    holding = threading.Event()
    rounds = Rounds([Round("fetch", 60.0, lambda: holding.wait(30), waits=True)])
    rounds.start()
    began = time.monotonic()
    rounds.stop(20)
    holding.set()
    assert time.monotonic() - began < 10


def test_what_is_woken_again_and_again_keeps_its_distance():
    """Each letter that leaves wakes it; others would be asked as often."""
    begun: list[float] = []
    rounds = Rounds((Round("witnesses", 3600, lambda: begun.append(time.monotonic()), spaced_seconds=0.1),))
    rounds.start()
    latest = time.monotonic() + 0.5
    while time.monotonic() < latest:
        rounds.wake("witnesses")
        time.sleep(0.005)
    rounds.stop(1)
    waits = [later - before for before, later in itertools.pairwise(begun)]
    assert waits
    assert min(waits) > 0.09
