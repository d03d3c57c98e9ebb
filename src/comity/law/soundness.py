"""What is wrong with an agreement before anyone asks anything of it."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import product

from comity.domain.agreement import Agreement, Clause, Effect
from comity.domain.country import country
from comity.domain.errors import Invalid
from comity.domain.ids import slug
from comity.law.toml_text import Path

# Reasons and the journal write "agreement-id clause-id": a blank or a line break in an id could imitate another.
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9.()/_-]*")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
EXPECTED = ("refused", "hit", "core", "full")


@dataclass(frozen=True)
class Complaint:
    """What is wrong, and at which key of the agreement's file."""

    path: Path
    what: str

    def __str__(self) -> str:
        return self.what


def complaints(agreement: Agreement, obligations: Collection[str]) -> Iterator[Complaint]:
    """Everything that keeps it from being executed as it is meant. `obligations` are the codes that exist."""
    yield from _head(agreement)
    yield from _parties(agreement)
    for index, clause in enumerate(agreement.clauses):
        path: Path = ("clauses", index)
        if clause.id in [other.id for other in agreement.clauses[:index]]:
            yield Complaint((*path, "id"), f"{clause.id}: an earlier clause has the same id.")
        yield from _texts(path, clause.id, {"title": clause.title, "text": clause.text})
        yield from _clause(path, clause, agreement, obligations)
    yield from _examples(agreement)


def _head(agreement: Agreement) -> Iterator[Complaint]:
    yield from _texts((), agreement.id, {"title": agreement.title, "source": agreement.source})
    if agreement.in_force_until is not None and agreement.in_force_until < agreement.in_force_from:
        yield Complaint(("in_force_until",), "It ends before it comes into force.")


def _texts(path: Path, name: str, texts: dict[str, str]) -> Iterator[Complaint]:
    if not _ID.fullmatch(name):
        allowed = "letters, digits and . ( ) / _ -"
        yield Complaint((*path, "id"), f"{name!r} is no id; use {allowed}, beginning with a letter or digit.")
    for key, text in texts.items():
        # These lines are printed on an officer's screen: control characters could rewrite what stands around them.
        # Falls without it: tests/law/test_attacks.py
        if _UNPRINTABLE.search(text):
            yield Complaint((*path, key), f"{name}: the {key} holds control characters.")


def _parties(agreement: Agreement) -> Iterator[Complaint]:
    if len(set(agreement.parties)) < max(2, len(agreement.parties)):
        yield Complaint(("parties",), "It needs two parties or more, each named once.")
    for party in agreement.parties:
        if not _is_party(party):
            yield Complaint(
                ("parties",),
                f"{party!r} is no party; write countries as two capital letters (XB), organisations by name (un).",
            )


def _is_party(party: str) -> bool:
    """A country in exactly its two letters, or an organisation's slug that cannot be taken for a country."""
    try:
        return country(party) == party
    except Invalid:
        try:
            return slug(party, "party") == party
        except Invalid:
            return False


def _clause(path: Path, clause: Clause, agreement: Agreement, obligations: Collection[str]) -> Iterator[Complaint]:
    if clause.effect is Effect.PERMIT and clause.reply is None:
        yield Complaint(path, f"{clause.id}: it permits, but does not say how much; add reply = hit, core or full.")
    if clause.effect is Effect.FORBID and (clause.reply is not None or clause.obligations):
        yield Complaint(path, f"{clause.id}: it forbids, so it has neither a reply nor obligations.")
    for key, named in (("askers", clause.askers), ("owners", clause.owners)):
        if strangers := [one for one in named if one not in agreement.parties]:
            yield Complaint((*path, key), f"{clause.id}: {', '.join(strangers)} is no party to this agreement.")
    if unknown := [code for code in clause.obligations if code not in obligations]:
        yield Complaint(
            (*path, "obligations"),
            f"{clause.id}: {', '.join(unknown)} is no obligation of the rulebook; use one of {', '.join(obligations)}.",
        )
    if not _has_two_sides(clause, agreement):
        yield Complaint(path, f"{clause.id}: it can never apply, since its only asker is its only owner.")
    elif overrider := next((other for other in agreement.clauses if _overrides(other, clause)), None):
        yield Complaint(path, f"{clause.id}: it can never apply, since {overrider.id} forbids all that it permits.")


def _has_two_sides(clause: Clause, agreement: Agreement) -> bool:
    askers, owners = clause.askers or agreement.parties, clause.owners or agreement.parties
    return any(asker != owner for asker, owner in product(askers, owners))


def _overrides(forbid: Clause, permit: Clause) -> bool:
    if forbid.effect is not Effect.FORBID or permit.effect is not Effect.PERMIT:
        return False
    pairs: tuple[tuple[Collection[str], Collection[str]], ...] = (
        (forbid.categories, permit.categories),
        (forbid.purposes, permit.purposes),
        (forbid.roles, permit.roles),
        (forbid.askers, permit.askers),
        (forbid.owners, permit.owners),
    )
    return all(not wide or (narrow and set(narrow) <= set(wide)) for wide, narrow in pairs)


def _examples(agreement: Agreement) -> Iterator[Complaint]:
    clauses = {clause.id for clause in agreement.clauses}
    for index, example in enumerate(agreement.examples):
        path: Path = ("examples", index)
        if example.expect not in EXPECTED:
            expected = ", ".join(EXPECTED)
            yield Complaint((*path, "expect"), f"{example.what}: expect {example.expect!r} is none of {expected}.")
        if example.clause and example.clause not in clauses:
            yield Complaint((*path, "clause"), f"{example.what}: there is no clause {example.clause}.")
        if example.asker == example.owner:
            yield Complaint((*path, "asker"), f"{example.what}: nobody needs an agreement with itself.")
