"""Sealed for whom: age files (version 1) with hybrid post-quantum recipients, X-Wing, and no others."""

import hashlib
import io
import os
from collections.abc import Sequence
from functools import lru_cache
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)
from msgspec import Struct

from comity.domain import limits
from comity.domain.errors import Invalid, Missing, TooLarge
from comity.wire import age_header, bech32
from comity.wire.age_header import Header, Stanza, b64, unb64
from comity.wire.canonical import b64u
from comity.wire.pair import thumbprint
from comity.wire.stream import FILE_KEY_BYTES, Reader, Sink, Writer, new_file_key

SEED_BYTES = 32
STANZA = "mlkem768x25519"

_INFO = b"age-encryption.org/mlkem768x25519"
_SUITE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
_ENC_BYTES = 1120
_WRAPPED_BYTES = FILE_KEY_BYTES + 16
_MLKEM_SEED_BYTES = 64
_MLKEM_KEY_BYTES = 1184
_X25519_KEY_BYTES = 32
_PUBLIC_BYTES = _MLKEM_KEY_BYTES + _X25519_KEY_BYTES
_IDENTITY_PREFIX = "age-secret-key-pq-"
_RECIPIENT_PREFIX = "age1pq"


class Recipient(Struct, frozen=True, cache_hash=True):
    """A public key to seal to: ML-KEM-768 and X25519, one after the other."""

    public: bytes

    def __post_init__(self) -> None:
        _loaded(self.public)

    @classmethod
    def parse(cls, text: str) -> "Recipient":
        """From `age1pq1…`. Raises Invalid."""
        return cls(bech32.read(text, _RECIPIENT_PREFIX, "age recipient"))

    @property
    def text(self) -> str:
        """As other programs that know age take it."""
        return bech32.write(_RECIPIENT_PREFIX, self.public)

    @property
    def key_id(self) -> str:
        """RFC 7638 thumbprint of the key as an AKP JWK (RFC 9964), under age's own name for its kind."""
        return _key_id(self.public)


class Identity:
    """A private key that opens, made from a seed of 32 bytes. Nothing of it is shown."""

    __slots__ = ("_key", "_seed", "recipient")

    def __init__(self, seed: bytes) -> None:
        if len(seed) != SEED_BYTES:
            raise Invalid(f"A seed has {SEED_BYTES} bytes.")
        # X-Wing: both private keys come out of one seed (draft-connolly-cfrg-xwing-kem, section 5.2).
        expanded = hashlib.shake_256(seed).digest(_MLKEM_SEED_BYTES + _X25519_KEY_BYTES)
        mlkem = MLKEM768PrivateKey.from_seed_bytes(expanded[:_MLKEM_SEED_BYTES])
        x25519 = X25519PrivateKey.from_private_bytes(expanded[_MLKEM_SEED_BYTES:])
        self._seed = seed
        self._key = MLKEM768X25519PrivateKey(mlkem, x25519)
        self.recipient = Recipient(mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw())

    def __repr__(self) -> str:
        return f"Identity({self.recipient.key_id})"

    @classmethod
    def generate(cls) -> "Identity":
        return cls(os.urandom(SEED_BYTES))

    @classmethod
    def parse(cls, text: str) -> "Identity":
        """From `AGE-SECRET-KEY-PQ-1…`. Raises Invalid."""
        return cls(bech32.read(text, _IDENTITY_PREFIX, "age identity"))

    @property
    def seed(self) -> bytes:
        """The secret itself, for whoever keeps it."""
        return self._seed

    @property
    def text(self) -> str:
        """The secret itself, as other programs that know age take it."""
        return bech32.write(_IDENTITY_PREFIX, self._seed).upper()

    def unwrapped(self, stanza: Stanza) -> bytes | None:
        """The file key, where it was wrapped for this key."""
        try:
            return _SUITE.decrypt(unb64(stanza.arguments[1]) + stanza.body, self._key, _INFO)
        except (InvalidTag, ValueError):
            return None


class Opened(Struct, frozen=True):
    """What a box held, which key opened it, and how many it was sealed for."""

    content: bytes
    key_id: str
    recipients: int


def encrypt(plaintext: bytes, recipients: Sequence[Recipient]) -> bytes:
    """An age file for all of these. Raises Invalid, TooLarge where there are none or too many."""
    sink = io.BytesIO()
    sealing = writer(sink, recipients)
    sealing.write(plaintext)
    sealing.finish()
    return sink.getvalue()


