"""How fast persons are compared and found on this machine: fictitious names, one core, an index that is thrown away."""

import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import msgspec
import numpy as np
from msgspec import Struct

from comity.cli import screening
from comity.cli.screening import POOL, PersonList
from comity.domain.person import Name, NameKind, Person
from comity.domain.purpose import Purpose
from comity.matching import engine, persons
from comity.matching.engine import Batch
from comity.testing import fictitious

T = TypeVar("T")
_COUNTRY = "XB"
_ASKED = 20  # questions of each kind that are compared with a whole batch
_BATCH = 20_000
_SHARES = (50, 95, 99)


class Figures(Struct, frozen=True, kw_only=True):
    """What was measured."""

    persons: int
    prepared_a_second: float  # persons, from their names on
    latin_a_second: float  # comparisons, both names in Latin letters
    cross_script_a_second: float  # comparisons, the name asked for in another script
    indexed_a_second: float  # persons of a list, from its lines on
    index_bytes_a_person: float
    question_ms: tuple[float, ...]  # that 50, 95 and 99 in a hundred questions do not exceed, comparison included


class _Line(Struct):
    subject: Person


def measure(count: int, questions: int, seed: int = 1) -> Figures:
    """A list of so many persons, asked so many questions: half in Latin letters, half in other scripts."""
    lines = list(fictitious.make("nominals", count, seed, _COUNTRY))
    people = [msgspec.json.decode(line, type=_Line).subject for line in lines[:_BATCH]]
    engine.load()
    prepared_seconds, prepared = _timed(lambda: [persons.prepare(_named(one, NameKind.MAIN)) for one in people])
    batch = persons.batch_of(prepared)
    latin = [_named(one, NameKind.MAIN) for one in people]
    other = [named for one in people if (named := _named(one, NameKind.ORIGINAL_SCRIPT)).names]
    with tempfile.TemporaryDirectory(prefix="comity-bench-") as folder:
        indexed_seconds, listed = _timed(lambda: _list_of(lines, Path(folder)))
        size = sum(one.stat().st_size for one in (Path(folder) / "index" / "index").iterdir())
        taken = _question_seconds(listed, [*latin[: questions // 2], *other[: questions - questions // 2]])
        listed.close()
    return Figures(
        persons=count,
        prepared_a_second=len(people) / prepared_seconds,
        latin_a_second=_comparisons_a_second(latin[:_ASKED], batch),
        cross_script_a_second=_comparisons_a_second(other[:_ASKED], batch),
        indexed_a_second=count / indexed_seconds,
        index_bytes_a_person=size / count,
        question_ms=tuple(float(np.percentile(taken, share)) * 1000 for share in _SHARES),
    )


def _named(person: Person, kind: NameKind) -> Person:
    """With the names of that kind alone: that is what is compared."""
    return Person(names=tuple(Name(full=name.full) for name in person.names if name.kind is kind))


def _list_of(lines: Sequence[bytes], folder: Path) -> PersonList:
    file = folder / "records.jsonl"
    file.write_bytes(b"".join(lines))
    screening.indexed(file, folder / "index", 1, lambda _: None)
    return PersonList(folder / "index", Purpose.BORDER_CONTROL)


def _question_seconds(listed: PersonList, asked: Sequence[Person]) -> list[float]:
    for one in asked[:_ASKED]:  # pages read, code loaded
        listed.hits(one, 10, POOL)
    return [_timed(lambda one=one: listed.hits(one, 10, POOL))[0] for one in asked]  # type: ignore[misc]


def _comparisons_a_second(asked: Sequence[Person], batch: Batch) -> float:
    prepared = [persons.prepare(one) for one in asked]
    persons.compare_many(prepared[0], batch)
    seconds, _ = _timed(lambda: [persons.compare_many(one, batch) for one in prepared])
    return len(prepared) * len(batch) / seconds


def _timed(act: Callable[[], T]) -> tuple[float, T]:
    """Seconds of processor time: other work on the machine does not count."""
    began = time.process_time()
    done = act()
    return time.process_time() - began, done
