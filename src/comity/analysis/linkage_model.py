"""How two persons are compared in bulk: which fields, which levels, and what each level weighs.

Each field is a comparison of Fellegi and Sunter: its levels stand from the strongest agreement down to conflict, and
the first that fits counts. `m` is how often two records of one person stand on a level, `u` how often two records of
two persons do; a level weighs log2(m/u) bits. What stands here is the starting point. Where a collection is large
enough, it is learned from the collection itself (`learned_from`).
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from math import log2
from typing import Any

from msgspec import Struct

VERSION = "persons-1"
M_MIN, M_MAX = 0.0005, 0.9995
U_MIN = 1e-8


class Level(Struct, frozen=True):
    """`sql` speaks of two rows, `x_l` and `x_r`. `frequency` names a column whose rare values weigh more.

    What is not `learned` is set by reason: pairs that two by two say one thing, and by chance almost never meet.
    """

    how: str
    sql: str
    m: float
    u: float
    frequency: str = ""
    learned: bool = True


class Field(Struct, frozen=True):
    """`unknown` is when one of the sides says nothing: no evidence for or against."""

    name: str
    unknown: str
    levels: tuple[Level, ...]


def _common(column: str, other: str = "") -> str:
    """Both lists have a member in common: written for DuckDB; Spark has another word for it (`spoken`)."""
    return f"list_has_any({column}_l, {other or column}_r)"


def _near(column: str) -> str:
    """One letter apart, or two in a long word."""
    shorter = f"least(length({column}_l), length({column}_r))"
    apart = f"levenshtein({column}_l, {column}_r)"
    return f"({shorter} >= 4 and {apart} <= 1) or ({shorter} >= 8 and {apart} <= 2)"


def _silent(column: str) -> str:
    return f"{column}_l is null or {column}_r is null"


# Given name or birth speak for one person too.
_SELF = "({})".format(
    " or ".join(
        f"coalesce({sign}, false)"
        for sign in (
            _common("given_sounds"),
            _common("births", "births_swapped"),
            "levenshtein(birth_l, birth_r) <= 1",
        )
    )
)
_TURNED_ROUND = f"{_common('families', 'givens')} and {_common('givens', 'families')}"

FIELDS = (
    Field(
        "family",
        _silent("family"),
        (
            Level("exact", "family_l = family_r", 0.68, 0.003, frequency="family"),
            Level("alias", _common("families"), 0.10, 0.003),
            Level("spelling", _near("family"), 0.08, 0.002),
            Level("sound", _common("family_sounds"), 0.05, 0.004),
            Level("order", _TURNED_ROUND, 0.03, 0.005),
            Level("conflict", "ELSE", 0.04, 0.98),
        ),
    ),
    Field(
        "given",
        _silent("given"),
        (
            Level("exact", "given_l = given_r", 0.62, 0.008, frequency="given"),
            Level("alias", _common("givens"), 0.12, 0.008),
            Level("spelling", _near("given"), 0.07, 0.004),
            Level(
                "variant",
                f"{_common('givens', 'given_variants')} or {_common('given_variants', 'givens')}",
                0.03,
                0.006,
            ),
            Level("sound", _common("given_sounds"), 0.04, 0.008),
            Level("order", _TURNED_ROUND, 0.03, 0.005),
            Level(
                "initial",
                "least(length(given_l), length(given_r)) = 1 and substr(given_l, 1, 1) = substr(given_r, 1, 1)",
                0.03,
                0.006,
            ),
            Level("conflict", "ELSE", 0.06, 0.955),
        ),
    ),
    Field(
        "birth",
        _silent("birth"),
        (
            Level("exact", "birth_l = birth_r", 0.72, 0.0001, frequency="birth"),
            Level("alias", _common("births"), 0.03, 0.00005),
            Level("day-month-swapped", _common("births", "births_swapped"), 0.02, 0.00005),
            Level(
                "one-digit",
                "length(birth_l) = 10 and length(birth_r) = 10 and levenshtein(birth_l, birth_r) <= 1",
                0.07,
                0.001,
            ),
            Level(
                "month-only",
                "least(length(birth_l), length(birth_r)) >= 7 and substr(birth_l, 1, 7) = substr(birth_r, 1, 7)",
                0.03,
                0.0012,
            ),
            Level("year-only", "substr(birth_l, 1, 4) = substr(birth_r, 1, 4)", 0.06, 0.016),
            Level(
                "one-year-apart",
                "abs(cast(substr(birth_l, 1, 4) as int) - cast(substr(birth_r, 1, 4) as int)) <= 1",
                0.03,
                0.03,
            ),
            Level("conflict", "ELSE", 0.04, 0.95),
        ),
    ),
    Field(
        "sex",
        _silent("sex"),
        (Level("exact", "sex_l = sex_r", 0.98, 0.55), Level("conflict", "ELSE", 0.02, 0.45)),
    ),
    Field(
        "nationality",
        _silent("nationalities"),
        (Level("exact", _common("nationalities"), 0.92, 0.45), Level("conflict", "ELSE", 0.08, 0.55)),
    ),
    Field(
        "place",
        _silent("place"),
        (
            Level("exact", "place_l = place_r", 0.65, 0.02, frequency="place"),
            Level("spelling", _near("place"), 0.12, 0.004),
            Level("conflict", "ELSE", 0.23, 0.97),
        ),
    ),
    Field(
        "document",
        _silent("documents"),
        (
            Level("exact", _common("documents"), 0.55, 0.00001),
            Level("look-alike", _common("documents_folded"), 0.05, 0.00001),
            Level("other", "ELSE", 0.40, 0.99998),
        ),
    ),
    Field(
        "household",
        f"({_silent('contacts')}) and ({_silent('address')})",
        (
            Level("exact", f"{_common('contacts')} and {_SELF}", 0.40, 0.0001),
            Level("address", f"{_common('addresses')} and {_SELF}", 0.20, 0.0002),
            Level("spelling", f"({_near('address')}) and {_SELF}", 0.08, 0.0002),
            # Who lives together shares all this, and is somebody else. Falls without it: tests/analysis/test_resolve.py
            Level("relative", f"{_common('contacts')} or {_common('addresses')}", 0.003, 0.003, learned=False),
            Level("other", "ELSE", 0.32, 0.996),
        ),
    ),
    Field(
        "parents",
        _silent("parents"),
        (
            Level("exact", "parents_l = parents_r", 0.62, 0.003),
            Level("spelling", _near("parents"), 0.15, 0.002),
            Level("conflict", "ELSE", 0.23, 0.995),
        ),
    ),
)

# What is learned from pairs that agree in these columns; a comparison that uses one of them is learned from the others.
LEARNED_FROM = (("birth",), ("family", "given"), ("family", "birth_year"))


def comparisons(spark: bool, frequencies: bool) -> Iterator[dict[str, Any]]:
    """All fields as Splink takes them.

    Without `frequencies` a rare name weighs as much as any: where there are few records, every name looks frequent.
    Falls without it: tests/analysis/test_resolve.py
    """
    yield from (
        {
            "output_column_name": field.name,
            "comparison_levels": [
                {"sql_condition": field.unknown, "label_for_charts": "unknown", "is_null_level": True},
                *(_level(level, spark, frequencies) for level in field.levels),
            ],
        }
        for field in FIELDS
    )


def _level(level: Level, spark: bool, frequencies: bool) -> dict[str, Any]:
    written: dict[str, Any] = {
        "sql_condition": spoken(level.sql, spark),
        "label_for_charts": level.how,
        "m_probability": level.m,
        "u_probability": level.u,
    }
    if level.frequency and frequencies:
        written |= {"tf_adjustment_column": level.frequency, "tf_adjustment_weight": 1.0}
    return written


def spoken(sql: str, spark: bool) -> str:
    """In the words of the engine: the two differ in one."""
    return sql.replace("list_has_any(", "arrays_overlap(") if spark else sql


def made_sound(model: dict[str, Any]) -> dict[str, Any]:
    """A learned model in which no weaker agreement weighs more than a stronger one, and no level is without bounds.

    What was never observed keeps its starting point. Learning from few records gives both faults.
    Falls without it: tests/analysis/test_linkage_model.py
    """
    for comparison, field in zip(model["comparisons"], FIELDS, strict=True):
        levels = [level for level in comparison["comparison_levels"] if not level.get("is_null_level")]
        pairs = [
            (_m(level.get("m_probability"), start.m), _u(level.get("u_probability"), start.u))
            if start.learned
            else (start.m, start.u)
            for level, start in zip(levels, field.levels, strict=True)
        ]
        weights = falling(_around_fixed([log2(m / u) for m, u in pairs], field))
        for level, (_, u), bits in zip(levels, pairs, weights, strict=True):
            level["m_probability"], level["u_probability"] = _weighing(bits, u)
    return model


def _around_fixed(weights: list[float], field: Field) -> list[float]:
    """What stands above a level that is not learned weighs no less, what stands below no more."""
    for place, level in enumerate(field.levels):
        if not level.learned:
            fixed = weights[place]
            weights = [max(bits, fixed) for bits in weights[:place]] + [min(bits, fixed) for bits in weights[place:]]
    return weights


def _weighing(bits: float, u: float) -> tuple[float, float]:
    """(m, u) with that weight: u is kept where m does not become a certainty."""
    m = u * 2**bits
    return (m, u) if m <= M_MAX else (M_MAX, M_MAX / 2**bits)


def _m(learned: float | None, start: float) -> float:
    return min(M_MAX, max(M_MIN, start if learned is None else learned))


def _u(learned: float | None, start: float) -> float:
    return min(1.0, max(U_MIN, start if learned is None else learned))


def falling(weights: Sequence[float]) -> list[float]:
    """The nearest weights that never rise: neighbours that do are given their mean."""
    blocks: list[list[float]] = []
    for weight in weights:
        blocks.append([weight])
        while len(blocks) > 1 and _mean(blocks[-1]) > _mean(blocks[-2]):
            last = blocks.pop()
            blocks[-1] += last
    return [_mean(block) for block in blocks for _ in block]


def _mean(block: Sequence[float]) -> float:
    return sum(block) / len(block)


def version(model: dict[str, Any]) -> str:
    """Names the very numbers: version of the fields, and the start of the SHA-256 of all weights and the prior."""
    kept = [
        [[level.get("m_probability"), level.get("u_probability")] for level in one["comparison_levels"]]
        for one in model["comparisons"]
    ]
    numbers = json.dumps([model["probability_two_random_records_match"], kept])
    return f"{VERSION}/{hashlib.sha256(numbers.encode()).hexdigest()[:12]}"


def how(field: str, level: int) -> str:
    """The code of a level by Splink's number for it: 0 the last, counting up; -1 unknown."""
    levels = next(one.levels for one in FIELDS if one.name == field)
    return levels[len(levels) - 1 - level].how if level >= 0 else "unknown"
