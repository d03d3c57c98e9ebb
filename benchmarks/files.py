"""A large sealed file from bureau to bureau through the hub, against the same bytes over plain HTTPS.

`python -m benchmarks.files [megabytes]`: three nodes as processes of their own; how fast a file that was sent is at its
recipient, whole, verified and on the disk; the same bytes brought to a plain HTTPS server on the same event loop, kept
and synced, and fetched again, hashed; what of the processors each took; by how much each node's memory grew. Ratios of
one run on one machine.
"""

import asyncio
import hashlib
import multiprocessing
import os
import ssl
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, MutableMapping
from pathlib import Path
from typing import Any

import urllib3
import uvicorn

from benchmarks.figures import told
from comity.domain.case import NewCase
from comity.domain.collection import Category
from comity.domain.errors import Refusal
from comity.domain.files import FileState
from comity.domain.mail import Draft
from comity.domain.purpose import Purpose
from comity.keys.files import TLS_CERTIFICATE_FILE, TLS_KEY_FILE
from comity.law.shipped import model_agreements
from comity.testing.processes import CAST, OFFICERS, RunningFederation, found, opened, sign_in, wait_until

MEGABYTES = 1024
PIECE_BYTES = 1024 * 1024
NODES = ("hub", "aldova", "bergenia")
PLAIN_PORT = 18_443
SECONDS_MAX = 3_600
LOOK_SECONDS = 0.25


def main(megabytes: int = MEGABYTES) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = folder / "file"
        _write(source, megabytes)
        federation = found(folder, model_agreements(), cast=CAST[:3], officers=OFFICERS[:3])
        try:
            federation.start()
            # Before its keys are seen, a letter goes openly, and says nothing of files.
            wait_until(lambda: _seals(federation), "keys are published", SECONDS_MAX)
            attached, sent, grown, spent = _through_the_hub(federation, source)
        finally:
            federation.kill()
        plain, plainly_spent = _plain(source, folder / "plain", folder / "hub" / "keys")
    rows: list[tuple[object, ...]] = [
        ("officer to own node, sealed as it comes, MB/s", megabytes / attached, ""),
        ("node to hub to node, MB/s", megabytes / sent, ""),
        ("the same by plain HTTPS, MB/s", megabytes / plain, ""),
        ("share of plain HTTPS", f"{plain / sent:.0%}", "60 % and more"),
        *((f"processor time at {one}, ms a MB", 1000 * seconds / megabytes, "") for one, seconds in spent.items()),
        ("processor time by plain HTTPS, both ends, ms a MB", 1000 * plainly_spent / megabytes, ""),
        *((f"memory of {one} grew by, MB", size / 2**20, "64 and less") for one, size in grown.items()),
    ]
    told(f"A file of {megabytes:,} MB", ("", "measured", "goal"), rows)


def _seals(federation: RunningFederation) -> bool:
    with opened(federation["aldova"].folder) as (node, _):
        return node.sealed_courier.seals_to("bergenia")


def _write(path: Path, megabytes: int) -> None:
    with open(path, "wb") as file:
        for _ in range(megabytes):
            file.write(os.urandom(PIECE_BYTES))


def _through_the_hub(
    federation: RunningFederation, source: Path
) -> tuple[float, float, Mapping[str, int], Mapping[str, float]]:
    ada, ben = (sign_in(federation.folder / node, who, 600) for node, who in (("aldova", "ada"), ("bergenia", "ben")))
    about = NewCase(
        number="B-1",
        title="A file",
        category=Category.PERSONS,
        purpose=Purpose.CRIMINAL_INVESTIGATION,
        basis="section 94",
    )
    case = ada.casework.open_case(about)
    first = ada.casework.write(case.id, Draft(to=("bergenia",), subject="First", text="So that all is loaded."))
    ada.casework.send(first.id)
    wait_until(lambda: len(ben.casework.mail()) == 1, "a first message is there", SECONDS_MAX)
    mail = ada.casework.write(case.id, Draft(to=("bergenia",), subject="A file", text="See."))
    before = {one: _memory(federation[one].pid, "VmRSS") for one in NODES}
    began = time.perf_counter()
    ada.files.attach(mail.id, source)
    attached = time.perf_counter() - began
    ada.casework.send(mail.id)
    began = time.perf_counter()

    def whole() -> bool:
        try:
            return any(one.state is FileState.WHOLE for one in ben.files.of(mail.id))
        except Refusal:
            return False

    spent = {one: _processor_seconds(federation[one].pid) for one in NODES}
    while not whole():
        time.sleep(LOOK_SECONDS)  # each look costs the node that is measured
    sent = time.perf_counter() - began
    spent = {one: _processor_seconds(federation[one].pid) - before_it for one, before_it in spent.items()}
    grown = {one: _memory(federation[one].pid, "VmHWM") - before[one] for one in NODES}
    return attached, sent, grown, spent


