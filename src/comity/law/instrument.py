"""The clauses of one agreement, or of one organisation's own rules, as a program that decides and says why not."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from comity.domain.agreement import Clause, Effect, Reply
from comity.domain.reply import ReplyLevel
from comity.law import cedar
from comity.law.cedar import ACTIONS, Json, Policies, Request

LEVELS = {Reply.HIT: ReplyLevel.HIT, Reply.CORE: ReplyLevel.CORE, Reply.FULL: ReplyLevel.FULL}

# condition: how far a clause is from a question when this does not hold. A clause on other data is farther than any
# clause on the same data, one between others farther than one for another purpose.
DISTANCE = {"categories": 64, "owners": 32, "askers": 16, "purposes": 4, "roles": 2, "officer_named": 1}
DISTANCE_NOT_IN_FORCE = 8


@dataclass(frozen=True)
class Outcome:
    """What one instrument, taken alone, lets out, and the clauses that decided: permitting ones, or forbidding ones."""

    level: ReplyLevel
    clauses: tuple[Clause, ...] = ()
    errors: tuple[str, ...] = ()

    @property
    def obligations(self) -> tuple[str, ...]:
        """Of all clauses that decided, each once."""
        return tuple(dict.fromkeys(code for clause in self.clauses for code in clause.obligations))


@dataclass(frozen=True)
class Near:
    """A permitting clause that does not fit the question, and the conditions that do not hold."""

    clause: Clause
    failing: tuple[str, ...]

    @property
    def distance(self) -> int:
        return sum(DISTANCE[condition] for condition in self.failing)


class Instrument:
    """One policy per clause. Raises ValueError where the clauses do not validate.

    `named` are the ids of clauses that hold only where a person stands behind the request.
    """

    def __init__(
        self, name: str, parties: Collection[str], clauses: Sequence[Clause], named: Collection[str] = ()
    ) -> None:
        self.name = name
        self.clauses = {clause.id: clause for clause in clauses}
        # Of two clauses with one id the later would replace the earlier, and a forbidding one would be gone.
        # Falls without it: tests/law/test_instrument.py
        if len(self.clauses) != len(clauses):
            raise ValueError("Two clauses have the same id.")
        self.conditions = {clause.id: _conditions(clause, clause.id in named) for clause in clauses}
        self.policies = Policies({clause.id: self._policy(clause) for clause in clauses}, parties)
        self.probes = Policies(self._probes(), parties)

    def outcome(self, request: Request) -> Outcome:
        """The deepest level that Cedar allows. Without the hit there is nothing deeper; an error ends it."""
        found = Outcome(ReplyLevel.NOTHING)
        for level in (ReplyLevel.HIT, ReplyLevel.FULL, ReplyLevel.CORE):
            verdict = self.policies.verdict(request, level)
            if verdict.errors:
                return Outcome(ReplyLevel.NOTHING, errors=verdict.errors)
            clauses = tuple(clause for name, clause in self.clauses.items() if name in verdict.policies)
            if not verdict.allowed and level is ReplyLevel.HIT:
                return Outcome(ReplyLevel.NOTHING, clauses)
            if verdict.allowed and level > found.level:
                found = Outcome(level, clauses)
            if found.level is ReplyLevel.FULL:
                break
        return found

    def nearest(self, request: Request) -> Near | None:
        """The permitting clause that comes closest, by asking Cedar for each condition of each whether it holds."""
        held = self.probes.verdict(request, ReplyLevel.HIT).policies
        near = [
            Near(clause, tuple(name for name in self.conditions[clause.id] if _probe(clause, name) not in held))
            for clause in self.clauses.values()
            if clause.effect is Effect.PERMIT
        ]
        return min(near, key=lambda one: one.distance, default=None)

    def _policy(self, clause: Clause) -> Json:
        conditions = list(self.conditions[clause.id].values())
        return cedar.policy(clause.effect, _actions(clause), conditions, {"id": clause.id, "title": clause.title})

    def _probes(self) -> dict[str, Json]:
        return {
            _probe(clause, name): cedar.policy(Effect.PERMIT, ACTIONS, [condition], {"id": _probe(clause, name)})
            for clause in self.clauses.values()
            if clause.effect is Effect.PERMIT
            for name, condition in self.conditions[clause.id].items()
        }


def _actions(clause: Clause) -> tuple[ReplyLevel, ...]:
    """What is permitted reaches up to the reply level; what is forbidden is forbidden at every level."""
    if clause.effect is Effect.FORBID:
        return ACTIONS
    if clause.reply is None:
        raise ValueError(f"{clause.id} permits, but does not say how much: it has no reply.")
    return tuple(level for level in ACTIONS if level <= LEVELS[clause.reply])


def _conditions(clause: Clause, officer_named: bool) -> dict[str, Json]:
    """By name, every condition of the clause; an empty list restricts nothing."""
    found = {
        "categories": clause.categories and cedar.one_of("Category", clause.categories, cedar.context("category")),
        "owners": clause.owners and cedar.one_of("Party", clause.owners, cedar.variable("resource")),
        "askers": clause.askers and cedar.one_of("Party", clause.askers, cedar.variable("principal")),
        "purposes": clause.purposes and cedar.one_of("Purpose", clause.purposes, cedar.context("purpose")),
        "roles": clause.roles and cedar.any_of("Role", clause.roles, cedar.context("roles")),
        "officer_named": officer_named and cedar.context("officer_named"),
    }
    return {name: condition for name, condition in found.items() if isinstance(condition, dict)}


def _probe(clause: Clause, condition: str) -> str:
    return f"{clause.id} {condition}"
