"""An instrument read aloud: every clause in a sentence or two, for those who signed it."""

import re
from collections.abc import Callable, Collection, Iterator
from datetime import date

from comity.domain.circumstances import Trait
from comity.domain.instrument import Clause, Effect, Example, Instrument, Layer, OffenceScope, Reply
from comity.domain.reply import ReplyLevel
from comity.law.conditions import BY_NAME, conditions, listed, party_name
from comity.law.duties import owed
from comity.law.facts import FACTS
from comity.law.rulebook import Rulebook

# Free text is read aloud as it is written: a line of it is no heading, a bracket no link.
# Falls without it: tests/law/test_render.py
_MARKS = re.compile(r"([\\`*_\[\]<>#|~])")

_LAYERS = {
    Layer.ORGANISATION: "The rules of an organisation",
    Layer.AGREEMENT: "An agreement",
    Layer.NATIONAL_LAW: "A national law",
}
# reply: what is given, of what
_DEPTH = {
    Reply.HIT: ("tell", "that there is a hit on {}, and whom to ask,"),
    Reply.CORE: ("give", "the core of records on {}"),
    Reply.FULL: ("give", "the whole of records on {}"),
}
_PARTIES = ("asker", "owner")  # every request has them
_TRAITS = {Trait.MINOR: "a minor", Trait.VICTIM: "a victim or witness", Trait.SENSITIVE: "sensitive matter"}


def render(instrument: Instrument, book: Rulebook) -> str:
    """Markdown; the same text for the same instrument. `book` has the words of its obligations."""
    parts = [f"# {_plain(instrument.title)}", *_head(instrument)]
    for clause in instrument.clauses:
        parts += [f"## {_plain(clause.id)}: {_plain(clause.title)}", *aloud(clause, instrument, book)]
    if instrument.examples:
        told = "\n".join(f"- {_example(one)}" for one in instrument.examples)
        parts += ["## By way of example", told]
    return "\n\n".join(parts) + "\n"


def sentence(clause: Clause, instrument: Instrument) -> str:
    """Who gives whom what, for what, and only where: the clause in one or two sentences."""
    where = [say(clause) for say in _WHERE.values()]
    told = "; ".join(one for one in where if one)
    if clause.effect is Effect.PERMIT:
        verb, what = _DEPTH[clause.reply or Reply.HIT]
        given = what.format(_words(clause.categories) or "every category")
        whole = f"{_between(clause, instrument, verb)} {given} for {_purposes(clause, 'and') or 'every purpose'}."
        return f"{whole} Only {told}." if told else whole
    what = _words(clause.categories, "or") or "any category"
    whole = f"Nothing is told on {what} for {_purposes(clause, 'or') or 'any purpose'}{_whom(clause)}."
    unstated = "; what is not stated counts as if it were so" if _may_be_unstated(clause) else ""
    return f"{whole} That holds {told}{unstated}." if told else whole


def _may_be_unstated(clause: Clause) -> bool:
    """Whether it looks at anything that a request may leave open."""
    looked_at = (name for condition in conditions(clause, ReplyLevel.FULL) for name in BY_NAME[condition].facts)
    return not all(name in _PARTIES or FACTS[name].always for name in looked_at)


# -- the text as a whole ----------------------------------------------------------------------------------------------


def _head(instrument: Instrument) -> Iterator[str]:
    yield f"{_LAYERS[instrument.layer]}, `{instrument.id}`. Source: {_ended(instrument.source)}"
    of = listed(map(_named, instrument.parties), "and")
    whose = {Layer.AGREEMENT: f"It is between {of}.", Layer.NATIONAL_LAW: f"It is the law of {of}."}
    yield " ".join(
        [
            whose.get(instrument.layer) or (f"It binds {of}." if of else "It binds every member."),
            *_territories(instrument),
        ]
    )
    yield " ".join(_times(instrument))
    yield "What no clause permits is refused; a clause that forbids goes before all that permit."


def _territories(instrument: Instrument) -> Iterator[str]:
    for party, codes in instrument.territory.items():
        yield f"{party_name(party)} signed for {listed(map(_named, codes), 'and')} as well."


def _times(instrument: Instrument) -> Iterator[str]:
    until = f" until {_day(instrument.in_force_until)}" if instrument.in_force_until else ""
    yield f"It is in force from {_day(instrument.in_force_from)}{until}{'' if until else ' on'}."
    if instrument.suspended:
        yield "It is suspended: nothing of it holds."
    if instrument.suspended_from:
        end = f" until {_day(instrument.suspended_until)}" if instrument.suspended_until else ", without an end"
        yield f"It is suspended from {_day(instrument.suspended_from)}{end}."
    for party, day in instrument.go_live.items():
        yield f"{party_name(party)} takes part from {_day(day)}."
    if instrument.go_live:
        yield "No other party takes part yet."


def _example(example: Example) -> str:
    outcome = example.expect if example.expect == "refused" else f"{example.expect} is told"
    by = f" ({example.clause})" if example.clause else ""
    asks = f"{party_name(example.asker)} asks {party_name(example.owner)} for {_spoken(example.category)}"
    why = f", {_spoken(example.purpose)}, as {_spoken(example.role)}"
    return f"{_ended(example.what)} {asks}{why}: {outcome}{by}."


# -- a clause ---------------------------------------------------------------------------------------------------------


def aloud(clause: Clause, instrument: Instrument, book: Rulebook) -> Iterator[str]:
    """What the clause says, its own words, how far it may be used, what is owed: a paragraph each."""
    yield sentence(clause, instrument)
    source = f" ({_plain(clause.source)})" if clause.source else ""
    yield f"> {_plain(clause.text)}{source}"
    if clause.effect is Effect.FORBID:
        return
    yield f"Beyond the answer itself: {BY_NAME['uses'].needed(clause)}.{_answer(clause)}"
    if told := owed(clause):
        yield "The receiver owes this:\n\n" + "\n".join(f"- {_plain(book.obligation(code))}" for code in told)


