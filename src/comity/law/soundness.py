"""What is wrong with an instrument before anyone asks anything of it."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from comity.domain.country import country
from comity.domain.errors import Invalid
from comity.domain.ids import slug
from comity.domain.instrument import Clause, Effect, Instrument, Layer, Release
from comity.domain.offence import CODES, use_one_of
from comity.law.rulebook import Meaning
from comity.law.toml_text import Path

# Reasons and the journal write "agreement-id clause-id": a blank or a line break in an id could imitate another.
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9.()/_-]*")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
EXPECTED = ("refused", "hit", "core", "full")


@dataclass(frozen=True)
class Complaint:
    """What is wrong, and at which key of the instrument's file."""

    path: Path
    what: str

    def __str__(self) -> str:
        return self.what


def complaints(instrument: Instrument, obligations: Mapping[str, Meaning]) -> Iterator[Complaint]:
    """Everything that keeps it from being executed as it is meant. `obligations` are the codes that exist."""
    yield from _head(instrument)
    yield from _parties(instrument)
    for index, clause in enumerate(instrument.clauses):
        path: Path = ("clauses", index)
        if clause.id in [other.id for other in instrument.clauses[:index]]:
            yield Complaint((*path, "id"), f"{clause.id}: an earlier clause has the same id.")
        yield from _texts(path, clause.id, {"title": clause.title, "text": clause.text})
        yield from _clause(path, clause, instrument, obligations)
    yield from _examples(instrument)


def of_offences(instrument: Instrument) -> Iterator[Complaint]:
    """Codes of offences that nobody knows. A text adopted before there was a list stays in force: they fit nothing."""
    for index, clause in enumerate(instrument.clauses):
        for code in clause.offences.codes if clause.offences else ():
            if code not in CODES:
                what = f"{clause.id}: {code!r} is no code of an offence. {use_one_of(code)}"
                yield Complaint(("clauses", index, "offences", "codes"), what)
    for index, example in enumerate(instrument.examples):
        offence = example.circumstances.offence
        if offence is not None and offence.code not in CODES:
            what = f"{example.what}: {offence.code!r} is no code of an offence. {use_one_of(offence.code)}"
            yield Complaint(("examples", index, "circumstances", "offence", "code"), what)


def _head(instrument: Instrument) -> Iterator[Complaint]:
    yield from _texts((), instrument.id, {"title": instrument.title, "source": instrument.source})
    if instrument.in_force_until is not None and instrument.in_force_until < instrument.in_force_from:
        yield Complaint(("in_force_until",), "It ends before it comes into force.")
    if instrument.suspended_until is not None and (
        instrument.suspended_from is None or instrument.suspended_until < instrument.suspended_from
    ):
        yield Complaint(("suspended_until",), "A suspension that ends has a suspended_from before its end.")


def _texts(path: Path, name: str, texts: dict[str, str]) -> Iterator[Complaint]:
    if not _ID.fullmatch(name):
        allowed = "letters, digits and . ( ) / _ -"
        yield Complaint((*path, "id"), f"{name!r} is no id; use {allowed}, beginning with a letter or digit.")
    for key, text in texts.items():
        # These lines are printed on an officer's screen: control characters could rewrite what stands around them.
        # Falls without it: tests/law/test_attacks.py
        if _UNPRINTABLE.search(text):
            yield Complaint((*path, key), f"{name}: the {key} holds control characters.")


# layer: how many parties it needs at least, and may have at most
_PARTIES = {Layer.AGREEMENT: (2, None), Layer.NATIONAL_LAW: (1, 1), Layer.ORGANISATION: (0, None)}


def _parties(instrument: Instrument) -> Iterator[Complaint]:
    least, most = _PARTIES[instrument.layer]
    count = len(instrument.parties)
    if len(set(instrument.parties)) < max(least, count) or (most is not None and count > most):
        wanted = {2: "It needs two parties or more, each named once.", 1: "A national law has one party: whose it is."}
        yield Complaint(("parties",), wanted.get(least, "Each party is named once."))
    elsewhere = [code for codes in instrument.territory.values() for code in codes]
    for key, codes in (("parties", instrument.parties), ("territory", elsewhere)):
        for code in codes:
            if not _is_party(code):
                yield Complaint(
                    (key,),
                    f"{code!r} is no party; write countries as two capital letters (XB), organisations by name (un).",
                )
    by_party: dict[str, Collection[str]] = {"territory": instrument.territory, "go_live": instrument.go_live}
    if instrument.parties:
        by_party["tiers"] = instrument.tiers
    for code in instrument.tiers:
        if not _is_party(code):
            yield Complaint(("tiers",), f"{code!r} is no party.")
    for key, named in by_party.items():
        if strangers := [one for one in named if one not in instrument.parties]:
            yield Complaint((key,), f"{', '.join(strangers)} is no party to this instrument.")
    if len({*instrument.parties, *elsewhere}) < count + len(elsewhere):
        yield Complaint(("territory",), "A territory belongs to one party, and is none itself.")


def _is_party(party: str) -> bool:
    """A country in exactly its two letters, or an organisation's slug that cannot be taken for a country."""
    try:
        return country(party) == party
    except Invalid:
        try:
            return slug(party, "party") == party
        except Invalid:
            return False


