"""Doors open, who comes in over TLS, and how they close."""

import os
import signal
import socket
import ssl
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import urllib3
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from comity.domain.errors import Conflict
from comity.web.serve import Listener, Servers
from comity.web.tls import Tls
from comity.wire.http import Request, Response
from tests.web.opened import OK, app, certificate, done, opened, send, url


def ask(servers: Servers, trusted: Path, shown: tuple[Path, Path] | None = None, newest=ssl.TLSVersion.TLSv1_3) -> int:
    """The status that a client gets who trusts this certificate and shows that one."""
    context = ssl.create_default_context(cafile=trusted)
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    context.maximum_version = newest
    if shown:
        context.load_cert_chain(*shown)
    with urllib3.PoolManager(ssl_context=context, retries=False, timeout=5) as pool:
        return pool.request("GET", url(servers, "https") + "/here").status


AUTHORITY_KEY = ec.generate_private_key(ec.SECP256R1())


def issued(folder: Path, name: str, authority_key=AUTHORITY_KEY) -> tuple[Path, Path]:
    """Files of a certificate that one authority issues to everyone."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    made = x509.CertificateBuilder(
        issuer_name=x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Authority")]),
        subject_name=x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]),
        public_key=key.public_key(),
        serial_number=x509.random_serial_number(),
        not_valid_before=now - timedelta(days=1),
        not_valid_after=now + timedelta(days=1),
    ).sign(authority_key, hashes.SHA256())
    files = folder / f"{name}.pem", folder / f"{name}.key"
    files[0].write_bytes(made.public_bytes(Encoding.PEM))
    files[1].write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return files


REFUSED = (urllib3.exceptions.SSLError, urllib3.exceptions.ProtocolError)


def test_a_member_comes_in_with_its_own_certificate_only(tmp_path: Path):
    node, ada, cora = (certificate(tmp_path, name) for name in ("node", "ada", "cora"))
    tls = Tls(*node, clients=[ada[0].read_text()])
    with opened(app(done), tls.context) as servers:
        assert ask(servers, node[0], ada) == 200
        with pytest.raises(REFUSED):
            ask(servers, node[0], cora)
        with pytest.raises(REFUSED):
            ask(servers, node[0])


def test_members_join_and_are_struck_while_the_door_is_open(tmp_path: Path):
    node, ada, ben = (certificate(tmp_path, name) for name in ("node", "ada", "ben"))
    tls = Tls(*node, clients=[ada[0].read_text()])
    with opened(app(done), tls.context) as servers:
        tls.trust([ada[0].read_text(), ben[0].read_text()])
        assert ask(servers, node[0], ben) == 200
        tls.trust([ben[0].read_text()])
        assert ask(servers, node[0], ben) == 200
        with pytest.raises(REFUSED):
            ask(servers, node[0], ada)


def test_a_door_that_trusts_nobody_lets_nobody_in(tmp_path: Path):
    node, ada = (certificate(tmp_path, name) for name in ("node", "ada"))
    with opened(app(done), Tls(*node, clients=[]).context) as servers, pytest.raises(REFUSED):
        ask(servers, node[0], ada)


def test_a_certificate_that_an_authority_issued_is_trusted_without_the_authority(tmp_path: Path):
    node = certificate(tmp_path, "node")
    ada, cora = (issued(tmp_path, name) for name in ("ada", "cora"))
    with opened(app(done), Tls(*node, clients=[ada[0].read_text()]).context) as servers:
        assert ask(servers, node[0], ada) == 200
        with pytest.raises(REFUSED):
            ask(servers, node[0], cora)


def test_a_door_for_everyone_asks_for_no_certificate(tmp_path: Path):
    node = certificate(tmp_path, "node")
    with opened(app(done), Tls(*node).context) as servers:
        assert ask(servers, node[0]) == 200


def test_older_tls_is_refused(tmp_path: Path):
    node = certificate(tmp_path, "node")
    with opened(app(done), Tls(*node).context) as servers, pytest.raises(REFUSED):
        ask(servers, node[0], newest=ssl.TLSVersion.TLSv1_2)


def test_a_struck_member_does_not_come_back_on_an_earlier_ticket(tmp_path: Path):
    node, ada = (certificate(tmp_path, name) for name in ("node", "ada"))
    context = ssl.create_default_context(cafile=node[0])
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    context.load_cert_chain(*ada)
    with opened(app(done), Tls(*node, clients=[ada[0].read_text()]).context) as servers:
        plain = socket.create_connection(servers.addresses[0])
        with context.wrap_socket(plain, server_hostname="127.0.0.1") as line:
            line.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            assert line.recv(100).startswith(b"HTTP/1.1 200")
            assert line.session is None or not line.session.has_ticket


def test_a_port_in_use_is_said_at_once_and_nothing_stays_open():
    with opened(app(done)) as servers:
        taken = servers.addresses[0][1]
        first = Listener(app=app(done, name="first"), host="127.0.0.1", port=0)
        with pytest.raises(Conflict, match="The door second cannot open at"):
            Servers([first, Listener(app=app(done, name="second"), host="127.0.0.1", port=taken)])


def slow_door(inside: threading.Event, seconds: float):
    def door(_: Request) -> Response:
        inside.set()
        time.sleep(seconds)
        return OK

    return door


@pytest.mark.parametrize("with_tls", [False, True])
def test_a_running_request_finishes_while_the_node_stops(with_tls: bool, tmp_path: Path):
    node = certificate(tmp_path, "node")
    inside, statuses = threading.Event(), []
    with opened(app(slow_door(inside, 0.8)), Tls(*node).context if with_tls else None) as servers:
        asking = lambda: ask(servers, node[0]) if with_tls else send(servers).status  # noqa: E731
        thread = threading.Thread(target=lambda: statuses.append(asking()))
        thread.start()
        assert inside.wait(5)
        servers.stop()
        time.sleep(0.4)
        with pytest.raises(urllib3.exceptions.HTTPError):
            asking()
        thread.join(10)
    assert statuses == [200]


def test_a_client_that_keeps_its_connection_open_does_not_hold_up_a_stop(tmp_path: Path):
    node = certificate(tmp_path, "node")
    context = ssl.create_default_context(cafile=node[0])
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    with opened(app(done), Tls(*node).context, stop_within_seconds=30) as servers:
        plain = socket.create_connection(servers.addresses[0])
        line = context.wrap_socket(plain, server_hostname="127.0.0.1")
        line.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert line.recv(100).startswith(b"HTTP/1.1 200")
        began = time.perf_counter()
    assert time.perf_counter() - began < 5
    line.close()


def test_a_request_that_does_not_end_is_given_up_within_the_limit():
    inside = threading.Event()
    with opened(app(slow_door(inside, 3)), stop_within_seconds=1) as servers:
        thread = threading.Thread(target=lambda: send(servers))
        thread.start()
        assert inside.wait(5)
        began = time.perf_counter()
        servers.stop()
        thread.join(10)
    assert time.perf_counter() - began < 2.5


def test_new_requests_on_an_open_connection_are_refused_while_stopping():
    served = app(done)
    with opened(served) as servers:
        served.stop()
        answer = send(servers)
    assert answer.status == 503
    assert b"stopping" in answer.data


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_all_doors_after_what_runs_and_then_calls_the_hook(sent: signal.Signals):
    inside, statuses, order = threading.Event(), [], []
    before = signal.getsignal(sent)
    servers = Servers([Listener(app=app(slow_door(inside, 0.5)), host="127.0.0.1", port=0) for _ in range(2)])

    def client() -> None:
        statuses.append(send(servers).status)
        order.append("answered")

    def interrupted() -> None:
        assert inside.wait(5)
        os.kill(os.getpid(), sent)

    threads = [threading.Thread(target=client), threading.Thread(target=interrupted)]
    servers.run(
        on_ready=lambda: [thread.start() for thread in threads] and None,
        on_stop=lambda: order.append("stopped"),
    )
    for thread in threads:
        thread.join(5)
    assert statuses == [200]
    assert sorted(order) == ["answered", "stopped"]
    assert signal.getsignal(sent) is before
    for address in servers.addresses:
        with pytest.raises(OSError):
            socket.create_connection(address, timeout=1)


def test_the_hook_is_called_where_serving_breaks():
    called = threading.Event()

    def broken() -> None:
        raise RuntimeError("not ready after all")

    servers = Servers([Listener(app=app(done), host="127.0.0.1", port=0)])
    with pytest.raises(RuntimeError, match="not ready"):
        servers.run(on_ready=broken, on_stop=called.set)
    assert called.is_set()
