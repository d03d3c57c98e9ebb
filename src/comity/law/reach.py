"""Clauses that decide nothing: whatever is asked, the text would say the same without them."""

from collections.abc import Iterator
from random import Random

import msgspec

from comity.domain.circumstances import Consent, Use
from comity.domain.errors import Invalid
from comity.domain.instrument import Clause, Effect, Instrument, OffenceScope
from comity.law.facts import facts
from comity.law.grid import Asked, fitting, grid, strayed
from comity.law.oddities import odd
from comity.law.program import Outcome, Program
from comity.law.soundness import Complaint
from comity.law.texts import compiled
from comity.law.toml_text import line_of, place
from comity.law.words import listed

DRAWN = 300  # requests for each clause, each made to fit it and then changed in up to three things
_STRAYS_MAX = 3
_SEED = 1
_LISTS = (
    "askers",
    "owners",
    "categories",
    "purposes",
    "roles",
    "entities",
    "tiers",
    "priorities",
    "languages",
)


def idle(instrument: Instrument) -> Iterator[Complaint]:
    """Each clause without which nothing that was drawn came out otherwise, and the clauses that decided instead."""
    if len(instrument.clauses) < 2:
        return
    whole = compiled(instrument)
    for index, clause in enumerate(instrument.clauses):
        others = tuple(one for one in instrument.clauses if one is not clause)
        try:
            without = compiled(msgspec.structs.replace(instrument, clauses=others))
        except Invalid:
            continue
        if instead := _instead(instrument, index, whole, without):
            yield Complaint(("clauses", index), f"{clause.id}: {_words(clause.effect, instead - {clause.id})}")


def remarks(instrument: Instrument, text: bytes, file_name: str) -> list[str]:
    """What is sound and probably not meant, and clauses that decide nothing, each with file and line."""
    lines = text.decode("utf-8-sig")
    found = (*odd(instrument), *idle(instrument))
    return [f"{place(file_name, line_of(lines, one.path))}: {one}" for one in found]


def _instead(instrument: Instrument, index: int, whole: Program, without: Program) -> frozenset[str]:
    """Who decided whatever was drawn for this clause, itself included; empty where the clause made any difference."""
    clause = instrument.clauses[index]
    draw = Random(_SEED)  # noqa: S311 - drawn to be drawn again, not to be kept secret
    parties, deciding = grid(instrument).parties, {clause.id}
    for _ in range(DRAWN):
        asked = fitting(instrument, _permitted(clause, instrument, draw), draw)
        for _ in range(draw.randrange(_STRAYS_MAX + 1)):
            asked = strayed(asked, draw)
        asked = _used(asked, parties, draw)
        seen = facts(asked.request, asked.envelope, asked.on)
        before, after = whole.outcome(asked.request, seen), without.outcome(asked.request, seen)
        if _outcome(before) != _outcome(after):
            return frozenset()
        deciding |= {one.id for one in before.clauses}
    return frozenset(deciding)


def _permitted(clause: Clause, instrument: Instrument, draw: Random) -> Clause:
    """Of a forbidding clause: with what some permitting one asks, since otherwise it has nothing to forbid."""
    permits = [one for one in instrument.clauses if one.effect is Effect.PERMIT]
    if clause.effect is Effect.PERMIT or not permits:
        return clause
    permit = draw.choice(permits)
    lists = {name: _both(getattr(clause, name), getattr(permit, name)) for name in _LISTS}
    scope, beside = clause.offences or OffenceScope(), permit.offences or OffenceScope()
    offences = OffenceScope(
        codes=_both(scope.codes, beside.codes),
        penalty_min_months=max(scope.penalty_min_months or 0, beside.penalty_min_months or 0) or None,
        sentence_min_months=max(scope.sentence_min_months or 0, beside.sentence_min_months or 0) or None,
        natures=scope.natures,
    )
    further = {"assurances": permit.assurances, "special": permit.special, "offences": offences}
    denied = (*clause.deny_countries, *permit.deny_countries)
    return msgspec.structs.replace(clause, deny_countries=denied, **further, **lists)


def _both(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    """What stands in both lists; an empty one restricts nothing."""
    return tuple(code for code in one if code in other) if one and other else one or other


def _used(asked: Asked, parties: tuple[str, ...], draw: Random) -> Asked:
    """Mostly to be told; else to be passed on or shown in court, with the owner's consent or without."""
    request, use = asked.request, draw.choice((Use.ANSWER, *Use))
    recipient = draw.choice(parties) if use is Use.ONWARD else ""
    consent = Consent(
        given_by=request.owner,
        record=asked.envelope.record,
        use=use,
        purpose=request.purpose,
        recipient=recipient,
        reference="drawn",
        until=asked.on,
    )
    stated = msgspec.structs.replace(
        request.circumstances,
        use=use,
        recipient=recipient,
        recipient_oversight=use is Use.ONWARD and draw.random() < 0.3,
        consents=(consent,) if draw.random() < 0.5 else (),
    )
    return msgspec.structs.replace(asked, request=msgspec.structs.replace(request, circumstances=stated))


def _outcome(found: Outcome) -> tuple[object, ...]:
    """What the asker notices: how much, what is owed, by when."""
    times = frozenset(msgspec.json.encode(one.answer_within) for one in found.clauses if one.answer_within)
    return found.level, frozenset(found.obligations), times


def _words(effect: Effect, instead: frozenset[str]) -> str:
    by = f"; {listed(sorted(instead), 'or')} decided" if instead else ""
    what = (
        "it changes nothing"
        if effect is Effect.PERMIT
        else "what it forbids is not permitted, or forbidden, without it"
    )
    return f"{what}: {DRAWN} requests made for it came out the same without it{by}."
