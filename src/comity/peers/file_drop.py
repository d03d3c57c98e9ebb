"""Sealed files of messages in a folder that is carried by hand, beside the letters that speak of them."""

import os
from pathlib import Path
from typing import Protocol

from comity.desks.shelves.files import SealedDisk
from comity.domain import limits
from comity.domain.errors import Missing, Unauthenticated, Unavailable
from comity.domain.files import FileState, HeldFile

SEALED = ".sealed"


class Desk(Protocol):
    def to_carry(self, recipient: str) -> list[HeldFile]: ...

    def to_fetch(self) -> list[HeldFile]: ...

    def scanned(self, file: HeldFile) -> str: ...

    def arrived(self, file: HeldFile, found: str, by_hand: bool = False) -> None: ...


class FileDrop:
    """Files are called by the digest of what is sealed. One that broke off goes on, out of the node and into it."""

    def __init__(self, disk: SealedDisk, desk: Desk) -> None:
        self.disk = disk
        self.desk = desk

    def write(self, folder: Path, recipient: str) -> int:
        """Every file that the recipient is not known to have; how many. Raises Unavailable where the folder is full."""
        files = {file.ct_sha256: file for file in self.desk.to_carry(recipient)}
        for file in files.values():
            try:
                self._copy(file, _path(folder, file))
            except OSError as full:
                raise Unavailable(
                    f"{folder} takes no more: {full.strerror}.", do="Make room and export again: it goes on."
                ) from full
        return len(files)

    def read(self, folder: Path) -> int:
        """Take what letters speak of; how many files are whole now. The rest of one may come by any way.

        Raises Unauthenticated for one that is not what its letter speaks of, when all others are taken.
        """
        whole, wrong = 0, None
        for file in self.desk.to_fetch():
            path = _path(folder, file)
            if file.state is not FileState.COMING or not path.is_file():
                continue
            try:
                whole += self._taken(file, path)
            except Unauthenticated as refusal:
                wrong = refusal
        if wrong is not None:
            raise wrong
        return whole

    def _copy(self, file: HeldFile, path: Path) -> None:
        with open(path, "ab") as sink:
            at = sink.seek(0, os.SEEK_END)
            while at < file.ct_bytes:
                piece = self.disk.read_sealed(file, at, limits.FILE_PART_BYTES_MAX)
                if not piece:
                    raise Missing(f"The end of {file.name!r} is not on the disk of this node.", do="Attach it anew.")
                at += sink.write(piece)
            sink.flush()
            os.fsync(sink.fileno())  # whoever carries it pulls the stick out at once

    def _taken(self, file: HeldFile, path: Path) -> bool:
        at = self.disk.fetched(file)
        with open(path, "rb") as source:
            source.seek(at)
            # No more than the letter speaks of: a stick may hold anything.
            while piece := source.read(min(limits.FILE_PART_BYTES_MAX, file.ct_bytes - at)):
                at = self.disk.take(file, at, piece)
        if at < file.ct_bytes:
            return False
        while (verified := self.disk.verified(file)) is None:
            continue  # it is read over in steps
        if not verified:
            self.disk.drop(file.id)
            raise Unauthenticated(f"{path} is not the file that its letter speaks of.", do="Have it exported again.")
        self.desk.arrived(file, self.desk.scanned(file), by_hand=True)
        return True


def _path(folder: Path, file: HeldFile) -> Path:
    return folder / f"{file.ct_sha256}{SEALED}"
