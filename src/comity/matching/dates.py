"""How two dates of birth compare: the same, a slip of the pen, another calendar, known in part, or in conflict."""

import datetime
from enum import IntEnum

from comity.matching.compiled import compiled


class DateLevel(IntEnum):
    """From what agrees most to what conflicts most: within each half the weights go down in this order."""

    SAME = 0
    SWAPPED = 1  # day and month exchanged
    ONE_DIGIT = 2  # one digit other, or two neighbours exchanged
    YEAR_APART = 3  # same day and month, a year apart
    MONTH_ONLY = 4  # year and month agree; no more is known on one side
    SAME_YEAR_MONTH = 5  # or the year and the day
    NEW_YEAR = 6  # the year agrees, and one side or both say 1 January: mostly an estimate
    YEAR_ONLY = 7  # the year agrees; no more is known on one side
    SAME_DAY = 8  # day and month agree, the year does not
    SAME_YEAR = 9
    NEAR = 10  # two years apart at most
    FAR = 11  # ten years apart at most
    CONFLICT = 12


AGREE_LAST = DateLevel.SAME_DAY  # from here up agreement is worth something, below it counts against
CODES = (
    "exact",
    "day-month-swapped",
    "one-digit",
    "one-year-apart",
    "month-only",
    "same-month",
    "new-year",
    "year-only",
)
CODES += ("same-day", "same-year", "near", "conflict", "conflict")  # type: ignore[assignment]


@compiled
def date_level(year: int, month: int, day: int, other_year: int, other_month: int, other_day: int) -> int:
    """A DateLevel, from two dates of which month and day may be 0, where they are not known."""
    apart = year - other_year if year > other_year else other_year - year
    if month == 0 or other_month == 0:
        return years_level(apart, 7)
    if day == 0 or other_day == 0:
        if apart == 0 and month == other_month:
            return 4
        return years_level(apart, 9)
    if apart == 0:
        return same_year_level(month, day, other_month, other_day)
    if digits_apart(year, month, day, other_year, other_month, other_day) <= 1:
        return 2
    if month == other_month and day == other_day and not (month == 1 and day == 1):
        return 3 if apart == 1 else 8
    return years_level(apart, 9)


@compiled
def years_level(apart: int, if_same: int) -> int:
    if apart == 0:
        return if_same
    if apart <= 2:
        return 10
    return 11 if apart <= 10 else 12


@compiled
def same_year_level(month: int, day: int, other_month: int, other_day: int) -> int:
    if (month == 1 and day == 1) or (other_month == 1 and other_day == 1):
        return 6
    if month == other_month and day == other_day:
        return 0
    if month == other_day and day == other_month:
        return 1
    if digits_apart(0, month, day, 0, other_month, other_day) <= 1:
        return 2
    return 5 if month == other_month or day == other_day else 9


@compiled
def digits_apart(year: int, month: int, day: int, other_year: int, other_month: int, other_day: int) -> int:
    """How many digits of YYYYMMDD differ; two neighbours exchanged count once."""
    one = year * 10000 + month * 100 + day
    other = other_year * 10000 + other_month * 100 + other_day
    apart, before, other_before, differed = 0, -1, -1, False
    while one or other:
        digit, other_digit = one % 10, other % 10
        differs = digit != other_digit
        if differs and differed and digit == other_before and other_digit == before:
            differs = False  # counted already, with its neighbour
        elif differs:
            apart += 1
        before, other_before, differed = digit, other_digit, differs
        one, other = one // 10, other // 10
    return apart


# What years may be in other calendars, and what may then be meant.
_HIJRI_YEARS = range(1300, 1480)
_SOLAR_YEARS = range(1290, 1440)
_BUDDHIST_YEARS = range(2400, 2600)
_HIJRI_EPOCH, _SOLAR_EPOCH = 1948439.5, 1948319.5
_BUDDHIST_YEARS_AHEAD = 543

Date = tuple[int, int, int]  # year, month, day; month and day 0 where not known


def parts(text: str) -> Date:
    """Of a partial date that was checked where it entered."""
    numbers = [int(part) for part in text.split("-")]
    return (numbers[0], numbers[1] if len(numbers) > 1 else 0, numbers[2] if len(numbers) > 2 else 0)


def readings(text: str) -> tuple[Date, ...]:
    """The date as written; then what it would be in our calendar if it was written in another one."""
    date = parts(text)
    found = [date]
    year = date[0]
    if year in _BUDDHIST_YEARS:
        found.append((year - _BUDDHIST_YEARS_AHEAD, *date[1:]))
    if year in _SOLAR_YEARS:
        found.append(_partly(date, _from_solar_hijri))
    if year in _HIJRI_YEARS:
        found.append(_partly(date, _from_hijri))
    return tuple(dict.fromkeys(found))


def _partly(date: Date, convert) -> Date:  # type: ignore[no-untyped-def]
    year, month, day = date
    whole: Date = convert(year, month or 7, day or 15)
    return (whole[0], 0, 0) if not day else whole


def _from_hijri(year: int, month: int, day: int) -> Date:
    """The tabular Islamic calendar; sightings of the moon may differ by a day."""
    julian = day + -(-59 * (month - 1) // 2) + (year - 1) * 354 + (3 + 11 * year) // 30 + _HIJRI_EPOCH - 1
    return _gregorian(julian)


def _from_solar_hijri(year: int, month: int, day: int) -> Date:
    """The Persian and Afghan calendar: years begin at the March equinox, by the cycle of 2820 years."""
    base = year - 474
    cycle_year = 474 + base % 2820
    before_month = (month - 1) * 31 if month <= 7 else (month - 1) * 30 + 6
    leap_days = (cycle_year * 682 - 110) // 2816
    julian = day + before_month + leap_days + (cycle_year - 1) * 365 + base // 2820 * 1029983 + _SOLAR_EPOCH
    return _gregorian(julian)


def _gregorian(julian: float) -> Date:
    whole = datetime.date.fromordinal(int(julian - 1721424.5))
    return (whole.year, whole.month, whole.day)
