"""What a lost node is brought back from: a package that enough custodians open, kept up to date as keys change."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from comity.domain.bureau import NodeRole
from comity.domain.errors import Conflict, Invalid
from comity.domain.journal import Act, Entry
from comity.domain.keys import Root
from comity.domain.post import Resumed
from comity.domain.upkeep import Kept
from comity.keys.custody import Card
from comity.keys.erasing import write_secret
from comity.keys.files import WRAPPING_FILE
from comity.keys.recovery import seal_package
from comity.nodes.enrolment import KEYS_FOLDER, MANIFEST_FILE, origin
from comity.nodes.settings import FILE_NAME, Settings, read_settings
from comity.storage import database
from comity.storage.database import Database
from comity.wire.canonical import decode, encode
from comity.wire.keys import Chain

CARDS_FILE = "custodians.json"
CARDS_NEXT_FILE = "custodians-next.json"
FOUNDER_FILE = "founder.json"
PACKAGE_FILE = "recovery.json"
PIN_FILE = "pinned-hub.json"
_TOP = (FILE_NAME, MANIFEST_FILE, PIN_FILE)


def read_cards(keys: Path) -> list[Card]:
    """Of the custodians in office; none where the node was never handed over."""
    file = keys / CARDS_FILE
    return decode(file.read_bytes(), list[Card], "cards of the custodians") if file.exists() else []


class Preserved:
    """Writes the package beside the keys, and into `copy_to`, wherever something in it has changed."""

    def __init__(self, folder: Path, node: str, wrapping_key: bytes, copy_to: str) -> None:
        self.folder = folder
        self.node = node
        self.wrapping_key = wrapping_key
        self.copy_to = copy_to
        self._kept = ""

    def keep(self, chain: Chain | None, pinned: tuple[str, str, str] | None) -> None:
        """Nothing to do where the node has no custodians, or nothing has changed."""
        cards = read_cards(self.folder / KEYS_FOLDER)
        if not cards or chain is None:
            return
        files = self._files(pinned)
        digest = hashlib.sha256(encode({path: hashlib.sha256(data).hexdigest() for path, data in files.items()}))
        if digest.hexdigest() == self._kept:
            return
        package = seal_package(self.node, files, cards, chain.root.threshold)
        write_secret(self.folder / KEYS_FOLDER / PACKAGE_FILE, package)
        if self.copy_to:
            write_secret(Path(self.copy_to) / f"{self.node}.{PACKAGE_FILE}", package)
        self._kept = digest.hexdigest()

    def advice(self) -> str:
        """'' where a lost machine loses nothing."""
        if not (self.folder / KEYS_FOLDER / CARDS_FILE).exists() or self.copy_to:
            return ""
        return "set keys.recovery_folder, on another machine: the recovery package lies beside what it is for"

    def kept(self, database_bytes: int) -> Kept:
        """When the package was written, here and where it is copied to."""
        keys = self.folder / KEYS_FOLDER
        copied = Path(self.copy_to) / f"{self.node}.{PACKAGE_FILE}" if self.copy_to else None
        return Kept(
            database_bytes=database_bytes,
            package_at=_written_at(keys / PACKAGE_FILE),
            copy_at=_written_at(copied) if copied else None,
            has_custodians=(keys / CARDS_FILE).exists(),
        )

    def _files(self, pinned: tuple[str, str, str] | None) -> dict[str, bytes]:
        found = {name: (self.folder / name).read_bytes() for name in (FILE_NAME, MANIFEST_FILE)}
        for file in _preserved(self.folder / KEYS_FOLDER):
            found[file.relative_to(self.folder).as_posix()] = file.read_bytes()
        found[f"{KEYS_FOLDER}/{WRAPPING_FILE}"] = self.wrapping_key
        if pinned is not None:
            found[PIN_FILE] = encode(list(pinned))
        return found


def restore(folder: Path, files: dict[str, bytes], now: datetime, actor: str) -> str:
    """Put a lost node back into a folder that holds nothing but, perhaps, its database; the node's name.

    Raises Conflict where a node stands there, Invalid where the package holds what it should not.
    """
    if (folder / FILE_NAME).exists():
        raise Conflict(f"There is a node in {folder} already.", do="Choose another folder.")
    for path, data in files.items():
        if path != FILE_NAME and path != PIN_FILE:
            write_secret(_inside(folder, path), data)
    write_secret(folder / FILE_NAME, files[FILE_NAME])  # last: a folder with settings is a whole node
    settings = read_settings(folder)
    _put_wrapping_key(settings, files[f"{KEYS_FOLDER}/{WRAPPING_FILE}"])
    if not settings.database.url and not (folder / "comity.sqlite3").exists():
        database.create(settings.database_url(folder))
    _note(folder, settings, files, Entry(act=Act.KEYS_RECOVERED, at=now, actor=actor, subject=settings.node.id))
    return settings.node.id


def _written_at(file: Path) -> datetime | None:
    try:
        return datetime.fromtimestamp(file.stat().st_mtime, UTC)
    except OSError:  # not there, or its disk is not
        return None


def custodians_of(root: Root) -> str:
    """In one line, for people."""
    names = ", ".join(one.name for one in root.custodians)
    return f"{root.threshold} of {len(root.custodians)}: {names}"


def _preserved(keys: Path) -> Iterator[Path]:
    """Everything but the package itself, what is drafted or locked, and keys that the custodians keep themselves."""
    left_out = {PACKAGE_FILE, CARDS_NEXT_FILE, "root.json", WRAPPING_FILE}
    for file in sorted(keys.rglob("*")):
        if file.is_file() and not file.name.startswith(".") and file.name not in left_out:
            yield file


def _inside(folder: Path, path: str) -> Path:
    """A package that named other places could overwrite what is there.

    Falls without it: tests/nodes/test_preserved.py
    """
    parts = PurePosixPath(path).parts
    if path in _TOP or (parts[:1] == (KEYS_FOLDER,) and len(parts) > 1 and ".." not in parts and "/" not in parts):
        return folder.joinpath(*parts)
    raise Invalid(f"The package holds {path!r}, which is no part of a node.", do="Do not use it.")


def _put_wrapping_key(settings: Settings, key: bytes) -> None:
    if (named := settings.keys.wrapping_file) and not Path(named).exists():
        write_secret(Path(named), key)


def _note(folder: Path, settings: Settings, files: dict[str, bytes], entry: Entry) -> None:
    store = Database(settings.database_url(folder), origin(settings.node.id), settings.index_folder(folder))
    try:
        with store.transaction() as tx:
            if settings.node.role is NodeRole.BUREAU and PIN_FILE in files and tx.members.hub() is None:
                tx.members.pin_hub(*decode(files[PIN_FILE], tuple[str, str, str], "pinned hub"))
            if tx.journal.size() == 0:
                # Nobody remembers how far the lanes had come: each begins with the first letter that comes. Falls
                # without it: tests/federation/test_recovery.py
                tx.resumed.put(Resumed(by=entry.actor, at=entry.at))
            tx.journal.record(entry)
            tx.commit()
    finally:
        store.close()
