"""A letter that is held for want of proof: for how long, and what its officers are told of it."""

from datetime import date, timedelta

from comity.domain import limits
from comity.domain.disclosed import ProofRules
from comity.domain.letter import Body, RecordPassed, kind_of
from comity.domain.promise import Unproved
from comity.domain.supervision import HeldLetter


def held_until(body: Body, today: date) -> date:
    """The last day on which it can be applied; what it brings may be kept no longer than that."""
    until = today + timedelta(days=limits.HELD_DAYS_MAX)
    return min(until, body.until) if isinstance(body, RecordPassed) else until


def waiting_says(held: HeldLetter, rules: ProofRules) -> str:
    """In plain words: what is held, why, and what happens next."""
    letter, ends = held.letter, held.held_at + rules.grace
    then = {
        Unproved.SHOW: f"At {ends:%H:%M} UTC it is shown without proof, and there is an alarm.",
        Unproved.HOLD: (
            f"If there is none by {ends:%H:%M} UTC, there is an alarm; it stays held until there is proof, or until a "
            "reviewer releases it (`comity held release`)."
        ),
    }[rules.after_grace]
    return (
        f"{kind_of(letter.body)} of {letter.sender} ({letter.lane}), held for want of proof since "
        f"{held.held_at:%d %b %Y %H:%M} UTC: {letter.sender} has not shown yet that its log, seen by enough witnesses, "
        f"holds this disclosure. It is asked again every few seconds. {then}"
    )