def decrypt(data: bytes, identities: Sequence[Identity]) -> bytes:
    """What an age file holds. Raises Missing where no identity opens it, Unauthenticated, Invalid, TooLarge."""
    return opened(data, identities).content


def opened(data: bytes, identities: Sequence[Identity], likely: int = 0) -> Opened:
    """As `decrypt`, with what else is known then; `likely` is the stanza to try first."""
    source = io.BytesIO(data)
    header = read_header(source)
    file_key, identity = _unwrapped(header, identities, likely)
    content = Reader(source, file_key).read()
    return Opened(content=content, key_id=identity.recipient.key_id, recipients=len(header.stanzas))


def writer(sink: Sink, recipients: Sequence[Recipient]) -> Writer:
    """Seals a stream into `sink`, in constant memory; call its `finish`."""
    file_key = new_file_key()
    sink.write(header_for(file_key, recipients))
    return Writer(sink, file_key)


def reader(source: BinaryIO, identities: Sequence[Identity]) -> Reader:
    """Opens a stream, in constant memory. Raises as `decrypt`."""
    return Reader(source, _unwrapped(read_header(source), identities)[0])


def header_for(file_key: bytes, recipients: Sequence[Recipient]) -> bytes:
    """What stands before a payload under this file key, so that all of these open the whole."""
    if not recipients:
        raise Invalid("There is nobody to seal this for.")
    if len(recipients) > limits.RECIPIENTS_MAX:
        raise TooLarge(f"{len(recipients)} recipients are too many; the most is {limits.RECIPIENTS_MAX}.")
    return age_header.write(tuple(_wrapped(file_key, one) for one in recipients), file_key)


def read_header(source: BinaryIO) -> Header:
    """The header of an age file for hybrid recipients alone. Raises Invalid, TooLarge."""
    header = age_header.read(source)
    for stanza in header.stanzas:
        _check(stanza)
    return header


def _check(stanza: Stanza) -> None:
    # A second way in that a quantum computer opens makes the hybrid one worthless.
    # Falls without it: tests/attacks/test_wire_age.py
    if stanza.arguments[0] != STANZA:
        raise Invalid(
            f"This age file has a recipient of type {stanza.arguments[0][: limits.CODE_CHARS_MAX]!r}.",
            do=f"Only {STANZA} is taken. Have it sealed again without the other.",
        )
    # The length of the body too, before it is opened: a key that opens for several recipients must not fit in.
    # Falls without it: tests/attacks/test_wire_age.py
    if len(stanza.arguments) != 2 or len(stanza.body) != _WRAPPED_BYTES:
        raise Invalid(f"A {STANZA} recipient in this age file is not well formed.")
    if len(unb64(stanza.arguments[1])) != _ENC_BYTES:
        raise Invalid(f"A {STANZA} recipient in this age file is not well formed.")


def _wrapped(file_key: bytes, recipient: Recipient) -> Stanza:
    sealed = _SUITE.encrypt(file_key, _loaded(recipient.public), _INFO)
    return Stanza(arguments=(STANZA, b64(sealed[:_ENC_BYTES])), body=sealed[_ENC_BYTES:])


def _unwrapped(header: Header, identities: Sequence[Identity], likely: int = 0) -> tuple[bytes, Identity]:
    for stanza in header.stanzas[likely:] + header.stanzas[:likely]:
        for identity in identities:
            if (file_key := identity.unwrapped(stanza)) is not None:
                age_header.verified(header, file_key)
                return file_key, identity
    raise Missing(
        f"None of the {len(identities)} keys here opens this.",
        do="It was sealed for somebody else, or to a key that is past its time: ask the sender to seal it again.",
    )


@lru_cache(maxsize=4 * limits.MEMBERS_MAX)
def _loaded(public: bytes) -> MLKEM768X25519PublicKey:
    if len(public) != _PUBLIC_BYTES:
        raise Invalid(f"A key to seal to has {_PUBLIC_BYTES} bytes, not {len(public)}.")
    try:
        mlkem = MLKEM768PublicKey.from_public_bytes(public[:_MLKEM_KEY_BYTES])
    except ValueError:
        raise Invalid("This is no ML-KEM-768 key.") from None
    return MLKEM768X25519PublicKey(mlkem, X25519PublicKey.from_public_bytes(public[_MLKEM_KEY_BYTES:]))


@lru_cache(maxsize=4 * limits.MEMBERS_MAX)
def _key_id(public: bytes) -> str:
    return thumbprint({"kty": "AKP", "alg": STANZA, "pub": b64u(public)})
