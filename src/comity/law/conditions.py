"""The conditions of a clause: how each is asked of Cedar, and what is said where it does not hold.

One row per condition, and nowhere else. What a request does not state never fits a permit, and always fits a forbid:
so every condition says of each fact that may be missing what holds without it.
"""

from collections.abc import Callable
from dataclasses import dataclass

from comity.domain.decision import Request
from comity.domain.instrument import Clause, Effect
from comity.domain.reply import ReplyLevel
from comity.law import expressions as ask
from comity.law import phrases as say
from comity.law import words
from comity.law.cedar import Json, fact
from comity.law.words import listed, party_name

Build = Callable[[Clause, bool], Json | None]
Say = Callable[[Clause], str]
Tell = Callable[[Request], str]
Need = Callable[[Clause, Request], str]


@dataclass(frozen=True)
class Condition:
    """`build` gives the Cedar expression, None where the clause does not have this condition; its second argument is
    what holds where a fact is missing. `facts` are all that it looks at. `distance`: how far a clause is from a request
    that fails in this alone. The words of a condition are those of a clause that has it."""

    name: str
    distance: int
    facts: tuple[str, ...]
    build: Build
    where: Say  # "for border-control", in the clause's own words; '' where what it is about must do
    stated: Tell  # "stated border-control": what the request said, after "you"
    needed: Need  # "purpose border-control": what it would need


def conditions(clause: Clause, level: ReplyLevel) -> dict[str, Json]:
    """By name, every condition that the clause sets for telling so much."""
    missing = clause.effect is Effect.FORBID
    found = {one.name: one.build(clause, missing) for one in CONDITIONS if _applies(one.name, clause, level)}
    return {name: condition for name, condition in found.items() if condition is not None}


def _applies(name: str, clause: Clause, level: ReplyLevel) -> bool:
    """An assurance is needed above a level only."""
    return name != "assurances" or any(level > _above(one.above) for one in clause.assurances)


def _above(reply: str | None) -> ReplyLevel:
    return ReplyLevel[reply.upper()] if reply else ReplyLevel.NOTHING


