"""A document that several custodians sign, each with both algorithms, each on their own."""

from collections.abc import Sequence
from typing import Annotated

from msgspec import Meta, Struct

from comity.domain import limits
from comity.domain.errors import Invalid, TooLarge, Unauthenticated
from comity.wire.canonical import b64u, decode, encode, unb64u
from comity.wire.pair import PublicPair, Signer
from comity.wire.signed import headers, to_sign

ROOT = "comity.root"
KEYS = "comity.keys"
TYPES = (ROOT, KEYS)


class Signature(Struct, frozen=True, forbid_unknown_fields=True):
    """One of the two that a custodian gives, as JWS (RFC 7515) has it."""

    protected: str
    signature: str


class Quorum(Struct, frozen=True):
    """So many of these must have signed."""

    pairs: tuple[PublicPair, ...]
    threshold: int


class _Document(Struct, frozen=True, forbid_unknown_fields=True):
    payload: str
    signatures: Annotated[tuple[Signature, ...], Meta(max_length=4 * limits.CUSTODIANS_MAX)]


class _Header(Struct, frozen=True, forbid_unknown_fields=True):
    alg: str
    kid: str
    typ: str


def signatures(payload: bytes, typ: str, signer: Signer) -> tuple[Signature, Signature]:
    """What one custodian contributes, made on a machine of their own."""
    body = b64u(payload)
    classical, quantum = headers(typ, signer.public)
    return (
        Signature(classical, b64u(signer.sign_ed25519(to_sign(classical, body)))),
        Signature(quantum, b64u(signer.sign_mldsa(to_sign(quantum, body)))),
    )


def gathered(payload: bytes, contributions: Sequence[tuple[Signature, Signature]]) -> bytes:
    """The document with everything that was contributed. Raises TooLarge where no log would take it."""
    return _within(encode(_Document(b64u(payload), tuple(one for both in contributions for one in both))))


def verified(data: bytes, typ: str, quorums: Sequence[Quorum]) -> bytes:
    """The payload, once each quorum is reached and nobody else has signed. Raises Unauthenticated, Invalid, TooLarge.

    Whoever belongs to several quorums counts in each, with one signature.
    """
    document = _read(data)
    known = {pair.key_ids: pair for quorum in quorums for pair in quorum.pairs}
    expected = {headers(typ, pair): pair for pair in known.values()}
    signers: list[PublicPair] = []
    given = document.signatures
    for classical, quantum in zip(given[::2], given[1::2], strict=True):
        # Both algorithms, a key we know, this type, nothing else: the header is compared, never interpreted.
        # Falls without it: tests/attacks/test_wire_keys.py
        pair = expected.get((classical.protected, quantum.protected))
        if pair is None or pair in signers:
            raise Unauthenticated(
                f"A signature under this {typ} is of nobody who may sign it, or comes twice.",
                do="Gather one of each custodian, made for this very request.",
            )
        pair.verified_ed25519(unb64u(classical.signature), to_sign(classical.protected, document.payload))
        pair.verified_mldsa(unb64u(quantum.signature), to_sign(quantum.protected, document.payload))
        signers.append(pair)
    for quorum in quorums:
        # One custodian alone must not speak for all. Falls without it: tests/attacks/test_wire_keys.py
        if (count := sum(pair in signers for pair in quorum.pairs)) < quorum.threshold:
            raise Unauthenticated(
                f"{count} of the custodians have signed this {typ}; {quorum.threshold} must.",
                do="Send the request to the others too.",
            )
    return unb64u(document.payload)


def claimed(data: bytes) -> tuple[str, bytes]:
    """(type, payload) as they claim to be, before anything is proved; the type is '' where it is none of ours."""
    document = _read(data)
    header = decode(unb64u(document.signatures[0].protected), _Header, "header")
    return (header.typ if header.typ in TYPES else ""), unb64u(document.payload)


def _read(data: bytes) -> _Document:
    document = decode(_within(data), _Document, "signed document")
    if not document.signatures or len(document.signatures) % 2:
        raise Invalid("Every custodian gives two signatures.", where="signatures")
    return document


def _within(data: bytes) -> bytes:
    if len(data) > limits.KEY_ENTRY_BYTES_MAX:
        raise TooLarge(f"An entry of the log of keys has {limits.KEY_ENTRY_BYTES_MAX} bytes at most, not {len(data)}.")
    return data
