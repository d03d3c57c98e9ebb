"""A generated year: the same for the same seed, with misuse planted, and what finds it finds most."""

import pytest

from comity.analysis.misuse.alarming import suspects
from comity.analysis.misuse.examples import shipped
from comity.analysis.misuse.traces import peers_of
from comity.analysis.misuse.weeks import OfficerWeek, Watched, officer_weeks
from comity.testing.misuse_year.planted import Kind
from comity.testing.misuse_year.year import Year

WEEKS = 14


def a_year(seed: int) -> Year:
    """Some 120 officers for three months."""
    return Year(seed, scale=0.1, weeks=WEEKS, of_each=1)


@pytest.fixture(scope="module")
def seen() -> tuple[Year, list[OfficerWeek]]:
    year = a_year(1)
    return year, list(officer_weeks(year.entries(), Watched(peers_of(year.accounts), year.sites, year.honey)))


def test_it_is_the_same_for_the_same_seed():
    first, second, other = (next(a_year(seed).entries()) for seed in (1, 1, 2))
    assert first == second != other


def test_every_kind_is_planted_with_officers_of_its_own(seen: tuple[Year, list[OfficerWeek]]):
    year, _ = seen
    assert {one.kind for one in year.planted} == {*Kind}
    assert len({one.officer.account.id for one in year.planted}) == len(Kind)


def test_most_of_what_is_planted_is_found(seen: tuple[Year, list[OfficerWeek]]):
    """At five times the false alarms of the full year: so few officers say little about what is usual."""
    year, weeks = seen
    last = max(one.week for one in weeks)
    found = suspects(weeks, shipped(), frozenset(), 5.0, range(last + 1))
    alarmed = {one.officer for one in found.found}
    misused = {one.officer.account.id for one in year.planted if one.acts}
    assert len(alarmed & misused) >= 0.6 * len(misused)
    assert len(alarmed) < len(year.accounts) / 3
