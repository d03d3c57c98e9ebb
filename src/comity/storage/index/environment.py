"""One LMDB environment: families of keys and values in one file, read by many processes while one writes.

A transaction stands whole or not at all, whatever is killed: LMDB never writes over a page that a committed tree or a
reader uses. A system crash may undo the last transaction (the second sync is left out), which costs nothing: the place
in the table of changes is undone with it. The file grows as it must; the address space is kept beforehand.
"""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from operator import itemgetter
from pathlib import Path

import lmdb

from comity.domain import limits
from comity.domain.errors import Conflict, Unavailable
from comity.matching.key_value import KeyValue, Shape, check_key
from comity.storage.index.seal import SALT_BYTES, Digests, Seal
from comity.storage.record_rows import batches

FOLDER_MODE = 0o700  # the files in it get 0600
DATA_FILE = "data.mdb"
SALT = b"salt"
SEALED = b"sealed"
OURS = b"comity"
ABOUT = Shape("about")  # what the index says of itself: never sealed
_key = itemgetter(0)
SORTED_AT_ONCE = 50_000  # items of one family that are put in order before they are written


class Unusable(Exception):
    """The file is no index of ours, damaged, or sealed with another secret: it can only be built anew."""


class Environment:
    """Opened once in a process (LMDB asks for that): threads share it. `secret` seals it; None leaves it open.

    A new one is not on the disk before `sync`: nobody else may use it until then. Raises Unusable, and Unavailable
    where the machine refuses the file.
    """

    def __init__(self, folder: Path, shapes: Sequence[Shape], secret: bytes | None = None, new: bool = False) -> None:
        self.folder = folder
        if new:
            folder.mkdir(mode=FOLDER_MODE)
        elif not (folder / DATA_FILE).is_file():  # LMDB would make one
            raise Unusable(f"There is no index in {folder}.")
        self._lmdb = _open(folder, len(shapes) + 1, sync=not new)
        self._file = _file(folder)
        try:
            self._opened = {shape.name: (shape, self._lmdb.open_db(shape.name.encode())) for shape in (ABOUT, *shapes)}
            if new:
                self._begin_new(secret)
            self.salt = self._salt(secret)
        except (lmdb.Error, Unusable):
            self._lmdb.close()
            raise
        self._seal = Seal(secret, self.salt) if secret else None
        # Handed to whoever makes keys: without a secret the salt, so that no two indexes agree.
        self.digests = Digests(self._seal.digest_key if self._seal else self.salt)

    @contextmanager
    def reading(self) -> Iterator[Mapping[str, KeyValue]]:
        """A snapshot: the families by name. Never waits."""
        with _told():
            begun = self._lmdb.begin()
        try:
            yield self._families(begun)
        finally:
            begun.abort()

    @contextmanager
    def writing(self) -> Iterator[Mapping[str, KeyValue]]:
        """The one that may write; commits as it is left, unless by an exception. Waits for the writer before it."""
        with _told(), self._lmdb.begin(write=True) as begun:
            yield self._families(begun)

    def stands(self) -> bool:
        """Whether its file is still the one at its place; someone may have removed it, for it is derived."""
        try:
            return os.path.samestat(self._file, (self.folder / DATA_FILE).stat())
        except FileNotFoundError:
            return False

    def entries(self, family: str) -> int:
        """How many keys the family has."""
        with self._lmdb.begin() as begun:
            return int(begun.stat(self._opened[family][1])["entries"])

    def bytes_used(self) -> int:
        """Of the file, pages that are free for new content included."""
        return (int(self._lmdb.info()["last_pgno"]) + 1) * int(self._lmdb.stat()["psize"])

    def copy_into(self, other: "Environment") -> None:
        """All families as they stand now, packed in order: without a byte of what was deleted.

        The other is new and has the same salt and secret, so that what is sealed stays as it is.
        """
        with _told(), self._lmdb.begin() as source, other._lmdb.begin(write=True) as target:
            for name, (_, family) in self._opened.items():
                items = source.cursor(family).iternext()
                target.cursor(other._opened[name][1]).putmulti(items, append=name != ABOUT.name)

    def forget_dead_readers(self) -> None:
        """A reader that was killed would otherwise keep old pages from being used again."""
        self._lmdb.reader_check()

    def sync(self) -> None:
        """All that was committed lies on the disk when this returns."""
        self._lmdb.sync(True)

    def close(self) -> None:
        self._lmdb.close()

    def _families(self, begun: "lmdb.Transaction[bytes]") -> Mapping[str, KeyValue]:
        return _Families(begun, self._opened, self._seal)

    def _begin_new(self, secret: bytes | None) -> None:
        salt = os.urandom(SALT_BYTES)
        with self._lmdb.begin(write=True, db=self._opened[ABOUT.name][1]) as begun:
            begun.put(SALT, salt)
            begun.put(SEALED, Seal(secret, salt).close(b"", SALT, OURS) if secret else b"")

    def _salt(self, secret: bytes | None) -> bytes:
        with self._lmdb.begin(db=self._opened[ABOUT.name][1]) as begun:
            salt, sealed = begun.get(SALT), begun.get(SEALED)
        # An index that was open and shall be sealed, or the other way round, is built anew.
        if not salt or sealed is None or bool(sealed) != bool(secret):
            raise Unusable("It is no index, or was made with another setting of encryption.")
        if secret and not _opens(Seal(secret, salt), sealed):
            raise Unusable("It was sealed with another key.")
        return salt


