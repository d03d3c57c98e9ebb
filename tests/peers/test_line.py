"""The line reaches exactly the node that the directory means, in time, or says plainly why not."""

import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import NamedTuple

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from msgspec.structs import replace

from comity.domain.bureau import Earlier, Manifest, Member, NodeRole
from comity.domain.errors import Unavailable
from comity.peers.line import HttpsLine
from comity.wire.http import Request

BYTES_MAX = 1_000
HELLO = b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\nX-Test: a\r\n\r\nhello"


class Identity(NamedTuple):
    """A certificate with its key, as files and as PEM."""

    certificate_file: Path
    key_file: Path
    pem: str
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


def identity(folder: Path, name: str, issuer: Identity | None = None, days: int = 30) -> Identity:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=60))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(issuer.key if issuer else key, hashes.SHA256())
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM).decode()
    written = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    certificate_file, key_file = folder / f"{name}.pem", folder / f"{name}.key"
    certificate_file.write_text(pem)
    key_file.write_bytes(written)
    return Identity(certificate_file, key_file, pem, certificate, key)


def member(address: str, tls_certificate: str) -> Member:
    manifest = Manifest(
        node="bergenia",
        name="Bergenia",
        role=NodeRole.BUREAU,
        country="XB",
        version=1,
        issued_at="2026-01-01T00:00:00Z",
        address=address,
        contact="desk@bergenia.example",
        root_ed25519="",
        root_mldsa87="",
        node_ed25519="",
        node_mldsa65="",
        tls_certificate=tls_certificate,
    )
    return Member(manifest=manifest, signed_manifest="", fingerprint="")


Answer = Callable[[ssl.SSLSocket], None]


class Node(NamedTuple):
    """A TLS server that answers each request on each connection as the test says."""

    address: str
    requests: list[bytes]
    connections: list[bytes]


