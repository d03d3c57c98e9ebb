"""How alike a question and a record are, and why."""

from msgspec import Struct


class Difference(Struct, frozen=True, forbid_unknown_fields=True):
    """One place where two numbers differ; "" where one of them has nothing there."""

    at: int  # place in the canonical number that was asked for, from 0
    asked: str
    found: str


class FieldMatch(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One line of the explanation: a field, what it weighs in bits (log2 odds), and how it compared, as a code."""

    field: str  # "name", "birth", "sex", "nationality", "document", "number"
    bits: float
    how: str  # "exact", "transliterated", "spelling", "part", "year-only", "conflict", ...
    asked: str = ""
    found: str = ""
    differs: tuple[Difference, ...] = ()  # of a near number: which signs


class Match(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`probability` that both are the same (0 to 1); `bits` the sum over the fields and the prior."""

    probability: float
    bits: float
    fields: tuple[FieldMatch, ...] = ()
