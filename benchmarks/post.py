"""Sealed letters of 20 kB from bureau to bureau through the hub, against plain HTTPS POST with an insert.

`python -m benchmarks.post [letters]`: letters a second end to end with evidence and a disk that keeps
every hop; the same payload by plain POST; how long 1,000 letters take that waited for an absent bureau; what the
processor time of each node goes into. Ratios of one run on one machine.
"""

import http.server
import os
import signal
import sqlite3
import ssl
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from datetime import timedelta
from http.client import HTTPSConnection
from pathlib import Path

import msgspec
from msgspec import Raw

from benchmarks.figures import told
from benchmarks.weighed_node import CRYPTOGRAPHY, DISK, HTTP, STATEMENTS, WHOLE
from comity.domain.collection import Category
from comity.domain.ids import derived_id
from comity.domain.letter import CaseMessage
from comity.domain.mail import Message, Urgency
from comity.domain.marking import Marking
from comity.domain.purpose import Purpose
from comity.domain.sealed import Manifest
from comity.keys.pair import PairSigner
from comity.keys.tls import self_signed
from comity.law.shipped import model_agreements
from comity.nodes.node import utc_now
from comity.testing.processes import CAST, RunningNode, found, opened, wait_until
from comity.wire.age import Identity
from comity.wire.canonical import encode
from comity.wire.seal import open_sealed, read_route, seal

LETTER_BYTES = 20_000
WAITS_SECONDS_MAX = 280
WAITING = 1_000
NODES = ("hub", "aldova", "bergenia")
SORTED = (CRYPTOGRAPHY, DISK, STATEMENTS, HTTP)


class _WeighedNode(RunningNode):
    """The same node, its processor time weighed by sorts of work."""

    @property
    def command(self) -> tuple[str, ...]:
        return (sys.executable, "-m", "benchmarks.weighed_node", str(self.folder), str(self.out))

    @property
    def out(self) -> Path:
        return self.folder / "taken.json"


Nodes = Mapping[str, _WeighedNode]