@contextmanager
def serving(
    own: Identity, answer: Answer, trusts: Identity, newest: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3
) -> Iterator[Node]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.maximum_version = newest
    context.load_cert_chain(own.certificate_file, own.key_file)
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(cadata=trusts.pem)
    listener = socket.create_server(("127.0.0.1", 0))
    node = Node(f"https://127.0.0.1:{listener.getsockname()[1]}", [], [])

    def serve(raw: socket.socket) -> None:
        # The client may hang up whenever it likes: that is what is tested.
        try:
            with context.wrap_socket(raw, server_side=True) as connection:
                node.connections.append(connection.getpeercert(binary_form=True) or b"")
                while request := whole_request(connection):
                    node.requests.append(request)
                    answer(connection)
        except OSError:
            pass

    def accept() -> None:
        while True:
            try:
                raw, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=serve, args=(raw,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield node
    finally:
        listener.close()


def whole_request(connection: ssl.SSLSocket) -> bytes:
    """Header fields, and as many bytes of body as they announce; b"" where the client hung up."""
    got = b""
    while b"\r\n\r\n" not in got:
        if not (piece := connection.recv(65536)):
            return b""
        got += piece
    head, _, body = got.partition(b"\r\n\r\n")
    announced = re.search(rb"(?i)\r\ncontent-length: (\d+)", head)
    while announced and len(body) < int(announced[1]):
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


def says(what: bytes) -> Answer:
    return lambda connection: connection.sendall(what)


@pytest.fixture
def bergenia(tmp_path: Path) -> Identity:
    return identity(tmp_path, "bergenia")


@pytest.fixture
def aldova(tmp_path: Path) -> Identity:
    return identity(tmp_path, "aldova")


@pytest.fixture
def line(aldova: Identity) -> Iterator[HttpsLine]:
    line = HttpsLine(aldova.certificate_file, aldova.key_file)
    yield line
    line.close()


def get(line: HttpsLine, to: Member, within_seconds: float = 5.0) -> bytes:
    request = Request(method="GET", authority="bergenia.example", target="/x?after=1", headers={"comity-version": "1"})
    return line.send(to, request, within_seconds, BYTES_MAX).body


def test_a_request_goes_out_as_it_was_signed_and_the_response_comes_back(line, aldova, bergenia):
    with serving(bergenia, says(HELLO), trusts=aldova) as node:
        request = Request(
            method="POST",
            authority="bergenia.example",
            target="/federation/v1/questions",
            headers={"comity-version": "1"},
            body=b"{}",
        )
        response = line.send(member(node.address, bergenia.pem), request, 5.0, BYTES_MAX)
    assert (response.status, response.body, response.headers["x-test"]) == (200, b"hello", "a")
    sent = b"".join(node.requests)
    assert sent.startswith(b"POST /federation/v1/questions HTTP/1.1\r\n")
    assert b"\r\nhost: bergenia.example\r\n" in sent
    assert b"\r\ncomity-version: 1\r\n" in sent
    assert sent.endswith(b"\r\n\r\n{}")


def test_we_show_our_own_certificate(line, aldova, bergenia):
    with serving(bergenia, says(HELLO), trusts=aldova) as node:
        get(line, member(node.address, bergenia.pem))
    assert node.connections == [aldova.certificate.public_bytes(serialization.Encoding.DER)]


def test_one_connection_serves_many_requests(line, aldova, bergenia):
    with serving(bergenia, says(HELLO), trusts=aldova) as node:
        for _ in range(3):
            assert get(line, member(node.address, bergenia.pem)) == b"hello"
    assert (len(node.connections), len(node.requests)) == (1, 3)


def test_another_certificate_than_the_manifests_is_not_trusted(line, aldova, bergenia, tmp_path):
    impostor = identity(tmp_path, "impostor")
    with serving(impostor, says(HELLO), trusts=aldova) as node:
        with pytest.raises(Unavailable, match="did not prove to be the node"):
            get(line, member(node.address, bergenia.pem))
        assert node.requests == []


def test_a_certificate_issued_by_the_members_own_is_not_trusted(line, aldova, bergenia, tmp_path):
    issued = identity(tmp_path, "issued", issuer=bergenia)
    with serving(issued, says(HELLO), trusts=aldova) as node:
        with pytest.raises(Unavailable, match="did not prove to be the node"):
            get(line, member(node.address, bergenia.pem))
        assert node.requests == []


def test_a_certificate_that_another_authority_issued_is_trusted_when_it_is_the_manifests(
    line, aldova, bergenia, tmp_path
):
    issued = identity(tmp_path, "issued", issuer=bergenia)
    with serving(issued, says(HELLO), trusts=aldova) as node:
        assert get(line, member(node.address, issued.pem)) == b"hello"


def test_an_expired_certificate_is_not_trusted(line, aldova, tmp_path):
    expired = identity(tmp_path, "expired", days=-1)
    with (
        serving(expired, says(HELLO), trusts=aldova) as node,
        pytest.raises(Unavailable, match="did not prove to be the node"),
    ):
        get(line, member(node.address, expired.pem))


def test_tls_before_1_3_is_refused(line, aldova, bergenia):
    with (
        serving(bergenia, says(HELLO), trusts=aldova, newest=ssl.TLSVersion.TLSv1_2) as node,
        pytest.raises(Unavailable, match="did not prove to be the node"),
    ):
        get(line, member(node.address, bergenia.pem))


def test_a_node_that_does_not_know_our_certificate_is_said_plainly(line, bergenia, tmp_path):
    corvia = identity(tmp_path, "corvia")
    with (
        serving(bergenia, says(HELLO), trusts=corvia) as node,
        pytest.raises(Unavailable, match=r"did not accept our certificate|broke the connection off"),
    ):
        get(line, member(node.address, bergenia.pem))


def test_a_new_certificate_in_the_directory_takes_effect_at_once(line, aldova, bergenia, tmp_path):
    renewed = identity(tmp_path, "renewed")
    with serving(bergenia, says(HELLO), trusts=aldova) as node:
        get(line, member(node.address, bergenia.pem))
        with pytest.raises(Unavailable, match="did not prove to be the node"):
            get(line, member(node.address, renewed.pem))


def test_a_new_address_in_the_directory_takes_effect_at_once(line, aldova, bergenia):
    with serving(bergenia, says(HELLO), trusts=aldova) as old, serving(bergenia, says(HELLO), trusts=aldova) as new:
        get(line, member(old.address, bergenia.pem))
        get(line, member(new.address, bergenia.pem))
    assert (len(old.requests), len(new.requests)) == (1, 1)


def test_a_refused_connection_is_said_plainly(line, bergenia):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"https://127.0.0.1:{taken.getsockname()[1]}"
    with pytest.raises(Unavailable, match=f"bergenia accepts no connections at {address}"):
        get(line, member(address, bergenia.pem))


def test_silence_ends_when_the_time_is_up(line, aldova, bergenia):
    started = time.monotonic()
    with (
        serving(bergenia, lambda _: None, trusts=aldova) as node,
        pytest.raises(Unavailable, match=r"did not answer within 0\.5 seconds"),
    ):
        get(line, member(node.address, bergenia.pem), within_seconds=0.5)
    assert time.monotonic() - started < 3


@pytest.mark.parametrize("whole", [HELLO.replace(b" 5", b" 900") + b"x" * 895, HELLO], ids=["body", "headers"])
def test_an_answer_that_comes_byte_by_byte_ends_when_the_time_is_up(line, aldova, bergenia, whole):
    def drip(connection: ssl.SSLSocket) -> None:
        start = 60 if len(whole) > 100 else 0
        connection.sendall(whole[:start])
        for at in range(start, len(whole)):
            connection.sendall(whole[at : at + 1])
            time.sleep(0.1)

    started = time.monotonic()
    with (
        serving(bergenia, drip, trusts=aldova) as node,
        pytest.raises(Unavailable, match=r"did not answer within 0\.5 seconds"),
    ):
        get(line, member(node.address, bergenia.pem), within_seconds=0.5)
    assert time.monotonic() - started < 3


def test_an_answer_over_the_limit_is_not_read(line, aldova, bergenia):
    huge = HELLO.replace(b" 5", b" 1001").replace(b"hello", b"x" * 1001)
    with (
        serving(bergenia, says(huge), trusts=aldova) as node,
        pytest.raises(Unavailable, match="more than 1,000 bytes"),
    ):
        get(line, member(node.address, bergenia.pem))


@pytest.mark.parametrize("cut", [b"", b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhell"], ids=["none", "half"])
def test_an_answer_that_is_broken_off_is_none(line, aldova, bergenia, cut):
    def break_off(connection: ssl.SSLSocket) -> None:
        connection.sendall(cut)
        connection.shutdown(socket.SHUT_RDWR)

    with (
        serving(bergenia, break_off, trusts=aldova) as node,
        pytest.raises(Unavailable, match=r"broke the connection off|did not prove"),
    ):
        get(line, member(node.address, bergenia.pem))


def test_a_redirect_is_not_followed(line, aldova, bergenia):
    elsewhere = b"HTTP/1.1 307 Go\r\nlocation: /elsewhere\r\ncontent-length: 0\r\n\r\n"
    with serving(bergenia, says(elsewhere), trusts=aldova) as node:
        request = Request(method="GET", authority="bergenia.example", target="/x", headers={})
        response = line.send(member(node.address, bergenia.pem), request, 5.0, BYTES_MAX)
    assert response.status == 307
    assert len(node.requests) == 1


def test_proxies_of_the_environment_are_not_used(line, aldova, bergenia, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    with serving(bergenia, says(HELLO), trusts=aldova) as node:
        assert get(line, member(node.address, bergenia.pem)) == b"hello"


@pytest.mark.parametrize("address", ["http://127.0.0.1:1", "bergenia", "https://"])
def test_an_address_without_tls_is_not_used(line, bergenia, address):
    with pytest.raises(Unavailable, match="no usable address"):
        get(line, member(address, bergenia.pem))


def test_a_certificate_that_cannot_be_read_is_said_plainly(line):
    with pytest.raises(Unavailable, match="certificate"):
        get(line, member("https://127.0.0.1:1", "not a certificate"))


def test_a_lost_key_file_of_our_own_is_said_plainly(bergenia, tmp_path):
    line = HttpsLine(tmp_path / "gone.pem", tmp_path / "gone.key")
    with pytest.raises(Unavailable, match="file of our own certificate"):
        get(line, member("https://127.0.0.1:1", bergenia.pem))


def renewed(before: Member, address: str, tls_certificate: str) -> Member:
    after = replace(before.manifest, version=2, address=address, tls_certificate=tls_certificate)
    return replace(before, manifest=after, earlier=(Earlier(manifest=before.manifest, until=date.max),))


def test_whoever_has_not_changed_yet_is_reached_where_and_as_it_was(line, aldova, bergenia, tmp_path):
    coming = identity(tmp_path, "coming")
    with serving(bergenia, says(HELLO), trusts=aldova) as node:
        before = member(node.address, bergenia.pem)
        assert get(line, renewed(before, node.address, coming.pem)) == b"hello"
        assert get(line, renewed(before, "https://127.0.0.1:9", coming.pem)) == b"hello"
        with pytest.raises(Unavailable):
            get(line, replace(renewed(before, node.address, coming.pem), earlier=()))
    with serving(coming, says(HELLO), trusts=aldova) as moved:
        assert get(line, renewed(before, moved.address, coming.pem)) == b"hello"
        assert get(line, renewed(before, moved.address, coming.pem)) == b"hello"
