"""Secrets at rest: wrapped under a key that lies elsewhere, so that a copied disk alone opens nothing."""

import os
import secrets
from typing import Annotated, Literal, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from msgspec import Meta, Struct

from comity.domain.errors import Invalid, NotPermitted
from comity.wire.canonical import b64u, decode, encode, unb64u

WRAPPING_KEY_BYTES = 32
PASSPHRASE_CHARS_MIN = 12
_NONCE_BYTES = 12
_SALT_BYTES = 16
# 128 MiB and a third of a second for each guess (RFC 7914; OWASP's first choice for scrypt)
_LOG_N, _R, _P = 17, 8, 1


class Wrapping(Protocol):
    """Whoever holds the key that wraps: a file, or a hardware module. `about` binds a secret to what it is."""

    def wrap(self, secret: bytes, about: str) -> bytes: ...

    def unwrap(self, wrapped: bytes, about: str) -> bytes: ...


class _Wrapped(Struct, frozen=True, forbid_unknown_fields=True):
    nonce: str
    sealed: str
    wrapped: Literal["aes-256-gcm-siv"]


class _UnderPassphrase(Struct, frozen=True, forbid_unknown_fields=True):
    log_n: Annotated[int, Meta(ge=14, le=20)]
    nonce: str
    salt: str
    sealed: str
    wrapped: Literal["scrypt aes-256-gcm-siv"]


class WrappingKey:
    """A key of 32 bytes in memory. Nothing of it is shown."""

    def __init__(self, key: bytes) -> None:
        if len(key) != WRAPPING_KEY_BYTES:
            raise Invalid(f"A wrapping key has {WRAPPING_KEY_BYTES} bytes, not {len(key)}.")
        self._aead = AESGCMSIV(key)

    def __repr__(self) -> str:
        return "WrappingKey()"

    def wrap(self, secret: bytes, about: str) -> bytes:
        nonce = os.urandom(_NONCE_BYTES)
        sealed = self._aead.encrypt(nonce, secret, about.encode())
        return encode(_Wrapped(b64u(nonce), b64u(sealed), "aes-256-gcm-siv"))

    def unwrap(self, wrapped: bytes, about: str) -> bytes:
        """Raises Invalid."""
        read = decode(wrapped, _Wrapped, about)
        try:
            return self._aead.decrypt(unb64u(read.nonce), unb64u(read.sealed), about.encode())
        except (InvalidTag, ValueError):
            raise Invalid(
                f"The {about} was wrapped under another key, or is damaged.",
                do="Give the wrapping key that this node was made with, or restore both from one backup.",
            ) from None


def wrap_under_passphrase(secret: bytes, passphrase: str, about: str) -> bytes:
    """For a file that one person keeps. Raises Invalid for a passphrase that could be guessed."""
    if len(passphrase) < PASSPHRASE_CHARS_MIN:
        raise Invalid(f"A passphrase has {PASSPHRASE_CHARS_MIN} characters at least.", do="Take several words.")
    salt, nonce = os.urandom(_SALT_BYTES), os.urandom(_NONCE_BYTES)
    sealed = AESGCMSIV(_stretched(passphrase, salt, _LOG_N)).encrypt(nonce, secret, about.encode())
    return encode(_UnderPassphrase(_LOG_N, b64u(nonce), b64u(salt), b64u(sealed), "scrypt aes-256-gcm-siv"))


def unwrap_under_passphrase(wrapped: bytes, passphrase: str, about: str) -> bytes:
    """Raises NotPermitted for a wrong passphrase, Invalid."""
    read = decode(wrapped, _UnderPassphrase, about)
    key = _stretched(passphrase, unb64u(read.salt), read.log_n)
    try:
        return AESGCMSIV(key).decrypt(unb64u(read.nonce), unb64u(read.sealed), about.encode())
    except (InvalidTag, ValueError):
        raise NotPermitted(f"This passphrase does not open the {about}.", do="Type it again.") from None


def new_wrapping_key() -> bytes:
    return secrets.token_bytes(WRAPPING_KEY_BYTES)


def _stretched(passphrase: str, salt: bytes, log_n: int) -> bytes:
    return Scrypt(salt=salt, length=WRAPPING_KEY_BYTES, n=1 << log_n, r=_R, p=_P).derive(passphrase.encode())
