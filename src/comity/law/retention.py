"""How long a record is kept, and when its owner looks at it again."""

from calendar import monthrange
from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from msgspec import Struct

from comity.domain.collection import collection
from comity.domain.held import Held
from comity.domain.record import Record, Subject
from comity.law.rulebook import Rulebook, kept_periods

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


class Sooner(Struct, frozen=True):
    """A record that ends sooner than it was to."""

    record: str
    retain_until: date
    review_at: date


class EarlierPeriods:
    """How long any of these rulebooks, each as it is kept, ever kept what."""

    def __init__(self, texts: Iterable[bytes]) -> None:
        self._tables = [kept_periods(text) for text in texts]

    def years(self, code: str, status: str) -> int:
        """The most, for a collection and a status in it ('' for none); 0 where none of them knew it."""
        found = (by_status.get(code, {}).get(status, rules.get(code)) for rules, by_status in self._tables)
        return max((rule.years for rule in found if rule is not None), default=0)

    def longer_than(self, book: Rulebook) -> list[str]:
        """The collections of which this rulebook keeps something for less long."""
        return [
            code
            for code in book.retention
            if any(retention(code, status, book).years < self.years(code, status) for status in self._statuses(code))
        ]

    def _statuses(self, code: str) -> set[str]:
        return {"", *(status for _, by_status in self._tables for status in by_status.get(code, ()))}


def ends_sooner(held: Held[Record], book: Rulebook) -> Sooner | None:
    """When a record that was entered under another rulebook ends under this one; None where that is no sooner.

    That is the latest day that its source could have set when it last entered, amended or extended it. So what was
    lawfully kept for longer stays so, however often it is looked at.
    """
    header = held._content.header
    rule = retention(header.collection, status_of(held._content.subject), book)
    until = rule.latest(header.amended_at.date())
    if until >= header.retain_until:
        return None
    return Sooner(header.id, until, min(header.review_at, rule.review_at(until)))


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
