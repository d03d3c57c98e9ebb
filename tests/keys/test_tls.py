"""The certificate of a node's line: trusted alone, good for both ends, for the hosts it names and no others."""

import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from comity.domain import limits
from comity.domain.errors import Invalid
from comity.keys.tls import same_key, self_signed

NOW = datetime.now(UTC)


def written(folder: Path, name: str, hosts: list[str]) -> tuple[Path, Path]:
    certificate, key = self_signed(name, hosts, NOW)
    files = folder / f"{name}.crt", folder / f"{name}.key"
    files[0].write_bytes(certificate)
    files[1].write_bytes(key)
    return files


def context(side: int, own: tuple[Path, Path], trusted: Path) -> ssl.SSLContext:
    made = ssl.SSLContext(side)
    made.minimum_version = ssl.TLSVersion.TLSv1_3
    made.verify_mode = ssl.CERT_REQUIRED
    made.verify_flags |= ssl.VERIFY_X509_STRICT  # as newer versions of Python have it from the start
    made.load_cert_chain(*own)
    made.load_verify_locations(trusted)
    return made


def handshake(server: ssl.SSLContext, client: ssl.SSLContext, host: str) -> bytes:
    """What the client hears after a whole handshake with both certificates."""
    near, far = socket.socketpair()

    def serve() -> None:
        try:
            with server.wrap_socket(far, server_side=True) as line:
                line.sendall(b"hello")
        except (ssl.SSLError, OSError):
            far.close()

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        with client.wrap_socket(near, server_hostname=host) as line:
            return line.recv(5)
    finally:
        near.close()
        thread.join(10)


@pytest.fixture
def bergenia(tmp_path: Path) -> tuple[Path, Path]:
    return written(tmp_path, "bergenia", ["bergenia.example", "127.0.0.1", "::1"])


@pytest.fixture
def aldova(tmp_path: Path) -> tuple[Path, Path]:
    return written(tmp_path, "aldova", ["aldova.example"])


@pytest.mark.parametrize("host", ["bergenia.example", "127.0.0.1", "::1"])
def test_two_nodes_meet_over_tls_trusting_exactly_each_others_certificate(aldova, bergenia, host):
    server = context(ssl.PROTOCOL_TLS_SERVER, bergenia, aldova[0])
    client = context(ssl.PROTOCOL_TLS_CLIENT, aldova, bergenia[0])
    assert handshake(server, client, host) == b"hello"


def test_another_host_or_another_certificate_is_refused(aldova, bergenia, tmp_path):
    server = context(ssl.PROTOCOL_TLS_SERVER, bergenia, aldova[0])
    with pytest.raises(ssl.SSLCertVerificationError):
        handshake(server, context(ssl.PROTOCOL_TLS_CLIENT, aldova, bergenia[0]), "corvia.example")
    impostor = written(tmp_path, "impostor", ["bergenia.example"])
    with pytest.raises(ssl.SSLError):
        handshake(
            context(ssl.PROTOCOL_TLS_SERVER, impostor, aldova[0]),
            context(ssl.PROTOCOL_TLS_CLIENT, aldova, bergenia[0]),
            "bergenia.example",
        )


def test_it_signs_no_other_certificate():
    certificate = x509.load_pem_x509_certificate(self_signed("n", ["n.example"], NOW)[0])
    constraints = certificate.extensions.get_extension_for_class(x509.BasicConstraints)
    usage = certificate.extensions.get_extension_for_class(x509.KeyUsage)
    assert (constraints.critical, constraints.value.ca, usage.value.key_cert_sign) == (True, False, False)


def test_it_is_good_from_yesterday_for_two_years():
    certificate = x509.load_pem_x509_certificate(self_signed("n", ["n.example"], NOW)[0])
    assert certificate.not_valid_before_utc <= NOW - timedelta(hours=23)
    lasts = certificate.not_valid_after_utc - NOW
    assert timedelta(days=limits.TLS_CERTIFICATE_DAYS - 1) < lasts <= timedelta(days=limits.TLS_CERTIFICATE_DAYS)


@pytest.mark.parametrize("hosts", [[], ["bergénia.example"], [""]])
def test_a_certificate_for_no_host_is_not_made(hosts):
    with pytest.raises(Invalid):
        self_signed("n", hosts, NOW)


def test_a_certificate_and_its_key_know_each_other():
    one, two = self_signed("one", ["one.example"], NOW), self_signed("two", ["two.example"], NOW)
    assert same_key(*one)
    assert not same_key(one[0], two[1])
    with pytest.raises(Invalid):
        same_key(b"x", one[1])
    with pytest.raises(Invalid):
        same_key(one[0], b"x")
