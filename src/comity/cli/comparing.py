"""Pairs of persons compared line by line, and the scores of pairs of which it is known whether both are the same."""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from functools import partial
from math import log2
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from msgspec import Struct

from comity.cli.in_order import in_order
from comity.domain.errors import Invalid
from comity.domain.match import Match
from comity.formats import pairs
from comity.formats.pairs import Pair, Unusable
from comity.matching import persons
from comity.matching.engine import weigh_pairs
from comity.matching.evaluation import Labels, Scores, kept_back
from comity.matching.persons import Prepared

# Of the pairs in a file, as many are expected to be the same where nobody says otherwise.
EXPECTED_SHARE = 0.2
SAME_FROM_PROBABILITY = 0.5  # from here on a pair is more probably the same than not
_LINES_PER_BATCH = 1_000


class Trouble(Struct, frozen=True):
    """A line of which nothing, or not all, could be made."""

    line: int
    why: str


class Compared(Struct, frozen=True):
    """A batch of lines as they are written, and what was wrong with them."""

    written: bytes
    lines: int
    troubles: tuple[Trouble, ...]  # lines that could not be compared
    unread: tuple[Trouble, ...]  # lines that were compared without some of their fields


class Part(StrEnum):
    """Which of the pairs are measured, by the left name: what is held back is never learned from."""

    ALL = "all"
    LEARNED = "learned"
    HELD_BACK = "held-back"


class Scored(Struct, frozen=True):
    """The labelled pairs of a file with their scores."""

    objects: list[dict[str, Any]]
    scores: Scores
    labels: Labels
    troubles: list[Trouble]


def prior_of(share: float) -> float:
    """Bits of the odds that a pair is the same before it was looked at. Raises Invalid."""
    if not 0 < share < 1:
        raise Invalid("A share lies between 0 and 1.", where="--expected", do="Write 0.2 for one pair in five.")
    return log2(share / (1 - share))


def compared(file: Path, prior_bits: float, explain: bool, processes: int) -> Iterator[Compared]:
    """The pairs of a file, in order, in batches."""
    work = partial(compare_lines, prior_bits=prior_bits, explain=explain)
    yield from in_order(work, pairs.numbered_lines(file), _LINES_PER_BATCH, processes)


def compare_lines(batch: list[tuple[int, bytes | None]], prior_bits: float, explain: bool) -> Compared:
    """Each line again, with `probability` and `bits`, or with `error`: one line out for each line in."""
    read = [pairs.pair(number, text) for number, text in batch]
    matches = iter(_results([one for one in read if isinstance(one, Pair)], prior_bits, explain))
    written = [_refused(one) if isinstance(one, Unusable) else _told(one, next(matches)) for one in read]
    return Compared(
        b"".join(msgspec.json.encode(one) + b"\n" for one in written),
        len(read),
        tuple(Trouble(one.line, one.why) for one in read if isinstance(one, Unusable)),
        tuple(Trouble(one.line, ", ".join(left)) for one in read if isinstance(one, Pair) and (left := _unread(one))),
    )


def matched(read: Sequence[Pair], prior_bits: float) -> Sequence[Match]:
    """How alike the two of each pair are, with every reason."""
    return persons.compare_pairs(*prepared(read), prior_bits)


def prepared(read: Sequence[Pair]) -> tuple[list[Prepared], list[Prepared]]:
    """Left and right sides."""
    return [persons.prepare(one.asked.person) for one in read], [persons.prepare(one.found.person) for one in read]


def bits_of(asked: Sequence[Prepared], found: Sequence[Prepared], prior_bits: float) -> Scores:
    """The same without the reasons, at full speed."""
    fields, _ = weigh_pairs(persons.batch_of(asked), persons.batch_of(found))
    bits: Scores = prior_bits + fields.sum(axis=1)
    return bits


def _results(read: Sequence[Pair], prior_bits: float, explain: bool) -> list[dict[str, Any]]:
    if explain:
        return [msgspec.structs.asdict(match) for match in matched(read, prior_bits)]
    bits = bits_of(*prepared(read), prior_bits)
    both = zip(persons.probabilities(bits).tolist(), bits.tolist(), strict=True)
    return [{"probability": probability, "bits": one} for probability, one in both]


def _told(one: Pair, result: dict[str, Any]) -> dict[str, Any]:
    told = one.written | result
    return told | {"unread": unread} if (unread := _unread(one)) else told


def _unread(one: Pair) -> list[str]:
    return [f"l.{field}" for field in one.asked.unread] + [f"r.{field}" for field in one.found.unread]


def _refused(one: Unusable) -> dict[str, Any]:
    return one.written | {"line": one.line, "error": one.why}


class _Batch(Struct, frozen=True):
    objects: list[dict[str, Any]]
    scores: list[float]
    labels: list[bool]
    troubles: list[Trouble]


def scored(file: Path, prior_bits: float, part: Part, as_written: bool, processes: int) -> Scored:
    """Every labelled pair of that part of a file; `as_written` takes the probability that stands in the line."""
    work = partial(score_lines, prior_bits=prior_bits, part=part, as_written=as_written)
    batches = list(in_order(work, pairs.numbered_lines(file), _LINES_PER_BATCH, processes))
    return Scored(
        [one for batch in batches for one in batch.objects],
        np.array([one for batch in batches for one in batch.scores], dtype=float),
        np.array([one for batch in batches for one in batch.labels], dtype=bool),
        [one for batch in batches for one in batch.troubles],
    )


def score_lines(batch: list[tuple[int, bytes | None]], prior_bits: float, part: Part, as_written: bool) -> _Batch:
    """Score and label of each pair of a batch that belongs to the part."""
    read = [pairs.pair(number, text) for number, text in batch]
    troubles = [Trouble(one.line, one.why) for one in read if isinstance(one, Unusable)]
    whole = [one for one in read if isinstance(one, Pair) and belongs(one, part)]
    usable = []
    for one in whole:
        why = _label_trouble(one) or (_score_trouble(one) if as_written else "")
        if why:
            troubles.append(Trouble(one.line, why))
        else:
            usable.append(one)
    if as_written:
        scores = [float(one.written["probability"]) for one in usable]
    else:
        scores = persons.probabilities(bits_of(*prepared(usable), prior_bits)).tolist()
    labels = [bool(one.written["match"]) for one in usable]
    return _Batch([one.written for one in usable], scores, labels, sorted(troubles, key=lambda one: one.line))


def belongs(one: Pair, part: Part) -> bool:
    """Whether a pair is in that part, by its left name alone: all pairs of one name stand together."""
    return part is Part.ALL or kept_back(_left_name(one)) is (part is Part.HELD_BACK)


def _left_name(one: Pair) -> str:
    name = one.written["l"].get("name")
    return name if isinstance(name, str) else msgspec.json.encode(name).decode()


def _label_trouble(one: Pair) -> str:
    return "" if one.written.get("match") in (True, False) else 'There is no "match" that is true or false.'


def _score_trouble(one: Pair) -> str:
    score = one.written.get("probability")
    told = isinstance(score, float | int) and not isinstance(score, bool) and 0 <= score <= 1
    return "" if told else 'There is no "probability" from 0 to 1.'
