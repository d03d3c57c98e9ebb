"""What the desks need of the journal: entries, leaves, checkpoints; of the index of its openings, of spot checks."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol

from comity.domain.journal import Checkpoint, Entry, Opening, Receipt
from comity.domain.lookup import Query
from comity.domain.oversight import ErasedOpening
from comity.domain.spot_check import SpotCheck


class Journal(Protocol):
    def record(self, entry: Entry) -> Receipt:
        """Append one entry; it stands once the transaction has committed."""
        ...

    def record_all(self, entries: Sequence[Entry]) -> list[Receipt]:
        """Append many in their order."""
        ...

    def read(self, after: int, limit: int) -> list[Opening]: ...

    def about(self, subject: str) -> list[Opening]:
        """Entries on one question, hit, record ..., oldest first."""
        ...

    def some(self, positions: Sequence[int]) -> list[Opening]:
        """Those of these entries that are not erased, oldest first."""
        ...

    def erased(self, start: int, stop: int) -> list[ErasedOpening]:
        """Of the entries from the one index up to the other."""
        ...

    def erase(self, openings: Sequence[Opening], on: date, under: str) -> None:
        """Salt and entry go, the leaf stays."""
        ...

    def leaves(self, start: int, stop: int) -> list[bytes]:
        """Leaf hashes (32 bytes) as stored, for checking the tree."""
        ...

    def hashes(self, level: int, start: int, stop: int) -> list[bytes]:
        """Hashes of complete subtrees over 2^level leaves each, as stored."""
        ...

    def commitments(self, start: int, stop: int) -> list[bytes]:
        """The leaves themselves, which say nothing of anyone."""
        ...

    def size(self) -> int: ...

    def proof(self, index: int, size: int) -> list[bytes]:
        """The inclusion proof (RFC 6962) of a leaf in the tree of that size."""
        ...

    def root(self, size: int) -> bytes: ...

    def checkpoint(self) -> Checkpoint | None:
        """The last one signed."""
        ...

    def keep_checkpoint(self, checkpoint: Checkpoint) -> None:
        """Raises Conflict where another root was signed for this size."""
        ...


class Openings(Protocol):
    """The index of the journal's openings; the words of a term are in `storage.openings.terms`."""

    def behind(self) -> int:
        """How many entries it does not have yet."""
        ...

    def follow(self, at_most: int) -> int:
        """Take the next entries in; how many."""
        ...

    def forget(self, openings: Sequence[Opening]) -> None:
        """Take entries out whose openings are erased."""
        ...

    def having(self, wanted: Sequence[str], after: int, before: int, limit: int) -> list[int]:
        """The first entries between two that have all of these terms; the rarest is best named first."""
        ...

    def count(self, wanted: Sequence[str], after: int, before: int) -> int: ...

    def concerning(self, query: Query, limit: int) -> list[int]:
        """Entries with a question that may have been about the same; whether it was, a comparison says."""
        ...

    def about(self, ids: Sequence[str], limit: int) -> list[int]:
        """Entries on any of these questions, hits, records ..., and of records those that disclosed them."""
        ...

    def between(self, first: date | None, last: date | None) -> tuple[int, int]:
        """All entries of these days stand after the one position and before the other, and few besides."""
        ...


class SpotChecks(Protocol):
    def put(self, check: SpotCheck) -> None: ...

    def get(self, check_id: str) -> SpotCheck | None: ...

    def every(self) -> list[SpotCheck]:
        """The newest first."""
        ...

    def under_review(self) -> set[int]:
        """Entries of spot checks that are not closed."""
        ...

    def expire(self, before: datetime) -> int:
        """Forget those that were drawn before and are closed; how many."""
        ...
