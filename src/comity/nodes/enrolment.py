"""How nodes come to be and come together: made in a folder, invited, joined and approved by comparing fingerprints."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from comity.desks.here import Here
from comity.desks.members import Members
from comity.domain.bureau import Directory, Manifest, NodeRole
from comity.domain.caller import OPERATOR, Caller, Role
from comity.domain.country import country as checked_country
from comity.domain.errors import Conflict, Invalid, Missing, NotPermitted
from comity.domain.journal import Act, Entry
from comity.keys import files as key_files
from comity.nodes.settings import FILE_NAME, NodeSettings, Settings, settings_file
from comity.storage import database
from comity.storage.database import Database
from comity.wire.canonical import b64u
from comity.wire.directory import signed_directory
from comity.wire.invitation import verified_invitation, verified_request, write_invitation, write_request
from comity.wire.manifest import signed_manifest, verified_manifest
from comity.wire.measures import signed_measures
from comity.wire.pair import Signer, same_fingerprint

KEYS_FOLDER = "keys"
MANIFEST_FILE = "manifest.jws"
CODE_BYTES = 16  # of an invitation's one-time code


def origin(node: str) -> str:
    """The name of a node's log of disclosures, in its checkpoints and receipts."""
    return f"{node}/disclosures"


def create_node(folder: Path, settings: Settings, now: datetime, operator: Caller) -> str:
    """Make a node: its folder, keys, certificate, settings, database, first journal entry. Returns its fingerprint.

    Raises Conflict where the folder is not empty: nothing is ever overwritten. What was begun and could not be
    finished is taken away again.
    """
    text, hosts = settings_file(settings), hosts_of(settings)
    with _whole_or_empty(folder):
        fingerprint = _fill(folder, settings, hosts, now, operator)
        _write(folder / FILE_NAME, text)  # last: a folder with settings is a whole node
    return fingerprint


def operator_of(node: NodeSettings, login: str) -> Caller:
    """Whoever works on a node's machine as the node's own user: what they do is journalled under their login."""
    return Caller(
        account=f"{OPERATOR}:{login}",
        login=login,
        bureau=node.id,
        country=node.country,
        unit="operations",
        roles=frozenset({Role.ADMINISTRATOR, Role.SUPERVISOR, Role.DUTY_OFFICER, Role.AUDITOR}),
    )


def _fill(folder: Path, settings: Settings, hosts: list[str], now: datetime, operator: Caller) -> str:
    node = settings.node
    keys = key_files.create(folder / KEYS_FOLDER, hosts, node.id)
    assert keys.root is not None  # just made
    manifest = _manifest(settings, keys, now)
    signed = signed_manifest(manifest, keys.root)
    _write(folder / MANIFEST_FILE, signed.encode("ascii"))
    _, fingerprint = verified_manifest(signed)
    database.create(settings.database_url(folder))
    store = Database(settings.database_url(folder), origin(node.id), settings.index_folder(folder))
    try:
        with store.transaction() as tx:
            entry = Entry(
                act=Act.NODE_CREATED,
                at=now,
                actor=operator.account,
                subject=node.id,
                details={"fingerprint": fingerprint},
            )
            tx.journal.record(entry)
            tx.commit()
        if node.role is NodeRole.HUB:
            here = Here(node=node.id, role=node.role, country=node.country, contact=node.contact)
            members = Members(here, store, lambda: now, signer_of_directories(keys.node))
            members.found(manifest, signed, fingerprint)
    finally:
        store.close()
    return fingerprint


@contextmanager
def _whole_or_empty(folder: Path) -> Iterator[None]:
    """An empty folder for this account alone; empty again where what goes into it could not be finished."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if (folder / FILE_NAME).exists():
        raise Conflict(f"There is a node in {folder} already.", do="Choose an empty folder.")
    if any(folder.iterdir()):
        raise Conflict(
            f"{folder} is not empty.",
            do="Choose an empty folder. Without a comity.toml it holds no whole node: what an interrupted "
            "`comity node init` left there may be removed.",
        )
    folder.chmod(0o700)
    try:
        yield
    except BaseException:
        for path in folder.iterdir():
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()
        raise


def _write(path: Path, content: bytes) -> None:
    """A new file for this account alone: the settings may hold a password."""
    with open(path, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def own_manifest(folder: Path) -> tuple[Manifest, str, str]:
    """(what this node says of itself, the same signed, its fingerprint)."""
    path = folder / MANIFEST_FILE
    try:
        signed = path.read_text(encoding="ascii")
    except FileNotFoundError:
        raise Missing(f"There is no {path}.", do="Restore it from the backup.") from None
    except UnicodeDecodeError:
        raise Invalid(f"{path} is damaged.", do="Restore it from the backup.") from None
    manifest, fingerprint = verified_manifest(signed)
    return manifest, signed, fingerprint


def signer_of_directories(signer: Signer) -> Callable[[Directory], tuple[bytes, bytes]]:
    """Signs a directory, and its members' measures for it."""

    def sign(directory: Directory) -> tuple[bytes, bytes]:
        signed = signed_directory(directory, signer)
        return signed, signed_measures(directory, signed, signer)

    return sign


