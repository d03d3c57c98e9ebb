"""An instrument read aloud: every clause in a sentence or two, for those who signed it."""

import re
from collections.abc import Iterator
from datetime import date
from itertools import groupby

from comity.domain.caller import Role
from comity.domain.circumstances import Tier
from comity.domain.instrument import Clause, Effect, Example, Instrument, Layer, Reply
from comity.domain.reply import ReplyLevel
from comity.law import words
from comity.law.conditions import BY_NAME, CONDITIONS, conditions
from comity.law.duties import owed
from comity.law.facts import FACTS
from comity.law.phrases import only, uses
from comity.law.rulebook import Rulebook
from comity.law.words import article, listed, minutes, parties, party_name, spoken

# Free text is read aloud as it is written: a line of it is no heading, a bracket no link.
# Falls without it: tests/law/test_render.py
_MARKS = re.compile(r"([\\`*_\[\]<>#|~])")

_LAYERS = {
    Layer.ORGANISATION: "The rules of an organisation",
    Layer.AGREEMENT: "An agreement",
    Layer.NATIONAL_LAW: "A national law",
}
# reply: (what a party does, what it is done with, what happened to a party that was answered)
_DEPTH = {
    Reply.HIT: ("tell", "told", "that there is a hit on {}, and whom to ask,"),
    Reply.CORE: ("give", "given", "the core data of records on {}"),
    Reply.FULL: ("give", "given", "whole records on {}"),
}
_TOLD = {"hit": "the hit is told", "core": "the core data are told", "full": "the whole record is told"}
_PARTIES = ("asker", "owner")  # every request has them
# What the sentence itself says, or what follows after it; all other conditions say where it holds.
_IN_THE_SENTENCE = ("categories", "purposes", "askers", "owners", "special", "uses")


def render(instrument: Instrument, book: Rulebook) -> str:
    """Markdown; the same text for the same instrument. `book` has the words of its obligations."""
    parts = [f"# {_plain(instrument.title)}", *_head(instrument)]
    for clause in instrument.clauses:
        parts += [f"## {_plain(clause.id)}: {_plain(clause.title)}", *aloud(clause, instrument, book)]
    if instrument.examples:
        effects = {clause.id: clause.effect for clause in instrument.clauses}
        told = "\n".join(f"- {_example(one, effects.get(one.clause))}" for one in instrument.examples)
        parts += ["## By way of example", told]
    return "\n\n".join(parts) + "\n"


def sentence(clause: Clause, instrument: Instrument) -> str:
    """Who gives whom what, for what, and only where: the clause in a sentence, or a sentence and a list."""
    if clause.effect is Effect.PERMIT:
        return _only(_permitted(clause, instrument), "Only", _where(clause))
    unstated = "; what is not stated counts as if it were so" if _may_be_unstated(clause) else ""
    return _only(_forbidden(clause), "That holds", _where(clause), unstated)


def _only(whole: str, lead: str, where: list[str], end: str = "") -> str:
    if len(where) < 2:
        return f"{whole} {lead} {where[0]}{end}." if where else whole
    return f"{whole} {lead} under all of these conditions{end}:\n\n" + "\n".join(f"- {one}" for one in where)


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
            *_tiers(instrument),
        ]
    )
    yield " ".join(_times(instrument))
    yield "What no clause permits is refused; a clause that forbids goes before all that permit."


def _territories(instrument: Instrument) -> Iterator[str]:
    for party, codes in instrument.territory.items():
        yield f"{party_name(party)} signed for {listed(map(_named, codes), 'and')} as well."


def _tiers(instrument: Instrument) -> Iterator[str]:
    for tier in Tier:
        if those := [party for party, one in instrument.tiers.items() if one is tier]:
            yield f"{parties(those, 'and')} {'is' if len(those) == 1 else 'are'} of {tier} tier."


def _times(instrument: Instrument) -> Iterator[str]:
    until = f" until {_day(instrument.in_force_until)}" if instrument.in_force_until else ""
    yield f"It is in force from {_day(instrument.in_force_from)}{until}{'' if until else ' on'}."
    if instrument.suspended:
        yield "It is suspended: nothing of it holds."
    if instrument.suspended_from:
        end = f" until {_day(instrument.suspended_until)}" if instrument.suspended_until else ", without an end"
        yield f"It is suspended from {_day(instrument.suspended_from)}{end}."
    yield from _live(instrument)


def _live(instrument: Instrument) -> Iterator[str]:
    """Who takes part from which day, the first of them first."""
    by_day = sorted(instrument.go_live.items(), key=lambda one: one[1])
    for day, group in groupby(by_day, key=lambda one: one[1]):
        those = [party for party, _ in group]
        yield f"{parties(those, 'and')} {'takes' if len(those) == 1 else 'take'} part from {_day(day)}."
    if waiting := [party for party in instrument.parties if instrument.go_live and party not in instrument.go_live]:
        yield f"{parties(waiting, 'and')} {'does' if len(waiting) == 1 else 'do'} not take part yet."


