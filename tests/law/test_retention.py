"""How long each collection keeps a record."""

from datetime import date

import pytest

from comity.domain.collection import COLLECTIONS
from comity.domain.errors import Invalid
from comity.domain.person import PersonStatus
from comity.law.retention import months_after, reminded_from, retention
from comity.law.rulebook import shipped_rulebook

BOOK = shipped_rulebook()


@pytest.mark.parametrize(("code", "years"), [("nominals", 5), ("sltd", 10), ("smv", 10), ("sanctions", 5)])
def test_each_collection_has_its_years(code, years):
    kept = retention(code, "", BOOK)
    last = kept.retain_until(date(2026, 3, 1))
    assert last == date(2026 + years, 3, 1) == kept.latest(date(2026, 3, 1))
    assert kept.review_at(last) == date(2025 + years, 9, 1)
    assert kept.source


def test_a_status_may_set_another_period():
    assert retention("nominals", "unidentified-body", BOOK).years == 15
    assert retention("nominals", "possible-threat", BOOK).years == 3
    assert retention("nominals", "wanted", BOOK) == retention("nominals", "", BOOK) == retention("nominals", "", BOOK)
    assert retention("sltd", "unidentified-body", BOOK) == retention("sltd", "", BOOK)


def test_every_status_named_there_is_one_and_its_rule_has_a_source():
    for code, rules in BOOK.retention_by_status.items():
        assert retention(code, "", BOOK)
        assert set(rules) <= set(PersonStatus)
        assert all(rule.source for rule in rules.values())


def test_whoever_looks_for_what_is_due_looks_far_enough_ahead():
    today = date(2026, 3, 1)
    for code in COLLECTIONS:
        rule = retention(code, "", BOOK)
        assert rule.review_at(reminded_from(today, BOOK)) >= today


def test_the_29th_of_february_ends_on_the_28th():
    assert retention("nominals", "", BOOK).retain_until(date(2028, 2, 29)) == date(2033, 2, 28)


@pytest.mark.parametrize(
    ("day", "months", "found"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 1, 31), -1, date(2025, 12, 31)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 3, 1), 0, date(2026, 3, 1)),
    ],
)
def test_months_are_counted_across_years(day, months, found):
    assert months_after(day, months) == found


def test_an_unknown_collection_is_refused():
    with pytest.raises(Invalid):
        retention("gossip", "", BOOK)