class _Families(Mapping[str, KeyValue]):
    """The families of one transaction, made as they are asked for."""

    def __init__(
        self,
        begun: "lmdb.Transaction[bytes]",
        opened: Mapping[str, tuple[Shape, "lmdb._Database"]],
        seal: Seal | None,
    ) -> None:
        self._begun = begun
        self._opened = opened
        self._seal = seal

    def __getitem__(self, name: str) -> KeyValue:
        shape, database = self._opened[name]
        if self._seal is None or shape is ABOUT:
            return Plain(self._begun, database)
        return Sealed(self._begun, database, shape, self._seal)

    def __iter__(self) -> Iterator[str]:
        return iter(self._opened)

    def __len__(self) -> int:
        return len(self._opened)


class Plain:
    """A family whose keys and values lie open."""

    def __init__(self, begun: "lmdb.Transaction[bytes]", database: "lmdb._Database") -> None:
        self._begun = begun
        self._database = database

    def get(self, key: bytes) -> bytes | None:
        return self._begun.get(key, db=self._database)

    def get_many(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        return dict(self._begun.cursor(self._database).getmulti(keys))

    def range(self, prefix: bytes = b"", start: bytes = b"") -> Iterator[tuple[bytes, bytes]]:
        cursor = self._begun.cursor(self._database)
        first = max(prefix, start)
        if not (cursor.set_range(first) if first else cursor.first()):
            return
        for key, value in cursor.iternext():
            if not key.startswith(prefix):
                return
            yield key, value

    def put(self, key: bytes, value: bytes) -> None:
        check_key(key)
        self._begun.put(key, value, db=self._database)

    def put_many(self, items: Iterable[tuple[bytes, bytes]]) -> None:
        cursor = self._begun.cursor(self._database)
        for some in batches(items, SORTED_AT_ONCE):
            some.sort(key=_key)  # what is in order already costs nothing; of two with one key the later stays later
            if cursor.last() and cursor.key() >= some[0][0]:
                cursor.putmulti(some)
                continue
            consumed, added = cursor.putmulti(some, append=True)
            if added < consumed:  # a key came twice: appending keeps the first of them
                cursor.putmulti(some)

    def delete(self, key: bytes) -> bool:
        return self._begun.delete(key, db=self._database)


class Sealed:
    """A family whose keys are digests and whose values are sealed."""

    def __init__(self, begun: "lmdb.Transaction[bytes]", database: "lmdb._Database", shape: Shape, seal: Seal) -> None:
        self._plain = Plain(begun, database)
        self._shape = shape
        self._name = shape.name.encode()
        self._seal = seal

    def get(self, key: bytes) -> bytes | None:
        stored = self._stored(key)
        sealed = self._plain.get(stored)
        return None if sealed is None else self._opened(stored, sealed)[1]

    def get_many(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        stored = {self._stored(key): key for key in keys}
        found = self._plain.get_many(list(stored))
        return {stored[digest]: self._opened(digest, sealed)[1] for digest, sealed in found.items()}

    def range(self, prefix: bytes = b"", start: bytes = b"") -> Iterator[tuple[bytes, bytes]]:
        if self._shape.digests:
            for stored, sealed in self._plain.range(prefix, start):
                yield self._opened(stored, sealed)
            return
        many = self._shape.prefix_bytes
        group = self._seal.group(self._name, prefix[:many]) if many and len(prefix) >= many else b""
        found = (self._opened(stored, sealed) for stored, sealed in self._plain.range(group))
        yield from sorted((key, value) for key, value in found if key.startswith(prefix) and key >= start)

    def put(self, key: bytes, value: bytes) -> None:
        self._plain.put(*self._closed(key, value))

    def put_many(self, items: Iterable[tuple[bytes, bytes]]) -> None:
        self._plain.put_many(self._closed(key, value) for key, value in items)

    def delete(self, key: bytes) -> bool:
        return self._plain.delete(self._stored(key))

    def _stored(self, key: bytes) -> bytes:
        if self._shape.digests:
            return key
        many = self._shape.prefix_bytes
        group = self._seal.group(self._name, key[:many]) if many else b""
        return group + self._seal.key(self._name, key)

    def _closed(self, key: bytes, value: bytes) -> tuple[bytes, bytes]:
        check_key(key)
        stored = self._stored(key)
        content = value if self._shape.digests else len(key).to_bytes(2, "big") + key + value
        return stored, self._seal.close(self._name, stored, content)

    def _opened(self, stored: bytes, sealed: bytes) -> tuple[bytes, bytes]:
        content = self._seal.open(self._name, stored, sealed)
        if self._shape.digests:
            return stored, content
        end = 2 + int.from_bytes(content[:2], "big")
        return content[2:end], content[end:]


def _open(folder: Path, families: int, sync: bool) -> lmdb.Environment:
    """With as much address space as the machine gives: an index then never has to stop in order to grow."""
    size = limits.INDEX_BYTES_MAX
    while True:
        try:
            return lmdb.open(
                str(folder),
                map_size=size,
                max_dbs=families,
                max_readers=limits.INDEX_READERS_MAX,
                max_spare_txns=1,
                mode=FOLDER_MODE,
                create=False,  # of a folder that someone removes at this moment, no empty one is made
                metasync=False,
                sync=sync,
                readahead=False,  # lookups go to single pages
            )
        except (lmdb.InvalidError, lmdb.VersionMismatchError, lmdb.CorruptedError) as fault:
            raise Unusable(f"{folder} is damaged: {type(fault).__name__}.") from fault
        except (MemoryError, lmdb.MemoryError) as fault:
            if size <= limits.INDEX_BYTES_MIN:
                raise Unavailable("There is no room to open the index.", do="Give the node more memory.") from fault
            size //= 2
        except lmdb.Error as fault:
            raise Unavailable(f"The index cannot be opened: {type(fault).__name__}.", do="See the disk.") from fault


def _file(folder: Path) -> os.stat_result:
    try:
        return (folder / DATA_FILE).stat()
    except FileNotFoundError:
        raise Unusable(f"{folder} was removed.") from None


def _opens(seal: Seal, sealed: bytes) -> bool:
    try:
        return seal.open(b"", SALT, sealed) == OURS
    except Conflict:
        return False


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except lmdb.Error as fault:
        raise Unavailable(
            f"The index cannot be used: {type(fault).__name__}.", do="See that its disk has room, then try again."
        ) from fault
