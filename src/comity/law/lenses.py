"""How finely the clauses of one instrument look at a fact: what they do not tell apart gets one answer, found once."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence

from comity.domain.instrument import Clause, OffenceScope
from comity.law.facts import Fact

Lens = Callable[[Fact | None], object]


class _OrOther(dict[object, object]):
    def __missing__(self, code: object) -> object:
        return ""


def lenses(clauses: Sequence[Clause]) -> dict[str, Lens]:
    """By the name of a fact, how these clauses tell it apart; of all others they tell every value apart."""
    scopes = [clause.offences or OffenceScope() for clause in clauses]
    return {
        "penalty_max_months": _steps(one.penalty_min_months for one in scopes),
        "sentence_months": _steps(one.sentence_min_months for one in scopes),
        "offence_code": _among(code for one in scopes for code in one.codes),
        "language": _among(code for clause in clauses for code in clause.languages),
    }


def _steps(thresholds: Iterable[int | None]) -> Lens:
    """A number by how many of the thresholds it reaches."""
    steps = sorted({months for months in thresholds if months is not None})
    return lambda fact: None if fact is None else bisect_right(steps, fact)


def _among(codes: Iterable[str]) -> Lens:
    """A code that no clause names is like any other that none names."""
    named: dict[object, object] = _OrOther((code, code) for code in codes)
    named[None] = None
    return named.__getitem__
