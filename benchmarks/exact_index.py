"""The index of numbers by itself: how long it takes to build, what it takes on the disk, how fast it answers."""

import os
import random
import resource
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from benchmarks.figures import milliseconds, quantile, told
from comity.domain.document import DocumentFraud, TravelDocument
from comity.domain.lookup import DocumentQuery
from comity.domain.record import Subject
from comity.matching.numbered import number_keys_asked
from comity.storage.changes import Place
from comity.storage.index.build import build
from comity.storage.index.contents import SHAPES, Contents
from comity.storage.index.environment import DATA_FILE, Environment

HELD = [int(count) for count in os.environ.get("DOCUMENTS", "1000000").split(",")]
ASKED = 100_000
NEAR_ASKED = 2_000
APPLIED, AT_ONCE = 50_000, 5_000
SECRET = bytes(range(32))
SERIES = [f"{first}{second}" for first in "ACEFHJKLMNPRTWXY" for second in "ACEFHJKLMNPRTWXY"]
Row = tuple[str, float, float, float]


def main() -> None:
    for held in HELD:
        for secret in (None, SECRET):
            _one(held, secret)


def _one(held: int, secret: bytes | None) -> None:
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        draft = Environment(Path(folder) / "index", SHAPES, secret, new=True)
        build(draft, _documents(held), Place(1, b"trial"))
        draft.sync()
        draft.close()
        built = time.perf_counter() - began
        environment = Environment(Path(folder) / "index", SHAPES, secret)
        size = (Path(folder) / "index" / DATA_FILE).stat().st_size
        rows = _lookups(environment, held)
        grown = _applied(environment, held)
        after = environment.bytes_used()
        environment.close()
    how = "sealed" if secret else "open"
    told(f"{held:,} documents, {how}", ("", "p50 µs", "p99 µs", "a second, one core"), rows)
    facts = (
        ("built in seconds", built),
        ("built a second", held / built),
        ("bytes on the disk for each document", size / held),
        ("GB on the disk for 128 million, as built", size / held * 0.128),
        ("changes applied a second, 5,000 in a transaction", APPLIED / grown),
        ("bytes for each document after that", after / (held + APPLIED)),
        (
            "peak memory of this process, pages of the file included, MB",
            resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        ),
    )
    told("", ("", ""), facts)


def _number(number: int) -> str:
    """Nine characters, each once; like a passport's."""
    return f"{SERIES[number % len(SERIES)]}{number // len(SERIES) * 7919 % 10_000_000:07d}"


def _document(number: int) -> TravelDocument:
    return TravelDocument(number=_number(number), country="XBE", fraud=DocumentFraud.STOLEN)


def _documents(count: int) -> Iterator[tuple[int, Subject]]:
    return ((number + 1, _document(number)) for number in range(count))


def _lookups(environment: Environment, held: int) -> list[Row]:
    lots = random.Random(1)
    there = [_number(lots.randrange(held)) for _ in range(ASKED)]
    missing = [f"{number[:2]}Z{number[3:]}" for number in there]  # no number of ours has a letter there
    with environment.reading() as families:
        contents = Contents(families, environment.digests)

        def kept(number: str) -> object:
            (key,) = number_keys_asked(DocumentQuery(country="XBE", number=number))
            return contents.numbers.exact(key)

        def anew(number: str) -> object:
            (key,) = number_keys_asked(DocumentQuery(country="XBE", number=number))
            with environment.reading() as own:
                return Contents(own, environment.digests).numbers.exact(key)

        def near(number: str) -> object:
            (key,) = number_keys_asked(DocumentQuery(country="XBE", number=number))
            return contents.numbers.near(key)

        assert all(map(kept, there[:100]))
        assert not any(map(kept, missing[:100]))
        return [
            _row("miss, from the number as typed", kept, missing),
            _row("hit, from the number as typed", kept, there),
            _row("miss, each in a transaction of its own", anew, missing),
            _row("hit, each in a transaction of its own", anew, there),
            _row("look-alikes and one edit", near, missing[:NEAR_ASKED]),
        ]


def _row(name: str, act: Callable[[str], object], numbers: Sequence[str]) -> Row:
    asked = iter(numbers)
    for number in numbers[: len(numbers) // 10]:  # the pages and the processor are warm
        act(number)
    cpu = time.process_time()
    taken = milliseconds(lambda: act(next(asked)), len(numbers))
    cpu = time.process_time() - cpu
    return name, quantile(taken, 0.5) * 1000, quantile(taken, 0.99) * 1000, len(numbers) / cpu


def _applied(environment: Environment, held: int) -> float:
    """Seconds to put so many more in, in no order of their digests."""
    began = time.perf_counter()
    for first in range(held, held + APPLIED, AT_ONCE):
        with environment.writing() as families:
            contents = Contents(families, environment.digests)
            contents.set_many({number + 1: _document(number) for number in range(first, first + AT_ONCE)})
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
