"""Which kept questions a held record may answer: its keys leave the box for their shelf, and whether they may meet."""

from collections.abc import Sequence

from comity.domain.held import Held
from comity.domain.lookup import Query, Question
from comity.domain.purpose import Purpose
from comity.domain.record import Record
from comity.matching import meeting

KEYS_UNKNOWN = 0  # how many are shared was not looked at


def keys_of(held: Held[Record], near: bool) -> tuple[int, ...]:
    """By which the questions are found; they say what the record says, and go no further than the shelf."""
    return meeting.keys_of(held._content.subject, near)


def worth_comparing(query: Query, purpose: Purpose, found: Sequence[Held[Record]]) -> list[Held[Record]]:
    """Without the persons of whom too little is proved: to compare them with every reason takes ten times as
    long, and none of them would be told. The law is not asked: a record is left out or not whoever may see it.
    """
    worth = meeting.likely([(query, held._content.subject, purpose, KEYS_UNKNOWN) for held in found])
    return [held for held, is_worth in zip(found, worth, strict=True) if is_worth]


def likely(met: Sequence[tuple[Question, Held[Record], int]]) -> list[bool]:
    """Which questions and records that share so many keys are worth a decision."""
    return meeting.likely([(one.query, held._content.subject, one.purpose, common) for one, held, common in met])
