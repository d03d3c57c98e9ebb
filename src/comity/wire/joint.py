"""A document that several members sign, each with both its keys: JWS in its General JSON form (RFC 7515)."""

from collections.abc import Mapping
from typing import Annotated

from msgspec import Meta, Struct

from comity.domain import limits
from comity.domain.errors import Conflict, Invalid, Unauthenticated
from comity.wire.canonical import b64u, decode, encode, unb64u
from comity.wire.pair import PublicPair, Signer
from comity.wire.signed import headers, to_sign, within


class _Node(Struct, frozen=True, forbid_unknown_fields=True):
    node: Annotated[str, Meta(min_length=1, max_length=limits.CODE_CHARS_MAX)]


class _Signature(Struct, frozen=True, forbid_unknown_fields=True):
    header: _Node  # not protected: the keys that are compared are those of this member
    protected: str
    signature: str


class _Document(Struct, frozen=True, forbid_unknown_fields=True):
    """Of each member two signatures, the classical one first; members in the order of their names."""

    payload: str
    signatures: Annotated[tuple[_Signature, ...], Meta(min_length=2, max_length=2 * limits.BUNDLE_SIGNATURES_MAX)]


def signed_by(payload: bytes, typ: str, node: str, signer: Signer) -> bytes:
    """The document with the first member's signatures. Raises TooLarge where no reader would take it."""
    return _written(b64u(payload), typ, _pair_of(b64u(payload), typ, node, signer))


def with_signatures_of(document: bytes, typ: str, node: str, signer: Signer) -> bytes:
    """The same document, signed by one member more. Raises Conflict where it has signed already."""
    read = _read(document, typ)
    if node in _nodes(read):
        raise Conflict(f"{node} has signed it already.")
    return _written(read.payload, typ, (*read.signatures, *_pair_of(read.payload, typ, node, signer)))


def joined(one: bytes, other: bytes, typ: str) -> bytes:
    """All signatures of two documents with the same payload; the earlier ones stay as they were. Raises Conflict."""
    first, second = _read(one, typ), _read(other, typ)
    if first.payload != second.payload:
        raise Conflict("These are two different documents.", do="Sign the one that was proposed.")
    new = tuple(each for each in second.signatures if each.header.node not in _nodes(first))
    return _written(first.payload, typ, (*first.signatures, *new))


def verified_jointly(document: bytes, typ: str, pairs: Mapping[str, PublicPair]) -> tuple[bytes, tuple[str, ...]]:
    """The payload, and who signed it. Every signature must stand: one that is wrong spoils the document.

    `pairs` are the keys of those who may sign. Raises Unauthenticated, Invalid, TooLarge.
    """
    read = _read(document, typ)
    nodes = _nodes(read)
    for at, node in enumerate(nodes):
        # Falls without it: tests/attacks/test_wire_bundle.py, signed by a stranger.
        if (pair := pairs.get(node)) is None:
            raise Unauthenticated(f"{node} is no member whose signature counts here.", do="Ask the owner of the text.")
        classical, quantum = read.signatures[2 * at : 2 * at + 2]
        # Compared, never interpreted: both algorithms, these keys, this type.
        # Falls without it: tests/attacks/test_wire_bundle.py
        protected = (classical.protected, quantum.protected)
        pair = next((one for one in pair.every if headers(typ, one) == protected), pair)
        if protected != headers(typ, pair):
            raise Unauthenticated(
                f"The signatures of {node} under this {typ} are not by its two keys ({', '.join(pair.key_ids)}).",
                do=f"{node} signs and publishes the next version with the keys that it has now.",
            )
        pair.verified_ed25519(unb64u(classical.signature), to_sign(classical.protected, read.payload))
        pair.verified_mldsa(unb64u(quantum.signature), to_sign(quantum.protected, read.payload))
    return unb64u(read.payload), nodes


def unverified(document: bytes, typ: str) -> tuple[bytes, tuple[str, ...]]:
    """As `verified_jointly` of a document that was verified when it was kept, whose digest is known."""
    read = _read(document, typ)
    return unb64u(read.payload), _nodes(read)


def _read(document: bytes, typ: str) -> _Document:
    return decode(within(document, typ), _Document, f"signed {typ}")


def _nodes(read: _Document) -> tuple[str, ...]:
    """Each with both signatures, in order, once: there is one form for each set of signatures.

    Falls without it: tests/attacks/test_wire_bundle.py, a signature removed, written twice, in another order.
    """
    named = [one.header.node for one in read.signatures]
    nodes = tuple(named[::2])
    if tuple(named[1::2]) != nodes or list(nodes) != sorted(set(nodes)):
        raise Invalid("Each member signs once, with both its keys, in the order of names.", where="signatures")
    return nodes


def _pair_of(body: str, typ: str, node: str, signer: Signer) -> tuple[_Signature, _Signature]:
    signer = signer.now
    classical, quantum = headers(typ, signer.public)
    return (
        _Signature(_Node(node), classical, b64u(signer.sign_ed25519(to_sign(classical, body)))),
        _Signature(_Node(node), quantum, b64u(signer.sign_mldsa(to_sign(quantum, body)))),
    )


def _written(body: str, typ: str, signatures: tuple[_Signature, ...]) -> bytes:
    in_order = tuple(sorted(signatures, key=lambda one: one.header.node))  # stable: the classical one stays first
    return within(encode(_Document(body, in_order)), typ)
