"""How far the asker takes part: as the texts of law say, never as a question does."""

from collections.abc import Sequence
from datetime import date

from comity.domain.circumstances import Tier
from comity.domain.decision import Envelope, Request
from comity.law.facts import Fact, facts
from comity.law.texts import Bound, Slice

_LEAST_FIRST = (Tier.OBSERVER, Tier.LIMITED, Tier.FULL)


def seen_of(bound: Slice, request: Request, envelope: Envelope | None, today: date) -> dict[str, Fact | None]:
    """The facts of a request, with the asker's tier by the rules of its organisation. Raises as `facts`.

    A text with a list of its own sees the asker by that one (`law/program.py` `Program`).
    """
    found = facts(request, envelope, today)
    if tier := _by_organisation(bound.organisation, request.asker, today):
        found["tier"] = tier
    return found


def _by_organisation(bound: Sequence[Bound], asker: str, today: date) -> Tier | None:
    """The least that any text in force gives it; None where none speaks of it."""
    named = [
        tier for one in bound if (tier := one.program.tier(asker)) is not None and not one.out_of_force(today, asker)
    ]
    return min(named, key=_LEAST_FIRST.index, default=None)
