"""The consoles of a whole federation, each by a real server on this machine, with the usual people and records."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta

import uvicorn
from msgspec import Struct

from comity.domain.caller import Role
from comity.testing.federation import ALDOVA, Federation
from tests.federation.conftest import STOLEN
from tests.web.console.conftest import door

OTHERS = {
    "rita": Role.REVIEWER,
    "dana": Role.DATA_PROTECTION_OFFICER,
    "olga": Role.SUPERVISORY_BODY,
    "anna": Role.ANALYST,
    "adam": Role.ADMINISTRATOR,
    "alma": Role.AUDITOR,
    "saul": Role.SUPERVISOR,
}
STARTS_WITHIN_SECONDS = 30


class Served(Struct, frozen=True):
    """`origins` by node: where a browser finds its console."""

    federation: Federation
    origins: dict[str, str]

    def bureau_of(self, who: str) -> str:
        return self.federation.cast[who].bureau

    def origin_of(self, who: str) -> str:
        return self.origins[self.bureau_of(who)]


@contextmanager
def served(federation: Federation) -> Iterator[Served]:
    _open_accounts(federation)
    federation.ask("ada", STOLEN)  # so that there is something to see on every page
    federation.post()
    with ExitStack() as stack:
        origins = {name: stack.enter_context(_console(federation, name)) for name in federation.nodes}
        yield Served(federation, origins)


def _open_accounts(federation: Federation) -> None:
    """For the roles that nobody of the usual cast has."""
    aldova = federation.nodes[ALDOVA]
    operator = aldova.operator("test")
    for login, role in OTHERS.items():
        aldova.accounts.open(login, login.title(), "headquarters", (role,), operator)
        token, _ = aldova.accounts.issue(login, timedelta(hours=12), operator)
        federation.cast[login] = aldova.accounts.caller(token)


@contextmanager
def _console(federation: Federation, node: str) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as bound:
        # By this name a browser takes plain HTTP for a secure place, as it must for cookies and passkeys.
        origin = f"http://localhost:{bound.getsockname()[1]}"
        app = door(federation, node, origin).app
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, ws="none", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True)
        thread.start()
        _wait_for(server)
        yield origin
        server.should_exit = True
        thread.join()


def _wait_for(server: uvicorn.Server) -> None:
    until = time.monotonic() + STARTS_WITHIN_SECONDS
    while not server.started:
        assert time.monotonic() < until, "the console's server did not start"
        time.sleep(0.01)
