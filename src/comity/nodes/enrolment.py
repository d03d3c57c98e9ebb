"""How nodes come to be and come together: made in a folder, invited, joined and approved by comparing fingerprints."""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from comity.desks.here import Here
from comity.desks.members import Members
from comity.domain.bureau import Directory, Manifest, NodeRole
from comity.domain.caller import Caller
from comity.domain.errors import Conflict, Invalid, NotPermitted
from comity.domain.journal import Act, Entry
from comity.keys import files as key_files
from comity.nodes.settings import FILE_NAME, Settings, write_settings
from comity.storage import database
from comity.storage.database import Database
from comity.wire.canonical import b64u
from comity.wire.directory import signed_directory
from comity.wire.invitation import verified_invitation, verified_request, write_invitation, write_request
from comity.wire.manifest import signed_manifest, verified_manifest
from comity.wire.pair import Signer, same_fingerprint

KEYS_FOLDER = "keys"
MANIFEST_FILE = "manifest.jws"
CODE_BYTES = 16  # of an invitation's one-time code


def origin(node: str) -> str:
    """The name of a node's log of disclosures, in its checkpoints and receipts."""
    return f"{node}/disclosures"


def create_node(folder: Path, settings: Settings, now: datetime, operator: Caller) -> str:
    """Make a node: its folder, keys, certificate, settings, database, first journal entry. Returns its fingerprint.

    Raises Conflict where the folder holds a node already: nothing is ever overwritten.
    """
    if (folder / FILE_NAME).exists() or (folder / KEYS_FOLDER).exists():
        raise Conflict(f"There is a node in {folder} already.", do="Choose an empty folder.")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    node = settings.node
    keys = key_files.create(folder / KEYS_FOLDER, _hosts(settings), node.id)
    assert keys.root is not None  # just made
    manifest = _manifest(settings, keys, now)
    signed = signed_manifest(manifest, keys.root)
    (folder / MANIFEST_FILE).write_text(signed, encoding="ascii")
    _, fingerprint = verified_manifest(signed)
    database.create(settings.database_url(folder))
    store = Database(settings.database_url(folder), origin(node.id))
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
    write_settings(folder, settings)  # last: a folder with settings is a whole node
    return fingerprint


def own_manifest(folder: Path) -> tuple[Manifest, str, str]:
    """(what this node says of itself, the same signed, its fingerprint)."""
    signed = (folder / MANIFEST_FILE).read_text(encoding="ascii")
    manifest, fingerprint = verified_manifest(signed)
    return manifest, signed, fingerprint


def signer_of_directories(signer: Signer) -> Callable[[Directory], bytes]:
    return lambda directory: signed_directory(directory, signer)


def invitation(folder: Path, members: Members, signer: Signer, node: str, country: str, operator: Caller) -> bytes:
    """At the hub: the file that lets one bureau of that name ask to join, once."""
    code = b64u(os.urandom(CODE_BYTES))
    expires_at = members.invite(node, code, operator)
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
            f"The invitation is for {invited.node}, not for {own.node}.", do="Ask the hub for one in your name."
        )
    if root is None:
        raise Conflict("The root key is not here.", do="Bring it back to keys/ for the ceremony.")
    members.join(hub, invited.hub, found, operator)
    return write_request(signed, invited.code, root)


def admitted(members: Members, data: bytes, fingerprint: str, operator: Caller) -> Directory:
    """At the hub: admit the bureau whose fingerprint was compared by voice."""
    request, manifest, found = verified_request(data)
    if not same_fingerprint(fingerprint, found):
        raise NotPermitted(
            f"The fingerprint is not that of {manifest.node} in this request.",
            do="Do not approve. Call the bureau on a number you know and compare again.",
        )
    return members.approve(manifest, request.manifest, found, request.code, operator)


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


def _hosts(settings: Settings) -> list[str]:
    """The names and addresses that the certificate speaks for."""
    parts = urlsplit(settings.federation.address)
    if parts.scheme != "https" or not parts.hostname or parts.port is None:
        raise Invalid(
            f"{settings.federation.address!r} is no address.", where="federation.address", do="Write https://host:port."
        )
    named = {parts.hostname, settings.federation.host, settings.officer.host}
    return sorted(host for host in named if host.strip("0.:"))  # a wildcard address is nobody's name
