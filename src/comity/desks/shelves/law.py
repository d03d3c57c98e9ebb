"""What the desks need of the shelves of the law: agreements, consents, overrides, quotas, measures, checklists."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Protocol

from comity.domain.bulletin import BulletinHead, BulletinItem, Proposal, Publication
from comity.domain.consent import ConsentCase
from comity.domain.held import Held
from comity.domain.instrument import Instrument
from comity.domain.lookup import Finding
from comity.domain.measure import FiledMeasure
from comity.domain.onboarding import Check
from comity.domain.override import FiledOverride, ReceivedNotice
from comity.domain.passing import Passing


class Agreements(Protocol):
    def put(self, agreement: Instrument, text: bytes, digest: str, now: datetime) -> None: ...

    def every(self) -> list[tuple[Instrument, str]]:
        """Adopted agreements, the newest text of each, with the SHA-256 (hex) of that text."""
        ...

    def text(self, digest: str) -> bytes | None:
        """Of any that was ever adopted, and of every rulebook that was kept."""
        ...

    def keep_rulebook(self, digest: str, text: bytes) -> bool: ...

    def rulebooks(self) -> list[bytes]:
        """Every one that was kept, as its one text."""
        ...

    def digests(self) -> tuple[str, ...]:
        """The digests of the same, sorted: tells cheaply whether anything has changed."""
        ...

    def trial(self) -> frozenset[str]:
        """The digests of those that were adopted for a trial, and are no law anywhere else."""
        ...

    def mark_trial(self, digest: str) -> None: ...


class Bulletin(Protocol):
    """The list of published law as it is held here, every document in it, and what waits for signatures."""

    def head(self) -> BulletinHead | None: ...

    def signed_head(self) -> bytes:
        """The same as signed, b'' where none is held."""
        ...

    def put_head(self, head: BulletinHead, signed: bytes) -> None: ...

    def place(self) -> tuple[int, str]:
        """(number, chain) of the last item held; (0, '') where none is."""
        ...

    def add(self, item: BulletinItem, chain: str, fault: str) -> None:
        """The next item; `fault` says why its document cannot be used, '' where it is kept."""
        ...

    def mend(self, number: int, fault: str) -> None:
        """What is wrong with its document now."""
        ...

    def items(self, after: int = 0, limit: int | None = None, of: str = "") -> list[tuple[BulletinItem, str]]:
        """Items with their faults, in order; of all ids, or of one."""
        ...

    def mark(self) -> tuple[int, int]:
        """(items, those at fault): tells cheaply whether anything has changed."""
        ...

    def keep(self, digest: str, kind: Publication, document: bytes) -> None: ...

    def document(self, digest: str) -> tuple[Publication, bytes] | None:
        """Of any that was ever kept."""
        ...

    def propose(self, proposal: Proposal, document: bytes) -> None: ...

    def proposal(self, digest: str) -> tuple[Proposal, bytes] | None: ...

    def proposals(self) -> list[Proposal]:
        """The oldest first."""
        ...


class Consents(Protocol):
    """Consents to use a record further, asked for here or of us."""

    def put(self, case: ConsentCase) -> None: ...

    def get(self, consent_id: str) -> ConsentCase | None: ...

    def every(self) -> list[ConsentCase]: ...

    def of_record(self, record: str) -> list[ConsentCase]: ...


class Overrides(Protocol):
    def put(self, filed: FiledOverride) -> None: ...

    def get(self, override_id: str) -> FiledOverride | None: ...

    def every(self) -> list[FiledOverride]: ...

    def of_case(self, bureau: str, case: str) -> list[FiledOverride]:
        """What was filed for one bureau's questions in one case."""
        ...

    def file(self, told: ReceivedNotice) -> None:
        """A notice of another member: it overrides nothing here."""
        ...

    def notice(self, override_id: str) -> ReceivedNotice | None: ...

    def notices(self) -> list[ReceivedNotice]:
        """The oldest first."""
        ...


class Quotas(Protocol):
    """Questions that each party asked under a clause with a quota, day by day."""

    def count(self, party: str, clauses: Collection[str], day: date) -> None:
        """One question more under each of these clauses."""
        ...

    def asked(self, party: str, since: Mapping[str, date]) -> dict[str, int]:
        """By clause, how many from its day on, that day included."""
        ...

    def expire(self, before: date) -> int:
        """Erase what lies before that day; how many rows."""
        ...


class Measures(Protocol):
    """Corrective measures as the hub files them, with who proposed and who confirmed each."""

    def put(self, filed: FiledMeasure) -> None: ...

    def get(self, measure_id: str) -> FiledMeasure | None: ...

    def every(self, member: str = "") -> list[FiledMeasure]:
        """Of one member or of all, in the order in which they were proposed."""
        ...

    def in_force(self, member: str) -> list[FiledMeasure]:
        """Confirmed and not ended; whether they are in effect is a matter of their days."""
        ...


class Checklists(Protocol):
    def put(self, check: Check) -> None: ...

    def of(self, member: str) -> dict[str, Check]:
        """What was done of a new member's checklist, by item."""
        ...


class Passings(Protocol):
    """What was passed on from here or to us; the content of what came to us lies beside it."""

    def put(self, passing: Passing) -> None: ...

    def file(self, passing: Passing, finding: Finding) -> None: ...

    def empty(self, passing_id: str) -> None:
        """Erase its content."""
        ...

    def get(self, passing_id: str) -> Passing | None: ...

    def content(self, passing_id: str) -> Held[Finding] | None: ...

    def every(self, limit: int) -> list[Passing]:
        """The newest first."""
        ...

    def of_hit(self, hit: str) -> list[Passing]: ...

    def of_consent(self, consent: str) -> list[Passing]: ...

    def past(self, today: date) -> list[Passing]:
        """Those with content here whose last day is over."""
        ...

    def note_taken_back(self, sender: str, passing_id: str, until: date, most: int) -> bool:
        """What never came, or waits for review, is taken back; False where that sender took back so many already."""
        ...

    def was_taken_back(self, sender: str, passing_id: str) -> bool:
        """Before it came."""
        ...

    def forget_taken_back(self, today: date) -> int:
        """Those whose last day is over; how many."""
        ...
