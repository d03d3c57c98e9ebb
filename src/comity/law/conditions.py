"""The conditions of a clause: how each is asked of Cedar, and what is said where it does not hold.

One row per condition, and nowhere else. What a request does not state never fits a permit, and always fits a forbid:
so every condition says of each fact that may be missing what holds without it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from comity.domain.circumstances import Use
from comity.domain.country import country_name
from comity.domain.decision import Request
from comity.domain.instrument import Clause, Effect, OffenceScope, Onward, Release
from comity.domain.reply import ReplyLevel
from comity.law import cedar
from comity.law.cedar import Json, fact, if_known

Build = Callable[[Clause, bool], Json | None]
Say = Callable[[Clause], str]
Tell = Callable[[Request], str]


@dataclass(frozen=True)
class Condition:
    """`build` gives the Cedar expression, None where the clause does not have this condition; its second argument is
    what holds where a fact is missing. `facts` are all that it looks at. `distance`: how far a clause is from a request
    that fails in this alone."""

    name: str
    distance: int
    facts: tuple[str, ...]
    build: Build
    answers: Say  # "persons … for border-control", what the clause answers; '' where its own text must do
    stated: Tell  # "stated border-control": what the request said
    needed: Say  # "purpose border-control": what it would need


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


# -- expressions ------------------------------------------------------------------------------------------------------


def _one(kind: str, name: str, values: Sequence[str], missing: bool) -> Json | None:
    return if_known(name, cedar.one_of(kind, values, fact(name)), missing) if values else None


def _scope(clause: Clause) -> OffenceScope:
    return clause.offences or OffenceScope()


def _threshold(clause: Clause, missing: bool) -> Json | None:
    least = (
        ("penalty_max_months", _scope(clause).penalty_min_months),
        ("sentence_months", _scope(clause).sentence_min_months),
    )
    wanted = [
        if_known(name, cedar.at_least(fact(name), months), missing) for name, months in least if months is not None
    ]
    return cedar.either(*wanted) if wanted else None


def _natures(clause: Clause, missing: bool) -> Json | None:
    scope, what = _scope(clause), fact("natures")
    if scope.excluded:
        return if_known("natures", cedar.negated(cedar.any_of("Nature", scope.excluded, what)), missing)
    return if_known("natures", cedar.any_of("Nature", scope.natures, what), missing) if scope.natures else None


def _assurances(clause: Clause, missing: bool) -> Json | None:
    wanted = []
    for one in clause.assurances:
        enough = [cedar.has_in_it("Harm", one.against, fact("assured"))]
        if one.override:
            enough.append(cedar.has_in_it("Harm", one.against, fact("overridden")))
        if one.askers:
            enough.append(cedar.negated(cedar.one_of("Party", one.askers, cedar.ASKER)))
        wanted.append(cedar.either(*enough))
    return cedar.both(*wanted) if wanted else None


def _special(clause: Clause, missing: bool) -> Json | None:
    special = clause.special
    if special is None:
        return None
    wanted = [cedar.any_of("Role", special.roles, fact("roles"))] if special.roles else []
    wanted += [fact("necessity")] if special.necessity else []
    ordinary = cedar.negated(cedar.any_of("Trait", special.traits, fact("traits")))
    return cedar.either(ordinary, cedar.both(*wanted)) if wanted else ordinary


def _use(clause: Clause, missing: bool) -> Json | None:
    """Whatever a clause lets be told may be used further as it says; what is forbidden is forbidden for every use."""
    if clause.effect is Effect.FORBID:
        return None
    onward = clause.onward or Onward(rule=Release.WITH_CONSENT)
    return cedar.either(
        cedar.is_("Use", Use.ANSWER, fact("use")),
        cedar.both(cedar.is_("Use", Use.ONWARD, fact("use")), _passed_on(onward)),
        cedar.both(
            cedar.is_("Use", Use.EVIDENCE, fact("use")),
            _released(clause.evidence or Release.WITH_CONSENT, Use.EVIDENCE),
        ),
    )


def _passed_on(onward: Onward) -> Json:
    allowed = _released(onward.rule, Use.ONWARD)
    if onward.parties:
        to = cedar.one_of("Party", onward.parties, fact("recipient"))
        allowed = cedar.both(allowed, if_known("recipient", to, False))
    return cedar.either(allowed, fact("recipient_oversight")) if onward.oversight else allowed


def _released(rule: Release, use: Use) -> Json:
    if rule is Release.WITH_CONSENT:
        return cedar.has_in_it("Use", use, fact("consented"))
    return cedar.ALWAYS if rule is Release.ALLOWED else cedar.NEVER


def _quota(clause: Clause, missing: bool) -> Json | None:
    return cedar.has_in_it("String", clause.id, fact("within_quota")) if clause.quota else None


# -- words ------------------------------------------------------------------------------------------------------------


def listed(values: Iterable[str], joint: str = "") -> str:
    """`a, b, c`, or `a, b or c`."""
    named = list(values)
    if not joint or len(named) < 2:
        return ", ".join(named)
    return f"{', '.join(named[:-1])} {joint} {named[-1]}"


def party_name(party: str) -> str:
    """`Bergenia`; an organisation by its own name."""
    return country_name(party) if party.isupper() else party


def parties(codes: Iterable[str]) -> str:
    return listed((party_name(code) for code in codes), "or")


def _offence(clause: Clause) -> str:
    return f"an offence of {listed(_scope(clause).codes, 'or')}"


def _thresholds(clause: Clause) -> str:
    scope = _scope(clause)
    named = [("punishable with", scope.penalty_min_months), ("sentenced to", scope.sentence_min_months)]
    return listed((f"an offence {how} {months} months or more" for how, months in named if months), "or")


def _said_offence(request: Request) -> str:
    offence = request.circumstances.offence
    return f"named {offence.code}" if offence else "named no offence"


def _said_penalty(request: Request) -> str:
    offence = request.circumstances.offence
    if offence is None:
        return "named no offence"
    named = [("a penalty of up to", offence.penalty_max_months), ("a sentence of", offence.sentence_months)]
    said = listed(f"{how} {months} months" for how, months in named if months is not None)
    return f"named {said or 'neither penalty nor sentence'}"


def _said_natures(request: Request) -> str:
    offence = request.circumstances.offence
    if offence is None:
        return "named no offence"
    return f"named an offence of {listed(offence.natures, 'and') or 'no such'} nature"


def _said_use(request: Request) -> str:
    stated = request.circumstances
    if stated.use is Use.ONWARD:
        return f"want to pass it on to {party_name(stated.recipient) or 'nobody named'}"
    return "want to use it in court"


def _needs_use(clause: Clause) -> str:
    onward, wanted = clause.onward or Onward(rule=Release.WITH_CONSENT), []
    if onward.rule is not Release.NEVER:
        to = f" to {parties(onward.parties)}" if onward.parties else ""
        wanted.append(f"passing on{to}" + (" with the owner's consent" if onward.rule is Release.WITH_CONSENT else ""))
    if onward.oversight:
        wanted.append("passing on to a body of oversight")
    evidence = clause.evidence or Release.WITH_CONSENT
    if evidence is not Release.NEVER:
        wanted.append("use in court" + (" with the owner's consent" if evidence is Release.WITH_CONSENT else ""))
    return listed(wanted, "or") or "no use but the answer itself"


def _needs_assurance(clause: Clause) -> str:
    return listed(
        (
            f"an assurance against {one.against}" + (" or an override by two persons" if one.override else "")
            for one in clause.assurances
        ),
        "and",
    )


def _needs_special(clause: Clause) -> str:
    special = clause.special
    if special is None:
        return ""
    wanted = [f"role {listed(special.roles, 'or')}"] if special.roles else []
    wanted += ["the reason why it is strictly necessary"] if special.necessity else []
    return listed(wanted, "and") or f"a record of no {listed(special.traits, 'or')}"


def _needs_quota(clause: Clause) -> str:
    quota = clause.quota
    return f"fewer than {quota.questions} questions in {quota.days} days" if quota else ""


def _silent(clause: Clause) -> str:
    return ""


# -- the table --------------------------------------------------------------------------------------------------------

CONDITIONS = (
    Condition(
        "categories",
        4_096,
        ("category",),
        lambda clause, missing: _one("Category", "category", clause.categories, missing),
        _silent,  # what a clause answers always begins with its categories
        lambda request: f"asked for {request.category}",
        lambda clause: "a clause on this category",
    ),
    Condition(
        "owners",
        2_048,
        ("owner",),
        lambda clause, missing: cedar.one_of("Party", clause.owners, cedar.OWNER) if clause.owners else None,
        lambda clause: f"of {parties(clause.owners)}",
        lambda request: f"asked {party_name(request.owner)}",
        lambda clause: f"records of {parties(clause.owners)}",
    ),
    Condition(
        "askers",
        1_024,
        ("asker",),
        lambda clause, missing: cedar.one_of("Party", clause.askers, cedar.ASKER) if clause.askers else None,
        lambda clause: f"to {parties(clause.askers)}",
        lambda request: f"ask for {party_name(request.asker)}",
        lambda clause: f"an asker from {parties(clause.askers)}",
    ),
    Condition(
        "deny_countries",
        1_024,
        ("asker",),
        lambda clause, missing: (
            cedar.negated(cedar.one_of("Party", clause.deny_countries, cedar.ASKER)) if clause.deny_countries else None
        ),
        lambda clause: f"to all but {parties(clause.deny_countries)}",
        lambda request: f"ask for {party_name(request.asker)}",
        lambda clause: f"an asker from elsewhere than {parties(clause.deny_countries)}",
    ),
    Condition(
        "purposes",
        256,
        ("purpose",),
        lambda clause, missing: _one("Purpose", "purpose", clause.purposes, missing),
        lambda clause: f"for {listed(clause.purposes)}",
        lambda request: f"stated {request.purpose}",
        lambda clause: f"purpose {listed(clause.purposes, 'or')}",
    ),
    Condition(
        "tiers",
        128,
        ("tier",),
        lambda clause, missing: _one("Tier", "tier", clause.tiers, missing),
        lambda clause: f"to members of tier {listed(clause.tiers, 'or')}",
        lambda request: f"are of {request.circumstances.tier or 'no stated'} tier",
        lambda clause: f"membership of tier {listed(clause.tiers, 'or')}",
    ),
    Condition(
        "entities",
        64,
        ("entity",),
        lambda clause, missing: _one("EntityKind", "entity", clause.entities, missing),
        lambda clause: f"to {listed(clause.entities, 'or')}",
        lambda request: f"are {request.circumstances.entity or 'an entity of no stated kind'}",
        lambda clause: f"a request by {listed(clause.entities, 'or')}",
    ),
    Condition(
        "roles",
        64,
        ("roles",),
        lambda clause, missing: cedar.any_of("Role", clause.roles, fact("roles")) if clause.roles else None,
        lambda clause: f"to {listed(clause.roles)}",
        lambda request: f"are {listed(sorted(request.roles)) or 'without any role'}",
        lambda clause: f"role {listed(clause.roles, 'or')}",
    ),
    Condition(
        "offence_codes",
        32,
        ("offence_code",),
        lambda clause, missing: _one("String", "offence_code", _scope(clause).codes, missing),
        lambda clause: f"for {_offence(clause)}",
        _said_offence,
        _offence,
    ),
    Condition(
        "offence_threshold",
        32,
        ("penalty_max_months", "sentence_months"),
        _threshold,
        lambda clause: f"for {_thresholds(clause)}",
        _said_penalty,
        _thresholds,
    ),
    Condition(
        "offence_natures",
        32,
        ("natures",),
        _natures,
        lambda clause: f"for no offence of {listed(_scope(clause).excluded, 'or')} nature",
        _said_natures,
        lambda clause: f"an offence that is not of {listed(_scope(clause).excluded, 'or')} nature",
    ),
    Condition(
        "dual_criminality",
        32,
        ("dual_criminality",),
        lambda clause, missing: (
            if_known("dual_criminality", fact("dual_criminality"), missing) if _scope(clause).dual_criminality else None
        ),
        lambda clause: "for what is an offence on both sides",
        lambda request: (
            "named an offence that is not said to be one on both sides"
            if request.circumstances.offence
            else "named no offence"
        ),
        lambda clause: "an offence in both countries",
    ),
    Condition(
        "uses",
        16,
        ("use", "consented", "recipient", "recipient_oversight"),
        _use,
        lambda clause: f"for {_needs_use(clause)}",
        _said_use,
        _needs_use,
    ),
    Condition(
        "assurances",
        16,
        ("asker", "assured", "overridden"),
        _assurances,
        lambda clause: f"with {_needs_assurance(clause)}",
        lambda request: "gave none that holds today",
        _needs_assurance,
    ),
    Condition(
        "special",
        16,
        ("traits", "roles", "necessity"),
        _special,
        lambda clause: f"of a special kind with {_needs_special(clause)}",
        lambda request: "asked without",
        _needs_special,
    ),
    Condition(
        "priorities",
        8,
        ("priority",),
        lambda clause, missing: _one("Priority", "priority", clause.priorities, missing),
        lambda clause: f"where it is {listed(clause.priorities, 'or')}",
        lambda request: f"stated {request.circumstances.priority or 'no priority'}",
        lambda clause: f"priority {listed(clause.priorities, 'or')}",
    ),
    Condition(
        "languages",
        8,
        ("language",),
        lambda clause, missing: _one("String", "language", clause.languages, missing),
        lambda clause: f"in {listed(clause.languages, 'or')}",
        lambda request: f"wrote in {request.circumstances.language or 'no stated language'}",
        lambda clause: f"language {listed(clause.languages, 'or')}",
    ),
    Condition(
        "quota",
        4,
        ("within_quota",),
        _quota,
        lambda clause: _needs_quota(clause),
        lambda request: (
            "asked as many already" if request.circumstances.asked is not None else "were not counted at this node"
        ),
        _needs_quota,
    ),
    Condition(
        "officer_named",
        2,
        ("officer_named",),
        lambda clause, missing: fact("officer_named") if clause.officer_named else None,
        lambda clause: "for an officer who is named",
        lambda request: "named none",
        lambda clause: "the officer for whom the system asks",
    ),
    Condition(
        "traits",
        1,
        ("traits",),
        lambda clause, missing: cedar.any_of("Trait", clause.traits, fact("traits")) if clause.traits else None,
        _silent,
        lambda request: "asked for such a record",
        _silent,
    ),
    Condition(
        "grounds",
        1,
        ("grounds",),
        lambda clause, missing: (
            cedar.any_of("RefusalGround", clause.grounds, fact("grounds")) if clause.grounds else None
        ),
        _silent,
        lambda request: "met a ground of refusal",
        _silent,
    ),
)
BY_NAME = {one.name: one for one in CONDITIONS}
DISTANCE_NOT_IN_FORCE = 512
