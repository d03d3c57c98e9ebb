"""A node changes its signing keys, certificate or address: made beside the old, listed by the hub, then used."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from msgspec.structs import replace

from comity.desks.needs import Clock, Store
from comity.domain import limits
from comity.domain.bureau import Manifest, Member
from comity.domain.errors import Conflict
from comity.domain.journal import Act, Entry
from comity.keys import files as key_files
from comity.keys.erasing import alone, destroy, write_secret
from comity.keys.files import NEXT_FOLDER, NODE_FILES, Keys
from comity.nodes.enrolment import KEYS_FOLDER, MANIFEST_FILE, hosts_of
from comity.nodes.settings import Settings
from comity.wire.canonical import b64u
from comity.wire.http import authority_of
from comity.wire.manifest import signed_manifest, verified_manifest
from comity.wire.pair import Signer

LISTED_FILE = "listed-at"  # when our own directory listed what is to come
SWITCH_FILE = "switch"  # from here on it is carried through, whatever breaks


def prepare(
    folder: Path, settings: Settings, manifest: Manifest, root: Signer | None, address: str, now: datetime
) -> Manifest:
    """New keys and a new certificate, with what the root signs of them; the running node does all else.

    `address` '' leaves it as it is. Raises Conflict where the founding root key is not here.
    """
    if root is None:
        raise Conflict("The founding root key is not here.", do="Bring keys/root.json back, and take it away again.")
    reached_at = address or manifest.address
    named = replace(settings, federation=replace(settings.federation, address=reached_at))
    keys = folder / KEYS_FOLDER
    with alone(keys):
        made = key_files.prepare(keys, hosts_of(named), manifest.node)
        after = replace(
            manifest,
            version=manifest.version + 1,
            issued_at=now.astimezone(UTC).isoformat(timespec="seconds"),
            address=reached_at,
            node_ed25519=b64u(made.node.public.ed25519),
            node_mldsa65=b64u(made.node.public.mldsa),
            tls_certificate=made.tls_certificate_file.read_text(encoding="ascii"),
        )
        write_secret(keys / NEXT_FOLDER / MANIFEST_FILE, signed_manifest(after, root).encode("ascii"))  # last
    return after


def carry_through(folder: Path) -> bool:
    """Finish a switch that was begun: the files of the node, all of them; whether there was one."""
    keys = folder / KEYS_FOLDER
    coming = keys / NEXT_FOLDER
    # Falls without it: tests/federation/test_renewal.py, a node that stopped in the middle.
    if not (coming / SWITCH_FILE).exists():
        return False
    for name in NODE_FILES:
        _put(keys / name, (coming / name).read_bytes())
    _put(folder / MANIFEST_FILE, (coming / MANIFEST_FILE).read_bytes())
    shutil.rmtree(coming)
    return True


class Renewal:
    """Of the running node. `announce` hands the hub what is to come; `use` goes on with what lies in keys/ now."""

    def __init__(
        self,
        folder: Path,
        is_hub: bool,
        store: Store,
        clock: Clock,
        announce: Callable[[str], None],
        use: Callable[[Keys], None],
    ) -> None:
        self.folder = folder
        self.coming = folder / KEYS_FOLDER / NEXT_FOLDER
        self.store = store
        self.clock = clock
        self.announce = announce
        self.use = use
        # Until nobody can hold a directory that does not list the new keys: whoever follows us must still know us.
        self.settles = (
            timedelta(days=limits.DIRECTORY_DAYS_MAX) if is_hub else timedelta(seconds=limits.RENEWAL_SETTLES_SECONDS)
        )

    def addresses(self, own: Member | None) -> tuple[str, ...]:
        """Under which others may ask for this node: as it is, as it was while that holds, and as it will be."""
        found = [own.manifest, *(one.manifest for one in own.earlier)] if own is not None else []
        if (coming := self._coming()) is not None:
            found.append(coming[0])
        return tuple(dict.fromkeys(authority_of(one.address) for one in found))

    def tend(self, own: Member | None) -> None:
        """One step further, if any is due; `own` is this node as its directory has it."""
        coming = self._coming()
        if coming is None or own is None:
            return
        manifest, signed = coming
        if own.manifest.version < manifest.version:
            self.announce(signed)
        elif own.signed_manifest != signed:
            raise Conflict(
                f"The directory lists another manifest {own.manifest.version} than keys/next holds.",
                do="Remove keys/next and begin again: comity keys renew.",
            )
        elif self.clock() - self._listed_at() >= self.settles:
            self._switch(manifest)

    def _listed_at(self) -> datetime:
        file = self.coming / LISTED_FILE
        if not file.exists():
            write_secret(file, self.clock().isoformat().encode())
        return datetime.fromisoformat(file.read_text())

    def _switch(self, manifest: Manifest) -> None:
        keys = self.folder / KEYS_FOLDER
        with alone(keys):
            write_secret(self.coming / SWITCH_FILE, b"")
            carry_through(self.folder)
        self.use(key_files.load(keys))
        with self.store.transaction() as tx:
            details: dict[str, str | int | float | bool | list[str]] = {
                "version": manifest.version,
                "address": manifest.address,
            }
            entry = Entry(
                act=Act.KEYS_RENEWED, at=self.clock(), actor=manifest.node, subject=manifest.node, details=details
            )
            tx.journal.record(entry)
            tx.commit()

    def _coming(self) -> tuple[Manifest, str] | None:
        file = self.coming / MANIFEST_FILE
        if not file.exists():
            return None
        signed = file.read_text(encoding="ascii")
        return verified_manifest(signed)[0], signed


def _put(file: Path, content: bytes) -> None:
    """In the place of what was there, whose bytes are overwritten: an old key signs nothing any more."""
    if file.exists() and file.read_bytes() != content:
        destroy(file)
    write_secret(file, content)
