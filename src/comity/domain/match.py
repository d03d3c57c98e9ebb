"""How alike a question and a record are, and why."""

from msgspec import Struct


class Difference(Struct, frozen=True, forbid_unknown_fields=True):
    """One place where two numbers differ; "" where one of them has nothing there."""

    at: int  # place in the canonical number that was asked for, from 0
    asked: str
    found: str


class WordMatch(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """How one word of a name answers to one of the other; a word that has no answer stands alone."""

    asked: str = ""
    found: str = ""
    how: str  # "exact", "spelling", "short-form", "variant", "initial", "transliterated", "joined", "alone"
    bits: float = 0.0
    read_as: str = ""  # how a word in another script was read in Latin letters
    one_in: int = 0  # so many words of names for each that is this one: how rare it is


class FieldMatch(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One line of the explanation: a field, what it weighs in bits (log2 odds), and how it compared, as a code."""

    field: str  # "name", "birth", "sex", "nationality", "document", "number"
    bits: float
    how: str  # "exact", "transliterated", "spelling", "part", "year-only", "conflict", ...
    asked: str = ""
    found: str = ""
    differs: tuple[Difference, ...] = ()  # of a near number: which signs
    words: tuple[WordMatch, ...] = ()  # of a name


class Match(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`probability` that both are the same (0 to 1); `bits` the sum over the fields and the prior."""

    probability: float
    bits: float
    fields: tuple[FieldMatch, ...] = ()
