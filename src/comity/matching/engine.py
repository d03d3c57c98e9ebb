"""Runs comparisons: as machine code for batches, as Python for a few, with the same results."""

import gzip
import json
import threading
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from comity.matching import particulars, spelling, weights
from comity.matching.alignment import fill_measures, fill_values
from comity.matching.compiled import compiled, plainly, runs_as_machine_code
from comity.matching.emissions import Emissions, emissions
from comity.matching.likeness import LETTER_CLASSES, Room, Tables
from comity.matching.packed import LETTERS_MAX, TOKENS_MAX, Token, find_tokens, pack_name, pair_number, word_hash
from comity.matching.particulars import FIELDS
from comity.matching.romanise import CLASS_OF, class_codes

# Machine code takes a second to load: so few comparisons are done sooner without it.
PLAIN_MAX = 500
_TABLES = files("comity.matching") / "tables"
_MAP_BYTES = 1 << 16
_WIDE = 3 * (2 * LETTERS_MAX + 2)
_STATES = (TOKENS_MAX + 1) * (1 << TOKENS_MAX) * (TOKENS_MAX + 1)
_VALUES = 3 * TOKENS_MAX * TOKENS_MAX
_own = threading.local()
_loaded = threading.Event()


class Batch:
    """Persons laid out one after the other, to be compared many at a time."""

    def __init__(self, packed: Sequence[bytes]) -> None:
        self.bytes = b"".join(packed)
        sizes = [len(one) for one in packed]
        self.starts = np.concatenate(([0], np.cumsum(sizes)[:-1])).astype(np.int64) if sizes else np.zeros(0, np.int64)

    def __len__(self) -> int:
        return len(self.starts)


def weigh_batch(asked: bytes, batch: Batch) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """What each field weighs and how it compared: two arrays with a row a person and a column a Field."""
    count = len(batch)
    if not _as_machine_code(count):
        bits, hows = [0.0] * (FIELDS * count), [0] * (FIELDS * count)
        starts = batch.starts.tolist()
        plainly(particulars.weigh_batch)(asked, batch.bytes, starts, *plain_room(), bits, hows)
        return _rows(bits, hows, count)
    tables, room = machine_room()
    found, how = np.empty(FIELDS * count), np.empty(FIELDS * count, np.int64)
    particulars.weigh_batch(_array(asked), _array(batch.bytes), batch.starts, tables, room, found, how)  # type: ignore[arg-type]
    return _rows(found, how, count)


def weigh_pairs(lefts: Batch, rights: Batch) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """The same for the first of the one with the first of the other, and so on."""
    both = Batch([lefts.bytes, rights.bytes])
    right_starts = rights.starts + len(lefts.bytes)
    count = len(lefts)
    if not _as_machine_code(count):
        bits, hows = [0.0] * (FIELDS * count), [0] * (FIELDS * count)
        left, right = lefts.starts.tolist(), right_starts.tolist()
        plainly(particulars.weigh_pairs)(both.bytes, left, right, *plain_room(), bits, hows)
        return _rows(bits, hows, count)
    tables, room = machine_room()
    found, how = np.empty(FIELDS * count), np.empty(FIELDS * count, np.int64)
    particulars.weigh_pairs(_array(both.bytes), lefts.starts, right_starts, tables, room, found, how)  # type: ignore[arg-type]
    return _rows(found, how, count)


