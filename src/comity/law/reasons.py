"""Says why something was refused: the clause, what it says, and what would be needed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from comity.domain.agreement import Agreement, Clause
from comity.domain.country import country_name
from comity.domain.lookup import Reason
from comity.law.cedar import Request
from comity.law.instrument import DISTANCE_NOT_IN_FORCE, Near


@dataclass(frozen=True)
class Candidate:
    """A clause that might have permitted it: of which instrument, how far off, and why that is not in force."""

    instrument: str
    near: Near
    not_in_force: str = ""

    @property
    def distance(self) -> int:
        return self.near.distance + (DISTANCE_NOT_IN_FORCE if self.not_in_force else 0)


def not_in_force(agreement: Agreement, on: date) -> str:
    """Why it does not hold on that day, as a sentence's end; '' where it holds."""
    if agreement.suspended:
        return "is suspended"
    if on < agreement.in_force_from:
        return f"comes into force only on {agreement.in_force_from}"
    if agreement.in_force_until is not None and on > agreement.in_force_until:
        return f"expired on {agreement.in_force_until}"
    return ""


def suspended(asker: str) -> Reason:
    return Reason(
        clause="directory standing",
        text=f"{party_name(asker)} is suspended from the federation.",
        needed="The hub must restore its membership.",
    )


def broken(instrument: str, errors: Sequence[str]) -> Reason:
    return Reason(
        clause=instrument,
        text="It could not be evaluated, and what is not understood is refused.",
        needed=f"Someone must mend it: {'; '.join(errors)}.",
    )


def no_agreement(asker: str, owner: str) -> Reason:
    between = f"{party_name(asker)} and {party_name(owner)}"
    return Reason(
        clause="no agreement",
        text=f"There is no agreement between {between}.",
        needed=f"An agreement in force between {between}, adopted here.",
    )


def forbidden(instrument: str, clause: Clause) -> Reason:
    return Reason(
        clause=f"{instrument} {clause.id}",
        text=clause.text,
        needed="Another legal basis: this clause forbids it, whatever else is permitted beside it.",
    )


def nothing_permits(instrument: str) -> Reason:
    return Reason(clause=instrument, text="None of its clauses permits anything.", needed="A clause that permits it.")


def closest(candidates: Iterable[Candidate], request: Request) -> Reason | None:
    """The reason told by the clause that came closest; None where nothing permits anything at all."""
    found = min(candidates, key=lambda one: (one.distance, one.instrument), default=None)
    return _told(found, request) if found else None


def _told(candidate: Candidate, request: Request) -> Reason:
    clause, failing = candidate.near.clause, candidate.near.failing
    name = f"{candidate.instrument} {clause.id}"
    told, needed = [], []
    if candidate.not_in_force:
        told.append(f"{candidate.instrument} {candidate.not_in_force}.")
        needed.append("an agreement that is in force")
    if failing:
        stated = ", ".join(_stated(condition, request) for condition in failing)
        told.append(f"{name} answers {_answers(clause, failing)}; you {stated}.")
        needed.extend(_needed(condition, clause) for condition in failing)
    told.append(f"It says: {clause.text}")
    return Reason(clause=name, text=" ".join(told), needed=_sentence(needed))


def _answers(clause: Clause, failing: Sequence[str]) -> str:
    """What the clause answers, as far as it bears on what fails."""
    parts = [_list(clause.categories) or "every category"]
    if "owners" in failing:
        parts.append(f"of {_parties(clause.owners)}")
    if "askers" in failing:
        parts.append(f"to {_parties(clause.askers)}")
    if "purposes" in failing:
        parts.append(f"for {_list(clause.purposes)}")
    if "roles" in failing:
        parts.append(f"to {_list(clause.roles)}")
    if "officer_named" in failing:
        parts.append("for an officer who is named")
    return " ".join(parts)


def _stated(condition: str, request: Request) -> str:
    return {
        "categories": f"asked for {request.category}",
        "owners": f"asked {party_name(request.owner)}",
        "askers": f"ask for {party_name(request.asker)}",
        "purposes": f"stated {request.purpose}",
        "roles": f"are {_list(sorted(request.roles)) or 'without any role'}",
        "officer_named": "named none",
    }[condition]


def _needed(condition: str, clause: Clause) -> str:
    return {
        "categories": "a clause on this category",
        "owners": f"records of {_parties(clause.owners)}",
        "askers": f"an asker from {_parties(clause.askers)}",
        "purposes": f"purpose {_list(clause.purposes, 'or')}",
        "roles": f"role {_list(clause.roles, 'or')}",
        "officer_named": "the officer for whom the system asks",
    }[condition]


def party_name(party: str) -> str:
    """`Bergenia`; an organisation by its own name."""
    return country_name(party) if party.isupper() else party


def _parties(parties: Sequence[str]) -> str:
    return _list([party_name(party) for party in parties], "or")


def _list(values: Sequence[str], joint: str = "") -> str:
    """`a, b, c`, or `a, b or c`."""
    if not joint or len(values) < 2:
        return ", ".join(values)
    return f"{', '.join(values[:-1])} {joint} {values[-1]}"


def _sentence(parts: Sequence[str]) -> str:
    text = "; ".join(parts)
    return f"{text[:1].upper()}{text[1:]}." if text else ""