def main(letters: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        federation = found(Path(name), model_agreements(), cast=CAST[:3], officers=())
        nodes = {one: _WeighedNode(federation[one].folder, federation[one].log_file) for one in NODES}
        try:
            for node in nodes.values():
                node.start()
                node.wait_until_ready()
            wait_until(lambda: _seals(nodes), "keys are published", 120)
            through = _through_the_hub(nodes, letters)
            for node in nodes.values():
                node.stop()
            taken = {one: msgspec.json.decode(node.out.read_bytes()) for one, node in nodes.items()}
            for node in nodes.values():
                node.start()
                node.wait_until_ready()
            returned = _absent(nodes)
        finally:
            for node in nodes.values():
                node.kill()
    plain, plain_cost = _plain(letters)
    crypto = _cryptography()
    cost = sum(one[WHOLE] for one in taken.values()) / letters
    rows = [
        ("through the hub, letters a second", through, "150 and more"),
        ("plain POST and insert, a second", plain, ""),
        ("times as many", plain / through, "4 and less"),
        ("processor ms a letter, at all three", cost * 1000, ""),
        ("cores that the three had together", cost * through, ""),
        ("times its primitives of cryptography", cost / crypto, ""),
        ("processor ms a plain POST, both ends", plain_cost * 1000, ""),
        (f"{WAITING} letters to a bureau that is back, s", returned, "10 and less"),
        ("primitives of cryptography alone, ms", crypto * 1000, ""),
    ]
    told("Sealed letters of 20 kB", ("", "measured", "goal"), rows)
    shares = [(one, *_shares(seconds, letters)) for one, seconds in taken.items()]
    told("Processor time of a letter, ms, and what it goes into, %", ("node", "ms", *SORTED, "other"), shares)


def _shares(seconds: Mapping[str, float], letters: int) -> tuple[object, ...]:
    whole = seconds[WHOLE]
    known = [seconds.get(sort, 0.0) / whole for sort in SORTED]
    return (whole / letters * 1000, *(f"{share:.0%}" for share in (*known, 1 - sum(known))))


def _seals(nodes: Nodes) -> bool:
    with opened(nodes["aldova"].folder) as (node, _):
        return node.sealed_courier.seals_to("bergenia")


def _message(number: int) -> CaseMessage:
    """A message of the size, as officers write them."""
    name = derived_id("benchmark", str(time.time_ns()), str(number))
    message = Message(
        id=name,
        thread=name,
        sender="aldova",
        recipients=("bergenia",),
        case="A-2026-17",
        subject="A white van",
        category=next(iter(Category)),
        purpose=Purpose.CRIMINAL_INVESTIGATION,
        basis="order of a court",
        urgency=Urgency.ROUTINE,
        asks=False,
        marking=Marking(),
        language="en",
        text="It was seen. " * (LETTER_BYTES // 13),
        written_at=utc_now(),
    )
    return CaseMessage(message=message)


def _write(nodes: Nodes, count: int) -> float:
    """All in one transaction, and when it stood: what is measured is how they travel."""
    with opened(nodes["aldova"].folder) as (node, _), node.store.transaction() as tx:
        for number in range(count):
            tx.outbox.send("bergenia", _message(number), utc_now())
        tx.commit()
        return time.perf_counter()


def _delivered(nodes: Nodes) -> bool:
    """Nothing waits at the sender: every letter has its recipient's receipt."""
    with sqlite3.connect(nodes["aldova"].folder / "comity.sqlite3") as reading:
        open_ = reading.execute("SELECT count(*) FROM outbox_letters").fetchone()[0]
        sealed = reading.execute("SELECT count(*) FROM sealed_letters").fetchone()[0]
    return bool(open_ + sealed == 0)


def _through_the_hub(nodes: Nodes, letters: int) -> float:
    for node in nodes.values():
        os.kill(node.pid, signal.SIGUSR1)
    begun = _write(nodes, letters)
    wait_until(lambda: _delivered(nodes), "every letter has its receipt", WAITS_SECONDS_MAX)
    return letters / (time.perf_counter() - begun)


def _absent(nodes: Nodes) -> float:
    nodes["bergenia"].stop()
    _write(nodes, WAITING)
    hub = nodes["hub"].folder / "comity.sqlite3"

    def all_wait() -> bool:
        with sqlite3.connect(hub) as reading:
            return bool(reading.execute("SELECT count(*) FROM post_queue").fetchone()[0] == WAITING)

    wait_until(all_wait, "all letters wait at the hub", WAITS_SECONDS_MAX)
    nodes["bergenia"].start()
    nodes["bergenia"].wait_until_ready()
    begun = time.perf_counter()

    def all_fetched() -> bool:
        with sqlite3.connect(hub) as reading:
            return bool(reading.execute("SELECT count(*) FROM post_queue").fetchone()[0] == 0)

    wait_until(all_fetched, "the bureau that was absent has its letters", WAITS_SECONDS_MAX)
    return time.perf_counter() - begun


# -- what it is compared with ------------------------------------------------------------------------------------------


class _Plain(http.server.BaseHTTPRequestHandler):
    """Takes a body and inserts it, with a disk that keeps it before the answer."""

    protocol_version = "HTTP/1.1"
    database = ""

    def setup(self) -> None:
        """One connection to the database for each to the server."""
        super().setup()
        self.writing = sqlite3.connect(self.database)
        self.writing.execute("PRAGMA synchronous = FULL")

    def finish(self) -> None:
        self.writing.close()
        super().finish()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        with self.writing:
            self.writing.execute("INSERT INTO letters (body) VALUES (?)", (body,))
        self.send_response(200)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, format: str, *words: object) -> None:
        """Nothing: it would be measured too."""


def _plain(letters: int) -> tuple[float, float]:
    """The same bytes by plain HTTPS POST on one connection kept open, each inserted before the answer.

    How many a second, and the seconds of processor time that one takes.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        certificate, key = self_signed("plain", ["127.0.0.1"], utc_now())
        (folder / "c.pem").write_bytes(certificate)
        (folder / "k.pem").write_bytes(key)
        _Plain.database = str(folder / "plain.sqlite3")
        with sqlite3.connect(_Plain.database) as made:
            made.execute("PRAGMA journal_mode = WAL")
            made.execute("CREATE TABLE letters (id INTEGER PRIMARY KEY, body BLOB)")
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Plain)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / "c.pem", folder / "k.pem")
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        trusted = ssl.create_default_context(cafile=str(folder / "c.pem"))
        trusted.check_hostname = False
        line = HTTPSConnection("127.0.0.1", server.server_port, context=trusted)
        body = os.urandom(LETTER_BYTES)
        begun, busy = time.perf_counter(), time.process_time()
        for _ in range(letters):
            line.request("POST", "/", body)
            line.getresponse().read()
        took, cost = time.perf_counter() - begun, time.process_time() - busy
        line.close()
        server.shutdown()
    return letters / took, cost / letters


def _cryptography() -> float:
    """Seconds of one core for one letter: sealed, its outside verified at the hub, opened; receipts are one in many."""
    signer, identity, now = PairSigner(b"e" * 32, b"m" * 32, 65), Identity.generate(), utc_now()
    manifest = Manifest(
        id="letter-1",
        sender="aldova",
        recipients=("bergenia",),
        seq={"bergenia": 1},
        prev={"bergenia": ""},
        created=now,
        expires=now + timedelta(days=10),
        purpose=None,
        basis=(),
        handling=(),
        body=Raw(encode(_message(1))),
    )
    rounds = 100
    begun = time.process_time()
    for _ in range(rounds):
        sealed = seal(manifest, signer, {"bergenia": identity.recipient}, Urgency.ROUTINE)
        read_route(sealed.route, "aldova", signer.public)
        open_sealed(sealed, "bergenia", "aldova", signer.public, [identity], now)
    return (time.process_time() - begun) / rounds


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2_000)