@lru_cache(maxsize=4096)
def measured(asked: tuple[Token, ...], found: tuple[Token, ...]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """How each word of a name compares with each of another, and what that weighs (alignment.fill_values)."""
    one, other = pack_name(asked, False), pack_name(found, False)
    if _as_machine_code(0):
        tables, room = machine_room()
        _measure_names(_array(one), _array(other), tables, room)
        return tuple(room.measures.tolist()), tuple(room.values.tolist())  # type: ignore[attr-defined]
    tables, room = plain_room()
    plainly(_measure_names)(one, other, tables, room)
    return tuple(room.measures), tuple(room.values)


@compiled
def _measure_names(one: Sequence[int], other: Sequence[int], tables: Tables, room: Room) -> None:
    count, other_count = find_tokens(one, 0, room.tokens, 0), find_tokens(other, 0, room.tokens, TOKENS_MAX)
    fill_measures(one, count, other, other_count, tables, room)
    fill_values(one, count, other, other_count, tables, room)


def _rows(bits: Any, hows: Any, count: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    return np.asarray(bits, np.float64).reshape(count, FIELDS), np.asarray(hows, np.int64).reshape(count, FIELDS)


def _array(packed: bytes) -> Any:
    return np.frombuffer(packed, np.uint8)


def load() -> None:
    """Load (the first time ever: make) the machine code now, rather than in the first batch."""
    if runs_as_machine_code():
        one = Batch([bytes(particulars.HEAD + 1)])
        _loaded.set()
        weigh_batch(one.bytes, one)
        weigh_pairs(one, one)
        measured((), ())


def _as_machine_code(count: int) -> bool:
    """Whether to run so many comparisons as machine code; it is loaded when there were enough to be worth it."""
    # While another thread still makes ready, what it has loaded is not run here: arrays of bytes would overflow in
    # Python. Falls without it: tests/matching/test_compiled.py
    if not runs_as_machine_code():
        return False
    if not _loaded.is_set():
        _own.done = getattr(_own, "done", 0) + count
        if _own.done > PLAIN_MAX:
            load()
    return _loaded.is_set()


def plain_room() -> tuple[Tables, Room]:
    if not hasattr(_own, "plain"):
        _own.plain = Room(
            tokens=[0] * 2 * TOKENS_MAX,
            one=[0] * _WIDE,
            other=[0] * _WIDE,
            rows=[0.0] * _WIDE,
            measures=[0.0] * _VALUES,
            values=[0.0] * _VALUES,
            states=[0.0] * _STATES,
            windows=[0] * _WIDE,
            class_windows=[0] * _WIDE,
            put_in=[0.0] * _WIDE,
        )
    return plain_tables(), _own.plain


def machine_room() -> tuple[Tables, Room]:
    if not hasattr(_own, "compiled"):
        whole, real = np.int64, np.float64
        _own.compiled = Room(
            np.zeros(2 * TOKENS_MAX, whole),  # type: ignore[arg-type]
            np.zeros(_WIDE, whole),  # type: ignore[arg-type]
            np.zeros(_WIDE, whole),  # type: ignore[arg-type]
            np.zeros(_WIDE, real),  # type: ignore[arg-type]
            np.zeros(_VALUES, real),  # type: ignore[arg-type]
            np.zeros(_VALUES, real),  # type: ignore[arg-type]
            np.zeros(_STATES, real),  # type: ignore[arg-type]
            np.zeros(_WIDE, whole),  # type: ignore[arg-type]
            np.zeros(_WIDE, whole),  # type: ignore[arg-type]
            np.zeros(_WIDE, real),  # type: ignore[arg-type]
        )
    return tables(), _own.compiled


@cache
def tables() -> Tables:
    """What comparisons look up, as arrays."""
    table = emissions()
    starts, order = _by_first_letter(table)
    pairs = _known_pairs()
    bitmap = np.zeros(_MAP_BYTES, np.uint8)
    places = (pairs >> 1) & (8 * _MAP_BYTES - 1)
    np.bitwise_or.at(bitmap, places >> 3, (1 << (places & 7)).astype(np.uint8))
    return Tables(
        weights=np.array(learned_weights()),  # type: ignore[arg-type]
        substitute=np.array(spelling.substitution_costs()),  # type: ignore[arg-type]
        drop=np.array(spelling.drop_costs()),  # type: ignore[arg-type]
        known_pairs=pairs,  # type: ignore[arg-type]
        known_pairs_map=bitmap,  # type: ignore[arg-type]
        starts=starts,  # type: ignore[arg-type]
        codes=table.codes[order].astype(np.int64),  # type: ignore[arg-type]
        class_codes=class_codes()[order].astype(np.int64),  # type: ignore[arg-type]
        letter_classes=CLASS_OF.astype(np.int64),  # type: ignore[arg-type]
        widths=table.lengths[order].astype(np.int64),  # type: ignore[arg-type]
        probabilities=table.probabilities[order],  # type: ignore[arg-type]
    )


def _by_first_letter(table: Emissions) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where the entries of each row and class of first letter begin, and the entries in that order."""
    rows = len(table.starts) - 1
    widths = table.lengths.astype(np.int64)
    first = class_codes().astype(np.int64) >> np.maximum(5 * widths - 5, 0)
    groups = np.repeat(np.arange(rows), np.diff(table.starts)) * LETTER_CLASSES + first
    starts = np.searchsorted(np.sort(groups), np.arange(rows * LETTER_CLASSES + 1))
    return starts.astype(np.int64), np.argsort(groups, kind="stable")


@cache
def plain_tables() -> Tables:
    """The same for Python, which reads numbers from such a view nearly as fast as from a list, and far less memory."""
    return Tables(*(memoryview(np.ascontiguousarray(array)) for array in tables()))  # type: ignore[arg-type]


def _known_pairs() -> NDArray[np.int64]:
    """Short forms and variants: `word word kind` on each line."""
    lines = gzip.decompress((_TABLES / "variants.tsv.gz").read_bytes()).decode().splitlines()
    found = {}
    for line in lines:
        one, other, kind = line.split("\t")
        found[pair_number(word_hash(one), word_hash(other))] = int(kind)
    return np.array(sorted(2 * pair + kind for pair, kind in found.items()), np.int64)


@cache
def learned_weights() -> tuple[float, ...]:
    """In the order of weights.WEIGHTS; what was not learned has its start value."""
    learned = json.loads((_TABLES / "persons.json").read_text(encoding="utf-8"))["weights"]
    return tuple(learned.get(name, start) for name, start, _, _ in weights.WEIGHTS)