def _processor_seconds(pid: int) -> float:
    """Of all threads of a process, since it began."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _memory(pid: int, what: str) -> int:
    """Bytes that a process holds (VmRSS), or held at its peak (VmHWM)."""
    lines = Path(f"/proc/{pid}/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(what))


# -- plain HTTPS -------------------------------------------------------------------------------------------------------


def _plain(source: Path, kept: Path, keys: Path) -> tuple[float, float]:
    """Seconds for the same bytes, brought and kept, then fetched, hashed and kept; and of processor time."""
    server = multiprocessing.get_context("spawn").Process(target=_serve, args=(kept, keys), daemon=True)
    server.start()
    try:
        pool = urllib3.HTTPSConnectionPool("127.0.0.1", PLAIN_PORT, cert_reqs=ssl.CERT_NONE, assert_hostname=False)
        urllib3.disable_warnings()
        wait_until(lambda: _answers(pool), "the plain server answers", 60)
        assert server.pid is not None
        before = _processor_seconds(server.pid) + time.process_time()
        began = time.perf_counter()
        pool.urlopen("PUT", "/", body=_pieces(source), headers={"content-length": str(source.stat().st_size)})
        _fetch(pool, kept.with_suffix(".back"))
        took = time.perf_counter() - began
        return took, _processor_seconds(server.pid) + time.process_time() - before
    finally:
        server.kill()
        server.join()


def _answers(pool: urllib3.HTTPSConnectionPool) -> bool:
    try:
        return pool.urlopen("HEAD", "/", retries=False).status == 200
    except urllib3.exceptions.HTTPError:
        return False


def _pieces(path: Path) -> Iterator[bytes]:
    with open(path, "rb") as file:
        while piece := file.read(PIECE_BYTES):
            yield piece


def _fetch(pool: urllib3.HTTPSConnectionPool, back: Path) -> None:
    digest = hashlib.sha256()
    response = pool.urlopen("GET", "/", preload_content=False)
    with open(back, "wb") as file:
        while piece := response.read(PIECE_BYTES):
            digest.update(piece)
            file.write(piece)
        os.fsync(file.fileno())


def _serve(kept: Path, keys: Path) -> None:
    uvicorn.run(
        _Plain(kept),
        port=PLAIN_PORT,
        ssl_certfile=str(keys / TLS_CERTIFICATE_FILE),
        ssl_keyfile=str(keys / TLS_KEY_FILE),
        log_level="error",
        lifespan="off",
    )


class _Plain:
    """Takes a file and gives it back."""

    def __init__(self, kept: Path) -> None:
        self.kept = kept

    async def __call__(self, scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        if scope["method"] == "PUT":
            await self._take(receive)
        size = self.kept.stat().st_size if scope["method"] == "GET" else 0
        headers = [(b"content-length", str(size).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        if scope["method"] == "GET":
            for piece in _pieces(self.kept):
                await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    async def _take(self, receive: Any) -> None:
        digest, more = hashlib.sha256(), True
        with open(self.kept, "wb") as file:
            while more:
                message = await receive()
                digest.update(message.get("body", b""))
                file.write(message.get("body", b""))
                more = message.get("more_body", False)
            file.flush()
            await asyncio.to_thread(os.fsync, file.fileno())


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else MEGABYTES)
