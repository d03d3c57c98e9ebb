"""Which index stands: each generation has a folder of its own, and the newest counts.

A new one is built beside the one in use, unseen until it is whole and on the disk; then it is renamed into its place
and the older one is removed. Whoever still has that open reads on, and rightly, for each follows the table of changes
by itself; within a second it turns to the new one, and the bytes of the old one are gone with its last reader.
"""

import fcntl
import os
import shutil
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from comity.domain.errors import Unavailable
from comity.matching.key_value import Shape
from comity.storage.index.environment import FOLDER_MODE, Environment, Unusable

NAME_DIGITS = 8
DRAFT, GONE = "draft", "gone-"
TRIES = 20
LOOK_AGAIN_SECONDS = 0.005


class Generations:
    """The index of one folder as this process has it open; `opened` shares it, for LMDB opens a file only once."""

    def __init__(self, folder: Path, shapes: Sequence[Shape], secret: bytes | None) -> None:
        self.folder = folder
        self.secret = secret
        self._shapes = shapes
        self._lock = threading.Lock()
        self._current: _Leased | None = None

    @contextmanager
    def leased(self) -> Iterator[Environment | None]:
        """The newest that was seen; None where there is none. It stays open while it is used."""
        with self._lock:
            lease = self._current
            if lease is not None:
                lease.users += 1
        try:
            yield lease.environment if lease else None
        finally:
            if lease is not None:
                self._give_back(lease)

    def refresh(self) -> None:
        """Turn to the newest generation that stands, where it is not the one in use."""
        for _ in range(TRIES):
            newest = self._newest()
            with self._lock:
                in_use = self._current
                if in_use and in_use.environment.folder == newest and in_use.environment.stands():
                    return
                try:
                    self._current = _Leased(Environment(newest, self._shapes, self.secret)) if newest else None
                except (Unusable, Unavailable) as fault:
                    if newest and not newest.exists():
                        continue  # a newer one has replaced it meanwhile
                    if isinstance(fault, Unavailable):
                        raise
                    self._current = None
            if in_use:
                self._give_back(in_use)
            return

    @contextmanager
    def alone(self, what: str, within_seconds: float) -> Iterator[None]:
        """Only one at a time does this, over all threads and processes. Raises Unavailable after `within_seconds`."""
        self._make_folder()
        latest = time.monotonic() + within_seconds
        with open(self.folder / f"{what}.lock", "wb", opener=_private) as file:
            while not _locked(file.fileno()):
                if time.monotonic() > latest:
                    raise Unavailable("The index is being written.", do="Try again in a moment.")
                time.sleep(LOOK_AGAIN_SECONDS)
            yield  # the lock goes with the file, also when the process dies

    def draft(self) -> Environment:
        """A new, empty index that nobody sees; for whoever is alone in building. What an earlier one left goes."""
        self._make_folder()
        for left in (self.folder / DRAFT, *self.folder.glob(f"{GONE}*")):
            shutil.rmtree(left, ignore_errors=True)
        return Environment(self.folder / DRAFT, self._shapes, self.secret, new=True)

    def publish(self, draft: Environment) -> None:
        """Let a whole draft be the newest generation; the older ones are removed."""
        draft.sync()
        draft.close()
        older = self._standing()
        number = int(older[-1].name) + 1 if older else 1
        os.rename(draft.folder, self.folder / f"{number:0{NAME_DIGITS}}")
        _sync(self.folder)
        self.refresh()
        for folder in older:
            self._remove(folder)

    def _remove(self, folder: Path) -> None:
        """First out of its place, at one stroke: nobody may open half of it."""
        gone = self.folder / f"{GONE}{folder.name}"
        with suppress(FileNotFoundError):  # somebody may have removed it by hand: it is derived
            folder.rename(gone)
        shutil.rmtree(gone, ignore_errors=True)

    def close(self) -> None:
        with self._lock:
            lease, self._current = self._current, None
        if lease:
            self._give_back(lease)

    def _give_back(self, lease: "_Leased") -> None:
        with self._lock:
            lease.users -= 1
            unused = lease.users == 0
        if unused:
            lease.environment.close()

    def _newest(self) -> Path | None:
        standing = self._standing()
        return standing[-1] if standing else None

    def _standing(self) -> list[Path]:
        """Numbered folders, the newest last."""
        try:
            names = sorted(name for name in os.listdir(self.folder) if name.isdigit())
        except FileNotFoundError:
            return []
        return [self.folder / name for name in names]

    def _make_folder(self) -> None:
        self.folder.mkdir(mode=FOLDER_MODE, exist_ok=True)


class _Leased:
    """An environment with how many use it; being the current one counts as one."""

    def __init__(self, environment: Environment) -> None:
        self.environment = environment
        self.users = 1


_shared: dict[Path, tuple[Generations, int]] = {}
_sharing = threading.Lock()


def opened(folder: Path, shapes: Sequence[Shape], secret: bytes | None) -> Generations:
    """The index of that folder, for this whole process; each `opened` needs its `closed`."""
    place = folder.resolve()
    with _sharing:
        standing, users = _shared.get(place, (None, 0))
        if standing is None or standing.secret != secret:
            standing, users = Generations(place, shapes, secret), 0
        _shared[place] = standing, users + 1
        return standing


def closed(index: Generations) -> None:
    """Closes it once nobody in this process has it open."""
    with _sharing:
        standing, users = _shared.get(index.folder, (index, 1))
        if standing is not index:  # it was opened anew with another secret
            index.close()
        elif users > 1:
            _shared[index.folder] = index, users - 1
        else:
            del _shared[index.folder]
            index.close()


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _private(name: str, flags: int) -> int:
    return os.open(name, flags, 0o600)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
