"""What a node says of itself: a manifest signed by the root keys that stand in it."""

import re
from datetime import UTC, datetime
from functools import lru_cache

from cryptography import x509

from comity.domain import limits
from comity.domain.bureau import Manifest, Member
from comity.domain.errors import Invalid
from comity.wire.canonical import decode, encode, unb64u
from comity.wire.http import authority_of
from comity.wire.pair import PublicPair, Signer, fingerprint
from comity.wire.signed import MANIFEST, sign, verified_by_itself

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|\+00:00)")


def signed_manifest(manifest: Manifest, root: Signer) -> str:
    """The manifest under its root's two signatures. Raises Invalid for one that no reader would take."""
    if root.public != root_pair(_checked(manifest)):
        raise Invalid("The root keys in the manifest are not those that sign it.")
    return sign(encode(manifest), MANIFEST, root).decode("ascii")


@lru_cache(maxsize=4 * limits.MEMBERS_MAX)
def verified_manifest(text: str) -> tuple[Manifest, str]:
    """(the manifest, the fingerprint of its root keys).

    It proves that whoever wrote it has these root keys, not who that is: people compare the fingerprint, and the
    directory holds each member to the one it came with. Raises Unauthenticated, Invalid, TooLarge.
    """
    payload = verified_by_itself(text.encode("utf-8"), MANIFEST, lambda claimed: root_pair(_read(claimed)))
    manifest = _checked(_read(payload))
    return manifest, fingerprint(root_pair(manifest))


@lru_cache(maxsize=4 * limits.MEMBERS_MAX)
def node_pair(manifest: Manifest) -> PublicPair:
    """The keys by which the node signs day to day."""
    return PublicPair(unb64u(manifest.node_ed25519), unb64u(manifest.node_mldsa65), 65)


def member_pair(member: Member) -> PublicPair:
    """The same with those that it had before and that hold still: any of them has signed what it signed."""
    pair = node_pair(member.manifest)
    if not member.earlier:
        return pair
    before = (node_pair(one.manifest) for one in member.earlier)
    return PublicPair(pair.ed25519, pair.mldsa, 65, tuple(one for one in before if one != pair))


@lru_cache(maxsize=4 * limits.MEMBERS_MAX)
def root_pair(manifest: Manifest) -> PublicPair:
    """The keys by which the organisation is known."""
    return PublicPair(unb64u(manifest.root_ed25519), unb64u(manifest.root_mldsa87), 87)


def utc(text: str, where: str) -> datetime:
    """A moment as manifests and directories write it: RFC 3339 in UTC. Raises Invalid."""
    try:
        if _TIME.fullmatch(text):
            return datetime.fromisoformat(text).astimezone(UTC)
    except ValueError:
        pass
    raise Invalid(f"{text!r} is no moment in UTC.", where=where, do="Write 2026-01-31T12:00:00Z.")


def _read(payload: bytes) -> Manifest:
    return decode(payload, Manifest, "manifest")


def _checked(manifest: Manifest) -> Manifest:
    if manifest.version < 1:
        raise Invalid("A manifest's version counts from 1.", where="version")
    for where, text in (("name", manifest.name), ("contact", manifest.contact)):
        if not text.strip() or len(text) > limits.NAME_CHARS_MAX or not text.isprintable():
            raise Invalid(f"Give 1 to {limits.NAME_CHARS_MAX} printable characters.", where=where)
    utc(manifest.issued_at, "issued_at")
    authority_of(manifest.address)
    # The root is kept offline; were its Ed25519 key also a node key, a stolen node could write half a manifest.
    # Falls without it: tests/wire/test_manifest.py
    if node_pair(manifest).ed25519 == root_pair(manifest).ed25519:
        raise Invalid("The node's keys must not be the root's.", where="node_ed25519", do="Create keys of its own.")
    _check_certificate(manifest.tls_certificate)
    return manifest


def _check_certificate(pem: str) -> None:
    """Exactly one: whoever trusts this node's line trusts everything that stands here."""
    try:
        found = x509.load_pem_x509_certificates(pem.encode("ascii"))
    except ValueError:
        found = []
    if len(found) != 1 or not _ONE_PEM.fullmatch(pem):
        raise Invalid("There must be one certificate in PEM, and nothing else.", where="tls_certificate")


_ONE_PEM = re.compile(r"-----BEGIN CERTIFICATE-----\n[A-Za-z0-9+/=\n]+-----END CERTIFICATE-----\n?")
