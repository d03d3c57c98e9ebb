"""The words of the conditions of a clause: where it holds, what a request said, what it would need."""

from comity.domain.circumstances import Use
from comity.domain.decision import Request
from comity.domain.instrument import AssuranceNeeded, Clause, OffenceScope, Onward, Release, Special
from comity.law import words
from comity.law.words import listed, party_name


def _scope(clause: Clause) -> OffenceScope:
    return clause.offences or OffenceScope()


# -- where a clause holds ---------------------------------------------------------------------------------------------


def offence_codes(clause: Clause) -> str:
    return f"an offence of {words.spoken_list(_scope(clause).codes, 'or')}"


def thresholds(clause: Clause) -> str:
    scope = _scope(clause)
    named = [("punishable with", scope.penalty_min_months), ("with a sentence of", scope.sentence_min_months)]
    return f"an offence {listed((f'{how} {words.months(least)} or more' for how, least in named if least), 'or')}"


def natures(clause: Clause) -> str:
    scope = _scope(clause)
    if scope.excluded:
        return f"an offence that is not of {listed(scope.excluded, 'or')} nature"
    return f"an offence of {listed(scope.natures, 'or')} nature"


def assurances(clause: Clause) -> str:
    return ", and ".join(map(_assurance, clause.assurances))


def _assurance(one: AssuranceNeeded) -> str:
    when = [f"{words.parties(one.askers)} asks"] if one.askers else []
    when += [f"more than the {one.above} is told"] if one.above else []
    where = f" where {listed(when, 'and')}" if when else ""
    override = ", or with two persons who answer for going on without it" if one.override else ""
    return f"with the asker's assurance against {words.HARMS[one.against]}{where}{override}"


def special(clause: Clause) -> str:
    """What is asked of records that need more care: `of a minor only to a supervisor`."""
    return f"{words.traits(clause.special.traits)} {only(clause.special)}" if clause.special else ""


def only(asked: Special) -> str:
    wanted = [f"to {words.roles(asked.roles)}"] if asked.roles else []
    wanted += ["with the reason why it is strictly necessary"] if asked.necessity else []
    return f"only {listed(wanted, 'and')}" if wanted else "to nobody"


def uses(clause: Clause) -> str:
    """What the receiver may do with it beside reading it: `may not pass it on, and may use it in court`."""
    onward, evidence = clause.onward or Onward(rule=Release.WITH_CONSENT), clause.evidence or Release.WITH_CONSENT
    to = f" to {words.parties(onward.parties)}" if onward.parties else ""
    if onward.rule is evidence is Release.NEVER:
        return "may neither pass it on nor use it in court"
    if onward.rule is evidence and not to:
        return f"may pass it on and use it in court{_consent(evidence)}"
    return f"{_may(onward.rule, f'pass it on{to}')}, and {_may(evidence, 'use it in court')}"


def _may(rule: Release, what: str) -> str:
    return f"may not {what}" if rule is Release.NEVER else f"may {what}{_consent(rule)}"


def _consent(rule: Release) -> str:
    return " with the owner's consent" if rule is Release.WITH_CONSENT else ""


def quota(clause: Clause) -> str:
    asked = clause.quota
    return f"up to {words.count(asked.questions, 'time')} in {words.days(asked.days)}" if asked else ""


# -- what a request said ----------------------------------------------------------------------------------------------


def said_entity(request: Request) -> str:
    entity = request.circumstances.entity
    return f"ask as {words.ENTITIES[entity]}" if entity else "did not say which authority asks"


def said_tier(request: Request) -> str:
    tier = request.circumstances.tier
    return f"are of {tier} tier" if tier else "are of no stated tier"


def said_offence(request: Request) -> str:
    offence = request.circumstances.offence
    return f"named {words.spoken(offence.code)}" if offence else "named no offence"


def said_penalty(request: Request) -> str:
    offence = request.circumstances.offence
    if offence is None:
        return "named no offence"
    named = [("a penalty of up to", offence.penalty_max_months), ("a sentence of", offence.sentence_months)]
    said = listed((f"{how} {words.months(number)}" for how, number in named if number is not None), "and")
    return f"named {said or 'neither penalty nor sentence'}"


def said_natures(request: Request) -> str:
    offence = request.circumstances.offence
    if offence is None:
        return "named no offence"
    return f"named an offence of {listed(offence.natures, 'and') or 'no such'} nature"


def said_both(request: Request) -> str:
    if request.circumstances.offence is None:
        return "named no offence"
    return "named an offence that is not said to be one in both countries"


def said_use(request: Request) -> str:
    stated = request.circumstances
    if stated.use is Use.ONWARD:
        return f"want to pass it on to {party_name(stated.recipient) or 'nobody named'}"
    return "want to use it in court"


def said_language(request: Request) -> str:
    language = request.circumstances.language
    return f"wrote in {words.languages([language])}" if language else "did not say in which language"


def said_count(request: Request) -> str:
    return "asked as many already" if request.circumstances.asked is not None else "were not counted at this node"


# -- what would be needed ---------------------------------------------------------------------------------------------


def needs_use(clause: Clause, request: Request) -> str:
    """Of the use that was asked for: the owner's consent, another recipient, or nothing that this clause could give."""
    stated = request.circumstances
    if stated.use is Use.EVIDENCE:
        rule = clause.evidence or Release.WITH_CONSENT
        consent = "the owner's consent to its use in court, which holds today"
        return consent if rule is Release.WITH_CONSENT else "another legal basis: this clause permits no use in court"
    onward = clause.onward or Onward(rule=Release.WITH_CONSENT)
    if onward.rule is Release.NEVER:
        except_for = " but a body that oversees you" if onward.oversight else ""
        return f"another legal basis: this clause lets it be passed on to nobody{except_for}"
    if onward.parties and stated.recipient not in onward.parties:
        return f"another legal basis: this clause lets it be passed on to {words.parties(onward.parties)} alone"
    return (
        f"the owner's consent to passing it on to {party_name(stated.recipient) or 'a named party'}, which holds today"
    )


def needs_assurance(clause: Clause, request: Request) -> str:
    return listed(
        (
            f"the assurance of {party_name(request.asker)} against {words.HARMS[one.against]}"
            + (", or two persons who answer for going on without it" if one.override else "")
            for one in clause.assurances
            if not one.askers or request.asker in one.askers
        ),
        "and",
    )


def needs_special(clause: Clause, request: Request) -> str:
    asked = clause.special
    if asked is None:
        return ""
    wanted = [f"{words.roles(asked.roles)} who asks"] if asked.roles else []
    wanted += ["the reason why it is strictly necessary"] if asked.necessity else []
    return ", and ".join(wanted) or f"a record that is not {words.traits(asked.traits)}"


def needs_quota(clause: Clause, request: Request) -> str:
    asked = clause.quota
    return f"fewer than {words.count(asked.questions, 'question')} in {words.days(asked.days)}" if asked else ""
