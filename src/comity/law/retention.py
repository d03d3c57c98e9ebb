"""How long a record is kept, and when its owner looks at it again."""

from calendar import monthrange
from datetime import date
from functools import lru_cache

from msgspec import Struct

from comity.domain.collection import collection
from comity.law.rulebook import Rulebook, shipped_rulebook

DAYS_REMEMBERED = 1_024  # an import asks for the same day a million times


class Retention(Struct, frozen=True, kw_only=True):
    """The rule for one collection."""

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


def retention(code: str, book: Rulebook | None = None) -> Retention:
    """The rule for the collection of that code. Raises Invalid where there is no such collection."""
    rule = (book or shipped_rulebook()).retention[collection(code).code]
    return Retention(years=rule.years, review_months_before=rule.review_months_before, source=rule.source)


@lru_cache(DAYS_REMEMBERED)
def months_after(day: date, months: int) -> date:
    """The same day of a later (or earlier) month; its last day where the month is shorter."""
    count = 12 * day.year + day.month - 1 + months
    year, month = count // 12, count % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
