"""How long a record is kept, and when its owner looks at it again."""

from calendar import monthrange
from datetime import date
from functools import lru_cache

from msgspec import Struct

from comity.domain.collection import collection
from comity.domain.record import Subject
from comity.law.rulebook import Rulebook

DAYS_REMEMBERED = 1_024  # an import asks for the same day a million times


class Retention(Struct, frozen=True, kw_only=True):
    """The rule for one collection, or for one status in it."""

    years: int
    review_months_before: int
    source: str

    def retain_until(self, entered: date) -> date:
        """The last day, where the source sets none."""
        return months_after(entered, 12 * self.years)

    def latest(self, today: date) -> date:
        """The latest last day that a source may set today."""
        return months_after(today, 12 * self.years)

    def review_at(self, retain_until: date) -> date:
        """When the owner is asked whether it is still needed."""
        return months_after(retain_until, -self.review_months_before)


def retention(code: str, status: str, book: Rulebook) -> Retention:
    """The rule for a collection, and for a status in it ('' for none). Raises Invalid for an unknown collection."""
    by_collection = book.retention[collection(code).code]
    rule = book.retention_by_status.get(code, {}).get(status, by_collection)
    return Retention(years=rule.years, review_months_before=rule.review_months_before, source=rule.source)


def status_of(subject: Subject) -> str:
    """The status of what a record is about, '' where its kind has none."""
    return str(getattr(subject, "status", "") or "")


def reminded_from(today: date, *books: Rulebook) -> date:
    """Records that end by this day may be due for review: no rule of these asks for more months before the end."""
    rules = [rule for book in books for rule in book.retention.values()]
    rules += [rule for book in books for each in book.retention_by_status.values() for rule in each.values()]
    return months_after(today, max(rule.review_months_before for rule in rules))


@lru_cache(DAYS_REMEMBERED)
def months_after(day: date, months: int) -> date:
    """The same day of a later (or earlier) month; its last day where the month is shorter."""
    count = 12 * day.year + day.month - 1 + months
    year, month = count // 12, count % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
