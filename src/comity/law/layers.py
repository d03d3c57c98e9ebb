"""The layers one by one: what each says by itself of a request, and of a record."""

from collections.abc import Iterator, Sequence
from datetime import date

from comity.domain.bureau import Standing
from comity.domain.caller import Asker, Role
from comity.domain.decision import Envelope, LayerDecision, Request
from comity.domain.hit import Priority
from comity.domain.instrument import Clause, Layer
from comity.domain.lookup import Reason
from comity.domain.reply import ReplyLevel
from comity.law import marking as marks
from comity.law import reasons
from comity.law.facts import Facts, lifted_by
from comity.law.program import Outcome, Program
from comity.law.published import refusal
from comity.law.reasons import Candidate
from comity.law.rulebook import Rulebook
from comity.law.texts import Bound, Slice

_ACTIVE = LayerDecision(layer="standing", level=ReplyLevel.FULL)
_ROLES = {str(role): role for role in Role}


def standing(request: Request) -> LayerDecision:
    """Only an active member is told anything, even of its own records. Anything but active counts against it."""
    if request.standing is Standing.ACTIVE:
        return _ACTIVE
    return _refused("standing", reasons.not_active(request.asker, request.standing))


def organisation(bound: Slice, request: Request, seen: Facts, today: date) -> Iterator[LayerDecision]:
    """The rules of the federation, and of an organisation in it: each text that is in force must permit."""
    if bound.gaps:
        yield from _gaps("organisation", bound, Layer.ORGANISATION)
    seen = lifted_by(request.circumstances.organisation_overrides, seen, today)
    for one in bound.organisation:
        why = one.out_of_force(today, request.asker, request.owner)
        yield _lapsed("organisation", one, why) if why else _alone("organisation", one, request, seen)


def agreements(bound: Slice, request: Request, seen: Facts, today: date) -> LayerDecision:
    """Each agreement decides alone, and the deepest reply wins with the clauses and obligations of that one."""
    in_force = [one for one in bound.agreements if not one.out_of_force(today, request.asker, request.owner)]
    outcomes = [(one, one.program.outcome(request, seen)) for one in in_force]
    # One text that cannot be evaluated shuts the whole layer: what it might have said is not known.
    # Falls without it: tests/law/test_decision.py
    for one, outcome in outcomes:
        if outcome.errors:
            return _refused("agreement", reasons.broken(one.program.name, outcome.errors))
    found = [_told("agreement", outcome, request) for one, outcome in outcomes if outcome.level]
    if found:
        return min(found, key=_depth)
    return _refused("agreement", _why_no_agreement(bound, outcomes, request, seen, today))


def national_laws(bound: Slice, request: Request, seen: Facts, today: date) -> Iterator[LayerDecision]:
    """The law of the asker, then that of the owner. Who has filed none here is bound by its agreements alone."""
    if bound.gaps:
        yield from _gaps("asker-law", bound, Layer.NATIONAL_LAW, request.asker)
    by_asker = lifted_by(request.circumstances.asker_overrides, seen, today)
    yield from _national("asker-law", bound.asker_law, request.asker, request, by_asker, today)
    if bound.gaps:
        yield from _gaps("owner-law", bound, Layer.NATIONAL_LAW, request.owner)
    yield from _national("owner-law", bound.owner_law, request.owner, request, seen, today)


def marking(envelope: Envelope, request: Request, book: Rulebook, today: date) -> LayerDecision:
    """The record's own conditions. Past its retention it is not there, whoever asks."""
    if today > envelope.retain_until:
        return _refused("marking", reasons.marked("The record is past its retention.", "Nothing: it is to be erased."))
    asker = Asker(
        bureau=request.bureau,
        country=request.asker if request.asker.isupper() else "",
        unit="",
        officer=request.officer,
        roles=tuple(_ROLES[role] for role in request.roles if role in _ROLES),
    )
    level = marks.level_of(envelope.marking, envelope.source, envelope.country, asker, book)
    if level is ReplyLevel.NOTHING:
        told = reasons.marked("The owner's marking closes the record to whoever asks.", "The owner's permission.")
        return _refused("marking", told)
    return LayerDecision(layer="marking", level=level, obligations=marks.obligations(envelope.marking, book))


