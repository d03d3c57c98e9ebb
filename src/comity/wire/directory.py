"""The members of a federation as their hub signs them, taken over only where they continue what is held.

After the rules of TUF: the version only rises, what has expired is not used, nobody's root changes by the hub's word.
"""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Annotated

from msgspec import Meta, Struct

from comity.domain import limits
from comity.domain.bureau import Directory, Member, NodeRole, Standing
from comity.domain.errors import Conflict, Invalid, Unauthenticated
from comity.wire.canonical import decode, encode
from comity.wire.http import authority_of
from comity.wire.manifest import node_pair, root_pair, utc, verified_manifest
from comity.wire.pair import PublicPair, Signer
from comity.wire.signed import DIRECTORY, sign, verified

_SKEW = timedelta(seconds=limits.CLOCK_SKEW_SECONDS_MAX)


class _Line(Struct, frozen=True, forbid_unknown_fields=True):
    """A member as it travels: the manifest only as its owner signed it."""

    signed_manifest: str
    standing: Standing
    reason: Annotated[str, Meta(max_length=limits.TEXT_CHARS_MAX)]


class _Directory(Struct, frozen=True, forbid_unknown_fields=True):
    hub: str
    version: Annotated[int, Meta(ge=1)]
    previous: str
    issued_at: str
    expires_at: str
    members: Annotated[tuple[_Line, ...], Meta(max_length=limits.MEMBERS_MAX)]


def signed_directory(directory: Directory, signer: Signer) -> bytes:
    """The directory under its hub's two signatures. Raises Invalid, Conflict for one that no member would take."""
    _check(directory)
    lines = tuple(_Line(member.signed_manifest, member.standing, member.reason) for member in directory.members)
    payload = _Directory(
        directory.hub, directory.version, directory.previous, directory.issued_at, directory.expires_at, lines
    )
    return sign(encode(payload), DIRECTORY, signer)


def verified_directory(
    data: bytes, hub: PublicPair, held: Directory | None, held_digest: str, now: datetime
) -> Directory:
    """The directory, once all of it is proved and it continues `held`, whose signed bytes have `held_digest`.

    `hub` are the node keys of the hub that is pinned. Where versions were missed between the two, that they were
    chained cannot be seen; every other rule holds. Raises Unauthenticated, Conflict, Invalid, TooLarge.
    """
    directory = _read(verified(data, DIRECTORY, hub))
    _check(directory)
    _check_time(directory, now)
    if held is None:
        _check_first(directory, hub)
    elif digest(data) != held_digest:
        _check_continues(directory, held, held_digest)
    return directory


def digest(data: bytes) -> str:
    """SHA-256 (hex) of a signed directory, as the next one names it."""
    return hashlib.sha256(data).hexdigest()


def _read(payload: bytes) -> Directory:
    """Each member from its own signed manifest: nothing is believed of a member because the hub says it."""
    read = decode(payload, _Directory, "directory")
    members = []
    for line in read.members:
        manifest, fingerprint = verified_manifest(line.signed_manifest)
        members.append(
            Member(
                manifest=manifest,
                signed_manifest=line.signed_manifest,
                fingerprint=fingerprint,
                standing=line.standing,
                reason=line.reason,
            )
        )
    return Directory(
        hub=read.hub,
        version=read.version,
        previous=read.previous,
        issued_at=read.issued_at,
        expires_at=read.expires_at,
        members=tuple(members),
    )


def _check(directory: Directory) -> None:
    """What holds for every directory by itself."""
    for member in directory.members:
        if verified_manifest(member.signed_manifest) != (member.manifest, member.fingerprint):
            raise Unauthenticated(f"The entry of {member.id} is not what {member.id} signed.")
    # A member at another's address could have others' signed questions delivered there, and one with another's keys
    # could speak for it. Falls without it: tests/attacks/test_wire_directory.py
    _once("name", ((member.id, member.id) for member in directory.members))
    _once("address", ((authority_of(member.manifest.address), member.id) for member in directory.members))
    _once("key", ((key_id, member.id) for member in directory.members for key_id in _key_ids(member)))
    hub = directory.member(directory.hub)
    if hub is None or hub.manifest.role is not NodeRole.HUB or hub.standing is not Standing.ACTIVE:
        raise Invalid(f"The hub {directory.hub} is not an active member of its own directory.", where="hub")


def _key_ids(member: Member) -> Iterator[str]:
    yield from node_pair(member.manifest).key_ids
    yield from root_pair(member.manifest).key_ids


def _once(what: str, found: Iterable[tuple[str, str]]) -> None:
    """Raises Conflict where two members share a value; `found` gives value, member."""
    owners: dict[str, str] = {}
    for value, owner in found:
        if value in owners:
            raise Conflict(f"{owner} has the {what} of {owners[value]}.", do="Each member needs its own.")
        owners[value] = owner


def _check_time(directory: Directory, now: datetime) -> None:
    issued, expires = utc(directory.issued_at, "issued_at"), utc(directory.expires_at, "expires_at")
    if issued > now + _SKEW:
        raise Invalid("The directory is of the future.", where="issued_at", do="Compare the clocks of hub and node.")
    if not issued < expires <= issued + timedelta(days=limits.DIRECTORY_DAYS_MAX):
        raise Invalid(f"A directory may last {limits.DIRECTORY_DAYS_MAX} days at most.", where="expires_at")
    # An old directory would keep alive a member that has been suspended since.
    # Falls without it: tests/attacks/test_wire_directory.py
    if now >= expires:
        raise Unauthenticated(
            f"The directory expired at {directory.expires_at}.", do="Fetch a newer one from the hub; check the clock."
        )


def _check_first(directory: Directory, hub: PublicPair) -> None:
    named = directory.member(directory.hub)
    if named is None or node_pair(named.manifest) != hub:
        raise Unauthenticated(f"The directory names other keys for {directory.hub} than those that signed it.")


def _check_continues(directory: Directory, held: Directory, held_digest: str) -> None:
    if directory.hub != held.hub:
        raise Unauthenticated(f"This is the directory of {directory.hub}, not of {held.hub}.")
    # Falls without each: tests/attacks/test_wire_directory.py
    if directory.version <= held.version:
        raise Conflict(f"Directory {directory.version} is not newer than {held.version}, which is held.")
    if directory.version == held.version + 1 and directory.previous != held_digest:
        raise Unauthenticated(
            f"Directory {directory.version} does not continue {held.version} as it is held here.",
            do="Compare the digest with other members: the hub may show different members different directories.",
        )
    for before in held.members:
        _check_member_continues(before, directory.member(before.id))


def _check_member_continues(before: Member, after: Member | None) -> None:
    """A member leaves by being suspended: were its line removed, its name could come back with other keys."""
    if after is None:
        raise Unauthenticated(
            f"{before.id} is missing from the directory.", do="Ask the hub why; members are suspended."
        )
    if after.fingerprint != before.fingerprint:
        raise Unauthenticated(
            f"The root keys of {before.id} are not those it came with.", do=f"Call {before.id} on a number you know."
        )
    old, new = before.manifest, after.manifest
    if (new.role, new.country) != (old.role, old.country):
        raise Unauthenticated(f"{before.id} has become another organisation ({new.role}, {new.country or 'none'}).")
    if new.version < old.version or (new.version == old.version and new != old):
        raise Unauthenticated(
            f"The manifest of {before.id} went back, or there are two of version {new.version}.",
            do=f"Ask {before.id} which is its newest.",
        )
