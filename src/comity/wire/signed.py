"""A signed document: JWS in its General JSON form (RFC 7515) with exactly two signatures, both mandatory."""

from collections.abc import Callable
from functools import lru_cache

from msgspec import Struct

from comity.domain import limits
from comity.domain.errors import TooLarge, Unauthenticated
from comity.wire.canonical import b64u, decode, decode_as_written, encode, encode_texts, unb64u
from comity.wire.pair import PublicPair, Signer

MANIFEST = "comity.manifest"
DIRECTORY = "comity.directory"
MEASURES = "comity.measures"
INVITATION = "comity.invitation"
MEMBERSHIP_REQUEST = "comity.membership-request"
LETTER = "comity.letter"
MESSAGE = "comity.msg"
ROUTE = "comity.route"
EVIDENCE = "comity.evidence"
BUNDLE = "comity.bundle"
LAW_WITHDRAWAL = "comity.law-withdrawal"
BULLETIN = "comity.bulletin"
PROMISE = "comity.promise"
RECONCILIATION = "comity.reconciliation"

# type: bytes of a signed document, before anything of it is parsed
BYTES_MAX = {
    MANIFEST: limits.MANIFEST_BYTES_MAX,
    DIRECTORY: limits.DIRECTORY_BYTES_MAX,
    MEASURES: limits.MEASURES_BYTES_MAX,
    INVITATION: limits.INVITATION_BYTES_MAX,
    MEMBERSHIP_REQUEST: limits.INVITATION_BYTES_MAX,
    LETTER: limits.LETTER_BYTES_MAX,
    MESSAGE: limits.SEALED_LETTER_BYTES_MAX,
    ROUTE: limits.ROUTE_BYTES_MAX,
    EVIDENCE: limits.EVIDENCE_BYTES_MAX,
    BUNDLE: limits.BUNDLE_BYTES_MAX,
    LAW_WITHDRAWAL: limits.LAW_WITHDRAWAL_BYTES_MAX,
    BULLETIN: limits.BULLETIN_HEAD_BYTES_MAX,
    PROMISE: limits.PROMISE_BYTES_MAX,
    RECONCILIATION: limits.NOTE_BYTES_MAX,
}


class _Signature(Struct, frozen=True, forbid_unknown_fields=True):
    protected: str
    signature: str


class _Document(Struct, frozen=True, forbid_unknown_fields=True):
    payload: str
    signatures: tuple[_Signature, _Signature]


def sign(payload: bytes, typ: str, signer: Signer) -> bytes:
    """The signed document around a payload. Raises TooLarge where no reader would take it."""
    body, signer = b64u(payload), signer.now
    classical, quantum = headers(typ, signer.public)
    document = _Document(
        payload=body,
        signatures=(
            _Signature(classical, b64u(signer.sign_ed25519(to_sign(classical, body)))),
            _Signature(quantum, b64u(signer.sign_mldsa(to_sign(quantum, body)))),
        ),
    )
    return within(encode_texts(document), typ)


def verified(data: bytes, typ: str, pair: PublicPair) -> bytes:
    """The payload that both keys of `pair` signed as `typ`. Raises Unauthenticated, Invalid, TooLarge."""
    return _verified(_read(data, typ), typ, pair)


def verified_by_itself(data: bytes, typ: str, pair_in: Callable[[bytes], PublicPair]) -> bytes:
    """The payload of a document signed by the very keys that it names; `pair_in` reads them out of it.

    That proves possession of the keys, not whose they are: compare their fingerprint.
    """
    document = _read(data, typ)
    return _verified(document, typ, pair_in(unb64u(document.payload)))


def claimed(data: bytes, typ: str) -> bytes:
    """The payload of a document that nobody verified: good for finding out whose keys to verify it with, no more."""
    return unb64u(_read(data, typ).payload)


def _read(data: bytes, typ: str) -> _Document:
    written = decode_as_written(within(data, typ), _Document, encode_texts)
    return written if written is not None else decode(data, _Document, f"signed {typ}")


def _verified(document: _Document, typ: str, pair: PublicPair) -> bytes:
    protected = tuple(one.protected for one in document.signatures)
    pair = next((one for one in pair.every if headers(typ, one) == protected), pair)
    # Both algorithms, these keys, this type, nothing else: the header is compared, never interpreted. A library took a
    # document whose post-quantum signature had been removed. Falls without it: tests/attacks/test_wire_signed.py
    if protected != headers(typ, pair):
        raise Unauthenticated(
            f"This {typ} is not signed by the two keys expected ({', '.join(pair.key_ids)}).",
            do="Check whose it is, and whether the sender's keys have changed.",
        )
    classical, quantum = document.signatures
    pair.verified_ed25519(unb64u(classical.signature), to_sign(classical.protected, document.payload))
    pair.verified_mldsa(unb64u(quantum.signature), to_sign(quantum.protected, document.payload))
    return unb64u(document.payload)


@lru_cache(maxsize=4 * limits.MEMBERS_MAX)
def headers(typ: str, pair: PublicPair) -> tuple[str, str]:
    """The protected headers under which both keys of a pair sign a document of that type."""
    ed25519_id, mldsa_id = pair.key_ids
    return (
        b64u(encode({"alg": "Ed25519", "kid": ed25519_id, "typ": typ})),
        b64u(encode({"alg": f"ML-DSA-{pair.level}", "kid": mldsa_id, "typ": typ})),
    )


def to_sign(protected: str, payload: str) -> bytes:
    """What a signature is made over (RFC 7515, section 5.1)."""
    return f"{protected}.{payload}".encode("ascii")


def within(data: bytes, typ: str) -> bytes:
    if len(data) > BYTES_MAX[typ]:
        raise TooLarge(f"This {typ} has {len(data)} bytes; the most is {BYTES_MAX[typ]}.")
    return data
