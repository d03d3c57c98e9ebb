"""What was written to one another, as it lies in the database: encrypted, each item under a key of its own."""

import hashlib
import os
from collections.abc import Hashable, Iterable, Sequence
from functools import cache
from typing import Any, TypeVar, cast

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESGCMSIV
from sqlalchemy import Column, Connection, LargeBinary, Table, bindparam, delete, insert, select

from comity.domain.errors import Conflict, Invalid
from comity.storage.columns import BY_KEY, WORD, metadata

T = TypeVar("T")

KEY_BYTES = 32
NONCE_BYTES = 12
SOUGHT_BYTES = 8
SEALED, OPEN = b"\x01", b"{"  # how a content begins: under a key, or as an earlier release left it, in JSON

# Whoever destroys the key has destroyed every copy of the content, also those that a database or a disk leaves about.
content_keys = Table(
    "content_keys",
    metadata,
    Column("item", WORD, primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),
    **BY_KEY,
)
_KEY = select(content_keys.c.wrapped).where(content_keys.c.item == bindparam("of_item"))
_THIS_DATABASE = "this database"  # the item whose key shows which storage key the others are wrapped under


class StorageKey:
    """The node's own key; None opens a database of which no content is read or written."""

    def __init__(self, key: bytes | None) -> None:
        if key is not None and len(key) != KEY_BYTES:
            raise Invalid(f"A storage key has {KEY_BYTES} bytes, not {len(key)}.")
        self._cipher = AESGCMSIV(key) if key is not None else None
        self._passing = (
            hashlib.blake2b(key=key, digest_size=KEY_BYTES, person=b"comity passing") if key is not None else None
        )
        self._sought = (
            hashlib.blake2b(key=key, digest_size=SOUGHT_BYTES, person=b"comity sought") if key is not None else None
        )

    def __repr__(self) -> str:
        return "StorageKey()"

    @property
    def cipher(self) -> AESGCMSIV:
        # Nothing is ever written in the open for want of a key. Falls without it: tests/shelves/test_contents.py
        if self._cipher is None:
            raise _keyless()
        return self._cipher

    def of_passing(self, item: str) -> AESGCM:
        """A key for each, drawn from this one: nothing of it is kept anywhere."""
        if self._passing is None:
            raise _keyless()
        drawn = self._passing.copy()
        drawn.update(item.encode())
        return AESGCM(drawn.digest())

    def sought(self, text: str) -> int:
        """By which something is found and that says nothing of it to whoever has no key: a whole number of 63 bits."""
        if self._sought is None:
            raise _keyless()
        drawn = self._sought.copy()
        drawn.update(text.encode())
        return int.from_bytes(drawn.digest(), "big") >> 1


def _keyless() -> Conflict:
    return Conflict("This database was opened without its storage key.", do="Open the node, not its database.")


class Contents:
    """Of one transaction. Keys that were made are written as it commits."""

    def __init__(self, connection: Connection, key: StorageKey) -> None:
        self._connection = connection
        self._key = key
        self._known: dict[str, bytes] = {}
        self._made: dict[str, bytes] = {}
        self._absent: set[str] = set()

    def seal(self, item: str, content: object) -> bytes:
        """Under the key of that item, which is made where there is none."""
        return _sealed(AESGCM(self._key_of(item) or self._new(item)), item, content)

    def open(self, item: str, type: type[T], sealed: bytes) -> T:
        """Raises Invalid where the key is not that of this database, or the content was changed or destroyed."""
        if sealed.startswith(OPEN):
            return _decoded(type, sealed)
        if (key := self._key_of(item)) is None:
            raise Invalid(f"The key of {item} was destroyed, and what it said with it.", do="Restore both, or neither.")
        return _opened(AESGCM(key), item, type, sealed)

    def open_all(self, type: type[T], sealed: Sequence[tuple[str, bytes]]) -> list[T]:
        """Of (item, content), in their order; all keys are read at once."""
        self._look_for({item for item, _ in sealed} - self._known.keys())
        return [self.open(item, type, content) for item, content in sealed]

    def absent(self, item: str) -> None:
        """There is nothing of it yet: its key need not be looked for."""
        self._absent.add(item)

    def destroy(self, item: str) -> None:
        """Its key goes, and with it all that was sealed under it; what is sealed from now on has another."""
        self._known.pop(item, None)
        self._made.pop(item, None)
        self._connection.execute(delete(content_keys).where(content_keys.c.item == item))

    def seal_passing(self, item: str, content: object) -> bytes:
        """Of what stays for minutes: under a key drawn from the storage key, which is kept nowhere."""
        return _sealed(self._key.of_passing(item), item, content)

    def open_passing(self, item: str, type: type[T], sealed: bytes) -> T:
        return (
            _decoded(type, sealed)
            if sealed.startswith(OPEN)
            else _opened(self._key.of_passing(item), item, type, sealed)
        )

    def prove_key(self) -> None:
        """Raises Invalid where what lies in this database was sealed under another storage key."""
        if self._key_of(_THIS_DATABASE) is None:
            self._new(_THIS_DATABASE)

    def flush(self) -> None:
        """Write the keys that were made; it is done at the latest as the transaction commits."""
        if not self._made:
            return
        rows = [{"item": item, "wrapped": wrapped} for item, wrapped in self._made.items()]
        self._connection.execute(insert(content_keys), rows)
        self._made.clear()

    def _new(self, item: str) -> bytes:
        key = self._known[item] = os.urandom(KEY_BYTES)
        self._made[item] = _enclosed(self._key.cipher, item, key)
        return key

    def _key_of(self, item: str) -> bytes | None:
        if item not in self._known:
            if item in self._absent:
                return None
            wrapped = self._connection.execute(_KEY, {"of_item": item}).scalar()
            if wrapped is None:
                return None
            self._known[item] = _disclosed(self._key.cipher, item, wrapped)
        return self._known[item]

    def _look_for(self, items: Iterable[str]) -> None:
        if wanted := sorted(items):
            chosen = select(content_keys.c.item, content_keys.c.wrapped).where(content_keys.c.item.in_(wanted))
            for row in self._connection.execute(chosen):
                self._known[row.item] = _disclosed(self._key.cipher, row.item, row.wrapped)


def _decoded(type: type[T], content: bytes) -> T:
    return cast(T, _decoder(cast(Hashable, type)).decode(content))


@cache
def _decoder(type: Hashable) -> "msgspec.json.Decoder[Any]":
    return msgspec.json.Decoder(cast(Any, type))


def _sealed(cipher: AESGCM, item: str, content: object) -> bytes:
    return SEALED + _enclosed(cipher, item, msgspec.json.encode(content))


def _opened(cipher: AESGCM, item: str, type: type[T], sealed: bytes) -> T:
    return _decoded(type, _disclosed(cipher, item, sealed.removeprefix(SEALED)))


def _enclosed(cipher: AESGCM | AESGCMSIV, item: str, content: bytes) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + cipher.encrypt(nonce, content, item.encode())


def _disclosed(cipher: AESGCM | AESGCMSIV, item: str, enclosed: bytes) -> bytes:
    try:
        return cipher.decrypt(enclosed[:NONCE_BYTES], enclosed[NONCE_BYTES:], item.encode())
    except (InvalidTag, ValueError):
        raise Invalid(
            f"What lies here of {item} was sealed under another storage key, or was changed.",
            do="Restore keys/storage.json and the database from one backup.",
        ) from None
