"""What a person who asks may be told of the disclosures of their own records."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated

from msgspec import Meta, Struct

from comity.domain import limits
from comity.domain.journal import Act, Entry
from comity.domain.marking import Confidentiality
from comity.domain.oversight import LeftOut
from comity.domain.record import Header

# Something of a record went to somebody; what an owner learns of its own record is none.
DISCLOSES = frozenset(
    {
        Act.LOOKUP_ANSWERED,
        Act.LOOKUP_ANSWERED_LATE,
        Act.LOOKUP_RELEASED,
        Act.LOOKUP_SHOWN,
        Act.LOOKUP_SHOWN_LATE,
        Act.RECORD_SHOWN,
        Act.RECORD_PASSED,
        Act.MESSAGE_SENT,
        Act.LINK_SHOWN,
    }
)


class Telling(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long after it a disclosure for one purpose is left out."""

    withheld_days: Annotated[int, Meta(ge=0, le=3_660)]
    source: Annotated[str, Meta(min_length=1, max_length=limits.TEXT_CHARS_MAX)]


def left_out_of(header: Header, here: str) -> LeftOut | None:
    """Why nothing is told of a record at all; None where it may be."""
    # Falls without each of them: tests/desks/test_disclosures.py
    if header.source != here:
        return LeftOut.ANOTHERS
    if header.marking.confidentiality is not Confidentiality.OFFICIAL:
        return LeftOut.CONFIDENTIAL
    return None


def left_out(entry: Entry, telling: Mapping[str, Telling], today: date) -> LeftOut | None:
    """Why a disclosure is not told yet; None where it may be. What names no purpose is as the longest withheld."""
    days = telling[entry.purpose].withheld_days if entry.purpose in telling else _longest(telling)
    return LeftOut.TOO_SOON if today < entry.at.date() + timedelta(days=days) else None


def _longest(telling: Mapping[str, Telling]) -> int:
    return max(one.withheld_days for one in telling.values())