def _example(example: Example, effect: Effect | None) -> str:
    if example.expect == "refused":
        why = {Effect.FORBID: f" by {example.clause}", Effect.PERMIT: f"; {example.clause} comes closest"}
        outcome = f"refused{why[effect] if effect else ''}"
    else:
        outcome = _TOLD[example.expect] + (f" by {example.clause}" if effect else "")
    who = "a system" if example.role is Role.SYSTEM else article(spoken(example.role))
    asks = f"{who} of {party_name(example.asker)} asks {party_name(example.owner)}"
    told = f"{_ended(example.what)} {asks[:1].upper()}{asks[1:]} for {_spoken(example.category)}"
    return f"{told}, for the purpose of “{_spoken(example.purpose)}”: {outcome}."


# -- a clause ---------------------------------------------------------------------------------------------------------


def aloud(clause: Clause, instrument: Instrument, book: Rulebook) -> Iterator[str]:
    """What the clause says, its own words, how far it may be used, what is owed: a paragraph each."""
    yield sentence(clause, instrument)
    source = f" ({_plain(clause.source)})" if clause.source else ""
    yield f"> {_plain(clause.text)}{source}"
    if clause.effect is Effect.FORBID:
        return
    yield " ".join(_afterwards(clause))
    if told := owed(clause):
        yield "The receiver owes this:\n\n" + "\n".join(f"- {_plain(book.obligation(code))}" for code in told)


def _permitted(clause: Clause, instrument: Instrument) -> str:
    verb, done, what = _DEPTH[clause.reply or Reply.HIT]
    given = what.format(_words(clause.categories, "and") or "every category")
    whole = f"{_between(clause, instrument, verb, done)} {given} for {_purposes(clause, 'and') or 'every purpose'}."
    if clause.special is None:
        return whole
    return f"{whole} Records {words.traits(clause.special.traits)} are told {only(clause.special)}."


def _between(clause: Clause, instrument: Instrument, verb: str, done: str) -> str:
    """Who gives whom: `Aldova and Bergenia give each other`, `Corvia is given by every other party`."""
    askers, owners = clause.askers, clause.owners
    if askers and set(askers) == set(owners):
        return f"{parties(owners, 'and')} {verb} each other"
    anyone = instrument.layer is not Layer.AGREEMENT
    if askers and not owners:
        many = "is" if len(askers) == 1 else "are each"
        return f"{parties(askers, 'and')} {many} {done} by {'whoever is asked' if anyone else 'every other party'}"
    to = parties(askers, "and") or ("whoever asks" if anyone else "every other party")
    if owners:
        return f"{parties(owners, 'and')} {verb}{'' if len(owners) > 1 else 's'} {to}"
    return f"{'Whoever is asked' if anyone else 'Every party'} {verb}s {to}"


def _forbidden(clause: Clause) -> str:
    on = f" on {_words(clause.categories, 'or')}" if clause.categories else ""
    purposes = f" for {_purposes(clause, 'or')}" if clause.purposes else " for any purpose" if on else ""
    nothing = f"nothing{on}{purposes}" if on or purposes else "nothing at all"
    askers = parties(clause.askers, "and")
    if clause.owners:
        verb = "tells" if len(clause.owners) == 1 else "tell"
        return f"{parties(clause.owners, 'and')} {verb} {f'{askers} {nothing}' if askers else nothing}."
    if askers:
        return f"{askers} {'is' if len(clause.askers) == 1 else 'are'} told {nothing}."
    return f"Nothing is told{on}{purposes}." if on or purposes else "Nothing at all is told."


def _where(clause: Clause) -> list[str]:
    """Each condition beside what the sentence says, in its own words."""
    had = conditions(clause, ReplyLevel.FULL)
    found = [one.where(clause) for one in CONDITIONS if one.name in had and one.name not in _IN_THE_SENTENCE]
    return [_plain(one) for one in found]


def _afterwards(clause: Clause) -> Iterator[str]:
    """What may be done with the answer, and how soon it comes."""
    yield f"The receiver {uses(clause)}."
    if clause.onward and clause.onward.oversight:
        yield "A body that oversees the receiver is no third party."
    if within := _answer(clause):
        yield within


def _answer(clause: Clause) -> str:
    within = clause.answer_within
    if within is None:
        return ""
    urgent, routine = within.urgent_minutes, within.routine_minutes
    if urgent == routine and urgent is not None:
        return f"The owner answers within {minutes(urgent)}."
    times = [(urgent, " where it is urgent"), (routine, " otherwise" if urgent else " where it is routine")]
    told = listed((f"within {minutes(number)}{when}" for number, when in times if number is not None), "and")
    return f"The owner answers {told}." if told else ""


# -- words ------------------------------------------------------------------------------------------------------------


def _plain(text: str) -> str:
    return _MARKS.sub(r"\\\1", " ".join(text.split()))


def _ended(text: str) -> str:
    return f"{_plain(text).removesuffix('.')}."


def _named(party: str) -> str:
    return f"{party_name(party)} ({party})" if party_name(party) != party else party


def _purposes(clause: Clause, joint: str) -> str:
    return listed((f"“{_spoken(one)}”" for one in clause.purposes), joint)


def _spoken(code: str) -> str:
    return _plain(spoken(code))


def _words(codes: tuple[str, ...], joint: str) -> str:
    return _plain(words.spoken_list(codes, joint))


def _day(day: date | None) -> str:
    return f"{day.day} {day:%B} {day.year}" if day else ""
