"""How long a question is kept, how long it may be watched, and how long what was found waits for somebody to look."""

from datetime import date, timedelta

from comity.domain.purpose import Purpose
from comity.law.rulebook import Rulebook


def kept_until(purpose: Purpose, asked: date, book: Rulebook) -> date | None:
    """The last day of a question asked that day; None where it is not kept at all."""
    days = book.lookups[purpose].kept_days
    return asked + timedelta(days=days) if days else None


def watched_until_latest(purpose: Purpose, today: date, book: Rulebook) -> date | None:
    """The furthest day to which a watch may be set today; None where none may be."""
    days = book.lookups[purpose].watch_days_max
    return today + timedelta(days=days) if days else None


def queue_until(purpose: Purpose, found: date, book: Rulebook) -> date:
    """The last day of what was found that day and waits for somebody to look."""
    return found + timedelta(days=book.lookups[purpose].queue_days)
