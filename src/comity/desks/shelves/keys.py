"""What the desks need of the shelf of the log of keys."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from msgspec import Struct

from comity.domain.journal import Checkpoint


class KeyEntry(Struct, frozen=True):
    """One entry of the log: what was signed, by whom and as what; `typ` is '' where this release does not know it."""

    node: str
    typ: str
    version: int
    signed: bytes


class KeyLog(Protocol):
    """The log of keys: at the hub the log itself, elsewhere a full copy of it."""

    def size(self) -> int: ...

    def append(self, entries: Sequence[KeyEntry]) -> None: ...

    def leaves(self) -> list[bytes]:
        """All leaf hashes, in order."""
        ...

    def hashes(self, level: int, start: int, stop: int) -> list[bytes]:
        """Hashes of complete subtrees over 2^level leaves each."""
        ...

    def entries(self, after: int, limit: int) -> list[bytes]:
        """As signed, from that position on."""
        ...

    def newest(self, node: str, typ: str) -> bytes | None: ...

    def has_keys(self, node: str) -> bool:
        """Whether it has ever published keys to seal to."""
        ...

    def of(self, node: str) -> list[tuple[int, KeyEntry]]:
        """(position, entry) of everything that one node has published."""
        ...

    def checkpoint(self) -> Checkpoint | None:
        """The last one signed by the hub."""
        ...

    def keep_checkpoint(self, checkpoint: Checkpoint) -> None:
        """Raises Conflict where another root was signed for this size."""
        ...

    def heard(self, at: datetime) -> None:
        """The hub has just confirmed that nothing newer is in its log."""
        ...

    def heard_at(self) -> datetime | None: ...
