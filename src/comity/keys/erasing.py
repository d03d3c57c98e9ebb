"""Secret files: written whole, and destroyed so that the file system hands their bytes out no more."""

import fcntl
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

LOCK_FILE = ".lock"


def write_secret(file: Path, content: bytes) -> None:
    """A file of mode 0600, whole and on the disk when this returns, in the place of one that was there."""
    write_secrets({file: content})


def write_secrets(files: Mapping[Path, bytes]) -> None:
    """Several of one folder at once, each as `write_secret`."""
    if not files:
        return
    folder = next(iter(files)).parent
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for file, content in files.items():
        _write(file, content)
    _sync(folder)


def _write(file: Path, content: bytes) -> None:
    draft = file.with_name(f".{file.name}-{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())
    draft.rename(file)


def destroy(file: Path) -> None:
    """Overwrite the bytes where they lie, then remove the file. Both are on the disk when this returns.

    A disk that writes elsewhere than where it is told (flash, copy on write) may keep the old block: what lies in
    such a file is therefore wrapped, and the wrapping key kept elsewhere.
    """
    with file.open("r+b") as opened:
        size = os.fstat(opened.fileno()).st_size
        # Falls without it: tests/keys/test_erasing.py
        opened.write(secrets.token_bytes(size))
        opened.flush()
        os.fsync(opened.fileno())
    file.unlink()
    _sync(file.parent)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Whoever changes the keys of a node waits for whoever else does: the running node, or a command."""
    # Two key manifests of one version would shut the node out of the log. Falls without it: tests/keys/test_erasing.py
    opened = os.open(folder / LOCK_FILE, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX)
        yield
    finally:
        fcntl.flock(opened, fcntl.LOCK_UN)  # a process that was forked meanwhile has the file open too
        os.close(opened)


def _sync(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
