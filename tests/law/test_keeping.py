"""How long questions are kept, by what the rulebook says of their purpose."""

from datetime import date

import pytest

from comity.domain.purpose import Purpose
from comity.law.keeping import kept_until, queue_until, watched_until_latest
from comity.law.rulebook import shipped_rulebook

BOOK = shipped_rulebook()

TODAY = date(2031, 7, 9)


def test_at_the_border_a_question_is_kept_to_the_next_day():
    assert kept_until(Purpose.BORDER_CONTROL, TODAY, BOOK) == date(2031, 7, 10)
    assert queue_until(Purpose.BORDER_CONTROL, TODAY, BOOK) == date(2031, 7, 10)
    assert watched_until_latest(Purpose.BORDER_CONTROL, TODAY, BOOK) == date(2031, 8, 9)


def test_what_serves_no_single_lookup_is_not_kept():
    assert kept_until(Purpose.ANALYSIS, TODAY, BOOK) is None
    assert watched_until_latest(Purpose.ANALYSIS, TODAY, BOOK) is None


@pytest.mark.parametrize("purpose", Purpose)
def test_nothing_is_kept_longer_than_it_may_be_watched(purpose: Purpose):
    rule = shipped_rulebook().lookups[purpose]
    assert rule.kept_days <= rule.watch_days_max
    assert rule.kept_days <= 30, "short where nobody says why longer"
