"""A timestamp counts where the authority that is trusted signed it, over this, with a key for nothing else."""

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from comity.domain.errors import Invalid, TooLarge, Unauthenticated
from comity.wire.timestamp import verified_timestamp, write_query

VECTORS = Path(__file__).parent.parent / "wire" / "vectors" / "rfc3161"
DATA = (VECTORS / "data").read_bytes()
AT = datetime(2031, 3, 1, 12, tzinfo=UTC)
KEY = ec.generate_private_key(ec.SECP256R1())
TIME = [ExtendedKeyUsageOID.TIME_STAMPING]


def vector(name: str) -> bytes:
    return (VECTORS / name).read_bytes()


# -- what OpenSSL wrote -----------------------------------------------------------------------------------------------

TAKEN = [
    ("ec.tsr", "authority.pem"),
    ("rsa.tsr", "authority.pem"),
    ("ec.tsr", "signer.pem"),
    ("without_certificate.tsr", "signer.pem"),
]


@pytest.mark.parametrize(("answer", "authority"), TAKEN)
def test_what_an_authority_signed_is_taken(answer: str, authority: str):
    found = verified_timestamp(vector(answer), DATA, vector(authority))
    assert (found.at.year, "CN=Time of Aldova" in found.by) == (2026, True)


REFUSED = [
    ("ec.tsr", b"something else", "authority.pem"),
    ("ec.tsr", DATA, "another_authority.pem"),
    ("without_certificate.tsr", DATA, "authority.pem"),
]


@pytest.mark.parametrize(("answer", "data", "authority"), REFUSED)
def test_what_it_did_not_sign_is_refused(answer: str, data: bytes, authority: str):
    with pytest.raises(Unauthenticated):
        verified_timestamp(vector(answer), data, vector(authority))


def test_a_changed_byte_changes_nothing_that_is_believed():
    answer, authority = vector("ec.tsr"), vector("authority.pem")
    right = verified_timestamp(answer, DATA, authority)
    for at in range(0, len(answer), 7):
        changed = answer[:at] + bytes([answer[at] ^ 1]) + answer[at + 1 :]
        try:
            assert verified_timestamp(changed, DATA, authority) == right  # in what nobody signs and nobody reads
        except (Unauthenticated, Invalid):
            continue


@pytest.mark.parametrize("answer", [b"", b"\x30\x00", b"x" * 100, DATA])
def test_what_is_no_timestamp_is_refused(answer: bytes):
    with pytest.raises(Invalid):
        verified_timestamp(answer, DATA, vector("authority.pem"))
    with pytest.raises(TooLarge):
        verified_timestamp(answer + bytes(70_000), DATA, vector("authority.pem"))


def test_the_question_has_nothing_but_a_digest():
    asked = tsp.TimeStampReq.load(write_query(DATA)).native
    assert asked.pop("message_imprint")["hashed_message"] == hashlib.sha256(DATA).digest()
    assert {name for name, value in asked.items() if value} == {"version", "cert_req"}


# -- what a hostile authority could write -----------------------------------------------------------------------------


def certificate(usages: list[Any], critical: bool = True, days: int = 2, serial: int = 7) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Time of Nowhere")])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(KEY.public_key())
    made = made.serial_number(serial).not_valid_before(AT - timedelta(days=5))
    made = made.not_valid_after(AT - timedelta(days=1) + timedelta(days=days))
    if usages:
        made = made.add_extension(x509.ExtendedKeyUsage(usages), critical)
    return made.sign(KEY, hashes.SHA256())


def answer(
    own: x509.Certificate,
    named: x509.Certificate | None = None,
    over: bytes = b"",
    status: str = "granted",
    said: str = "tst_info",
    data: bytes = DATA,
    key: ec.EllipticCurvePrivateKey = KEY,
) -> bytes:
    """As an authority would give it; each argument is one thing that can be wrong with it."""
    sha256 = algos.DigestAlgorithm({"algorithm": "sha256"})
    imprint = {"hash_algorithm": sha256, "hashed_message": hashlib.sha256(data).digest()}
    told = {"version": "v1", "policy": "1.2.3.4.1", "message_imprint": imprint, "serial_number": 1, "gen_time": AT}
    info = tsp.TSTInfo(told).dump()
    signed_by = (named or own).public_bytes(Encoding.DER)
    attributes = cms.CMSAttributes(
        [
            cms.CMSAttribute({"type": "content_type", "values": [said]}),
            cms.CMSAttribute({"type": "message_digest", "values": [hashlib.sha256(over or info).digest()]}),
            cms.CMSAttribute(
                {
                    "type": "signing_certificate_v2",
                    "values": [{"certs": [{"cert_hash": hashlib.sha256(signed_by).digest()}]}],
                }
            ),
        ]
    )
    der = asn1_x509.Certificate.load(own.public_bytes(Encoding.DER))
    sid = cms.SignerIdentifier("issuer_and_serial_number", {"issuer": der.issuer, "serial_number": own.serial_number})
    signer = {
        "version": "v1",
        "sid": sid,
        "digest_algorithm": sha256,
        "signed_attrs": attributes,
        "signature_algorithm": {"algorithm": "sha256_ecdsa"},
        "signature": key.sign(attributes.dump(), ec.ECDSA(hashes.SHA256())),
    }
    signed = {
        "version": "v3",
        "digest_algorithms": [sha256],
        "encap_content_info": {"content_type": "tst_info", "content": core.ParsableOctetString(info)},
        "certificates": [cms.CertificateChoices("certificate", der)],
        "signer_infos": [signer],
    }
    token = {"content_type": "signed_data", "content": cms.SignedData(signed)}
    written: bytes = tsp.TimeStampResp({"status": {"status": status}, "time_stamp_token": token}).dump()
    return written


OWN = certificate(TIME)
WRONG: dict[str, tuple[x509.Certificate, dict[str, Any]]] = {
    "a key for web pages": (certificate([ExtendedKeyUsageOID.SERVER_AUTH]), {}),
    "a key for more than time": (certificate([*TIME, ExtendedKeyUsageOID.SERVER_AUTH]), {}),
    "a use that is not critical": (certificate(TIME, critical=False), {}),
    "a key without a use": (certificate([]), {}),
    "a certificate that had ended": (certificate(TIME, days=0), {}),
    "another certificate named": (OWN, {"named": certificate(TIME, serial=8)}),
    "a signature over something else": (OWN, {"over": b"another timestamp"}),
    "signed by another key": (OWN, {"key": ec.generate_private_key(ec.SECP256R1())}),
    "of another type": (OWN, {"said": "data"}),
    "refused": (OWN, {"status": "rejection"}),
}


def test_one_that_is_right_is_taken():
    assert verified_timestamp(answer(OWN), DATA, OWN.public_bytes(Encoding.PEM)).at == AT


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_wrong_with_a_timestamp(wrong: str):
    own, how = WRONG[wrong]
    with pytest.raises(Unauthenticated):
        verified_timestamp(answer(own, **how), DATA, own.public_bytes(Encoding.PEM))
