"""Learns what agreement and conflict of names, birth dates and places weigh, from labelled pairs of persons."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from comity.formats.pairs import Pair, pair
from comity.matching import engine
from comity.matching.alignment import fill_measures, weighed
from comity.matching.compiled import compiled, plainly
from comity.matching.evaluation import kept_back
from comity.matching.packed import find_tokens
from comity.matching.particulars import FIELDS, UNKNOWN, Field, names_from, place_from
from comity.matching.persons import LEARNED_PRIOR_BITS, Prepared, prepare
from comity.matching.weights import (
    DATE_CONFLICT,
    DATE_SAME,
    DATE_SAME_DAY,
    DATE_SAME_YEAR,
    LIKE_10,
    LIKE_45,
    NAME_CAP,
    NATIVE_50,
    NATIVE_LESS_10,
    PLACE_CONFLICT,
    PLACE_LETTER,
    PLACE_SAME,
    WEIGHTS,
)

Reals = NDArray[np.float64]
Wholes = NDArray[np.int64]

_MEASURES = 192
_NAMES_END = NAME_CAP + 1
_LEARNED = [*range(_NAMES_END), *range(DATE_SAME, DATE_CONFLICT + 1), PLACE_SAME, PLACE_LETTER, PLACE_CONFLICT]
ITERATIONS_MAX = 50
_STEP = 2e-3
_PULL = 3e-4  # towards the start values: what the pairs say nothing about stays as stated
_OTHERS_SHARE = 0.5  # of the pairs that are not the same, drawn by lot, each counting as much more
_STRANGERS_SHARE = 0.15  # of the weight of all pairs: names of any length that were put side by side by lot


def sources(data: Path) -> list[Path]:
    return sorted((data / "names" / "dev-pairs").glob("*.jsonl.gz"))


class Examples(NamedTuple):
    """Pairs as numbers: what does not depend on the weights is worked out once."""

    packed: NDArray[np.uint8]
    left: Wholes  # where the left name begins, or -1
    right: Wholes
    measures: Reals
    births: Wholes  # DateLevel or UNKNOWN
    places: Reals  # 1 alike to 0, or not a number
    place_letters: Reals  # over six, of the shorter name of a place
    same: NDArray[np.bool_]
    weights: Reals  # add up to one


def learn(data: Path, seed: int = 0) -> bytes:
    """The weights by name, as JSON. A third of the pairs, by the left name, is not looked at."""
    files = {
        path.name.partition(".")[0]: [one for one in pairs(path) if not is_kept_back(one)] for path in sources(data)
    }
    examples = _examples(files, np.random.default_rng(seed))
    weights = _fitted(examples)
    named = {WEIGHTS[at][0]: round(float(weights[at]), 3) for at in _LEARNED}
    return (json.dumps({"weights": named}, indent=1) + "\n").encode()


def pairs(path: Path) -> Iterator[Pair]:
    with gzip.open(path, "rb") as lines:
        for number, line in enumerate(lines, 1):
            read = pair(number, line)
            if isinstance(read, Pair):
                yield read


def is_kept_back(one: Pair) -> bool:
    return kept_back(one.written["l"]["name"])


def _examples(files: dict[str, list[Pair]], lot: np.random.Generator) -> Examples:
    lefts: list[Prepared] = []
    rights: list[Prepared] = []
    same: list[bool] = []
    weights: list[float] = []
    for pairs in files.values():
        each = (1.0 - _STRANGERS_SHARE) / len(pairs) ** 0.5 / sum(len(many) ** 0.5 for many in files.values())
        for one in pairs:
            is_same = bool(one.written["match"])
            if not is_same and lot.random() > _OTHERS_SHARE:
                continue
            lefts.append(prepare(one.asked.person))
            rights.append(prepare(one.found.person))
            same.append(is_same)
            weights.append(each if is_same else each / _OTHERS_SHARE)
    count = len(lefts) // 4
    strangers = zip(lot.integers(len(lefts), size=count), lot.integers(len(lefts), size=count), strict=True)
    chosen = [(int(i), int(j)) for i, j in strangers if lefts[i].names != lefts[j].names]
    lefts += [lefts[i] for i, _ in chosen]
    rights += [rights[j] for _, j in chosen]
    same += [False] * len(chosen)
    weights += [_STRANGERS_SHARE / len(chosen)] * len(chosen)
    return _as_numbers(lefts, rights, np.array(same), np.array(weights))


def _as_numbers(lefts: list[Prepared], rights: list[Prepared], same: NDArray[np.bool_], weights: Reals) -> Examples:
    one, other = engine.Batch([p.packed for p in lefts]), engine.Batch([p.packed for p in rights])
    engine.load()
    bits, hows = engine.weigh_pairs(one, other)
    packed = np.frombuffer(one.bytes + other.bytes, np.uint8)
    left = _name_starts(one.bytes, one.starts)
    right = _name_starts(other.bytes, other.starts) + len(one.bytes)
    known = hows[:, Field.NAME] != UNKNOWN
    left[~known] = -1
    measures = np.zeros((len(left), _MEASURES))
    tables, room = engine.machine_room()
    _measure(packed, left, right, tables, room, measures)
    place, letters = _places(one, other, bits, hows)
    assert bits.shape[1] == FIELDS
    return Examples(packed, left, right, measures, hows[:, Field.BIRTH], place, letters, same, weights)


def _places(one: engine.Batch, other: engine.Batch, bits: Reals, hows: Wholes) -> tuple[Reals, Reals]:
    """How alike places are, got back from what they weighed; and their letters over six."""
    at = plainly(place_from)
    letters = np.array(
        [
            max(0, min(one.bytes[at(one.bytes, i) + 1], other.bytes[at(other.bytes, j) + 1], 16) - 6) if known else 0
            for i, j, known in zip(
                one.starts.tolist(), other.starts.tolist(), hows[:, Field.PLACE] != UNKNOWN, strict=True
            )
        ],
        float,
    )
    now = engine.learned_weights()
    same = now[PLACE_SAME] + now[PLACE_LETTER] * letters
    alike = (bits[:, Field.PLACE] - now[PLACE_CONFLICT]) / (same - now[PLACE_CONFLICT])
    alike[hows[:, Field.PLACE] == UNKNOWN] = np.nan
    return alike, letters


def _name_starts(packed: bytes, persons: Wholes) -> Wholes:
    return np.array([plainly(names_from)(packed, person) for person in persons.tolist()], np.int64)


@compiled
def _measure(packed: Any, left: Any, right: Any, tables: Any, room: Any, measures: Any) -> None:
    for index in range(len(left)):
        if left[index] >= 0:
            count = find_tokens(packed, left[index], room.tokens, 0)
            other_count = find_tokens(packed, right[index], room.tokens, 8)
            fill_measures(packed, count, packed, other_count, tables, room)
            for place in range(192):
                measures[index, place] = room.measures[place]


@compiled
def _weigh(packed: Any, left: Any, right: Any, measures: Any, tables: Any, room: Any, out: Any) -> None:
    for index in range(len(left)):
        out[index] = 0.0
        if left[index] >= 0:
            count = find_tokens(packed, left[index], room.tokens, 0)
            other_count = find_tokens(packed, right[index], room.tokens, 8)
            for i in range(count):
                for j in range(other_count):
                    for square in range(3):
                        place = 64 * square + 8 * i + j
                        room.measures[place] = measures[index, place]
            out[index] = weighed(packed, left[index], count, packed, right[index], other_count, tables, room)


def sound(weights: Reals) -> Reals:
    """Weights of which what agrees more never weighs less."""
    found = weights.copy()
    for at in range(LIKE_10, LIKE_45 + 1):
        found[at] = min(found[at], found[at - 1])
    for at in range(NATIVE_LESS_10, NATIVE_50 + 1):
        found[at] = max(found[at], found[at - 1])
    for first, last in ((DATE_SAME, DATE_SAME_DAY), (DATE_SAME_YEAR, DATE_CONFLICT)):
        found[first : last + 1] = np.minimum.accumulate(found[first : last + 1])
    return found


def name_bits(examples: Examples, weights: Reals) -> Reals:
    tables, room = engine.machine_room()
    out = np.empty(len(examples.left))
    _weigh(
        examples.packed,
        examples.left,
        examples.right,
        examples.measures,
        tables._replace(weights=weights),  # type: ignore[arg-type]
        room,
        out,
    )
    return out


def other_bits(examples: Examples, weights: Reals) -> Reals:
    found = np.where(examples.births == UNKNOWN, 0.0, weights[DATE_SAME + np.maximum(examples.births, 0)])
    alike = np.nan_to_num(examples.places)
    place_same = weights[PLACE_SAME] + weights[PLACE_LETTER] * examples.place_letters
    place = alike * place_same + (1.0 - alike) * weights[PLACE_CONFLICT]
    return found + np.where(np.isnan(examples.places), 0.0, place)


def _fitted(examples: Examples) -> Reals:
    stated = np.array([start for _, start, _, _ in WEIGHTS])
    least = np.array([low for _, _, low, _ in WEIGHTS])
    most = np.array([high for _, _, _, high in WEIGHTS])
    span = np.maximum(most - least, 1e-9)

    def whole(chosen: Reals) -> Reals:
        weights = stated.copy()
        weights[_LEARNED] = chosen
        return weights

    def loss(chosen: Reals) -> tuple[float, Reals]:
        raw = whole(chosen)
        weights = sound(raw)
        names, others = name_bits(examples, weights), other_bits(examples, weights)
        pull = (raw - stated) / span
        value = _log_loss(examples, names + others) + _PULL * float((pull**2).sum())
        slope = np.zeros(len(raw))
        for at in _LEARNED:
            moved = raw.copy()
            moved[at] += _STEP
            moved = sound(moved)
            if at < _NAMES_END:
                found = name_bits(examples, moved) + others
            else:
                found = names + other_bits(examples, moved)
            slope[at] = (_log_loss(examples, found) - _log_loss(examples, names + others)) / _STEP
        slope += 2 * _PULL * pull / span
        return value, slope[_LEARNED]

    bounds = list(zip(least[_LEARNED], most[_LEARNED], strict=True))
    result = minimize(
        loss, stated[_LEARNED], jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": ITERATIONS_MAX}
    )
    return sound(whole(result.x))


def _log_loss(examples: Examples, bits: Reals) -> float:
    odds = (bits + LEARNED_PRIOR_BITS) * np.log(2)
    return float((examples.weights * np.logaddexp(0.0, np.where(examples.same, -odds, odds))).sum())
