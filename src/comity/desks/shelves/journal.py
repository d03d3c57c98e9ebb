"""What the desks need of the journal: entries, leaves, roots, signed checkpoints."""

from collections.abc import Sequence
from typing import Protocol

from comity.domain.journal import Checkpoint, Entry, Opening, Receipt


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