def own_rules(program: Program, request: Request, seen: Facts) -> LayerDecision:
    """The rulebook's own rules on who in an organisation looks up what."""
    outcome = program.outcome(request, seen)
    if outcome.errors:
        return _refused("own-rules", reasons.broken(program.name, outcome.errors))
    if outcome.level:
        return _told("own-rules", outcome, request)
    if outcome.clauses:
        return _refused("own-rules", reasons.forbidden(program.name, outcome.clauses[0], request))
    near = program.nearest(request, seen)
    told = reasons.closest([Candidate(program.name, near)] if near else [], request)
    return _refused("own-rules", told or reasons.nothing_permits(program.name))


def _national(
    layer: str, bound: Sequence[Bound], party: str, request: Request, seen: Facts, today: date
) -> Iterator[LayerDecision]:
    """Each text in force must permit. A party whose every text has lapsed lets nothing out: its law is not known."""
    in_force = [one for one in bound if not one.out_of_force(today, party)]
    for one in in_force:
        yield _alone(layer, one, request, seen)
    if in_force:
        return
    if lapsed := [one for one in bound if one.instrument.in_force_from <= today]:
        why = lapsed[0].out_of_force(today, party)
        yield _refused(layer, reasons.lapsed(party, lapsed[0].program.name, why))


def _alone(layer: str, one: Bound, request: Request, seen: Facts) -> LayerDecision:
    """One instrument that must permit by itself."""
    outcome = one.program.outcome(request, seen)
    if outcome.errors:
        return _refused(layer, reasons.broken(one.program.name, outcome.errors))
    if outcome.level:
        return _told(layer, outcome, request)
    if outcome.clauses:
        return _refused(layer, reasons.forbidden(one.program.name, outcome.clauses[0], request))
    near = one.program.nearest(request, seen)
    told = reasons.closest([Candidate(one.program.name, near)] if near else [], request)
    return _refused(layer, told or reasons.nothing_permits(one.program.name))


def _lapsed(layer: str, one: Bound, why: str) -> LayerDecision:
    name = one.program.name
    return _refused(
        layer, Reason(clause=name, text=f"{name} {why}.", needed="Rules that are in force, and live for both sides.")
    )


def _why_no_agreement(
    bound: Slice, outcomes: Sequence[tuple[Bound, Outcome]], request: Request, seen: Facts, today: date
) -> Reason:
    """A clause that forbids it, or else the clause that came closest to permitting it, in force or not."""
    for one, outcome in outcomes:
        if outcome.clauses:
            return reasons.forbidden(one.program.name, outcome.clauses[0], request)
    unusable = [gap for gap in bound.gaps if gap.layer is Layer.AGREEMENT]
    # Of what may not be used at all nobody knows how close it came.
    if lost := [gap for gap in unusable if not gap.unbound]:
        return refusal(lost[0])
    near = [(one, one.program.nearest(request, seen)) for one in bound.agreements]
    candidates = [
        Candidate(one.program.name, found, one.out_of_force(today, request.asker, request.owner))
        for one, found in near
        if found
    ]
    if told := reasons.closest(candidates, request):
        return told
    return refusal(unusable[0]) if unusable else reasons.no_agreement(request.asker, request.owner)


def _gaps(layer: str, bound: Slice, of: Layer, party: str = "") -> Iterator[LayerDecision]:
    """What is not known might forbid it. Falls without it: tests/law/test_bundles.py"""
    for gap in bound.gaps:
        if gap.layer is of and (not party or party in gap.parties):
            yield _refused(layer, refusal(gap))


def _depth(found: LayerDecision) -> tuple[int, int, tuple[str, ...]]:
    """Deepest reply first; among equals the one that asks least of the receiver, then by name."""
    return -found.level, len(found.obligations), found.clauses


def _told(layer: str, outcome: Outcome, request: Request) -> LayerDecision:
    key = layer, request.circumstances.priority == Priority.URGENT
    # A program comes to the same few outcomes again and again.
    if (found := outcome.told.get(key)) is None:
        found = outcome.told[key] = LayerDecision(
            layer=layer,
            level=outcome.level,
            clauses=outcome.names,
            obligations=outcome.obligations,
            answer_within_minutes=_answer_within(outcome.clauses, urgent=key[1]),
        )
    return found


def _answer_within(clauses: Sequence[Clause], urgent: bool) -> int | None:
    told = [
        one.answer_within.urgent_minutes if urgent else one.answer_within.routine_minutes
        for one in clauses
        if one.answer_within is not None
    ]
    return min((minutes for minutes in told if minutes is not None), default=None)


def _refused(layer: str, reason: Reason) -> LayerDecision:
    return LayerDecision(layer=layer, level=ReplyLevel.NOTHING, reason=reason)
