"""Why the law says what it says: which texts were asked, what each permits by itself, and which of them decided."""

from collections.abc import Iterator
from datetime import date

from msgspec import Struct

from comity.domain.caller import Role
from comity.domain.decision import Decision, LayerDecision, Request
from comity.domain.errors import Invalid
from comity.domain.reply import ReplyLevel
from comity.law.alone import LAYERS, alone, texts
from comity.law.decision import Law, decide
from comity.law.facts import facts
from comity.law.reasons import not_in_force
from comity.law.rulebook import Rulebook
from comity.law.words import listed, party_name


class Consulted(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One text that bears on both sides, and what it says by itself."""

    layer: str
    text: str
    said: LayerDecision | None = None  # None: it adds nothing
    not_in_force: str = ""
    decides: bool = False  # what its layer says is what this text says


class Explanation(Struct, frozen=True, kw_only=True):
    request: Request
    on: date
    decision: Decision
    consulted: tuple[Consulted, ...]
    own_rules: Decision  # what the asker's own organisation lets this officer see of it


def explain(request: Request, law: Law, on: date) -> Explanation:
    """The decision before any search, with what each text said by itself."""
    decision = decide(request, None, law, on)
    known = [role for role in Role if role in request.roles]
    own = law.officer(known, request.category, request.purpose, decision.level, request.officer)
    found = tuple(_consulted(request, law, decision, on))
    return Explanation(request=request, on=on, decision=decision, consulted=found, own_rules=own)


def words(explained: Explanation, book: Rulebook) -> Iterator[str]:
    """Line by line, as it is told to a lawyer or an officer."""
    request, decision = explained.request, explained.decision
    roles = listed(request.roles, "and") or "nobody in particular"
    yield (
        f"{party_name(request.asker)} asks {party_name(request.owner)} for {request.category}, "
        f"stating {request.purpose}, as {roles}, on {explained.on}."
    )
    yield ""
    yield from _layers(explained)
    yield ""
    yield from _outcome(decision, book)
    if decision.level:
        yield _own_rules(explained)


def _consulted(request: Request, law: Law, decision: Decision, on: date) -> Iterator[Consulted]:
    """Nothing where the standing or an unknown code decided before any text was asked."""
    if not any(one.layer == "agreement" for one in decision.layers):
        return
    try:
        seen = facts(request, None, on)
    except Invalid:  # then `decide` has refused it with this very reason
        return
    for layer, one in texts(law.texts.slice(request.asker, request.owner)):
        said = alone(layer, one, request, seen, on)
        sides = [one.program.sides[party] for party in (request.asker, request.owner)] if layer == "agreement" else []
        why = not_in_force(one.instrument, on, sides)
        heard = [found for found in decision.layers if found.layer == layer]
        yield Consulted(
            layer=layer,
            text=one.instrument.id,
            said=None if why and layer.endswith("-law") and said not in heard else said,
            not_in_force=why,
            decides=said in heard,
        )


def _layers(explained: Explanation) -> Iterator[str]:
    for said in explained.decision.layers:
        if said.layer == "standing":
            yield f"standing: {'active' if said.level else _refusal(said)}"
    if not explained.consulted and explained.decision.level:
        yield "No agreement is asked: whoever entered a record may read it."
    if not any(said.layer == "agreement" for said in explained.decision.layers):
        return
    for layer in LAYERS:
        asked = [one for one in explained.consulted if one.layer == layer]
        name = _layer_name(layer, explained.request)
        if not asked:
            nothing = "none between the two" if layer == "agreement" else "nothing on file: adds nothing, takes nothing"
            yield f"{name}: {nothing}"
            continue
        yield f"{name}:"
        for one in asked:
            yield f"  {one.text}: {_said(one)}{' (this decides)' if one.decides and len(asked) > 1 else ''}"


def _layer_name(layer: str, request: Request) -> str:
    return {
        "organisation": "organisation, every text must permit",
        "agreement": "agreements, the deepest reply of any one",
        "asker-law": f"law of {party_name(request.asker)}, every text must permit",
        "owner-law": f"law of {party_name(request.owner)}, every text must permit",
    }[layer]


def _said(one: Consulted) -> str:
    if one.said is None:
        return f"{one.not_in_force}: adds nothing"
    if not one.said.level:
        return _refusal(one.said)
    owed = f"; owed: {', '.join(one.said.obligations)}" if one.said.obligations else ""
    return f"{one.said.level.word} by {_clauses(one.said, one.text)}{owed}"


def _refusal(said: LayerDecision) -> str:
    return f"refused. {said.reason.text}" if said.reason else "refused."


def _clauses(said: LayerDecision, text: str) -> str:
    return listed((name.removeprefix(f"{text} ") for name in said.clauses), "and")


def _outcome(decision: Decision, book: Rulebook) -> Iterator[str]:
    if not decision.level:
        yield f"Answer: refused, by {decision.reason.clause if decision.reason else 'default-deny'}."
        if decision.reason:
            yield decision.reason.text
        for need in dict.fromkeys(_needs(decision)):
            yield f"Needed: {need}"
        return
    yield f"Answer: {decision.level.word}, by {', '.join(decision.clauses) or 'no clause: nothing restricts it'}."
    if decision.level < ReplyLevel.FULL:
        holding = [one.layer for one in decision.layers if one.level is decision.level]
        yield f"No more than that by: {', '.join(holding)}."
    if decision.answer_within_minutes is not None:
        yield f"The owner answers within {decision.answer_within_minutes:,} minutes."
    for code in decision.obligations:
        yield f"Owed: {book.obligation(code)}"


def _needs(decision: Decision) -> Iterator[str]:
    """Of every layer that refuses: to mend one of them alone would not help."""
    for said in decision.layers:
        if not said.level and said.reason and said.reason.needed:
            yield said.reason.needed
    if decision.reason and decision.reason.needed:
        yield decision.reason.needed


def _own_rules(explained: Explanation) -> str:
    own = explained.own_rules
    if own.level:
        return f"Of this the asker's own organisation shows: {own.level.word}, by {', '.join(own.clauses)}."
    why = f" {own.reason.text} Needed: {own.reason.needed}" if own.reason else ""
    return f"Of this the asker's own organisation shows nothing.{why}"
