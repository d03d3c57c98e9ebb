"""The two public keys that must both agree: one classical, one post-quantum, so that breaking one is not enough."""

import base64
import hashlib
import re
from functools import lru_cache
from typing import Literal, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA65PublicKey, MLDSA87PublicKey
from msgspec import Struct

from comity.domain import limits
from comity.domain.errors import Invalid, Unauthenticated
from comity.wire.canonical import b64u, encode

Level = Literal[65, 87]

ED25519_KEY_BYTES = 32
# level: bytes of a public key (FIPS 204, table 2)
MLDSA_KEY_BYTES: dict[int, int] = {65: 1952, 87: 2592}
_MLDSA: dict[int, type[MLDSA65PublicKey] | type[MLDSA87PublicKey]] = {65: MLDSA65PublicKey, 87: MLDSA87PublicKey}

_FINGERPRINT_GROUPS = 13
_SPOKEN = re.compile(r"[\s-]+")


class PublicPair(Struct, frozen=True, cache_hash=True):
    """An Ed25519 key with an ML-DSA key: level 65 for a node, 87 for a root."""

    ed25519: bytes
    mldsa: bytes
    level: Level
    earlier: tuple["PublicPair", ...] = ()  # of the same node, which hold still beside these

    def __post_init__(self) -> None:
        if len(self.ed25519) != ED25519_KEY_BYTES:
            raise Invalid(f"An Ed25519 key has {ED25519_KEY_BYTES} bytes, not {len(self.ed25519)}.")
        if len(self.mldsa) != MLDSA_KEY_BYTES.get(self.level):
            raise Invalid(f"{len(self.mldsa)} bytes are no ML-DSA-{self.level} key.")

    @property
    def key_ids(self) -> tuple[str, str]:
        """RFC 7638 thumbprints of the Ed25519 (RFC 8037) and the ML-DSA key (RFC 9964)."""
        return _key_ids(self)

    @property
    def every(self) -> tuple["PublicPair", ...]:
        """These keys, then those that hold still beside them."""
        return (self, *self.earlier)

    def verified_ed25519(self, signature: bytes, signed: bytes) -> bytes:
        """What was signed. Raises Unauthenticated."""
        try:
            _loaded(self)[0].verify(signature, signed)
        except (InvalidSignature, ValueError):
            raise Unauthenticated("The Ed25519 signature is wrong.") from None
        return signed

    def verified_mldsa(self, signature: bytes, signed: bytes) -> bytes:
        """What was signed. Raises Unauthenticated."""
        try:
            _loaded(self)[1].verify(signature, signed)
        except (InvalidSignature, ValueError):
            raise Unauthenticated(f"The ML-DSA-{self.level} signature is wrong.") from None
        return signed


class Signer(Protocol):
    """Whoever holds the private keys of a pair: files, or a hardware module."""

    @property
    def public(self) -> PublicPair: ...

    @property
    def now(self) -> "Signer":
        """With the keys of this moment: the two signatures of one document are by one pair, also while keys change."""
        ...

    def sign_ed25519(self, data: bytes) -> bytes: ...

    def sign_mldsa(self, data: bytes) -> bytes: ...


def fingerprint(pair: PublicPair) -> str:
    """What two people read to each other: SHA-256 over both keys in 13 groups of 4 letters (base32)."""
    digest = hashlib.sha256(b"comity.fingerprint.v1" + pair.ed25519 + pair.mldsa).digest()
    letters = base64.b32encode(digest).decode("ascii").rstrip("=")
    return "-".join(letters[at : at + 4] for at in range(0, len(letters), 4))


def same_fingerprint(a: str, b: str) -> bool:
    """Compare two fingerprints as typed: capitals, blanks and hyphens do not count, an incomplete one matches none."""
    letters = _SPOKEN.sub("", a).upper()
    # A fingerprint left out, or read in part, must not pass as agreement. Falls without it: tests/wire/test_pair.py
    return len(letters) == 4 * _FINGERPRINT_GROUPS and letters == _SPOKEN.sub("", b).upper()


def thumbprint(members: dict[str, str]) -> str:
    """RFC 7638 over the required members of a JWK."""
    return b64u(hashlib.sha256(encode(members)).digest())


@lru_cache(maxsize=4 * limits.MEMBERS_MAX)
def _key_ids(pair: PublicPair) -> tuple[str, str]:
    return (
        thumbprint({"kty": "OKP", "crv": "Ed25519", "x": b64u(pair.ed25519)}),
        thumbprint({"kty": "AKP", "alg": f"ML-DSA-{pair.level}", "pub": b64u(pair.mldsa)}),
    )


@lru_cache(maxsize=4 * limits.MEMBERS_MAX)
def _loaded(pair: PublicPair) -> tuple[Ed25519PublicKey, MLDSA65PublicKey | MLDSA87PublicKey]:
    return Ed25519PublicKey.from_public_bytes(pair.ed25519), _MLDSA[pair.level].from_public_bytes(pair.mldsa)
