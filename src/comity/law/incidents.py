"""Until when a member must be told of a security incident, by the agreements with it."""

from datetime import date

from comity.domain import limits
from comity.law.decision import Law


def tell_within_hours(law: Law, ours: str, theirs: str, today: date) -> int:
    """The least that any text in force between the two asks; without one, the time that holds for all."""
    slice_ = law.texts.slice(ours, theirs)
    hours = [
        clause.duties.tell_incidents_within_hours
        for bound in (*slice_.agreements, *slice_.organisation)
        if not bound.out_of_force(today, ours, theirs)
        for clause in bound.instrument.clauses
        if clause.duties is not None and clause.duties.tell_incidents_within_hours is not None
    ]
    return min(hours, default=limits.INCIDENT_MEMBERS_HOURS)
