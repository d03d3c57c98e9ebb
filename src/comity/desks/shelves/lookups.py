"""What the desks need of the shelves of lookups: hits, questions that wait or are kept, lists and what was found."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from comity.domain.batch import Batch, Queued, QueueState, Silence
from comity.domain.held import Held
from comity.domain.hit import Hit
from comity.domain.importing import RefusedRow
from comity.domain.kept import Kept, Late
from comity.domain.lookup import Finding
from comity.domain.supervision import HeldQuestion


class Hits(Protocol):
    def put(self, hit: Hit) -> None: ...

    def get(self, hit_id: str) -> Hit | None: ...

    def every(self, limit: int) -> list[Hit]:
        """Newest first; those whose clock runs before all others."""
        ...

    def overdue(self, now: datetime) -> list[Hit]: ...

    def of_record(self, record_id: str) -> list[Hit]: ...


class KeptQuestions(Protocol):
    """Questions kept until their last day, the records still to be compared with them, and what was found late."""

    def keep(self, kept: Kept) -> None:
        """Keep a question; one that is kept already is kept as it is handed in now."""
        ...

    def keep_all(self, many: Sequence[Kept]) -> None:
        """Keep those that are not kept yet; whatever stands under an id stays as it is."""
        ...

    def get(self, question_id: str, today: date) -> Kept | None: ...

    def forget(self, question_id: str) -> bool:
        """True where it was kept."""
        ...

    def watches(self, officer: str, today: date) -> list[Kept]:
        """Of one officer here, the newest first."""
        ...

    def watched_for(self, bureau: str) -> int:
        """How many watches stand for one bureau."""
        ...

    def sharing(self, keys: Mapping[str, Collection[int]], today: date) -> dict[str, list[tuple[Kept, int]]]:
        """For each record the questions under its keys (`matching.meeting`), with how many they share."""
        ...

    def any_near(self) -> bool:
        """Whether any question stands that asked for near numbers too."""
        ...

    def rekey(self, limit: int) -> int:
        """Make the keys of so many questions anew that an earlier release made; how many."""
        ...

    def note(self, record_ids: Sequence[str], kind: str) -> None:
        """These were put just now. Where nobody waits for such a one, nothing is noted."""
        ...

    def noted(self, limit: int) -> list[tuple[int, str]]:
        """(number, record) of those still to be compared, the oldest first; one put again has a new number."""
        ...

    def struck(self, numbers: Sequence[int]) -> None:
        """These are compared."""
        ...

    def file(self, late: Late, finding: Finding) -> None: ...

    def filed(self, unit: str, today: date, limit: int) -> list[tuple[Late, Held[Finding]]]:
        """What was found late for one unit, the newest first."""
        ...

    def late(self, hit: str, today: date) -> tuple[Late, Held[Finding]] | None:
        """One of what was found late."""
        ...

    def unfile(self, hit: str) -> None:
        """The owner took the record back, or denied the hit."""
        ...

    def expire(self, today: date) -> int:
        """Erase what is past its last day; how many."""
        ...


class HeldQuestions(Protocol):
    """Questions of supervised members that wait until somebody has looked at them."""

    def put(self, held: HeldQuestion) -> None: ...

    def get(self, question_id: str) -> HeldQuestion | None: ...

    def every(self) -> list[HeldQuestion]:
        """The oldest first."""
        ...

    def past(self, today: date) -> list[HeldQuestion]:
        """Those whose last day is over."""
        ...

    def forget(self, question_id: str) -> None:
        """It is decided."""
        ...


class Batches(Protocol):
    """Lists that are looked up: how far each has come, and the queue of what was found."""

    def get(self, batch_id: str) -> Batch | None: ...

    def put(self, batch: Batch) -> None: ...

    def of_unit(self, unit: str, today: date, limit: int) -> list[Batch]:
        """The newest first."""
        ...

    def refuse(self, batch_id: str, rows: Sequence[RefusedRow]) -> None: ...

    def refused(self, batch_id: str) -> list[RefusedRow]: ...

    def silent(self, batch_id: str, silences: Sequence[Silence]) -> None:
        """Who did not answer on which line."""
        ...

    def heard(self, batch_id: str, silences: Sequence[Silence]) -> None:
        """These are asked again: whoever stays silent is noted anew."""
        ...

    def silences(self, batch_id: str) -> list[Silence]:
        """By line."""
        ...

    def queue(self, queued: Queued, finding: Finding) -> None: ...

    def queued(
        self, batch_id: str, state: QueueState | None, after: int, limit: int
    ) -> list[tuple[Queued, Held[Finding] | None]]:
        """The most probable first, from place `after` on; of every state where none is named."""
        ...

    def entry(self, hit: str) -> tuple[Queued, Held[Finding] | None] | None: ...

    def of_record(self, record_id: str) -> list[Queued]:
        """Entries of every queue that hold content of that record."""
        ...

    def contents(self, today: date) -> list[Held[Finding]]:
        """What lies in any queue whose last day is not over."""
        ...

    def decide(self, queued: Queued) -> None:
        """Keep what somebody decided; the content stays."""
        ...

    def ended(self, today: date) -> list[Queued]:
        """Entries whose owners' last day is over, and whose content is still there."""
        ...

    def empty(self, queued: Queued) -> None:
        """Keep the entry without its content: the record is gone."""
        ...

    def count(self, batch_id: str) -> dict[QueueState, int]:
        """Entries of its queue by state."""
        ...

    def erase(self, batch_id: str) -> None:
        """The batch with all that belongs to it."""
        ...

    def past(self, today: date) -> list[Batch]:
        """Batches whose last day is over."""
        ...
