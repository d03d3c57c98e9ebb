"""Which kept questions a held record may answer: the keys alone leave the box, for the shelf of kept questions."""

from comity.domain.held import Held
from comity.domain.record import Record
from comity.matching import meeting


def keys_of(held: Held[Record]) -> tuple[str, ...]:
    """By which the questions are found; they say what the record says, and go no further than the shelf."""
    return meeting.keys_of(held._content.subject)
