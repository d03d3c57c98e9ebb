"""What a person who asks about themselves may be told: the reply, and what of it is published."""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date

from comity.domain.held import Held
from comity.domain.lookup import Finding, PersonQuery, Query
from comity.domain.match import Match
from comity.domain.oversight import ToldOf
from comity.domain.record import Header, Record, Subject
from comity.domain.rights import Consultation, RightsDecision, RightsGround, RightsKind, RightsRequest

Compare = Callable[[Query, Subject], Match | None]

ASKED_FOR = {
    RightsKind.ACCESS: "access to what is held about you",
    RightsKind.CORRECTION: "the correction of what is held about you",
    RightsKind.DELETION: "the deletion of what is held about you",
}
DONE = {RightsKind.CORRECTION: "has been corrected", RightsKind.DELETION: "has been deleted"}
STAYS = {
    RightsGround.ACCURATE: "it was found to be accurate",
    RightsGround.STILL_NEEDED: "the purpose for which it is held still stands",
    RightsGround.PROCEEDINGS: "it is needed for proceedings that are under way",
    RightsGround.SAFETY: "the safety of others requires it",
    RightsGround.RETENTION_BY_LAW: "the law requires that it be kept",
}
# The same words, whether or not anything is held. Nothing here may depend on what was found.
NEUTRAL = (
    "It is neither confirmed nor denied that anything, or anything further, is or was held about you. Whatever may "
    "have been held contrary to the rules has been put right. This wording is the same for everyone and allows no "
    "conclusion."
)
REMEDY = (
    "You may ask the supervisory authority to verify that your request was dealt with lawfully, you may go to court, "
    "and on new facts you may ask again."
)
WORD_CHARS_MIN = 3  # shorter parts of a name stand in too many other words


def likeness(held: Held[Record], queries: Iterable[Query], compare: Compare) -> tuple[Header, Match] | None:
    """Whose the record is and how alike it is to the person: for a data-protection officer, who reads no more of it."""
    record = held._content
    return next(((record.header, match) for one in queries if (match := compare(one, record.subject))), None)


def likeness_found(held: Held[Finding], queries: Iterable[Query], compare: Compare) -> tuple[Finding, Match] | None:
    """The same of what another node told us; without its subject, for that is the owner's to tell."""
    finding = held._content
    if finding.subject is None:
        return None
    bare = Finding(
        hit=finding.hit,
        owner=finding.owner,
        contact="",
        category=finding.category,
        level=finding.level,
        collection=finding.collection,
        record=finding.record,
        reference=finding.reference,
    )
    return next(((bare, match) for one in queries if (match := compare(one, finding.subject))), None)


def told(request: RightsRequest, decision: RightsDecision, consulted: Iterable[Consultation]) -> list[str]:
    """What the person may learn: of each record whose source lets it be told, and of no other."""
    lines = []
    for one in openly(consulted):
        what = one.word.told.strip() if one.word else ""
        if request.kind is not RightsKind.ACCESS:
            done = one.record in decision.granted
            why = STAYS[decision.ground] if decision.ground and not done else ""
            what = f"{what}: {DONE[request.kind] if done else f'stays as it is, for {why}'}"
        lines.append(what)
    return sorted(lines)


def openly(consulted: Iterable[Consultation]) -> list[Consultation]:
    """Of which records the person may know that they are held."""
    # A source that is silent, or restricts, has let nothing be told. Falls without it: tests/desks/test_rights.py
    return [one for one in consulted if one.word is not None and one.answered_at and one.word.disclose]


def disclosed(found: ToldOf) -> list[str]:
    """To whom it was told: each bureau, day and purpose once."""
    lines = (f"{one.at:%Y-%m-%d}: {one.to}{one.purpose and f', for {one.purpose}'}" for one in found.disclosed)
    return list(dict.fromkeys(lines))


def reply(request: RightsRequest, node: str, day: date, lines: Iterable[str], seen: Sequence[str] = ()) -> str:
    """The reply as the person gets it, by the request alone, what may be told, and to whom that was told before."""
    parts = [
        f"To your request {request.id} of {request.received_at:%Y-%m-%d} for {ASKED_FOR[request.kind]}.",
        f"{node} has examined your request; the decision of {day} is final.",
    ]
    if open_lines := list(lines):
        parts += ["You are told the following:", *(f"- {line}" for line in open_lines)]
    if seen:
        parts += ["It was told to:", *(f"- {line}" for line in seen)]
    return "\n\n".join((*parts, NEUTRAL, REMEDY)) + "\n"


def names_the_person(text: str, person: PersonQuery, also: Iterable[str]) -> list[str]:
    """Which words of a text that is to be published would tell who it is about."""
    parts = [part for part in re.split(r"\W+", person.name) if len(part) >= WORD_CHARS_MIN]
    telling = [*parts, person.birth, person.document_number, person.place, *also]
    return sorted({one for one in telling if one.strip() and one.casefold() in text.casefold()})