CONDITIONS = (
    Condition(
        "categories",
        4_096,
        ("category",),
        lambda clause, missing: ask.one_of("Category", "category", clause.categories, missing),
        lambda clause: "",  # what a clause answers always begins with its categories
        lambda request: f"asked for {request.category}",
        lambda clause, request: "a clause on this category",
    ),
    Condition(
        "owners",
        2_048,
        ("owner",),
        ask.owners,
        lambda clause: f"of {words.parties(clause.owners)}",
        lambda request: f"asked {party_name(request.owner)}",
        lambda clause, request: f"records of {words.parties(clause.owners)}",
    ),
    Condition(
        "askers",
        1_024,
        ("asker",),
        ask.askers,
        lambda clause: f"to {words.parties(clause.askers)}",
        lambda request: f"ask for {party_name(request.asker)}",
        lambda clause, request: f"an asker from {words.parties(clause.askers)}",
    ),
    Condition(
        "deny_countries",
        1_024,
        ("asker",),
        ask.other_askers,
        lambda clause: f"to any party but {words.parties(clause.deny_countries, 'and')}",
        lambda request: f"ask for {party_name(request.asker)}",
        lambda clause, request: f"an asker from elsewhere than {words.parties(clause.deny_countries)}",
    ),
    Condition(
        "purposes",
        256,
        ("purpose",),
        lambda clause, missing: ask.one_of("Purpose", "purpose", clause.purposes, missing),
        lambda clause: f"for {listed(clause.purposes, 'or')}",
        lambda request: f"stated {request.purpose}",
        lambda clause, request: f"purpose {listed(clause.purposes, 'or')}",
    ),
    Condition(
        "tiers",
        128,
        ("tier",),
        lambda clause, missing: ask.one_of("Tier", "tier", clause.tiers, missing),
        lambda clause: f"to members of {listed(clause.tiers, 'or')} tier",
        say.said_tier,
        lambda clause, request: f"membership of {listed(clause.tiers, 'or')} tier",
    ),
    Condition(
        "entities",
        64,
        ("entity",),
        lambda clause, missing: ask.one_of("EntityKind", "entity", clause.entities, missing),
        lambda clause: f"on a request of {words.entities(clause.entities)}",
        say.said_entity,
        lambda clause, request: f"a request of {words.entities(clause.entities)}",
    ),
    Condition(
        "roles",
        64,
        ("roles",),
        lambda clause, missing: ask.any_of("Role", "roles", clause.roles),
        lambda clause: f"to {words.roles(clause.roles)}",
        lambda request: f"are {words.roles(sorted(request.roles), 'and') or 'without any role'}",
        lambda clause, request: f"{words.roles(clause.roles)} who asks",
    ),
    Condition(
        "offence_codes",
        32,
        ("offence_code",),
        lambda clause, missing: ask.one_of("String", "offence_code", ask.scope(clause).codes, missing),
        lambda clause: f"for {say.offence_codes(clause)}",
        say.said_offence,
        lambda clause, request: say.offence_codes(clause),
    ),
    Condition(
        "offence_threshold",
        32,
        ("penalty_max_months", "sentence_months"),
        ask.threshold,
        lambda clause: f"for {say.thresholds(clause)}",
        say.said_penalty,
        lambda clause, request: say.thresholds(clause),
    ),
    Condition(
        "offence_natures",
        32,
        ("natures",),
        ask.natures,
        lambda clause: f"for {say.natures(clause)}",
        say.said_natures,
        lambda clause, request: say.natures(clause),
    ),
    Condition(
        "dual_criminality",
        32,
        ("dual_criminality",),
        ask.dual_criminality,
        lambda clause: "for what is an offence in both countries",
        say.said_both,
        lambda clause, request: "an offence in both countries",
    ),
    Condition(
        "uses",
        16,
        ("use", "consented", "recipient", "recipient_oversight"),
        ask.use,
        lambda clause: f"to an asker who {say.uses(clause)}",
        say.said_use,
        say.needs_use,
    ),
    Condition(
        "assurances",
        16,
        ("asker", "assured", "overridden"),
        ask.assurances,
        say.assurances,
        lambda request: "gave none that holds today",
        say.needs_assurance,
    ),
    Condition(
        "special",
        16,
        ("traits", "roles", "necessity"),
        ask.special,
        say.special,
        lambda request: "asked without",
        say.needs_special,
    ),
    Condition(
        "priorities",
        8,
        ("priority",),
        lambda clause, missing: ask.one_of("Priority", "priority", clause.priorities, missing),
        lambda clause: f"where it is {listed(clause.priorities, 'or')}",
        lambda request: f"stated {request.circumstances.priority or 'no priority'}",
        lambda clause, request: f"priority {listed(clause.priorities, 'or')}",
    ),
    Condition(
        "languages",
        8,
        ("language",),
        lambda clause, missing: ask.one_of("String", "language", clause.languages, missing),
        lambda clause: f"in {words.languages(clause.languages)}",
        say.said_language,
        lambda clause, request: f"a question in {words.languages(clause.languages)}",
    ),
    Condition(
        "quota",
        4,
        ("within_quota",),
        ask.quota,
        say.quota,
        say.said_count,
        say.needs_quota,
    ),
    Condition(
        "officer_named",
        2,
        ("officer_named",),
        lambda clause, missing: fact("officer_named") if clause.officer_named else None,
        lambda clause: "where the officer who asks is named",
        lambda request: "named none",
        lambda clause, request: "the officer for whom the system asks",
    ),
    Condition(
        "traits",
        1,
        ("traits",),
        lambda clause, missing: ask.any_of("Trait", "traits", clause.traits),
        lambda clause: f"where the record is {words.traits(clause.traits)}",
        lambda request: "asked for such a record",
        lambda clause, request: "",
    ),
    Condition(
        "grounds",
        1,
        ("grounds",),
        lambda clause, missing: ask.any_of("RefusalGround", "grounds", clause.grounds),
        lambda clause: f"where the owner invokes {words.grounds(clause.grounds)}",
        lambda request: "met a ground of refusal",
        lambda clause, request: "",
    ),
)
BY_NAME = {one.name: one for one in CONDITIONS}
DISTANCE_NOT_IN_FORCE = 512
