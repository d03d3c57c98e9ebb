"""Hold what a supervised member asks until somebody has looked at it: nothing is lost, and nothing is told yet."""

from datetime import date, datetime, timedelta

from comity.desks.needs import Transaction
from comity.desks.search import categories
from comity.domain import limits
from comity.domain.bureau import Measure, Member, Standing
from comity.domain.journal import Act, Entry
from comity.domain.lookup import Outcome, Query, Question, Reason
from comity.domain.supervision import HeldQuestion
from comity.law.standing import held as held_reason


def held_under(member: Member, query: Query, on: date) -> Measure | None:
    """The measure under which its question is held that day; None where it is answered or refused at once."""
    touched = [category for category in categories(query) if member.stands(on, category) is Standing.SUPERVISED]
    return member.measure(on, touched[0]) if touched else None


def hold(
    tx: Transaction, question: Question, member: Member, now: datetime, watch_until: date | None = None
) -> Reason | None:
    """Keep a question for review where its asker is supervised: what the asker is told; None where it is not.

    Asked again under the same id it is held once, for as long as at first.
    """
    measure = held_under(member, question.query, now.date())
    if measure is None:
        return None
    before = tx.held.get(question.id)
    # Whoever was asked too knows the id, and must not put a question of its own in the place of another's.
    # Falls without it: tests/desks/test_supervision.py
    if before is None:
        waiting = HeldQuestion(
            question=question,
            measure=measure.id,
            held_at=now,
            until=now.date() + timedelta(days=limits.HELD_DAYS_MAX),
            watch_until=watch_until,
        )
        tx.held.put(waiting)
        tx.journal.record(_entry(question, measure, now))
    return held_reason(member, measure)


def _entry(question: Question, measure: Measure, now: datetime) -> Entry:
    return Entry(
        act=Act.LOOKUP_HELD,
        at=now,
        actor=question.asker.bureau,
        unit=question.asker.unit,
        for_whom=question.asker.bureau,
        subject=question.id,
        purpose=question.purpose,
        case=question.case,
        outcome=Outcome.REFUSED,
        clauses=(f"directory measure {measure.id}",),
    )
