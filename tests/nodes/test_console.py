"""A node opens its console where its settings have one: over TLS by its own certificate, or plainly on loopback."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import urllib3
from msgspec.structs import replace

from comity.nodes.node import Node
from comity.nodes.run import console_listeners
from comity.nodes.settings import FILE_NAME, ConsoleSettings, settings_file
from comity.testing.processes import demo_console, free_ports
from comity.web.serve import Servers
from tests.nodes.conftest import settings_of_aldova


@contextmanager
def running(folder: Path, console: ConsoleSettings | None) -> Iterator[Servers | None]:
    (folder / FILE_NAME).write_bytes(settings_file(replace(settings_of_aldova(), console=console)))
    node = Node(folder)
    try:
        if not (listeners := console_listeners(node)):
            yield None
            return
        servers, ready = Servers(listeners), threading.Event()
        serving = threading.Thread(target=servers.run, kwargs={"on_ready": ready.set})
        serving.start()
        assert ready.wait(20)
        try:
            yield servers
        finally:
            servers.stop()
            serving.join()
    finally:
        node.close()


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_people_find_it_where_the_settings_say(aldova: Path, scheme: str):
    port = free_ports(1, 28_000)
    chosen = demo_console(port)
    if scheme == "https":
        chosen = ConsoleSettings(port=port, address=f"https://127.0.0.1:{port}")
    with running(aldova, chosen), urllib3.PoolManager(ca_certs=str(aldova / "keys" / "tls.crt.pem")) as pool:
        page = pool.request(
            "GET", f"{scheme}://127.0.0.1:{port}/sign-in", headers={"host": chosen.address[len(scheme) + 3 :]}
        )
        assert (page.status, b"Demonstration" in page.data) == (200, chosen.demo_sign_in)


def test_without_a_section_there_is_none(aldova: Path):
    with running(aldova, None) as servers:
        assert servers is None
