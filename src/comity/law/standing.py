"""Does a member's standing let it be told something, or why not? Asked before any agreement is looked at."""

from datetime import date

from comity.domain.bureau import Measure, Member, Standing
from comity.domain.lookup import Reason

HELD_CLAUSE = "directory supervised"
SUSPENDED_CLAUSE = "directory standing"


def refusal(member: Member, category: str, on: date, reviewed: bool = False) -> Reason | None:
    """Why it is told nothing of that category on that day; None where its standing lets it.

    `reviewed`: somebody here has looked at what a supervised member asks, and let it pass.
    """
    stands, measure = member.stands(on, category), member.measure(on, category)
    if stands is Standing.ACTIVE or (stands is Standing.SUPERVISED and reviewed):
        return None
    # Anything but these two is refused, also what a later release may add. Falls without it: tests/law/test_standing.py
    if measure is None:
        return Reason(
            clause=SUSPENDED_CLAUSE,
            text=f"{member.manifest.name} is suspended from the federation{member.reason and f': {member.reason}'}.",
            needed="The hub must restore its membership.",
        )
    if stands is Standing.SUPERVISED:
        return held(member, measure)
    return Reason(
        clause=f"directory measure {measure.id}",
        text=f"{member.manifest.name} is {_what(measure)}{_until(measure)}, by decision of {measure.decided_by}: "
        f"{_sentence(measure.reason)}",
        needed="The measure must end, or the hub restore its membership.",
    )


def supervised(member: Member, on: date) -> Measure | None:
    """The measure under which what it writes is held that day, whatever else it is under; None where it is not."""
    found = (one for one in member.measures if one.standing is Standing.SUPERVISED and one.in_effect(on))
    return next(found, None)


def held(member: Member, measure: Measure) -> Reason:
    """What whoever asked is told while their question waits for somebody to look at it."""
    return Reason(
        clause=HELD_CLAUSE,
        text=f"Held for review: {member.manifest.name} is supervised{_until(measure)}, by decision of "
        f"{measure.decided_by}: {_sentence(measure.reason)} The question is kept; if it is released, its answer "
        "comes by letter.",
    )


def _sentence(reason: str) -> str:
    """As it was written, with an end."""
    return f"{reason.rstrip().rstrip('.')}."


def _what(measure: Measure) -> str:
    if measure.standing is not Standing.RESTRICTED:
        return str(measure.standing)
    return f"restricted in {', '.join(measure.categories) or 'every category'}"


def _until(measure: Measure) -> str:
    return f" until {measure.last_day}" if measure.last_day else ""
