"""Slips of the pen, parts of dates and other calendars: each has its level, and no order of the two sides matters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.matching.compiled import plainly
from comity.matching.dates import CODES, DateLevel, date_level, parts, readings

level = plainly(date_level)
DATES = st.tuples(st.integers(1900, 2020), st.integers(1, 12), st.integers(1, 28))
PARTIAL = st.one_of(DATES, DATES.map(lambda d: (d[0], d[1], 0)), DATES.map(lambda d: (d[0], 0, 0)))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("1980-04-05", "1980-04-05", DateLevel.SAME),
        ("1980-04-05", "1980-05-04", DateLevel.SWAPPED),
        ("1980-04-05", "1986-04-05", DateLevel.ONE_DIGIT),
        ("1980-04-05", "1980-04-15", DateLevel.ONE_DIGIT),
        ("1980-04-15", "1980-04-17", DateLevel.ONE_DIGIT),
        ("1958-04-15", "1985-04-15", DateLevel.ONE_DIGIT),  # two neighbours exchanged
        ("1979-04-05", "1980-04-05", DateLevel.YEAR_APART),
        ("1980-04", "1980-04-05", DateLevel.MONTH_ONLY),
        ("1980-04-05", "1980-04-19", DateLevel.SAME_YEAR_MONTH),
        ("1980-01-01", "1980-08-23", DateLevel.NEW_YEAR),
        ("1980-01-01", "1980-01-01", DateLevel.NEW_YEAR),  # mostly two estimates
        ("1980", "1980-04-05", DateLevel.YEAR_ONLY),
        ("1962-04-05", "1980-04-05", DateLevel.SAME_DAY),
        ("1980-04-05", "1980-11-23", DateLevel.SAME_YEAR),
        ("1980-04-05", "1982-11-23", DateLevel.NEAR),
        ("1980", "1981-11-23", DateLevel.NEAR),
        ("1980-04-05", "1989-11-23", DateLevel.FAR),
        ("1980-04-05", "1955-11-23", DateLevel.CONFLICT),
    ],
)
def test_each_kind_of_difference_has_its_level(one, other, expected):
    assert level(*parts(one), *parts(other)) == expected


@given(PARTIAL, PARTIAL)
def test_no_side_comes_first(one, other):
    assert level(*one, *other) == level(*other, *one)


@given(DATES)
def test_knowing_less_of_the_same_date_never_says_more(date):
    year, month, _ = date
    whole, month_only, year_only = level(*date, *date), level(*date, year, month, 0), level(*date, year, 0, 0)
    if (month, date[2]) != (1, 1):
        assert whole < month_only < year_only


def test_every_level_has_a_code():
    assert len(CODES) == len(DateLevel)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("1400-01-01", (2021, 3, 21)),  # Solar Hijri: Nowruz
        ("1365-05-12", (1986, 8, 3)),
        ("2530-04-05", (1987, 4, 5)),  # Buddhist
        ("2530", (1987, 0, 0)),
    ],
)
def test_a_year_of_another_calendar_is_read_in_ours_as_well(written, meant):
    assert readings(written)[0] == parts(written)
    assert meant in readings(written)


def test_a_hijri_date_is_a_day_off_at_most():
    assert any(abs(day - 21) <= 1 and (year, month) == (1979, 11) for year, month, day in readings("1400-01-01"))


def test_a_year_of_our_own_calendar_is_left_alone():
    assert readings("1980-04-05") == ((1980, 4, 5),)
