"""The clauses of one instrument as a program that decides and says why not."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from comity.domain import limits
from comity.domain.decision import Request
from comity.domain.instrument import Clause, Effect, Reply
from comity.domain.reply import ReplyLevel
from comity.law import cedar
from comity.law.cedar import ACTIONS, Asked, Json, Policies
from comity.law.conditions import BY_NAME, conditions
from comity.law.facts import ANYONE_ELSE, Facts, within_quota

LEVELS = {Reply.HIT: ReplyLevel.HIT, Reply.CORE: ReplyLevel.CORE, Reply.FULL: ReplyLevel.FULL}

Key = tuple[object, ...]  # both sides, then every fact at which a clause looks
Found = TypeVar("Found")

# Every request has these, and a code that nobody knows must meet Cedar's schema whatever clauses look at.
_ALWAYS = ("category", "purpose", "roles")


@dataclass(frozen=True)
class Outcome:
    """What one instrument, taken alone, lets out, and the clauses that decided: permitting ones, or forbidding ones."""

    level: ReplyLevel
    clauses: tuple[Clause, ...] = ()
    errors: tuple[str, ...] = ()


@dataclass(frozen=True)
class Near:
    """A permitting clause that does not fit the request, and the conditions that do not hold."""

    clause: Clause
    failing: tuple[str, ...]

    @property
    def distance(self) -> int:
        return sum(BY_NAME[condition].distance for condition in self.failing)


class Program:
    """One policy per clause and group of levels. Raises ValueError where the clauses do not validate.

    `territory` gives codes that count as a party's. Whoever is no party is anyone else; where an instrument is
    `open_to_all`, its clauses may name others than its parties.
    """

    def __init__(
        self,
        name: str,
        parties: Collection[str],
        clauses: Sequence[Clause],
        territory: Mapping[str, Collection[str]] | None = None,
        open_to_all: bool = False,
    ) -> None:
        self.name = name
        self.clauses = {clause.id: clause for clause in clauses}
        # Of two clauses with one id the later would replace the earlier, and a forbidding one would be gone.
        # Falls without it: tests/law/test_program.py
        if len(self.clauses) != len(clauses):
            raise ValueError("Two clauses have the same id.")
        self.sides = {party: party for party in parties}
        self.sides |= {code: party for party, codes in (territory or {}).items() for code in codes}
        self.parties = frozenset({*parties, *_third_parties(clauses), ANYONE_ELSE})
        if open_to_all:
            self.parties |= {code for clause in clauses for code in (*clause.askers, *clause.owners)}
        self.quotas = {clause.id: clause.quota.questions for clause in clauses if clause.quota}
        self._clause_of: dict[str, Clause] = {}
        self.policies = Policies(self._policies(), self.parties)
        self._facts = tuple(sorted({*_ALWAYS, *(name for clause in clauses for name in _looks_at(clause))}))
        self._outcomes: dict[Key, Outcome] = {}
        self._nearest: dict[Key, Near | None] = {}

    def side(self, code: str) -> str:
        """The party for which it stands: a territory for the party that signed, a stranger for anyone else."""
        party = self.sides.get(code, code)
        return party if party in self.parties else ANYONE_ELSE

    def outcome(self, request: Request, facts: Facts) -> Outcome:
        """The deepest level that Cedar allows."""
        return self._remembered(self._outcomes, request, facts, self._outcome)

    def nearest(self, request: Request, facts: Facts) -> Near | None:
        """The permitting clause that comes closest, by asking Cedar for each condition of each whether it holds."""
        return self._remembered(self._nearest, request, facts, self._near)

    def _remembered(
        self, known: dict[Key, Found], request: Request, facts: Facts, find: Callable[[Asked], Found]
    ) -> Found:
        """The same facts always get the same answer; a fact at which no clause looks makes no difference."""
        seen = self._seen(request, facts)
        asker, owner = self.side(request.asker), self.side(request.owner)
        key = (asker, owner, *[seen.get(name) for name in self._facts])
        if key not in known:
            if len(known) >= limits.DECISIONS_KEPT_MAX:
                known.clear()
            known[key] = find(Asked(asker, owner, seen))
        return known[key]

    def _seen(self, request: Request, facts: Facts) -> Facts:
        """The facts with those that depend on who looks: its own quotas, a recipient as a party of its own."""
        recipient = request.circumstances.recipient
        if not self.quotas and not recipient:
            return facts
        seen = dict(facts)
        if recipient:
            seen["recipient"] = self.side(recipient)
        if self.quotas:
            seen["within_quota"] = within_quota(self.name, self.quotas, request)
        return seen

    def _outcome(self, asked: Asked) -> Outcome:
        """Without the hit there is nothing deeper; an error ends it."""
        found = Outcome(ReplyLevel.NOTHING)
        for level in (ReplyLevel.HIT, ReplyLevel.FULL, ReplyLevel.CORE):
            verdict = self.policies.verdict(asked, level)
            if verdict.errors:
                return Outcome(ReplyLevel.NOTHING, errors=verdict.errors)
            decided = {self._clause_of[name].id for name in verdict.policies}
            clauses = tuple(clause for name, clause in self.clauses.items() if name in decided)
            if not verdict.allowed and level is ReplyLevel.HIT:
                return Outcome(ReplyLevel.NOTHING, clauses)
            if verdict.allowed and level > found.level:
                found = Outcome(level, clauses)
            if found.level is ReplyLevel.FULL:
                break
        return found

    def _near(self, asked: Asked) -> Near | None:
        held = self._probes.verdict(asked, ReplyLevel.HIT).policies
        near = [
            Near(clause, tuple(name for name in conditions(clause, ReplyLevel.HIT) if _probe(clause, name) not in held))
            for clause in self.clauses.values()
            if clause.effect is Effect.PERMIT
        ]
        return min(near, key=lambda one: one.distance, default=None)

    @cached_property
    def _probes(self) -> Policies:
        """Every condition of every permitting clause by itself, asked only after a refusal."""
        found = {
            _probe(clause, name): cedar.policy(Effect.PERMIT, ACTIONS, [condition], {"id": _probe(clause, name)})
            for clause in self.clauses.values()
            if clause.effect is Effect.PERMIT
            for name, condition in conditions(clause, ReplyLevel.HIT).items()
        }
        return Policies(found, self.parties)

    def _policies(self) -> dict[str, Json]:
        found: dict[str, Json] = {}
        for clause in self.clauses.values():
            for levels in _groups(clause):
                name = f"{clause.id} {levels[0].word}"
                wanted = list(conditions(clause, levels[0]).values())
                note = {"id": clause.id, "title": clause.title}
                found[name] = cedar.policy(clause.effect, levels, wanted, note)
                self._clause_of[name] = clause
        return found


def _groups(clause: Clause) -> list[list[ReplyLevel]]:
    """The levels of a clause, those with the same conditions together.

    What is permitted reaches up to the reply level; what is forbidden is forbidden at every level.
    """
    if clause.effect is Effect.FORBID:
        return [list(ACTIONS)]
    if clause.reply is None:
        raise ValueError(f"{clause.id} permits, but does not say how much: it has no reply.")
    groups: list[list[ReplyLevel]] = []
    for level in ACTIONS:
        if level > LEVELS[clause.reply]:
            break
        if groups and conditions(clause, groups[-1][0]) == conditions(clause, level):
            groups[-1].append(level)
        else:
            groups.append([level])
    return groups


def _looks_at(clause: Clause) -> list[str]:
    """The facts that decide whether it applies, at any level."""
    named = {name for level in ACTIONS for name in conditions(clause, level)}
    return [fact for name in named for fact in BY_NAME[name].facts]


def _third_parties(clauses: Sequence[Clause]) -> set[str]:
    """Whom clauses name without their being parties."""
    found: set[str] = set()
    for clause in clauses:
        found |= set(clause.deny_countries)
        found |= set(clause.onward.parties) if clause.onward else set()
        found |= {code for one in clause.assurances for code in one.askers}
    return found


def _probe(clause: Clause, condition: str) -> str:
    return f"{clause.id} {condition}"
