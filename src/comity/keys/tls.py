"""The certificate of a node's TLS line: self-signed, because others trust exactly this one, from the directory."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from ipaddress import ip_address

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from comity.domain import limits
from comity.domain.errors import Invalid

# A peer whose clock is behind must not find the certificate not yet valid.
_BEFORE = timedelta(days=1)


def self_signed(name: str, hosts: Sequence[str], now: datetime) -> tuple[bytes, bytes]:
    """(certificate, private key) in PEM for a P-256 key; `hosts` are the names and addresses it is reached by.

    Good for a server and for a client. Raises Invalid.
    """
    if not hosts or not all(hosts):
        raise Invalid("A certificate needs a host.", where="hosts", do="Name the host by which the node is reached.")
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _BEFORE)
        .not_valid_after(now + timedelta(days=limits.TLS_CERTIFICATE_DAYS))
        .add_extension(x509.SubjectAlternativeName([_host(host) for host in hosts]), critical=False)
        # It signs nothing but itself: whoever trusts it trusts no other certificate with it.
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_SIGNS_HANDSHAKES, critical=True)
        .add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]), critical=False
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return (
        certificate.public_bytes(serialization.Encoding.PEM),
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()),
    )


def same_key(certificate_pem: bytes, key_pem: bytes) -> bool:
    """Whether the certificate is for that private key. Raises Invalid where one of them cannot be read."""
    try:
        certificate = x509.load_pem_x509_certificate(certificate_pem)
        key = serialization.load_pem_private_key(key_pem, password=None)
    except (ValueError, TypeError):
        raise Invalid("The TLS certificate or its key cannot be read.", do="Restore both from the backup.") from None
    return certificate.public_key() == key.public_key()


def _host(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        pass
    try:
        return x509.DNSName(host)
    except ValueError:
        raise Invalid(f"{host!r} is no host.", where="hosts", do="Write a DNS name in ASCII or an address.") from None


_SIGNS_HANDSHAKES = x509.KeyUsage(
    digital_signature=True,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=False,
    crl_sign=False,
    encipher_only=False,
    decipher_only=False,
)