def _between(clause: Clause, instrument: Instrument, verb: str) -> str:
    """Who gives whom: `Aldova and Bergenia give each other`."""
    askers, owners = clause.askers, clause.owners
    if askers and set(askers) == set(owners):
        return f"{_parties(owners, 'and')} {verb} each other"
    anyone = instrument.layer is not Layer.AGREEMENT
    to = _parties(askers, "and") or ("whoever asks" if anyone else "every other party")
    if owners:
        return f"{_parties(owners, 'and')} {verb}{'' if len(owners) > 1 else 's'} {to}"
    every = "Whoever is asked" if anyone else "Every other party" if askers else "Every party"
    return f"{every} {verb}s {to}"


def _whom(clause: Clause) -> str:
    """Of a forbidding clause: to whom, and by whom."""
    to = f" to {_parties(clause.askers)}" if clause.askers else ""
    return to + (f" by {_parties(clause.owners)}" if clause.owners else "")


def _answer(clause: Clause) -> str:
    within = clause.answer_within
    if within is None:
        return ""
    times = [(within.urgent_minutes, "where it is urgent"), (within.routine_minutes, "otherwise")]
    told = listed((f"{_duration(minutes)} {when}" for minutes, when in times if minutes is not None), "and")
    return f" The owner answers within {told}." if told else ""


# -- where a clause holds ---------------------------------------------------------------------------------------------


def _offences(clause: Clause) -> str:
    scope = clause.offences or OffenceScope()
    least = [(scope.penalty_min_months, "punishable with"), (scope.sentence_min_months, "sentenced to")]
    threshold = listed((f"{how} {months} months or more" for months, how in least if months), "or")
    natures = listed(scope.natures, "or")
    told = [
        f"of {_words(scope.codes, 'or')}" if scope.codes else "",
        threshold,
        "that is one on both sides" if scope.dual_criminality else "",
        f"of {natures} nature" if natures else "",
        f"that is not of {listed(scope.excluded, 'or')} nature" if scope.excluded else "",
    ]
    return f"for an offence {', '.join(one for one in told if one)}" if any(told) else ""


def _assurances(clause: Clause) -> str:
    found = []
    for one in clause.assurances:
        of = _parties(one.askers) or "the asker"
        above = f" where more than the {one.above} is told" if one.above else ""
        override = ", or two persons answering for going on without" if one.override else ""
        found.append(f"with an assurance of {of} against {_words([one.against])}{above}{override}")
    return listed(found, "and")


def _special(clause: Clause) -> str:
    special = clause.special
    if special is None:
        return ""
    needs = BY_NAME["special"].needed(clause)
    return f"with {needs} {_of(special.traits)}" if special.roles or special.necessity else f"of {needs}"


# condition of a clause: the words for where it holds; '' where the clause does not have it
_WHERE: dict[str, Callable[[Clause], str]] = {
    "deny_countries": lambda clause: (
        f"to others than {_parties(clause.deny_countries)}" if clause.deny_countries else ""
    ),
    "tiers": lambda clause: f"to members of {_words(clause.tiers, 'or')} tier" if clause.tiers else "",
    "entities": lambda clause: f"where {_words(clause.entities, 'or')} asks" if clause.entities else "",
    "roles": lambda clause: f"to {_words(clause.roles, 'or')}" if clause.roles else "",
    "officer_named": lambda clause: "where a person is named who asks" if clause.officer_named else "",
    "offences": _offences,
    "priorities": lambda clause: f"where it is {_words(clause.priorities, 'or')}" if clause.priorities else "",
    "languages": lambda clause: f"where asked in {listed(clause.languages, 'or')}" if clause.languages else "",
    "quota": lambda clause: (
        f"up to {clause.quota.questions} times in {_count(clause.quota.days, 'day')}" if clause.quota else ""
    ),
    "assurances": _assurances,
    "special": _special,
    "traits": lambda clause: _of(clause.traits) if clause.traits else "",
    "grounds": lambda clause: f"where the owner invokes {_words(clause.grounds, 'or')}" if clause.grounds else "",
}


# -- words ------------------------------------------------------------------------------------------------------------


def _plain(text: str) -> str:
    return _MARKS.sub(r"\\\1", " ".join(text.split()))


def _ended(text: str) -> str:
    return f"{_plain(text).removesuffix('.')}."


def _named(party: str) -> str:
    return f"{party_name(party)} ({party})" if party_name(party) != party else party


def _parties(codes: Collection[str], joint: str = "or") -> str:
    return listed(map(party_name, codes), joint)


def _purposes(clause: Clause, joint: str) -> str:
    return listed((f"“{_spoken(one)}”" for one in clause.purposes), joint)


def _of(traits: Collection[Trait]) -> str:
    return f"where the record is of {listed((_TRAITS[one] for one in traits), 'or')}"


def _spoken(code: str) -> str:
    return _plain(code.replace("-", " "))


def _words(codes: Collection[str], joint: str = "and") -> str:
    return listed(map(_spoken, codes), joint)


def _day(day: date | None) -> str:
    return f"{day.day} {day:%B} {day.year}" if day else ""


def _count(number: int, unit: str) -> str:
    return f"{number:,} {unit}{'' if number == 1 else 's'}"


def _duration(minutes: int) -> str:
    for size, unit in ((60 * 24, "day"), (60, "hour")):
        if minutes % size == 0:
            return _count(minutes // size, unit)
    return _count(minutes, "minute")
