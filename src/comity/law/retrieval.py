"""Which kept questions a held record may answer: its keys leave the box for their shelf, and whether they may meet."""

from collections.abc import Sequence

from comity.domain.held import Held
from comity.domain.lookup import Query
from comity.domain.record import Record
from comity.matching import meeting


def keys_of(held: Held[Record], near: bool) -> tuple[int, ...]:
    """By which the questions are found; they say what the record says, and go no further than the shelf."""
    return meeting.keys_of(held._content.subject, near)


def likely(met: Sequence[tuple[Query, Held[Record], int]]) -> list[bool]:
    """Which questions and records that share so many keys are worth a decision."""
    return meeting.likely([(query, held._content.subject, common) for query, held, common in met])
