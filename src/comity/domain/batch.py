"""A batch: a list of persons, documents or vehicles looked up line by line, and the queue of what was found."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from comity.domain import limits
from comity.domain.circumstances import StatedOffence
from comity.domain.errors import Conflict, Invalid
from comity.domain.hit import Hit
from comity.domain.lookup import Finding, Outcome, Query
from comity.domain.purpose import Purpose
from comity.domain.stated import Stated

Line = Annotated[int, Meta(ge=1, le=limits.BATCH_LINES_MAX)]
Label = Annotated[str, Meta(max_length=limits.NAME_CHARS_MAX)]
Reason = Annotated[str, Meta(max_length=limits.REASON_CHARS_MAX)]


def kind_of(query: Query) -> str:
    """The tag of a query: "person", "document" ..."""
    return str(query.__struct_config__.tag)


class ListLine(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One line of a list: what is asked about it, or why nothing can be."""

    line: Line  # in the file, from 1
    label: Label = ""  # how the list itself names it
    queries: Annotated[tuple[Query, ...], Meta(max_length=limits.QUERIES_PER_LINE_MAX)] = ()
    refused: Reason = ""

    def __post_init__(self) -> None:
        if not self.queries and not self.refused:
            raise Invalid("Nothing is asked of this line.", where="queries", do="Say why in `refused`.")
        if len({kind_of(query) for query in self.queries}) < len(self.queries):
            raise Invalid("Two questions of one kind stand in one line.", where="queries", do="Make two lines of it.")


class BatchRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which list, why, and for which case: stated once, for all of it."""

    file_digest: Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]  # SHA-256, hex
    file_name: Annotated[str, Meta(min_length=1, max_length=limits.NAME_CHARS_MAX)]
    purpose: Purpose
    case: Annotated[str, Meta(min_length=1, max_length=limits.CODE_CHARS_MAX)]
    on_behalf_of: Annotated[str, Meta(max_length=limits.CODE_CHARS_MAX)] = ""
    again: bool = False  # screen anew a list that was screened to its end
    offence: StatedOffence | UnsetType = UNSET  # as of a lookup, of every question of the list
    stated: Stated | UnsetType = UNSET


class Silence(Struct, frozen=True):
    """One source did not answer one question of one line."""

    line: int
    kind: str  # of the question
    source: str


class Tally(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How one source stood to the questions of a batch. "No record" never means clear."""

    hit: int = 0
    no_record: int = 0
    silent: int = 0
    refused: int = 0
    why: str = ""  # the last reason that it gave, or for which it stayed silent

    def plus(self, outcome: Outcome, number: int = 1, why: str = "") -> "Tally":
        field = outcome.value.replace("-", "_")
        return msgspec.structs.replace(self, **{field: getattr(self, field) + number}, why=why or self.why)


class Batch(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How far one list has been looked up. The same list, purpose, case and account again is the same batch."""

    id: str
    file_digest: str
    file_name: str
    purpose: Purpose
    case: str
    account: str
    unit: str
    on_behalf_of: str
    started_at: datetime
    keep_until: date  # the last day of its queue; after it nothing is left but the journal
    next_line: int = 1  # the first line not yet looked up
    lines: int = 0  # looked up or refused
    questions: int = 0
    refused: int = 0  # lines of which nothing, or not all, could be asked
    found: int = 0  # entered into the queue
    sources: dict[str, Tally] = {}
    finished_at: datetime | None = None
    offence: StatedOffence | UnsetType = UNSET
    stated: Stated | UnsetType = UNSET


class BatchStatus(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A batch with the entries of its queue, counted by state."""

    batch: Batch
    queue: dict[str, int]


class QueueState(StrEnum):
    """How far people have come with one finding of a batch."""

    OPEN = "open"
    DISMISSED = "dismissed"  # somebody looked, and it is not the one
    TAKEN_UP = "taken-up"  # an ordinary hit since then
    GONE = "gone"  # the owner took the record back, denied the hit, or lets us keep it no longer


class Queued(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One finding of a batch that waits for somebody to look. Its content lies beside it, in a box."""

    id: str  # of the hit that it becomes
    batch: str
    line: int
    label: str
    query: Query
    category: str
    probability: float | None  # None where the owner did not tell: such a one stands first
    told_by: tuple[str, ...]
    hit: Hit  # as it enters the register when it is taken up
    state: QueueState = QueueState.OPEN
    reason: str = ""
    decided_by: str = ""
    decided_at: datetime | None = None
    last_day: date | UnsetType = UNSET  # on which its owner lets us keep the content; unset where the batch's end holds

    def has_ended(self, today: date) -> bool:
        """Its content is gone, whether or not it was erased yet."""
        return isinstance(self.last_day, date) and self.last_day < today

    def decided(self, state: QueueState, reason: str, by: str, at: datetime) -> "Queued":
        """Raises Conflict where somebody decided before."""
        if self.state is not QueueState.OPEN:
            raise Conflict(
                f"Entry {self.id} of the queue is {self.state} since {self.decided_at:%d %b %Y %H:%M} UTC.",
                do="Look at the queue as it stands now.",
            )
        return msgspec.structs.replace(self, state=state, reason=reason, decided_by=by, decided_at=at)


class QueueEntry(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One entry, with its finding as far as this caller may see it; None where its record is gone."""

    queued: Queued
    finding: Finding | None


class QueuePage(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`after` is where the next page begins, None where this is the last."""

    entries: tuple[QueueEntry, ...]
    after: int | None
