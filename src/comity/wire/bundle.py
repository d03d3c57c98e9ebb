"""A bundle of law, and its withdrawal, as they travel: signed by those whom they bind."""

import hashlib
from collections.abc import Mapping

from comity.domain import limits
from comity.domain.bundle import Bundle, LawWithdrawal, SignedBundle, SignedWithdrawal
from comity.domain.errors import Invalid, Unauthenticated
from comity.wire import joint
from comity.wire.canonical import decode, encode
from comity.wire.pair import PublicPair, Signer
from comity.wire.signed import BUNDLE, LAW_WITHDRAWAL, claimed, sign, verified


def signed_bundle(bundle: Bundle, node: str, signer: Signer) -> bytes:
    """The bundle under its first signatory's two signatures. Raises Invalid for one that no reader would take."""
    return joint.signed_by(encode(_checked(bundle)), BUNDLE, _signatory(bundle, node), signer)


def countersigned_bundle(document: bytes, node: str, signer: Signer) -> bytes:
    """The same document with the signatures of one signatory more."""
    return joint.with_signatures_of(document, BUNDLE, _signatory(opened_bundle(document).bundle, node), signer)


def joined_bundle(one: bytes, other: bytes) -> bytes:
    """The signatures of both under the one payload that they share. Raises Conflict."""
    return joint.joined(one, other, BUNDLE)


def verified_bundle(document: bytes, pairs: Mapping[str, PublicPair]) -> SignedBundle:
    """The bundle with who signed it; `pairs` are the node keys of the members, by name.

    Raises Unauthenticated where a signature is not by the keys of a signatory, Invalid, TooLarge.
    """
    return _bundle(document, *joint.verified_jointly(document, BUNDLE, pairs))


def opened_bundle(document: bytes) -> SignedBundle:
    """As `verified_bundle`, of a document that was verified when it was kept."""
    return _bundle(document, *joint.unverified(document, BUNDLE))


def signed_withdrawal(withdrawal: LawWithdrawal, signer: Signer) -> bytes:
    return sign(encode(withdrawal), LAW_WITHDRAWAL, signer)


def verified_withdrawal(document: bytes, pair: PublicPair) -> SignedWithdrawal:
    """Signed by `pair`, the node keys of its signatory. Raises Unauthenticated, Invalid, TooLarge."""
    payload = verified(document, LAW_WITHDRAWAL, pair)
    return SignedWithdrawal(withdrawal=decode(payload, LawWithdrawal, "withdrawal of law"), document=document)


def opened_withdrawal(document: bytes) -> SignedWithdrawal:
    """As `verified_withdrawal`, of a document whose signatures are, or were, verified elsewhere."""
    payload = claimed(document, LAW_WITHDRAWAL)
    return SignedWithdrawal(withdrawal=decode(payload, LawWithdrawal, "withdrawal of law"), document=document)


def _bundle(document: bytes, payload: bytes, signed: tuple[str, ...]) -> SignedBundle:
    bundle = _checked(decode(payload, Bundle, "bundle"))
    # A member may not stand under what names it nowhere. Falls without it: tests/attacks/test_wire_bundle.py
    if strangers := [node for node in signed if node not in bundle.nodes]:
        raise Unauthenticated(f"{', '.join(strangers)} signed, and is no signatory of {bundle.id}.")
    digest = hashlib.sha256(payload).hexdigest()
    return SignedBundle(bundle=bundle, payload_digest=digest, signed=signed, document=document)


def _signatory(bundle: Bundle, node: str) -> str:
    if node not in bundle.nodes:
        raise Invalid(f"{node} is no signatory of {bundle.id}.", where="signatories")
    return node


def _checked(bundle: Bundle) -> Bundle:
    """What holds for every bundle by itself."""
    for one in bundle.texts:
        # Falls without it: tests/attacks/test_wire_bundle.py
        if hashlib.sha256(one.text.encode()).hexdigest() != one.sha256:
            raise Invalid(f"The text {one.name} is not that of its digest.", where="texts")
    if (bundle.version == 1) != (bundle.previous == ""):
        raise Invalid("The first version names none before it, every other one does.", where="previous")
    if not 0 <= (bundle.valid_until - bundle.valid_from).days <= limits.BUNDLE_DAYS_MAX:
        raise Invalid(f"A bundle is valid for {limits.BUNDLE_DAYS_MAX} days at most.", where="valid_until")
    if len(set(bundle.parties)) != len(bundle.parties):
        raise Invalid("A party signs once.", where="signatories")
    if len(bundle.nodes) > limits.BUNDLE_SIGNATURES_MAX:
        raise Invalid(f"{limits.BUNDLE_SIGNATURES_MAX} members sign one document at most.", where="signatories")
    return bundle