def _clause(
    path: Path, clause: Clause, instrument: Instrument, obligations: Mapping[str, Meaning]
) -> Iterator[Complaint]:
    if clause.effect is Effect.PERMIT and clause.reply is None:
        yield Complaint(path, f"{clause.id}: it permits, but does not say how much; add reply = hit, core or full.")
    yield from _misplaced(path, clause)
    yield from _further(path, clause)
    for key, named in (("askers", clause.askers), ("owners", clause.owners)):
        if instrument.layer is not Layer.AGREEMENT:
            strangers = [one for one in named if not _is_party(one)]
        else:
            strangers = [one for one in named if one not in instrument.parties]
        if strangers:
            what = f"{', '.join(strangers)} is no party to this agreement; {', '.join(instrument.parties)} are."
            yield Complaint((*path, key), f"{clause.id}: {what}")
    for code in clause.obligations:
        if code not in obligations:
            known = ", ".join(code for code, meaning in obligations.items() if "{}" not in meaning.text)
            what = f"{code} is no obligation of the rulebook; use one of {known}."
            yield Complaint((*path, "obligations"), f"{clause.id}: {what}")
        elif "{}" in obligations[code].text:
            yield Complaint((*path, "obligations"), f"{clause.id}: {code} takes a figure; write it under duties.")
    if instrument.layer is Layer.AGREEMENT and not _has_two_sides(clause, instrument):
        yield Complaint(path, f"{clause.id}: it can never apply, since its only asker is its only owner.")
    elif overrider := next((other for other in instrument.clauses if _overrides(other, clause)), None):
        yield Complaint(path, f"{clause.id}: it can never apply, since {overrider.id} forbids all that it permits.")


# What only a clause of one effect has; with the other it would mean nothing, or something else than it says.
_WITH_PERMIT = (
    "quota",
    "assurances",
    "special",
    "onward",
    "evidence",
    "answer_within",
    "duties",
)
_WITH_FORBID = ("traits", "grounds")


def _misplaced(path: Path, clause: Clause) -> Iterator[Complaint]:
    permits = clause.effect is Effect.PERMIT
    if not permits and (clause.reply is not None or clause.obligations):
        yield Complaint(path, f"{clause.id}: it forbids, so it has neither a reply nor obligations.")
    for key in _WITH_FORBID if permits else _WITH_PERMIT:
        if getattr(clause, key):
            with_ = Effect.FORBID if permits else Effect.PERMIT
            yield Complaint((*path, key), f"{clause.id}: {key} goes with effect = {with_} only.")
    if scope := clause.offences:
        key, misplaced = ("natures", scope.natures) if permits else ("excluded", scope.excluded)
        if misplaced:
            other = "excluded" if permits else "natures"
            yield Complaint((*path, "offences", key), f"{clause.id}: with effect = {clause.effect} write {other}.")


def _further(path: Path, clause: Clause) -> Iterator[Complaint]:
    """Lists within a clause: codes that nobody has would never fit."""
    onward = clause.onward
    if onward and onward.rule is Release.NEVER and onward.parties:
        yield Complaint((*path, "onward"), f"{clause.id}: passed on never, so to no parties.")
    named = {
        "onward": onward.parties if onward else (),
        "deny_countries": clause.deny_countries,
        "assurances": [code for one in clause.assurances for code in one.askers],
    }
    for key, codes in named.items():
        if strangers := [code for code in codes if not _is_party(code)]:
            yield Complaint((*path, key), f"{clause.id}: {', '.join(strangers)} is no party.")


def _has_two_sides(clause: Clause, instrument: Instrument) -> bool:
    askers, owners = clause.askers or instrument.parties, clause.owners or instrument.parties
    return any(asker != owner for asker, owner in product(askers, owners))


# What narrows a clause beside its five lists: a forbid clause that has any of these leaves something.
_NARROWS = (
    "deny_countries",
    "entities",
    "tiers",
    "officer_named",
    "offences",
    "priorities",
    "languages",
    "traits",
    "grounds",
)


def _overrides(forbid: Clause, permit: Clause) -> bool:
    if forbid.effect is not Effect.FORBID or permit.effect is not Effect.PERMIT:
        return False
    if any(getattr(forbid, key) for key in _NARROWS):
        return False
    pairs: tuple[tuple[Collection[str], Collection[str]], ...] = (
        (forbid.categories, permit.categories),
        (forbid.purposes, permit.purposes),
        (forbid.roles, permit.roles),
        (forbid.askers, permit.askers),
        (forbid.owners, permit.owners),
    )
    return all(not wide or (narrow and set(narrow) <= set(wide)) for wide, narrow in pairs)


def _examples(instrument: Instrument) -> Iterator[Complaint]:
    clauses = {clause.id for clause in instrument.clauses}
    for index, example in enumerate(instrument.examples):
        path: Path = ("examples", index)
        if example.expect not in EXPECTED:
            expected = ", ".join(EXPECTED)
            yield Complaint((*path, "expect"), f"{example.what}: expect {example.expect!r} is none of {expected}.")
        if example.clause and example.clause not in clauses:
            yield Complaint(
                (*path, "clause"),
                f"{example.what}: there is no clause {example.clause}; use one of {', '.join(sorted(clauses))}.",
            )
        if example.expect == "refused" and (example.owes or example.answer_within_minutes is not None):
            key = "owes" if example.owes else "answer_within_minutes"
            yield Complaint((*path, key), f"{example.what}: where nothing is told, nothing is owed and nobody answers.")
        if example.asker == example.owner:
            yield Complaint((*path, "asker"), f"{example.what}: nobody needs an agreement with itself.")
        if instrument.layer is Layer.NATIONAL_LAW and not {example.asker, example.owner} & set(instrument.parties):
            yield Complaint((*path, "asker"), f"{example.what}: this law is of neither of the two.")
