"""One condition of all clauses of an instrument: for which of them it holds, asked of Cedar once for each fact."""

from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter

from comity.domain import limits
from comity.domain.instrument import Clause
from comity.domain.reply import ReplyLevel
from comity.law import cedar
from comity.law.cedar import Asked, Json, Policies, Schema
from comity.law.conditions import BY_NAME
from comity.law.facts import FACTS, Facts

# The facts at which an instrument looks, in its own order and as finely as its clauses tell them apart.
Fine = Sequence[object]
See = Callable[[], Facts]  # all facts, with asker and owner as the instrument sees them: for Cedar


class NotEvaluated(Exception):
    """Cedar could not say; its messages."""


class Column:
    """A bit for each clause, in their order: set where the condition holds, or the clause does not have it.

    The same fact gets the same answer: so Cedar is asked a few times for each value of each fact, and not for every
    request.
    """

    def __init__(self, name: str, conditions: Sequence[Json | None], schema: Schema, looked_at: Sequence[str]) -> None:
        self.name = name
        self.key = itemgetter(*(looked_at.index(fact) for fact in BY_NAME[name].facts))
        self._free = sum(1 << place for place, one in enumerate(conditions) if one is None)
        probes = {
            str(place): cedar.policy("permit", cedar.ACTIONS, [one], {"id": f"{name} {place}"})
            for place, one in enumerate(conditions)
            if one is not None
        }
        self._probes = Policies(probes, schema)
        self.known: dict[object, int] = {}

    def holds(self, fine: Fine, see: See) -> int:
        """The bits. Raises NotEvaluated."""
        key = self.key(fine)
        try:
            return self.known[key]
        except KeyError:
            if len(self.known) >= limits.DECISIONS_KEPT_MAX:
                self.known.clear()
            return self.known.setdefault(key, self._asked(see()))

    def _asked(self, seen: Facts) -> int:
        verdict = self._probes.verdict(asked_of(seen), ReplyLevel.HIT)
        # A condition that errs may be the one that forbids. Falls without it: tests/law/test_decision.py
        if verdict.errors:
            raise NotEvaluated(*verdict.errors)
        return self._free | sum(1 << int(place) for place in verdict.policies)


def columns(
    clauses: Sequence[Clause],
    conditions: Callable[[Clause], Mapping[str, Json]],
    schema: Schema,
    looked_at: Sequence[str],
) -> tuple[Column, ...]:
    """One for each condition that any of the clauses has."""
    rows = [conditions(clause) for clause in clauses]
    names = [name for name in BY_NAME if any(name in row for row in rows)]
    return tuple(Column(name, [row.get(name) for row in rows], schema, looked_at) for name in names)


def asked_of(seen: Facts) -> Asked:
    """As Cedar is asked."""
    facts = {name: fact for name, fact in seen.items() if name in FACTS}
    return Asked(str(seen["asker"]), str(seen["owner"]), facts)
