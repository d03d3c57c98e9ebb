"""How the conditions of a clause are asked of Cedar. Of each fact that may be missing: what holds without it."""

from collections.abc import Sequence

from comity.domain.circumstances import Use
from comity.domain.instrument import AssuranceNeeded, Clause, Effect, OffenceScope, Onward, Release
from comity.law import cedar
from comity.law.cedar import Json, fact, if_known


def one_of(kind: str, name: str, values: Sequence[str], missing: bool) -> Json | None:
    return if_known(name, cedar.one_of(kind, values, fact(name)), missing) if values else None


def any_of(kind: str, name: str, values: Sequence[str]) -> Json | None:
    return cedar.any_of(kind, values, fact(name)) if values else None


def owners(clause: Clause, missing: bool) -> Json | None:
    return cedar.one_of("Party", clause.owners, cedar.OWNER) if clause.owners else None


def askers(clause: Clause, missing: bool) -> Json | None:
    return cedar.one_of("Party", clause.askers, cedar.ASKER) if clause.askers else None


def other_askers(clause: Clause, missing: bool) -> Json | None:
    denied = clause.deny_countries
    return cedar.negated(cedar.one_of("Party", denied, cedar.ASKER)) if denied else None


def scope(clause: Clause) -> OffenceScope:
    return clause.offences or OffenceScope()


def threshold(clause: Clause, missing: bool) -> Json | None:
    least = (
        ("penalty_max_months", scope(clause).penalty_min_months),
        ("sentence_months", scope(clause).sentence_min_months),
    )
    wanted = [
        if_known(name, cedar.at_least(fact(name), months), missing) for name, months in least if months is not None
    ]
    return cedar.either(*wanted) if wanted else None


def natures(clause: Clause, missing: bool) -> Json | None:
    excluded, named, what = scope(clause).excluded, scope(clause).natures, fact("natures")
    if excluded:
        return if_known("natures", cedar.negated(cedar.any_of("Nature", excluded, what)), missing)
    return if_known("natures", cedar.any_of("Nature", named, what), missing) if named else None


def dual_criminality(clause: Clause, missing: bool) -> Json | None:
    name = "dual_criminality"
    return if_known(name, fact(name), missing) if scope(clause).dual_criminality else None


def assurances(clause: Clause, missing: bool) -> Json | None:
    return cedar.both(*map(_assured, clause.assurances)) if clause.assurances else None


def _assured(one: AssuranceNeeded) -> Json:
    enough = [cedar.has_in_it("Harm", one.against, fact("assured"))]
    if one.override:
        enough.append(cedar.has_in_it("Harm", one.against, fact("overridden")))
    if one.askers:
        enough.append(cedar.negated(cedar.one_of("Party", one.askers, cedar.ASKER)))
    return cedar.either(*enough)


def special(clause: Clause, missing: bool) -> Json | None:
    asked = clause.special
    if asked is None:
        return None
    wanted = [cedar.any_of("Role", asked.roles, fact("roles"))] if asked.roles else []
    wanted += [fact("necessity")] if asked.necessity else []
    ordinary = cedar.negated(cedar.any_of("Trait", asked.traits, fact("traits")))
    return cedar.either(ordinary, cedar.both(*wanted)) if wanted else ordinary


def use(clause: Clause, missing: bool) -> Json | None:
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


def quota(clause: Clause, missing: bool) -> Json | None:
    return cedar.has_in_it("String", clause.id, fact("within_quota")) if clause.quota else None
