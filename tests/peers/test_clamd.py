"""clamd is believed where it speaks clearly, and whatever else it says is no word that a file is clean."""

import shutil
import socketserver
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from comity.domain.errors import Conflict, Invalid, NotPermitted, Unavailable
from comity.domain.files import FileState
from comity.peers.clamd import UNSCANNED, Clamd
from comity.testing.federation import BERGENIA, Federation
from tests.federation.conftest import federation, founded, furnished
from tests.federation.file_cast import content, notes, read_back, sent

__all__ = ["federation", "founded", "furnished"]

BAD = b"a sample that everybody calls bad"


class _Server(socketserver.ThreadingUnixStreamServer):
    says: bytes = b""
    most = 10**9
    heard = 0


class _Protocol(socketserver.StreamRequestHandler):
    """INSTREAM as clamd speaks it: pieces behind their lengths, then a word, ended by a zero byte."""

    def handle(self) -> None:
        server = self.server
        assert isinstance(server, _Server)
        assert self.rfile.read(10) == b"zINSTREAM\0"
        found = b""
        while size := int.from_bytes(self.rfile.read(4), "big"):
            found += self.rfile.read(size)
            if len(found) > server.most:
                self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
                return
        server.heard = len(found)
        bad = b"stream: Sample.Bad FOUND\0" if BAD in found else b"stream: OK\0"
        self.wfile.write(server.says or bad)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[_Server]:
    with _Server(str(tmp_path / "clamd"), _Protocol) as opened:
        threading.Thread(target=opened.serve_forever, daemon=True).start()
        yield opened
        opened.shutdown()


def asked(server: _Server) -> Clamd:
    return Clamd(f"unix:{server.server_address}", within_seconds=5.0)


def test_it_hears_all_of_a_file_and_says_what_it_found(server: _Server):
    assert asked(server).scan([content(3_000_000), b"tail"]) == ""
    assert server.heard == 3_000_004
    assert asked(server).scan([b"x" * 10, BAD]) == "Sample.Bad"
    assert asked(server).scan([]) == ""


@pytest.mark.parametrize("says", [b"\0", b"UNKNOWN COMMAND\0", b"stream: OK really\0", b"OK\0", b"stream: \0"])
def test_only_a_clear_word_is_a_word(server: _Server, says: bytes):
    server.says = says
    with pytest.raises(Unavailable):
        asked(server).scan([b"x"])


def test_what_it_was_not_shown_whole_is_not_called_clean(server: _Server):
    server.most = 1_000
    assert asked(server).scan([bytes(900), bytes(900)]) == UNSCANNED


def test_where_there_is_none_a_file_waits(tmp_path: Path):
    with pytest.raises(Unavailable):
        Clamd(f"unix:{tmp_path / 'nobody'}").scan([b"x"])


@pytest.mark.parametrize("address", ["", "localhost", "host:", ":1", "host:port"])
def test_an_address_that_is_none_is_refused(address: str):
    with pytest.raises(Invalid):
        Clamd(address)


def test_what_is_infected_is_kept_sealed_and_not_given_out(federation: Federation, server: _Server):
    federation[BERGENIA].file_post.scanner = asked(server)
    mail = sent(federation, content(100_000) + BAD, content(1_000))
    federation.post()
    good, bad = sorted(notes(federation, mail.id), key=lambda one: one.size_bytes)
    assert (bad.state, bad.remark, good.state) == (FileState.INFECTED, "Sample.Bad", FileState.WHOLE)
    with pytest.raises(NotPermitted, match=r"Sample\.Bad"):
        federation[BERGENIA].files.read(bad.id, 0, 10, federation.cast["ben"])
    assert read_back(federation, good.id) == content(1_000)


def test_a_file_waits_for_its_scanner_and_is_not_given_out_meanwhile(federation: Federation, server: _Server):
    scanner = asked(server)
    federation[BERGENIA].file_post.scanner = Clamd("unix:/nowhere")
    mail = sent(federation, content(1_000))
    federation.post()
    (note,) = notes(federation, mail.id)
    with pytest.raises(Conflict):
        federation[BERGENIA].files.read(note.id, 0, 10, federation.cast["ben"])
    federation[BERGENIA].file_post.scanner = scanner
    federation.time.pass_by(seconds=301)
    federation.post()
    assert notes(federation, mail.id)[0].state is FileState.WHOLE


@pytest.mark.skipif(shutil.which("clamd") is None, reason="clamd is not installed here")
def test_the_real_one_is_understood(tmp_path: Path):
    (tmp_path / "db").mkdir()
    (tmp_path / "db" / "test.ndb").write_text(f"Sample.Bad:0:*:{BAD.hex()}\n")
    settings = tmp_path / "clamd.conf"
    settings.write_text(f"LocalSocket {tmp_path}/clamd\nDatabaseDirectory {tmp_path}/db\nForeground yes\n")
    with subprocess.Popen(["clamd", "-c", str(settings)]) as running:
        try:
            until = time.monotonic() + 60
            while not (tmp_path / "clamd").exists() and time.monotonic() < until:
                time.sleep(0.2)
            scanner = Clamd(f"unix:{tmp_path}/clamd")
            assert (scanner.scan([b"fine"]), scanner.scan([BAD])) == ("", "Sample.Bad.UNOFFICIAL")
        finally:
            running.terminate()