def invitation(folder: Path, members: Members, signer: Signer, node: str, country: str, operator: Caller) -> bytes:
    """At the hub: the file that lets one bureau of that name and country (two letters) ask to join, once."""
    code, country = b64u(os.urandom(CODE_BYTES)), checked_country(country)
    expires_at = members.invite(node, country, code, operator)
    _, signed, _ = own_manifest(folder)
    return write_invitation(signed, node, country, code, expires_at, signer)


def membership_request(
    folder: Path, members: Members, data: bytes, fingerprint: str, root: Signer | None, now: datetime, operator: Caller
) -> bytes:
    """At the bureau: pin the hub, whose fingerprint was compared by voice, and write the request that goes back."""
    invited, hub, found = verified_invitation(data, now)
    own, signed, _ = own_manifest(folder)
    if not same_fingerprint(fingerprint, found):
        raise NotPermitted(
            "The fingerprint is not that of the hub in this invitation.",
            do="Do not join. Call the hub on a number you know and compare again.",
        )
    if invited.node != own.node or (invited.country and invited.country != own.country):
        raise Conflict(
            f"The invitation is for {invited.node} of {invited.country}, not for {own.node} of {own.country}.",
            do="Ask the hub for one in your name.",
        )
    if root is None:
        raise Conflict("The root key is not here.", do="Bring it back to keys/ for the ceremony.")
    members.join(hub, invited.hub, found, operator)
    return write_request(signed, invited.code, root)


def admitted(
    members: Members, data: bytes, fingerprint: str, operator: Caller, with_checklist: bool = True
) -> Directory:
    """At the hub: admit the bureau whose fingerprint was compared by voice; with a checklist, restricted until then."""
    request, manifest, found = verified_request(data)
    if not same_fingerprint(fingerprint, found):
        raise NotPermitted(
            f"The fingerprint is not that of {manifest.node} in this request.",
            do="Do not approve. Call the bureau on a number you know and compare again.",
        )
    return members.approve(manifest, request.manifest, found, request.code, operator, with_checklist)


def _manifest(settings: Settings, keys: key_files.Keys, now: datetime) -> Manifest:
    assert keys.root is not None
    node = settings.node
    return Manifest(
        node=node.id,
        name=node.name,
        role=node.role,
        country=node.country,
        version=1,
        issued_at=now.astimezone(UTC).isoformat(timespec="seconds"),
        address=settings.federation.address,
        contact=node.contact,
        root_ed25519=b64u(keys.root.public.ed25519),
        root_mldsa87=b64u(keys.root.public.mldsa),
        node_ed25519=b64u(keys.node.public.ed25519),
        node_mldsa65=b64u(keys.node.public.mldsa),
        tls_certificate=keys.tls_certificate_file.read_text(encoding="ascii"),
    )


def hosts_of(settings: Settings) -> list[str]:
    """The names and addresses that the certificate speaks for."""
    parts = urlsplit(settings.federation.address)
    if parts.scheme != "https" or not parts.hostname or parts.port is None or is_wildcard(parts.hostname):
        raise Invalid(
            f"{settings.federation.address!r} is no address at which others reach this node.",
            where="federation.address",
            do="Write https://host:port (on the command line: --address).",
        )
    named = {parts.hostname, settings.federation.host, settings.officer.host}
    return sorted(host for host in named if not is_wildcard(host))


def is_wildcard(host: str) -> bool:
    """Whether a door that listens there listens at every address of its machine: that is nobody's name."""
    return not host.strip("0.:")
