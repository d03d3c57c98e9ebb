"""The keys of a node as its custodians sign them, taken over only where they continue what is held.

After the rules of TUF: versions only rise, one by one; a new root is signed by the old custodians and the new; a key
manifest goes with exactly the root that it names. Whether it has expired is asked where a key is used.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from msgspec import Struct
from msgspec.structs import replace

from comity.domain import limits
from comity.domain.bureau import Manifest, Member
from comity.domain.errors import Conflict, Invalid, Unauthenticated
from comity.domain.keys import Custodian, EpochKey, KeyManifest, Root
from comity.wire.age import Recipient
from comity.wire.canonical import b64u, decode, encode, unb64u
from comity.wire.manifest import node_pair
from comity.wire.pair import PublicPair, fingerprint, same_fingerprint
from comity.wire.threshold import KEYS, ROOT, Quorum, Signature, claimed, gathered, verified

_SKEW = timedelta(seconds=limits.CLOCK_SKEW_SECONDS_MAX)


class Chain(Struct, frozen=True, kw_only=True):
    """What is held of one node: its root and, once it has published one, its key manifest, with both digests."""

    root: Root
    root_digest: str
    manifest: KeyManifest | None = None
    manifest_digest: str = ""

    @property
    def node(self) -> str:
        return self.root.node


def signed_root(root: Root, contributions: Sequence[tuple[Signature, Signature]]) -> bytes:
    """Whether enough of the right people have signed is shown by `continued`."""
    return gathered(encode(root), contributions)


def signed_keys(manifest: KeyManifest, contributions: Sequence[tuple[Signature, Signature]]) -> bytes:
    """As `signed_root`. Raises Invalid for a manifest that no reader would take."""
    _check_keys(manifest)
    return gathered(encode(manifest), contributions)


def read(data: bytes) -> Root | KeyManifest | None:
    """What an entry claims to be, before anything is proved; None where its type is not known to this release.

    The types are closed: what a later release adds has a type of its own. Raises Invalid, TooLarge.
    """
    typ, payload = claimed(data)
    what = "entry of the log of keys"
    if typ == ROOT:
        return decode(payload, Root, what)
    return decode(payload, KeyManifest, what) if typ == KEYS else None


def continued(data: bytes, held: Chain | None, founder: str) -> Chain:
    """The chain with this entry, once it is proved to continue what is held of that node.

    `founder` is the fingerprint of the root keys with which the node came into the federation: the first root holds
    these alone. Raises Unauthenticated, Conflict, Invalid, TooLarge.
    """
    said = read(data)
    if said is None:
        raise Invalid("This entry is of a type that is not known here.", do="Use a release that knows it.")
    if held is not None and said.node != held.node:
        raise Unauthenticated(f"{said.node} cannot speak for {held.node}.")
    return _with_root(data, said, held, founder) if isinstance(said, Root) else _with_keys(data, said, held)


def kept_chain(root: bytes | None, keys: bytes | None) -> Chain | None:
    """What was proved before it was kept, read again: the newest root and key manifest of one node."""
    if root is None:
        return None
    read_root = read(root)
    read_keys = read(keys) if keys is not None else None
    assert isinstance(read_root, Root)
    assert read_keys is None or isinstance(read_keys, KeyManifest)
    return Chain(
        root=read_root,
        root_digest=digest(root),
        manifest=read_keys,
        manifest_digest=digest(keys) if keys is not None else "",
    )


def digest(data: bytes) -> str:
    """SHA-256 (hex) of a signed document, as others name it."""
    return hashlib.sha256(data).hexdigest()


def check_now(said: Root | KeyManifest, now: datetime) -> None:
    """What is published must be in force. Raises Unauthenticated, Invalid."""
    what = f"{'root' if isinstance(said, Root) else 'key manifest'} of {said.node}"
    if said.issued_at > now + _SKEW:
        raise Invalid(f"The {what} is of the future.", where="issued_at", do="Compare the clocks.")
    if now >= said.expires_at:
        raise Unauthenticated(f"The {what} expired at {said.expires_at.isoformat()}.", do="Sign a new one.")


def check_goes_with(keys: KeyManifest, manifest: Manifest) -> None:
    """That a key manifest and the plain manifest in the directory are of one time. Raises Unauthenticated.

    A hub that serves the one anew and the other as it was before would bring back keys that were given up.
    """
    # Falls without each: tests/attacks/test_wire_keys.py
    if manifest.node != keys.node or manifest.version < keys.manifest_version:
        raise Unauthenticated(
            f"The directory has {manifest.node} at version {manifest.version}; its keys go with "
            f"{keys.manifest_version}.",
            do="Follow the hub again; if it stays so, call the hub.",
        )
    if manifest.version > keys.manifest_version:
        return  # the key manifest that goes with it is on its way; until then its node keys are compared as used
    if node_keys(keys) != node_pair(manifest) or certificate_pin(manifest.tls_certificate) not in keys.tls_pins:
        raise Unauthenticated(f"The directory names other keys of {manifest.node} than its custodians signed.")


def certificate_pin(pem: str) -> str:
    """SHA-256 (hex) of a certificate in DER."""
    return x509.load_pem_x509_certificate(pem.encode("ascii")).fingerprint(hashes.SHA256()).hex()


def epoch_key_id(key: EpochKey) -> str:
    """By which it is named in what is sealed to it, and where it is revoked. Raises Invalid where it is no such key."""
    return Recipient(unb64u(key.xwing)).key_id


def node_keys(manifest: KeyManifest) -> PublicPair:
    """Those by which the node signs day to day."""
    return PublicPair(unb64u(manifest.node_ed25519), unb64u(manifest.node_mldsa65), 65)


def unrevoked(member: Member, said: KeyManifest | None) -> Member:
    """The member without what it said before of keys that its custodians have revoked since."""
    revoked = {one.kid for one in said.revocations} if said is not None else set()
    # Falls without it: tests/federation/test_renewal.py
    kept = tuple(one for one in member.earlier if revoked.isdisjoint(node_pair(one.manifest).key_ids))
    return replace(member, earlier=kept) if len(kept) != len(member.earlier) else member


def custodian(name: str, pair: PublicPair) -> Custodian:
    return Custodian(name=name, ed25519=b64u(pair.ed25519), mldsa87=b64u(pair.mldsa))


@lru_cache(maxsize=4 * limits.MEMBERS_MAX)
def pair_of(one: Custodian) -> PublicPair:
    return PublicPair(unb64u(one.ed25519), unb64u(one.mldsa87), 87)


def quorum(root: Root) -> Quorum:
    """Who must have signed what is published under this root."""
    return Quorum(tuple(pair_of(one) for one in root.custodians), root.threshold)


def _with_root(data: bytes, said: Root, held: Chain | None, founder: str) -> Chain:
    if held is None:
        # Falls without each: tests/attacks/test_wire_keys.py
        if said.version != 1 or said.previous:
            raise Unauthenticated(f"The roots of {said.node} begin with version {said.version}.")
        if len(said.custodians) != 1 or not same_fingerprint(fingerprint(pair_of(said.custodians[0])), founder):
            raise Unauthenticated(
                f"The first root of {said.node} is not the one it came with.", do=f"Call {said.node}, and compare."
            )
        verified(data, ROOT, [quorum(said)])
        return Chain(root=said, root_digest=digest(data))
    _check_next("root", said.version, said.previous, held.root.version, held.root_digest)
    # By the old ones too, or whoever serves the log could put in custodians of their own.
    verified(data, ROOT, [quorum(held.root), quorum(said)])
    return Chain(root=said, root_digest=digest(data), manifest=held.manifest, manifest_digest=held.manifest_digest)


def _with_keys(data: bytes, said: KeyManifest, held: Chain | None) -> Chain:
    if held is None:
        raise Unauthenticated(f"{said.node} has published no root yet.", do="Publish the root first.")
    before = held.manifest
    _check_next("key manifest", said.version, said.previous, before.version if before else 0, held.manifest_digest)
    # Keys signed by custodians of before, beside the root of today. Falls without it: tests/attacks/test_wire_keys.py
    if said.root != held.root_digest:
        raise Unauthenticated(f"This key manifest of {said.node} goes with another root than the one in force.")
    verified(data, KEYS, [quorum(held.root)])
    _check_keys(said)
    if before is not None:
        _check_follows(said, before)
    return Chain(root=held.root, root_digest=held.root_digest, manifest=said, manifest_digest=digest(data))


def _check_next(what: str, version: int, previous: str, held_version: int, held_digest: str) -> None:
    """One by one: in a log that is held in full nothing is missing between two versions."""
    # Falls without each: tests/attacks/test_wire_keys.py
    if version <= held_version:
        raise Conflict(f"The {what} {version} is not newer than {held_version}, which is held.")
    if version != held_version + 1 or previous != held_digest:
        raise Unauthenticated(f"The {what} {version} does not continue {held_version} as it is held here.")


def _check_keys(manifest: KeyManifest) -> None:
    """What holds for every key manifest by itself."""
    ids = [epoch_key_id(one) for one in manifest.epochs]
    if len(set(ids)) != len(ids):
        raise Invalid("One key serves two epochs.", where="epochs", do="Make a new one for each.")
    # A key that its owner gave up, perhaps stolen, would be used again. Node keys may be revoked before there are new
    # ones: then the node stands still. Falls without it: tests/wire/test_keys.py
    if taken := set(ids) & {one.kid for one in manifest.revocations}:
        raise Invalid(f"The key {min(taken)} is revoked and listed at once.", where="revocations")


def _check_follows(said: KeyManifest, before: KeyManifest) -> None:
    if not said.issued_at > before.issued_at:
        raise Conflict("A later key manifest is issued later.", where="issued_at", do="Compare the clock.")
    if said.suite < before.suite or said.manifest_version < before.manifest_version:
        raise Conflict("A later key manifest asks for no less than the one before.", where="suite")
    # Whoever revokes does so for ever. Falls without it: tests/attacks/test_wire_keys.py
    if not set(before.revocations) <= set(said.revocations):
        raise Conflict("A revocation is missing that stood before.", where="revocations")
    revoked = {one.kid for one in said.revocations}
    known = {one.number: one for one in before.epochs}
    for one in said.epochs:
        old = known.get(one.number)
        # Senders may hold either, and one of them nobody could open. Falls without it: tests/wire/test_keys.py
        if old is not None and old != one and epoch_key_id(old) not in revoked:
            raise Conflict(f"Epoch {one.number} has another key than before, which is not revoked.", where="epochs")
