"""The forms of many persons as one Arrow table, with the keys by which they meet: what DuckDB and Spark both read."""

import hashlib
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

import numpy as np
import pyarrow as pa

from comity.analysis.person_forms import PersonForms
from comity.domain import limits

TEXTS = ("family", "given", "birth", "birth_year", "sex", "place", "address", "parents")
LISTS = (
    "families",
    "givens",
    "family_sounds",
    "given_sounds",
    "given_variants",
    "births",
    "births_swapped",
    "nationalities",
    "documents",
    "documents_folded",
    "contacts",
    "addresses",
)
ROWS_AT_ONCE = 20_000
SCHEMA = pa.schema(
    [*((name, pa.string()) for name in TEXTS), *((name, pa.list_(pa.string())) for name in LISTS)],
)


class Rows:
    """`table` with the columns of SCHEMA, `unique_id` (0, 1, …) and `keys` (64-bit hashes)."""

    def __init__(self, persons: Iterable[PersonForms]) -> None:
        batches: list[pa.RecordBatch] = []
        hashes: list[np.ndarray[Any, np.dtype[np.int64]]] = []
        counts: list[int] = []
        sure: dict[str, int] = {}
        rest = iter(persons)
        while some := list(islice(rest, ROWS_AT_ONCE)):
            batches.append(_batch(some))
            hashed = [[_hash(key) for key in one.keys] for one in some]
            counts += map(len, hashed)
            hashes.append(np.fromiter((key for keys in hashed for key in keys), np.int64))
            for one in some:
                for same in {one.sure, *one.documents} - {""}:
                    sure[same] = sure.get(same, 0) + 1
        self.persons = len(counts)
        self.sure_pairs = sum(number * (number - 1) // 2 for number in sure.values() if number > 1)
        keys, self.common_keys = _meeting(hashes, counts, limits.LINKAGE_BLOCK_RECORDS_MAX)
        table = pa.Table.from_batches(batches, SCHEMA)
        self.table = table.append_column("keys", keys).append_column(
            "unique_id", pa.array(range(self.persons), pa.int64())
        )

    @property
    def possible_pairs(self) -> int:
        return self.persons * (self.persons - 1) // 2


def _batch(persons: Sequence[PersonForms]) -> pa.RecordBatch:
    """What a record does not say is null, so that it is no evidence."""
    columns = [
        pa.array([getattr(one, name) or None for one in persons], SCHEMA.field(name).type) for name in SCHEMA.names
    ]
    return pa.RecordBatch.from_arrays(columns, schema=SCHEMA)


def _hash(key: str) -> int:
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest(), "big", signed=True)


def _meeting(
    hashes: Sequence[np.ndarray[Any, np.dtype[np.int64]]], counts: Sequence[int], block_max: int
) -> tuple[pa.ListArray, int]:
    """The keys that at least two and at most `block_max` share, row by row; and how many are shared by more.

    A key of thousands would make millions of pairs; whoever belongs together shares a rarer one too.
    """
    every = np.concatenate(hashes) if hashes else np.empty(0, np.int64)
    distinct, inverse, shared = np.unique(every, return_inverse=True, return_counts=True)
    kept = ((shared >= 2) & (shared <= block_max))[inverse] if len(every) else np.empty(0, bool)
    row_of = np.repeat(np.arange(len(counts)), counts)
    per_row = np.bincount(row_of[kept], minlength=len(counts)) if len(every) else np.zeros(len(counts), np.int64)
    offsets = np.concatenate([[0], np.cumsum(per_row)]).astype(np.int32)
    lists = pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), pa.array(every[kept], pa.int64()))
    return lists, int(np.count_nonzero(shared > block_max)) if len(distinct) else 0
