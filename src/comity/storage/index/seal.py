"""What an index shows on the disk: keyed digests instead of numbers and, where it is encrypted, sealed values."""

import hashlib
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from comity.domain.errors import Conflict

SALT_BYTES = 16
SECRET_BYTES = 32
NONCE_BYTES = 12
DIGEST_BYTES = 8  # two numbers in 128 million share one with a chance of 1 in 2,000; whoever reads compares in full
GROUP_BYTES = 8
KEY_BYTES = 12


class Digests:
    """Keyed digests of one index: nobody can work out beforehand which numbers meet, or compare two indexes."""

    def __init__(self, key: bytes) -> None:
        self._digest = hashlib.blake2b(key=key, digest_size=DIGEST_BYTES)

    def of(self, content: bytes) -> bytes:
        """8 bytes."""
        digest = self._digest.copy()
        digest.update(content)
        return digest.digest()


class Seal:
    """Keys as digests and values encrypted, under keys drawn from the node's secret for this one index."""

    def __init__(self, secret: bytes, salt: bytes) -> None:
        self.digest_key = _derived(secret, salt, b"digests of numbers")
        self._key_key = _derived(secret, salt, b"digests of keys")
        # Resists a nonce that comes twice (RFC 8452): one index writes more values than random nonces are good for.
        self._cipher = AESGCMSIV(_derived(secret, salt, b"values"))

    def group(self, family: bytes, prefix: bytes) -> bytes:
        """What stands on the disk for the beginning of a key."""
        return self._keyed(b"group", family, prefix, GROUP_BYTES)

    def key(self, family: bytes, key: bytes) -> bytes:
        """What stands on the disk for a key, after its group."""
        return self._keyed(b"key", family, key, KEY_BYTES)

    def close(self, family: bytes, key: bytes, content: bytes) -> bytes:
        """A sealed value; it opens only under the key, and in the family, that it was sealed for."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, content, family + key)

    def open(self, family: bytes, key: bytes, sealed: bytes) -> bytes:
        """Raises Conflict where the value was sealed by another secret, or for another place, or changed."""
        try:
            return self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], family + key)
        except (InvalidTag, ValueError):
            raise Conflict(
                "The index was sealed with another key, or was changed.",
                do="Restore keys/index.key, or run `comity index rebuild`.",
            ) from None

    def _keyed(self, purpose: bytes, family: bytes, content: bytes, size: int) -> bytes:
        head = bytes([len(purpose), len(family)])
        return hashlib.blake2b(head + purpose + family + content, key=self._key_key, digest_size=size).digest()


def _derived(secret: bytes, salt: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=b"comity index 1: " + purpose).derive(secret)
