"""Where the hub's file room keeps its sealed files: each grows in a folder, and is moved once it is whole."""

import os
from pathlib import Path
from typing import Protocol

from comity.domain.errors import Missing
from comity.storage.growing_files import GrowingFiles


class Wholes(Protocol):
    """A store of whole files, by their places."""

    @property
    def keeps_at_once(self) -> bool: ...

    def keep(self, place: str, file: Path) -> None:
        """Store it; when this returns it is safe, and the file may be gone or not."""
        ...

    def holds(self, place: str) -> bool: ...

    def read(self, place: str, offset: int, length: int) -> bytes: ...

    def drop(self, place: str) -> None: ...

    def places(self) -> set[str]: ...


class RoomDisk:
    """Each part was signed by its sender and held against that before it came here: it is not hashed a second time."""

    def __init__(self, coming: GrowingFiles, wholes: Wholes) -> None:
        self.coming = coming
        self.wholes = wholes
        self._in_a_row: dict[str, int] = {}  # bytes that this process took, from the first on

    @property
    def keeps_at_once(self) -> bool:
        return self.wholes.keeps_at_once

    def size(self, place: str) -> int:
        return self.coming.size(place)

    def append(self, place: str, offset: int, part: bytes) -> int:
        size = self.coming.append(place, offset, part)
        if self._in_a_row.get(place, 0) == offset:
            self._in_a_row[place] = size
        return size

    def right(self, place: str, ct_sha256: str) -> bool | None:
        """Read over only where it did not all come in one life of this process.

        A machine whose power fails may leave zeros where a part was. Falls without it: tests/desks/test_file_room.py
        """
        if self._in_a_row.get(place) == self.coming.size(place):
            self.coming.sync(place)
            return True
        digest = self.coming.digest(place)
        return None if digest is None else digest == ct_sha256

    def keep(self, place: str) -> None:
        self.wholes.keep(place, self.coming.path(place))
        self._drop_coming(place)

    def holds(self, place: str) -> bool:
        return self.wholes.holds(place)

    def read(self, place: str, offset: int, length: int, whole: bool) -> bytes:
        """What there is of it from there. Raises Missing where there is none."""
        return (self.wholes if whole else self.coming).read(place, offset, length)

    def drop(self, place: str) -> None:
        self._drop_coming(place)
        self.wholes.drop(place)

    def places(self) -> set[str]:
        return self.coming.names() | self.wholes.places()

    def _drop_coming(self, place: str) -> None:
        self._in_a_row.pop(place, None)
        self.coming.drop(place)


class FolderOfWholes:
    """The store where nothing else is set: a folder beside the one in which they grow."""

    keeps_at_once = True

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(self, place: str, file: Path) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.replace(file, self._path(place))
        descriptor = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def holds(self, place: str) -> bool:
        return self._path(place).exists()

    def read(self, place: str, offset: int, length: int) -> bytes:
        try:
            with open(self._path(place), "rb") as file:
                file.seek(offset)
                return file.read(length)
        except FileNotFoundError:
            raise Missing("The file is not on the hub's disk.", do="Its sender brings it again by itself.") from None

    def drop(self, place: str) -> None:
        self._path(place).unlink(missing_ok=True)

    def places(self) -> set[str]:
        return {path.name for path in self.folder.iterdir()} if self.folder.exists() else set()

    def _path(self, place: str) -> Path:
        return self.folder / Path(place).name
