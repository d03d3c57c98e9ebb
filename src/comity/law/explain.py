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
from comity.law.facts import Facts
from comity.law.reasons import NO_AGREEMENT, more_needs
from comity.law.rulebook import Rulebook
from comity.law.texts import Bound
from comity.law.tiers import seen_of
from comity.law.words import listed, minutes, party_name, roles


class Consulted(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One text that bears on both sides, and what it says by itself."""

    layer: str
    text: str
    said: LayerDecision | None = None  # None: it adds nothing
    not_in_force: str = ""
    decides: bool = False  # what its layer says is what this text says
    quotes: tuple[str, ...] = ()  # where it decides: the clauses by which it permits, in their own words
    more_needs: str = ""  # where it decides: what it would need to tell more


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
    own = law.officer(known, request.category, request.purpose, decision.level, request.officer, request.circumstances)
    found = tuple(_consulted(request, law, decision, on))
    return Explanation(request=request, on=on, decision=decision, consulted=found, own_rules=own)


def words(explained: Explanation, book: Rulebook) -> Iterator[str]:
    """Line by line, as it is told to a lawyer or an officer."""
    request, decision = explained.request, explained.decision
    as_whom = roles(request.roles, "and") or "nobody in particular"
    yield (
        f"{party_name(request.asker)} asks {party_name(request.owner)} for {request.category}, "
        f"stating {request.purpose}, as {as_whom}, on {explained.on}."
    )
    yield ""
    if layers := list(_layers(explained)):
        yield from (*layers, "")
    yield from _outcome(explained, book)
    if decision.level:
        yield _own_rules(explained)


def _consulted(request: Request, law: Law, decision: Decision, on: date) -> Iterator[Consulted]:
    """Nothing where the standing or an unknown code decided before any text was asked."""
    if not any(one.layer == "agreement" for one in decision.layers):
        return
    try:
        bound = law.texts.slice(request.asker, request.owner)
        seen = seen_of(bound, request, None, on)
    except Invalid:  # then `decide` has refused it with this very reason
        return
    for layer, one in texts(bound):
        said = alone(layer, one, request, seen, on)
        why = one.out_of_force(on, request.asker, request.owner)
        heard = [found for found in decision.layers if found.layer == layer]
        yield Consulted(
            layer=layer,
            text=one.instrument.id,
            said=None if why and layer.endswith("-law") and said not in heard else said,
            not_in_force=why,
            decides=said in heard,
            quotes=tuple(_quotes(one, said)) if said in heard else (),
            more_needs=_more_needs(one, said, request, seen) if said in heard else "",
        )


def _quotes(one: Bound, said: LayerDecision) -> Iterator[str]:
    for clause in one.program.clauses:
        if f"{one.instrument.id} {clause.id}" in said.clauses:
            yield f"{one.instrument.id} {clause.id} says: {clause.text}"


def _more_needs(one: Bound, said: LayerDecision, request: Request, seen: Facts) -> str:
    """Which clause comes closest to telling more, and what it lacks; '' where it told all, or nothing."""
    if said.level in (ReplyLevel.NOTHING, ReplyLevel.FULL):
        return ""
    near = one.program.nearest(request, seen, above=said.level)
    needs = more_needs(near, request) if near else ""
    return (
        f"More than the {said.level.word} would need, by {one.instrument.id} {near.clause.id}: {needs}"
        if near and needs
        else ""
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
            yield f"{name}: {_nothing(explained, layer)}"
            continue
        yield f"{name}:"
        for one in asked:
            yield f"  {one.text}: {_said(one)}{' (this decides)' if one.decides and len(asked) > 1 else ''}"


def _nothing(explained: Explanation, layer: str) -> str:
    """Why no text of that layer was consulted: there is none, or none that may be used."""
    lost = [one for one in explained.decision.layers if one.layer == layer and one.reason and not one.level]
    if lost and lost[0].reason and lost[0].reason.clause != NO_AGREEMENT:
        return _refusal(lost[0])
    return "none between the two" if layer == "agreement" else "nothing on file: adds nothing, takes nothing"


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


def _outcome(explained: Explanation, book: Rulebook) -> Iterator[str]:
    decision = explained.decision
    if not decision.level:
        yield f"Answer: refused, by {decision.reason.clause if decision.reason else 'default-deny'}."
        if decision.reason:
            yield decision.reason.text
        for need in dict.fromkeys(_needs(decision)):
            yield f"Needed: {need}"
        return
    yield f"Answer: {decision.level.word}, by {', '.join(decision.clauses) or 'no clause: nothing restricts it'}."
    for one in explained.consulted:
        yield from one.quotes
    if decision.level < ReplyLevel.FULL:
        holding = [one.layer for one in decision.layers if one.level is decision.level]
        yield f"No more than that is permitted by: {', '.join(holding)}."
        yield from (one.more_needs for one in explained.consulted if one.more_needs and one.layer in holding)
    if decision.answer_within_minutes is not None:
        yield f"The owner answers within {minutes(decision.answer_within_minutes)}."
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
