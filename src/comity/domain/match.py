"""How alike a question and a record are, and why."""

from msgspec import Struct


class FieldMatch(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of the explanation: a field, what it weighs in bits (log2 odds), and how it compared, as a code."""

    field: str  # "name", "birth", "sex", "nationality", "document", "number"
    bits: float
    how: str  # "exact", "transliterated", "spelling", "part", "year-only", "conflict", ...
    asked: str = ""
    found: str = ""


class Match(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`probability` that both are the same (0 to 1); `bits` the sum over the fields and the prior."""

    probability: float
    bits: float
    fields: tuple[FieldMatch, ...] = ()
