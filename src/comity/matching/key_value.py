"""Keys and values in order: all that an index asks of the place where it lies, and such a place in memory."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from msgspec import Struct

from comity.domain import limits
from comity.domain.errors import Invalid


class Shape(Struct, frozen=True):
    """One family of keys: its name, and how they are kept where the index is encrypted.

    There, keys are stored as digests, so that only those with the same first `prefix_bytes` still lie together: a
    `range` by that many bytes or more reads just these, a shorter one reads the whole family. Without encryption every
    range reads just what it gives.
    """

    name: str
    prefix_bytes: int = 0
    digests: bool = False  # the keys are keyed digests already and tell nothing by themselves


class KeyValue(Protocol):
    """One family within one transaction: what it reads is a snapshot, and its own changes; keys are 1 to 511 bytes."""

    def get(self, key: bytes) -> bytes | None: ...

    def get_many(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        """Those that are there: quicker than one by one."""
        ...

    def range(self, prefix: bytes = b"", start: bytes = b"") -> Iterator[tuple[bytes, bytes]]:
        """All that begin with `prefix`, from the key `start` on, in the order of their keys.

        Nothing may be put or deleted while it runs: take a list first.
        """
        ...

    def put(self, key: bytes, value: bytes) -> None: ...

    def put_many(self, items: Iterable[tuple[bytes, bytes]]) -> None:
        """The same for many: by far the quickest in the order of the keys, beyond all that are there."""
        ...

    def delete(self, key: bytes) -> bool:
        """Whether it was there."""
        ...


class InMemory:
    """A `KeyValue` that lies nowhere: for tests, and for lists that are compared once."""

    def __init__(self) -> None:
        self._values: dict[bytes, bytes] = {}
        self._order: list[bytes] | None = []  # None: to be sorted again

    def __len__(self) -> int:
        return len(self._values)

    def get(self, key: bytes) -> bytes | None:
        return self._values.get(key)

    def get_many(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        return {key: value for key in keys if (value := self._values.get(key)) is not None}

    def range(self, prefix: bytes = b"", start: bytes = b"") -> Iterator[tuple[bytes, bytes]]:
        if self._order is None:
            self._order = sorted(self._values)
        order = self._order
        for place in range(bisect_left(order, max(prefix, start)), len(order)):
            if not order[place].startswith(prefix):
                return
            yield order[place], self._values[order[place]]

    def put(self, key: bytes, value: bytes) -> None:
        check_key(key)
        if key not in self._values:
            self._order = None
        self._values[key] = bytes(value)

    def put_many(self, items: Iterable[tuple[bytes, bytes]]) -> None:
        for key, value in items:
            self.put(key, value)

    def delete(self, key: bytes) -> bool:
        if self._values.pop(key, None) is None:
            return False
        self._order = None
        return True


def check_key(key: bytes) -> None:
    """Raises Invalid for a key that could not be kept."""
    if not 0 < len(key) <= limits.INDEX_KEY_BYTES_MAX:
        raise Invalid(f"A key has 1 to {limits.INDEX_KEY_BYTES_MAX} bytes, not {len(key)}.", do="Shorten it.")
