"""Dates as people know them (a day, a month, or only a year), and moments as systems know them."""

import calendar
import re
from datetime import date, datetime
from functools import lru_cache
from typing import Annotated

from msgspec import Meta

from comity.domain.errors import Invalid

# A moment as it is stored and sent. One without its time zone cannot be compared, so it is refused where it enters.
Moment = Annotated[datetime, Meta(tz=True)]

_SHAPE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


# The dates of an import repeat; three of them in a row would otherwise take four fifths of its time.
@lru_cache(maxsize=1 << 15)
def partial_date(text: str, where: str = "") -> str:
    """`YYYY`, `YYYY-MM` or `YYYY-MM-DD`, checked to exist. Raises Invalid."""
    found = _SHAPE.fullmatch(text.strip())
    if not found:
        raise Invalid(
            f"{text!r} is no date.",
            where=where,
            do="Write YYYY-MM-DD, or YYYY-MM or YYYY where the rest is unknown.",
        )
    year, month, day = (int(part) if part else 1 for part in found.groups())
    try:
        date(year, month, day)
    except ValueError:
        raise Invalid(
            f"There is no date {text!r}.",
            where=where,
            do="Correct the month or day, or leave them out.",
        ) from None
    return found.group(0)


def months_later(moment: datetime, months: int) -> datetime:
    """The same day of the month so much later; the last one where that month is shorter."""
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    return moment.replace(year=year, month=month + 1, day=min(moment.day, calendar.monthrange(year, month + 1)[1]))
