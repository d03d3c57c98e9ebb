"""A question that is kept for a time: what comes later and answers it is told, as far as the law then allows."""

from datetime import date, datetime

from msgspec import Struct

from comity.domain.lookup import Question


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
