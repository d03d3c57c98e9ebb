"""The clauses of one instrument as a program that decides and says why not."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from operator import itemgetter
from typing import Any

from comity.domain import limits
from comity.domain.circumstances import Tier, Use
from comity.domain.decision import LayerDecision, Request
from comity.domain.instrument import Clause, Effect, Reply
from comity.domain.reply import ReplyLevel
from comity.law import cedar
from comity.law.cedar import ACTIONS, Json, Policies
from comity.law.columns import Fine, NotEvaluated, asked_of, columns
from comity.law.conditions import BY_NAME, conditions
from comity.law.duties import add_up, owed
from comity.law.facts import ANYONE_ELSE, Facts, within_quota
from comity.law.lenses import lenses
from comity.law.words import listed

LEVELS = {Reply.HIT: ReplyLevel.HIT, Reply.CORE: ReplyLevel.CORE, Reply.FULL: ReplyLevel.FULL}
_DEEPEST_FIRST = tuple(reversed(ACTIONS))
_BY_LEVEL = "assurances"  # the one condition that may be needed for a deeper reply alone


@dataclass(frozen=True)
class Outcome:
    """What one instrument, taken alone, lets out, and the clauses that decided: permitting ones, or forbidding ones.

    `names` and `obligations` are those of the clauses. `told` is how it was told, by layer and whether it was urgent.
    """

    level: ReplyLevel
    clauses: tuple[Clause, ...] = ()
    errors: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    obligations: tuple[str, ...] = ()
    told: dict[tuple[str, bool], LayerDecision] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True)
class Near:
    """A permitting clause that does not fit the request, and the conditions that do not hold."""

    clause: Clause
    failing: tuple[str, ...]
    tier: str = ""  # of the asker, as the texts have it

    @cached_property
    def distance(self) -> int:
        return sum(BY_NAME[condition].distance for condition in self.failing)

    @cached_property
    def answers(self) -> str:
        """What the clause is about and where it holds, as far as that does not fit: `persons for locate`."""
        where = (BY_NAME[condition].where(self.clause) for condition in self.failing)
        about = listed(self.clause.categories, "and") or "every category"
        return f"{about} {', '.join(one for one in where if one)}".rstrip()


class Program:
    """One policy per clause and group of levels. Raises ValueError where the clauses do not validate.

    `tiers` says how far parties take part: whom it does not name, of that it is not known.
    `territory` gives codes that count as a party's. Whoever is no party is anyone else; where an instrument is
    `open_to_all`, its clauses may name others than its parties. Unless it is `remembering`, every outcome is asked of
    Cedar as a whole.
    """

    def __init__(
        self,
        name: str,
        parties: Collection[str],
        clauses: Sequence[Clause],
        territory: Mapping[str, Collection[str]] | None = None,
        open_to_all: bool = False,
        remembering: bool = True,
        tiers: Mapping[str, Tier] | None = None,
    ) -> None:
        self.name = name
        self.tiers = dict(tiers or {})
        self.remembering = remembering
        self.clauses = tuple(clauses)
        # Of two clauses with one id the later would replace the earlier, and a forbidding one would be gone.
        # Falls without it: tests/law/test_program.py
        if len({clause.id for clause in clauses}) != len(clauses):
            raise ValueError("Two clauses have the same id.")
        self.sides = {party: party for party in parties}
        self.sides |= {code: party for party, codes in (territory or {}).items() for code in codes}
        named = {code for clause in clauses for code in (*clause.askers, *clause.owners)}
        if not open_to_all and (strangers := named - set(parties)):
            raise ValueError(f"{', '.join(sorted(strangers))} is no party.")
        # Parties of which no clause speaks are one and the same to it.
        self.parties = frozenset({*named, *_third_parties(clauses), *self.tiers, ANYONE_ELSE})
        self.quotas = {clause.id: clause.quota.questions for clause in clauses if clause.quota}
        schema = cedar.schema(self.parties)
        self._clause_of: dict[str, Clause] = {}
        self.policies = Policies(self._policies(), schema)
        self.policies.validate()
        self._sides = {code: self._side(code) for code in {*self.sides, *self.parties}}
        looked_at = _looked_at(clauses)
        self.columns = columns(clauses, _at_every_level, schema, looked_at)
        self.assurances = {level: columns(clauses, _at_level(level), schema, looked_at) for level in ACTIONS}
        self._facts = itemgetter(*looked_at)
        by_fact = lenses(clauses)
        self._lenses = [(place, by_fact[name]) for place, name in enumerate(looked_at) if name in by_fact]
        self._asker_at, self._owner_at = looked_at.index("asker"), looked_at.index("owner")
        self._recipient_at = looked_at.index("recipient") if "recipient" in looked_at else None
        self._for_answers = tuple(column for column in self.columns if column.name != "uses")
        self._all = (1 << len(self.clauses)) - 1
        self._forbids = _bits(clause.effect is Effect.FORBID for clause in clauses)
        self._levels = [
            (level, _bits(_permits(clause, level) for clause in clauses), self.assurances[level])
            for level in _DEEPEST_FIRST
        ]
        self._outcomes: dict[tuple[ReplyLevel, int], Outcome] = {}
        self._clauses_near: dict[tuple[int, tuple[str, ...], str], Near] = {}
        self._near: dict[tuple[ReplyLevel, str, tuple[int, ...]], Near | None] = {}

    def side(self, code: str) -> str:
        """As clauses see a party: a territory as whoever signed for it, whoever they do not name as anyone else."""
        return self._sides.get(code, ANYONE_ELSE)

    def _side(self, code: str) -> str:
        party = self.sides.get(code, code)
        return party if party in self.parties else ANYONE_ELSE

    def tier(self, code: str) -> Tier | None:
        """As this text gives it to that party or territory."""
        return self.tiers.get(self.sides.get(code, code))

    def outcome(self, request: Request, facts: Facts) -> Outcome:
        """The deepest level that any clause permits, unless one forbids; an error ends it."""
        if not self.remembering:
            return self.outcome_by_cedar(request, facts)
        fine, see = self._fine(request, facts), partial(self._seen, request, facts)
        try:
            held = self._all
            # To be told is the one use that no clause restricts by itself (`conditions._use`): nothing to ask.
            for column in self.columns if facts["use"] != Use.ANSWER else self._for_answers:
                # As `column.holds`, in place: of all lines of the law this one runs most often.
                bits = column.known.get(column.key(fine))
                held &= bits if bits is not None else column.holds(fine, see)
            if forbidding := held & self._forbids:
                return self._decided(ReplyLevel.NOTHING, forbidding)
            for level, permits, assurances in self._levels if held else ():
                permitting = held & permits
                for column in assurances if permitting else ():
                    permitting &= column.holds(fine, see)
                if permitting:
                    return self._decided(level, permitting)
        except NotEvaluated as broken:
            return Outcome(ReplyLevel.NOTHING, errors=broken.args)
        return self._decided(ReplyLevel.NOTHING, 0)

    def outcome_by_cedar(self, request: Request, facts: Facts) -> Outcome:
        """The same, asked of Cedar as one set of policies: slower, remembers nothing, and must come to the same."""
        seen, found = self._seen(request, facts), Outcome(ReplyLevel.NOTHING)
        asked = asked_of(seen)
        for level in ACTIONS:
            verdict = self.policies.verdict(asked, level)
            if verdict.errors:
                return Outcome(ReplyLevel.NOTHING, errors=verdict.errors)
            decided = {self._clause_of[name].id for name in verdict.policies}
            bits = _bits(clause.id in decided for clause in self.clauses)
            if not verdict.allowed:
                return found if found.level else self._decided(ReplyLevel.NOTHING, bits)
            found = self._decided(level, bits)
        return found

    def nearest(self, request: Request, facts: Facts, above: ReplyLevel = ReplyLevel.NOTHING) -> Near | None:
        """The permitting clause that comes closest to permitting more than that, and what of it does not hold."""
        fine, see, level = self._fine(request, facts), partial(self._seen, request, facts), ReplyLevel(above + 1)
        asked = (*self.columns, *self.assurances[level])
        tier = self.tier(request.asker) if self.tiers else facts["tier"]
        key = level, str(tier or ""), tuple([column.holds(fine, see) for column in asked])
        if key not in self._near:
            if len(self._near) >= limits.DECISIONS_KEPT_MAX:
                self._near.clear()
            held = dict(zip((column.name for column in asked), key[2], strict=True))
            self._near[key] = self._nearest(held, level, key[1])
        return self._near[key]

    def _nearest(self, held: Mapping[str, int], level: ReplyLevel, tier: str) -> Near | None:
        """`held` by condition: a bit for each clause, as a column has it."""
        near = [
            self._clause_near(place, tuple([name for name, bits in held.items() if not bits >> place & 1]), tier)
            for place, clause in enumerate(self.clauses)
            if _permits(clause, level)
        ]
        return min(near, key=lambda one: one.distance, default=None)

    def _clause_near(self, place: int, failing: tuple[str, ...], tier: str) -> Near:
        """Kept with what was worked out of it: many requests fail a clause in the same things."""
        key = place, failing, tier
        if key not in self._clauses_near:
            if len(self._clauses_near) >= limits.DECISIONS_KEPT_MAX:
                self._clauses_near.clear()
            self._clauses_near[key] = Near(self.clauses[place], failing, tier)
        return self._clauses_near[key]

    def _fine(self, request: Request, facts: Facts) -> Fine:
        """What these clauses look at, as finely as they tell it apart."""
        fine: list[Any] = list(self._facts(self._seen(request, facts) if self.tiers or self.quotas else facts))
        side = self._sides.get
        fine[self._asker_at], fine[self._owner_at] = side(request.asker, ANYONE_ELSE), side(request.owner, ANYONE_ELSE)
        if self._recipient_at is not None and (recipient := request.circumstances.recipient):
            fine[self._recipient_at] = side(recipient, ANYONE_ELSE)
        for place, lens in self._lenses:
            fine[place] = lens(fine[place])
        return fine

    def _seen(self, request: Request, facts: Facts) -> Facts:
        """The facts with those that depend on who looks: the parties, its own quotas."""
        seen = dict(facts)
        seen["asker"], seen["owner"] = self.side(request.asker), self.side(request.owner)
        if recipient := request.circumstances.recipient:
            seen["recipient"] = self.side(recipient)
        # What the request says of its tier counts for nothing beside it. Falls without it: tests/law/test_tiers.py
        if self.tiers:
            seen["tier"] = self.tier(request.asker)
        if self.quotas:
            seen["within_quota"] = within_quota(self.name, self.quotas, request)
        return seen

    def _decided(self, level: ReplyLevel, bits: int) -> Outcome:
        found = self._outcomes.get((level, bits))
        if found is None:
            clauses = tuple(clause for place, clause in enumerate(self.clauses) if bits >> place & 1)
            names = tuple(f"{self.name} {clause.id}" for clause in clauses)
            owing = add_up(code for clause in clauses for code in owed(clause))
            found = self._outcomes[level, bits] = Outcome(level, clauses, (), names, owing)
        return found

    def _policies(self) -> dict[str, Json]:
        found: dict[str, Json] = {}
        for clause in self.clauses:
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


def _looked_at(clauses: Sequence[Clause]) -> list[str]:
    """The facts that any condition of these clauses looks at; two at least, for so `itemgetter` gives a tuple."""
    named = {name for clause in clauses for level in ACTIONS for name in conditions(clause, level)}
    return sorted({"asker", "owner", *(fact for name in named for fact in BY_NAME[name].facts)})


def _at_every_level(clause: Clause) -> dict[str, Json]:
    found = conditions(clause, ReplyLevel.FULL)
    return {name: condition for name, condition in found.items() if name != _BY_LEVEL}


def _at_level(level: ReplyLevel) -> Callable[[Clause], dict[str, Json]]:
    def only(clause: Clause) -> dict[str, Json]:
        return {name: one for name, one in conditions(clause, level).items() if name == _BY_LEVEL}

    return only


def _permits(clause: Clause, level: ReplyLevel) -> bool:
    return clause.effect is Effect.PERMIT and clause.reply is not None and level <= LEVELS[clause.reply]


def _bits(flags: Iterable[bool]) -> int:
    return sum(1 << place for place, flag in enumerate(flags) if flag)


def _third_parties(clauses: Sequence[Clause]) -> set[str]:
    """Whom clauses name without their being parties."""
    found: set[str] = set()
    for clause in clauses:
        found |= set(clause.deny_countries)
        found |= set(clause.onward.parties) if clause.onward else set()
        found |= {code for one in clause.assurances for code in one.askers}
    return found
