"""What the desks need of the shelves of records: what is held, entered, looked at again, and thought to be the same."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from comity.domain.held import Held
from comity.domain.importing import Import, RefusedRow
from comity.domain.link import LinkState, ProposedLink
from comity.domain.lookup import PersonQuery
from comity.domain.record import Header, Record, Withdrawal
from comity.matching.numbered import NumberKey
from comity.matching.seeking import Reason


class Stored(StrEnum):
    """What became of a record that was put."""

    NEW = "new"
    READMITTED = "readmitted"  # new again, after somebody had looked why it was gone
    AMENDED = "amended"
    UNCHANGED = "unchanged"
    WITHDRAWN = "withdrawn"  # a tombstone of this or a later version stands: not stored
    OLDER = "older"  # a later version stands: not stored


class Records(Protocol):
    """Records and tombstones. What is past `retain_until`, or withdrawn, is not found."""

    def put(self, records: Sequence[Record]) -> list[Stored]:
        """Store each where its version is newer than what stands; the same content again is UNCHANGED.

        A record handed in with version 0 gets the next version if its content differs from what stands.
        """
        ...

    def get(self, record_id: str, today: date) -> Held[Record] | None: ...

    def some(self, record_ids: Sequence[str], today: date) -> dict[str, Held[Record]]:
        """Those of them that stand, by id."""
        ...

    def owned(self, record_id: str) -> Record | None:
        """One of this node's own records, or one it hosts for an outside body: open, whatever its retention."""
        ...

    def numbered(self, keys: Sequence[NumberKey], near: bool, today: date) -> list[Held[Record]]:
        """Records that carry one of these numbers, where `near` also a number like it: the nearest first.

        No more than CANDIDATES_MAX. Unavailable where the index has to be built first.
        """
        ...

    def persons(self, query: PersonQuery, limit: int, today: date) -> list[Held[Record]]:
        """Persons whom the question may mean, the most likely first: no verdict, the comparison gives that."""
        ...

    def why_not(self, query: PersonQuery, record_id: str, limit: int) -> tuple[Reason, ...]:
        """Why that record is not among the `limit` that `persons` hands out; empty where it is."""
        ...

    def owners(self, kind: str) -> list[tuple[str, str, str]]:
        """(collection, source, country) of everything held of that kind of subject."""
        ...

    def withdraw(self, withdrawal: Withdrawal) -> bool:
        """Erase the record, keep a tombstone; True where a record was erased."""
        ...

    def set_apart(self, record_id: str, today: date) -> Header | None:
        """Under a precautionary block: no read finds it, nothing handed in takes its place. None: it does not stand."""
        ...

    def apart(self, record_id: str) -> Header | None:
        """Of one that was set apart."""
        ...

    def bring_back(self, record_id: str, today: date) -> bool:
        """The end of the block: an own record has its next version. False where there is none, or it has ended."""
        ...

    def dates(self, record_ids: Sequence[str], today: date) -> dict[str, tuple[date, date]]:
        """(retain_until, review_at) of those that stand, by id."""
        ...

    def own(self, source: str, collection: str, today: date) -> Iterator[Record]:
        """All of one source's records in one collection, by reference; for its own export."""
        ...

    def every(self, collection: str, today: date) -> Iterator[Held[Record]]:
        """All that is held in one collection, own and others'."""
        ...

    def expire(self, today: date) -> int:
        """Erase what is past its retention and keep a tombstone of each; how many."""
        ...

    def shorten(self, ends: Mapping[str, tuple[date, date]]) -> int:
        """Records end sooner: by id, (retain_until, review_at). What they say and their versions stay; how many."""
        ...

    def let_go(self, record_ids: Sequence[str]) -> int:
        """Erase copies without a tombstone: their source still has them, and may share them again. How many."""
        ...

    def ending(self, by: date) -> Iterator[Record]:
        """This node's own records that end by that day, the first to end first."""
        ...

    def count(self) -> dict[str, int]:
        """Records by collection."""
        ...


class Reviews(Protocol):
    """Which own records are to be looked at before their end, and which may be entered again."""

    def note(self, record_id: str, review_at: date, now: datetime) -> bool:
        """True where it was not noted yet for that day."""
        ...

    def due(self) -> list[str]: ...

    def done(self, record_ids: Sequence[str]) -> None: ...

    def readmit(self, record_id: str, by: str) -> None:
        """A record that was withdrawn or has expired may be entered again, once."""
        ...


class Imports(Protocol):
    def get(self, import_id: str) -> Import | None: ...

    def newest(self, count: int) -> list[Import]:
        """Those that were begun last, the newest first."""
        ...

    def put(self, progress: Import) -> None: ...

    def refuse(self, import_id: str, rows: Sequence[RefusedRow]) -> None: ...

    def refused(self, import_id: str) -> list[RefusedRow]: ...

    def forget_refused(self, import_id: str) -> None:
        """The file is read in anew: what was refused before is not refused yet."""
        ...


class Links(Protocol):
    """Proposed links. A link goes with either of its records, in the transaction that withdraws or expires it."""

    def put(self, link: ProposedLink) -> None: ...

    def get(self, link_id: str, today: date) -> ProposedLink | None: ...

    def queue(self, state: LinkState, today: date) -> Iterator[ProposedLink]:
        """Most probable first."""
        ...

    def every(self) -> Iterator[ProposedLink]: ...

    def erase(self, link_ids: Sequence[str]) -> None: ...


class KeptHome(Protocol):
    """Collections of which some own records stay home for their own law, until it lets them out again."""

    def note(self, collection: str, now: datetime) -> bool:
        """True where it was not noted before."""
        ...

    def every(self) -> list[str]: ...

    def forget(self, collection: str) -> None: ...
