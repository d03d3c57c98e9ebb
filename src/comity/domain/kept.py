"""A question that is kept for a time: what comes later and answers it is told, as far as the law then allows."""

from datetime import date, datetime

from msgspec import Struct

from comity.domain.lookup import Finding, Query, Question
from comity.domain.purpose import Purpose


class Kept(Struct, frozen=True, kw_only=True):
    """A question of an officer here, or of another bureau that was answered here. `until` is its last day."""

    question: Question
    until: date
    watch: bool = False  # somebody asked for more than is usual: until a day that they named
    on_behalf_of: str = ""  # of a question from here: for whom a system asked
    told: tuple[str, ...] = ()  # of a watch from here: the nodes that were asked to watch too


class Late(Struct, frozen=True, kw_only=True):
    """What came later: one finding on a kept question of an officer here. Its content lies beside it, in a box."""

    hit: str
    question: Question
    source: str  # who told it
    category: str
    told_at: datetime
    keep_until: date


class Watch(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A question that an officer watches, as they see it."""

    id: str  # of the question
    query: Query
    purpose: Purpose
    case: str
    set_at: datetime
    until: date
    told: tuple[str, ...]  # the other nodes that watch too


class FoundLate(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What came late, as an officer sees it: the question that was asked, and the finding."""

    question: str
    query: Query
    purpose: Purpose
    case: str
    asked_at: datetime
    source: str
    told_at: datetime
    keep_until: date
    finding: Finding


def watch_of(kept: Kept) -> Watch:
    """A kept question as its officer sees it."""
    asked = kept.question
    return Watch(
        id=asked.id,
        query=asked.query,
        purpose=asked.purpose,
        case=asked.case,
        set_at=asked.asked_at,
        until=kept.until,
        told=kept.told,
    )


def found_late(late: Late, finding: Finding) -> FoundLate:
    """What came late as an officer sees it."""
    asked = late.question
    return FoundLate(
        question=asked.id,
        query=asked.query,
        purpose=asked.purpose,
        case=asked.case,
        asked_at=asked.asked_at,
        source=late.source,
        told_at=late.told_at,
        keep_until=late.keep_until,
        finding=finding,
    )
