"""A time that an authority vouches for (RFC 3161): that something existed by then, checked without any network.

One profile: SHA-256 over the data, one signer, its certificate in the answer or at hand, RSA or ECDSA with SHA-2.
"""

import hashlib
from datetime import UTC, datetime

from asn1crypto import algos, cms, tsp
from asn1crypto.core import Asn1Value
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID
from msgspec import Struct

from comity.domain import limits
from comity.domain.errors import Invalid, TooLarge, Unauthenticated

_HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}
_GRANTED = ("granted", "granted_with_mods")


class Stamped(Struct, frozen=True):
    """When the authority saw it, and by which name it signs."""

    at: datetime
    by: str


def write_query(data: bytes) -> bytes:
    """What is sent to an authority, which learns nothing but a digest of the data."""
    asked = {"version": 1, "message_imprint": _imprint(data), "cert_req": True}
    written: bytes = tsp.TimeStampReq(asked).dump()
    return written


def verified_timestamp(answer: bytes, data: bytes, authority: bytes) -> Stamped:
    """What an authority's answer proves of that data. `authority`: its certificate, or that of who issued it (PEM).

    Raises Unauthenticated, Invalid, TooLarge.
    """
    if len(answer) > limits.TIMESTAMP_BYTES_MAX:
        raise TooLarge(f"A timestamp has {limits.TIMESTAMP_BYTES_MAX} bytes at most.")
    trusted = _certificate(authority)
    try:
        signed, info = _token(answer)
        (signer,) = signed["signer_infos"]
        chosen = _signer(signed, signer, trusted)
        _check_attributes(signer, signed, chosen)
        _check_signature(signer, chosen)
        _check_imprint(info, data)
        at = info["gen_time"].native
    except (ValueError, TypeError, KeyError) as wrong:
        raise Invalid(f"This is no timestamp that is understood here: {type(wrong).__name__}.") from None
    _check_authority(chosen, trusted, at)
    return Stamped(at.astimezone(UTC), chosen.subject.rfc4514_string())


def _token(answer: bytes) -> tuple[cms.SignedData, tsp.TSTInfo]:
    response = tsp.TimeStampResp.load(answer, strict=True)
    status = response["status"]["status"].native
    if status not in _GRANTED:
        raise Unauthenticated(f"The authority gave no timestamp: {status}.", do="Ask it again.")
    token = response["time_stamp_token"]
    if token["content_type"].native != "signed_data":
        raise Invalid("This holds no signed timestamp.")
    signed = token["content"]
    if signed["encap_content_info"]["content_type"].native != "tst_info" or len(signed["signer_infos"]) != 1:
        raise Invalid("This is no timestamp of one authority.")
    return signed, signed["encap_content_info"]["content"].parsed


def _signer(signed: cms.SignedData, signer: cms.SignerInfo, trusted: x509.Certificate) -> x509.Certificate:
    """The certificate whose key signed: of those in the answer, or the one at hand."""
    carried = [one.chosen.dump() for one in signed["certificates"]] if signed["certificates"] else []
    serial = signer["sid"].chosen["serial_number"].native if signer["sid"].name == "issuer_and_serial_number" else None
    for one in (*map(x509.load_der_x509_certificate, carried), trusted):
        if one.serial_number == serial:
            return one
    raise Unauthenticated("The certificate that signed is neither in the timestamp nor at hand.")


def _check_attributes(signer: cms.SignerInfo, signed: cms.SignedData, chosen: x509.Certificate) -> None:
    """What is signed names what it is of: the content, and the certificate (RFC 5816).

    Falls without each: tests/attacks/test_wire_timestamp.py
    """
    told = {one["type"].native: one["values"] for one in signer["signed_attrs"]}
    content: bytes = signed["encap_content_info"]["content"].contents
    digest = hashlib.new(signer["digest_algorithm"]["algorithm"].native, content).digest()
    if told["content_type"][0].native != "tst_info" or told["message_digest"][0].native != digest:
        raise Unauthenticated("The signature is not over this timestamp.")
    if "signing_certificate_v2" in told:
        named = told["signing_certificate_v2"][0]["certs"][0]
        algorithm = named["hash_algorithm"]["algorithm"].native
    else:
        named, algorithm = told["signing_certificate"][0]["certs"][0], "sha1"
    der = chosen.public_bytes(Encoding.DER)
    if named["cert_hash"].native != hashlib.new(algorithm, der, usedforsecurity=False).digest():
        raise Unauthenticated("The timestamp names another certificate than the one that signed.")


def _check_signature(signer: cms.SignerInfo, chosen: x509.Certificate) -> None:
    attributes, signature = signer["signed_attrs"], signer["signature"].native
    covered = attributes.untag().dump() if isinstance(attributes, Asn1Value) else b""
    algorithm = _HASHES[signer["digest_algorithm"]["algorithm"].native]
    key = chosen.public_key()
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, covered, padding.PKCS1v15(), algorithm)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, covered, ec.ECDSA(algorithm))
        else:
            raise Invalid("The authority signs by a kind of key that is not understood here.")
    except InvalidSignature:
        raise Unauthenticated("The signature of the authority is wrong.") from None


def _check_imprint(info: tsp.TSTInfo, data: bytes) -> None:
    # A timestamp of something else is the first thing that somebody would try.
    # Falls without it: tests/attacks/test_wire_timestamp.py
    if info["message_imprint"].native != _imprint(data).native:
        raise Unauthenticated("The timestamp is of something else.")


def _check_authority(chosen: x509.Certificate, trusted: x509.Certificate, at: datetime) -> None:
    """Falls without each: tests/attacks/test_wire_timestamp.py"""
    if chosen != trusted:
        try:
            chosen.verify_directly_issued_by(trusted)
        except (ValueError, TypeError, InvalidSignature):
            raise Unauthenticated(
                "The timestamp is not by the authority whose certificate you gave.",
                do="Give the certificate of the authority, or of whoever issued it.",
            ) from None
    try:
        usage = chosen.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    except x509.ExtensionNotFound:
        raise Unauthenticated("The certificate that signed is none of an authority for time.") from None
    # RFC 3161, section 2.3: for nothing else, and said to be critical.
    if list(usage.value) != [ExtendedKeyUsageOID.TIME_STAMPING] or not usage.critical:
        raise Unauthenticated("The certificate that signed is none of an authority for time.")
    if not chosen.not_valid_before_utc <= at <= chosen.not_valid_after_utc:
        raise Unauthenticated("The certificate of the authority was not valid at that time.")


def _imprint(data: bytes) -> tsp.MessageImprint:
    algorithm = algos.DigestAlgorithm({"algorithm": "sha256"})
    return tsp.MessageImprint({"hash_algorithm": algorithm, "hashed_message": hashlib.sha256(data).digest()})


def _certificate(pem: bytes) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificate(pem)
    except ValueError:
        raise Invalid("This is no certificate.", do="Give it as PEM.") from None
