"""Says why something was refused: the clause, what it says, and what would be needed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import msgspec

from comity.domain.bureau import Standing
from comity.domain.circumstances import Tier
from comity.domain.decision import Request
from comity.domain.errors import Invalid
from comity.domain.instrument import Clause, Instrument
from comity.domain.lookup import Reason
from comity.law.conditions import BY_NAME, DISTANCE_NOT_IN_FORCE
from comity.law.program import Near
from comity.law.words import grounds, listed, party_name, roles

NO_AGREEMENT = "no agreement"
_BY_STANDING = {
    "suspended": "is suspended from the federation.",
    "restricted": "is restricted in what it may be told.",
    "supervised": "is supervised: its requests are held until somebody has looked at them.",
}


@dataclass(frozen=True)
class Candidate:
    """A clause that might have permitted it: of which instrument, how far off, and why that is not in force."""

    instrument: str
    near: Near
    not_in_force: str = ""

    @property
    def distance(self) -> int:
        return self.near.distance + (DISTANCE_NOT_IN_FORCE if self.not_in_force else 0)


def not_in_force(instrument: Instrument, on: date, sides: Iterable[str] = ()) -> str:
    """Why it does not hold on that day between these parties, as a sentence's end; '' where it holds."""
    if instrument.suspended:
        return "is suspended"
    if on < instrument.in_force_from:
        return f"comes into force only on {instrument.in_force_from}"
    if instrument.in_force_until is not None and on > instrument.in_force_until:
        return f"expired on {instrument.in_force_until}"
    if instrument.suspended_from is not None and on >= instrument.suspended_from:
        if instrument.suspended_until is None:
            return f"is suspended since {instrument.suspended_from}"
        if on <= instrument.suspended_until:
            return f"is suspended until {instrument.suspended_until}"
    return _not_live(instrument, on, sides)


def _not_live(instrument: Instrument, on: date, sides: Iterable[str]) -> str:
    for party in sides if instrument.go_live else ():
        day = instrument.go_live.get(party)
        if day is None:
            return f"is not live yet for {party_name(party)}"
        if on < day:
            return f"goes live for {party_name(party)} only on {day}"
    return ""


def not_active(asker: str, standing: Standing) -> Reason:
    return Reason(
        clause="directory standing",
        text=f"{party_name(asker)} {_BY_STANDING.get(standing, 'does not take part now.')}",
        needed="The hub must restore its membership.",
    )


def broken(instrument: str, errors: Sequence[str]) -> Reason:
    return Reason(
        clause=instrument,
        text="It could not be evaluated, and what is not understood is refused.",
        needed=f"Someone must mend it: {'; '.join(errors)}.",
    )


def unknown(refused: Invalid) -> Reason:
    return Reason(clause="default-deny", text=refused.what, needed=refused.do.replace("Use one of", "One of"))


def no_agreement(asker: str, owner: str) -> Reason:
    between = f"{party_name(asker)} and {party_name(owner)}"
    return Reason(
        clause=NO_AGREEMENT,
        text=f"There is no agreement between {between}.",
        needed=f"An agreement in force between {between}, adopted here.",
    )


def lapsed(party: str, instrument: str, why: str) -> Reason:
    return Reason(
        clause=instrument,
        text=f"{instrument} {why}, and no other law of {party_name(party)} is on file here.",
        needed="The text that is in force, adopted here.",
    )


def forbidden(instrument: str, clause: Clause, request: Request) -> Reason:
    met = [one for one in clause.grounds if one in request.circumstances.grounds]
    invoked = f" The owner invokes {grounds(met, 'and')}." if met else ""
    unsaid = not invoked and clause.offences is not None and request.circumstances.offence is None
    return Reason(
        clause=f"{instrument} {clause.id}",
        text=f"{clause.text}{invoked}{' You named no offence.' if unsaid else ''}",
        needed=_beside(clause, unsaid),
    )


def _beside(clause: Clause, unsaid: bool) -> str:
    """What could help where a clause forbids it."""
    if unsaid:
        return "The offence: while none is named, it is taken for one that this clause forbids."
    if clause.roles:
        return f"Somebody else who asks: this clause forbids it to {roles(clause.roles)}."
    return "Another legal basis: this clause forbids it, whatever else is permitted beside it."


def nothing_permits(instrument: str) -> Reason:
    return Reason(clause=instrument, text="None of its clauses permits anything.", needed="A clause that permits it.")


def marked(why: str, needed: str) -> Reason:
    return Reason(clause="marking", text=why, needed=needed)


def closest(candidates: Iterable[Candidate], request: Request) -> Reason | None:
    """The reason told by the clause that came closest; None where nothing permits anything at all."""
    found = min(candidates, key=lambda one: (one.distance, one.instrument), default=None)
    return _told(found, request) if found else None


def more_needs(near: Near, request: Request) -> str:
    """What a clause would need to tell more; '' where it is about another matter, or others."""
    failing = [BY_NAME[name] for name in near.failing]
    if any(one.distance >= BY_NAME["purposes"].distance for one in failing):
        return ""
    return _sentence([one.needed(near.clause, request) for one in failing])


def _told(candidate: Candidate, request: Request) -> Reason:
    clause, failing = candidate.near.clause, [BY_NAME[name] for name in candidate.near.failing]
    name = f"{candidate.instrument} {clause.id}"
    request = _as_seen(request, candidate.near)
    told, needed = [], []
    if candidate.not_in_force:
        told.append(f"{candidate.instrument} {candidate.not_in_force}.")
        needed.append("an agreement that is in force")
    if failing:
        stated = listed(dict.fromkeys(one.stated(request) for one in failing), "and")
        told.append(f"{name} answers {candidate.near.answers}; you {stated}.")
        needed.extend(one.needed(clause, request) for one in failing)
    told.append(f"It says: {clause.text}")
    return Reason(clause=name, text=" ".join(told), needed=_sentence(needed))


def _as_seen(request: Request, near: Near) -> Request:
    """With the tier that the texts give the asker: it is told by that one why it does not suffice."""
    tier = Tier(near.tier) if near.tier else None
    if request.circumstances.tier is tier:
        return request
    stated = msgspec.structs.replace(request.circumstances, tier=tier)
    return msgspec.structs.replace(request, circumstances=stated)


def _sentence(parts: Sequence[str]) -> str:
    text = "; ".join(part for part in parts if part)
    return f"{text[:1].upper()}{text[1:]}." if text else ""
