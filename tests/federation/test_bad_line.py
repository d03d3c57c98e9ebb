"""9,600 bits a second, two seconds each way, a third of the packets lost: letters arrive, and asking leaves room."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from comity.domain import limits
from comity.domain.letter import LetterParked
from comity.nodes.run import _listeners
from comity.peers.pace import Pace
from comity.peers.sealed_courier import POST, WAITING
from comity.testing.federation import ALDOVA, BERGENIA, HUB, Federation
from comity.testing.slow_line import SlowLine
from tests.federation.post_cast import arrived, write


@pytest.fixture
def federation(furnished: Path, tmp_path: Path) -> Iterator[Federation]:
    shutil.copytree(furnished, tmp_path / "federation")
    opened = Federation(tmp_path / "federation", line=SlowLine())
    opened.line.pass_by = lambda seconds: opened.time.pass_by(seconds=seconds)
    yield opened
    opened.close()


def carried(federation: Federation, *texts: str, rounds: int = 400) -> float:
    """Until all have come; how many seconds went by."""
    began = federation.time()
    for _ in range(rounds):
        federation[ALDOVA].sealed_courier.bring()
        federation[BERGENIA].sealed_courier.fetch()
        if arrived(federation) == list(texts):
            return (federation.time() - began).total_seconds()
        federation.time.pass_by(seconds=10)
    raise AssertionError(f"came: {arrived(federation)}")


def test_a_short_message_arrives_within_minutes(federation: Federation):
    write(federation, "look for the ferry")
    assert carried(federation, "look for the ferry") < 600


def test_what_a_short_message_costs_on_the_line(federation: Federation):
    """Of requests and answers, without what is lost and sent again, and without making connections."""
    federation.line.packet_loss = 0.0
    write(federation, "look for the ferry")
    federation[ALDOVA].sealed_courier.seal_waiting()
    hub, before = federation[ALDOVA].directory().member(HUB), federation.line.exchanged
    assert federation[ALDOVA].sealed_courier._submit(hub) == 1
    brought, before = federation.line.exchanged - before, federation.line.exchanged
    assert federation[BERGENIA].sealed_courier._collect(hub) == 1
    fetched, before = federation.line.exchanged - before, federation.line.exchanged
    assert federation[BERGENIA].sealed_courier._collect(hub) == 1  # its receipt
    receipt = federation.line.exchanged - before
    print(f"brought {brought}, fetched {fetched}, receipt {receipt} bytes")
    assert brought < 40_000
    assert fetched < 32_000
    assert receipt < 24_000


def test_many_letters_arrive_in_pieces_that_the_line_carries(federation: Federation):
    texts = [f"{number} " + 3_000 * "x" for number in range(30)]
    for text in texts:
        with federation[ALDOVA].store.transaction() as tx:
            tx.outbox.send(
                BERGENIA, LetterParked(letter="l", unknown_kind=text[:3].strip(), reason=text[:500]), federation.time()
            )
            tx.commit()
    carried(federation, *(text[:3].strip() for text in texts))
    pace = federation[ALDOVA].sealed_courier.pace[POST]
    assert limits.POST_REQUEST_BYTES_MIN <= pace.bytes_max < 200_000


def test_asking_for_nothing_takes_a_tenth_of_the_line(federation: Federation):
    courier = federation[BERGENIA].sealed_courier
    asked = []
    send = federation.line.send
    federation.line.send = lambda member, request, *rest: asked.append(request.target) or send(member, request, *rest)
    began = federation.time()
    while (federation.time() - began).total_seconds() < 3_600:
        courier.fetch()
        federation.time.pass_by(seconds=1)
    assert 10 < asked.count(WAITING) < 60  # each takes some ten seconds


def test_a_member_has_as_long_for_a_request_as_its_signature_is_believed(federation: Federation):
    door, watch = _listeners(federation[HUB], SimpleNamespace(context=None))  # type: ignore[arg-type]
    believed = limits.SIGNATURE_LIFETIME_SECONDS + limits.CLOCK_SKEW_SECONDS_MAX
    assert door.app.arrives_within_seconds == believed < door.connection.arrives_within_seconds
    assert watch.connection.arrives_within_seconds < believed


def test_a_good_line_is_used_whole_again():
    pace = Pace()
    pace.failed(1_000_000)
    assert (pace.bytes_max, pace.within_seconds) == (500_000, 2 * limits.POST_WITHIN_SECONDS)
    pace.passed(1_000)  # a short request shows nothing
    assert pace.bytes_max == 500_000
    for _ in range(10):
        pace.passed(pace.bytes_max)
    assert (pace.bytes_max, pace.within_seconds) == (limits.POST_REQUEST_BYTES_MAX, limits.POST_WITHIN_SECONDS)
    for _ in range(20):
        pace.failed(pace.bytes_max)
    assert (pace.bytes_max, pace.within_seconds) == (limits.POST_REQUEST_BYTES_MIN, limits.POST_WITHIN_SECONDS_MAX)
