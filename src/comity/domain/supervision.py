"""A question of a supervised member that waits until somebody here has looked at it."""

from datetime import date

from msgspec import Struct

from comity.domain.dates import Moment
from comity.domain.lookup import Question


class HeldQuestion(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """`until` is the last day on which it can be released; after it, it counts as refused."""

    question: Question
    measure: str  # under which it is held
    held_at: Moment
    until: date
    watch_until: date | None = None  # where it came as a watch: for how long

    @property
    def id(self) -> str:
        return self.question.id
