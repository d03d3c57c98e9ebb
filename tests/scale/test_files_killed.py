"""A large file goes from officer to officer while every process that has it in hand is killed: it comes whole, once.

Five kills: the officer's node while the file is brought to it, all three at once, and the hub while it hands it out.
COMITY_FILE_MB says how large it is; 2048 for what the releases are tried with.
"""

import hashlib
import os
import random
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from comity.client import Comity
from comity.domain.case import NewCase
from comity.domain.collection import Category
from comity.domain.errors import Refusal, Unavailable
from comity.domain.files import FileNote, FileState
from comity.domain.mail import Draft
from comity.domain.purpose import Purpose
from comity.law.shipped import model_agreements
from comity.testing.processes import CAST, RunningFederation, found, sign_in, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("processes")]

MEGABYTES = int(os.environ.get("COMITY_FILE_MB", "64"))
SECONDS = 60 + MEGABYTES
NODES = ("hub", "aldova", "bergenia")
ABOUT = NewCase(
    number="AL-1",
    title="A harbour",
    category=Category.PERSONS,
    purpose=Purpose.CRIMINAL_INVESTIGATION,
    basis="section 94",
)


@pytest.fixture(scope="module")
def federation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningFederation]:
    founded = found(tmp_path_factory.mktemp("federation"), model_agreements(), cast=CAST[:3], first_port=24_000)
    try:
        founded.start()
        yield founded
    finally:
        founded.kill()


def test_a_large_file_through_five_kills(federation: RunningFederation, tmp_path: Path) -> None:
    path = tmp_path / "harbour.mp4"
    digest = written(path)
    ada, ben = (sign_in(federation.folder / node, who) for node, who in (("aldova", "ada"), ("bergenia", "ben")))
    case = ada.casework.open_case(ABOUT)
    mail = ada.casework.write(case.id, Draft(to=("bergenia",), subject="A video", text="See."))
    attaching = Attaching(ada, mail.id, path)

    wait_until(lambda: attaching.came > MEGABYTES * 2**19, "half of it has come to its own node", SECONDS)
    assert again(federation, "aldova", looked_at=lies_at(federation, "aldova")) < MEGABYTES * 2**20
    wait_until(lambda: attaching.note is not None, "all of it has come to its own node", SECONDS)
    wait_until(lambda: sent(ada, mail.id), "keys of its recipient are seen, and it is sent", SECONDS)

    room, lies = federation.folder / "hub" / "files", lies_at(federation, "bergenia")
    wait_until(lambda: size_of(lies) > MEGABYTES * 2**18, "a quarter of it has been fetched", SECONDS)
    assert again(federation, *NODES, looked_at=lies) < MEGABYTES * 2**20
    wait_until(lambda: size_of(lies) > MEGABYTES * 2**19, "half of it has been fetched", SECONDS)
    assert again(federation, "hub", looked_at=lies) < MEGABYTES * 2**20

    wait_until(lambda: state(ben, mail.id) is FileState.WHOLE, "all of it is with its recipient", SECONDS)
    (note,) = ben.files.of(mail.id)
    saved = ben.files.save(note, (tmp_path / "..").resolve())
    assert (note.sha256, digest_of(saved)) == (digest, digest)
    saved.unlink()
    wait_until(lambda: size_of(room) == 0, "the hub keeps nothing of it", 60)


class Attaching:
    """The officer's command, which goes on as often as the node comes back."""

    def __init__(self, bureau: Comity, mail_id: str, path: Path) -> None:
        self.bureau, self.mail_id, self.path = bureau, mail_id, path
        self.came = 0
        self.note: FileNote | None = None
        threading.Thread(target=self._until_done, daemon=True).start()

    def _until_done(self) -> None:
        while self.note is None:
            try:
                self.note = self.bureau.files.attach(self.mail_id, self.path, "video/mp4", self._noted)
            except Refusal:
                time.sleep(0.5)

    def _noted(self, came: int, of: int) -> None:
        self.came = came


def lies_at(federation: RunningFederation, name: str) -> Path:
    return federation.folder / name / "files" / "sealed"


def again(federation: RunningFederation, *names: str, looked_at: Path) -> int:
    """As when the power fails and comes back; how much lay in a folder in between."""
    for name in names:
        federation[name].kill()
    size = size_of(looked_at)
    for name in names:
        federation[name].start()
    for name in names:
        federation[name].wait_until_ready()
    return size


def sent(bureau: Comity, mail_id: str) -> bool:
    """A node that has just begun may not have seen all keys."""
    try:
        bureau.casework.send(mail_id)
    except Unavailable:
        return False
    return True


def state(bureau: Comity, mail_id: str) -> FileState | None:
    return quietly(lambda: next((one.state for one in bureau.files.of(mail_id)), None))


def quietly(act: Callable[[], FileState | None]) -> FileState | None:
    """None where the message is not there yet."""
    try:
        return act()
    except Refusal:
        return None


def written(path: Path) -> str:
    lots, digest = random.Random(7), hashlib.sha256()
    with open(path, "wb") as file:
        for _ in range(MEGABYTES):
            piece = lots.randbytes(2**20)
            digest.update(piece)
            file.write(piece)
    return digest.hexdigest()


def digest_of(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def size_of(folder: Path) -> int:
    """Of all that lies in it; a file may be moved while one looks."""
    found = 0
    for path in folder.rglob("*"):
        try:
            found += path.stat().st_size if path.is_file() else 0
        except FileNotFoundError:
            continue
    return found
