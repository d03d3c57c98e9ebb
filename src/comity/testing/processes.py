"""A federation of real processes on loopback: a hub and bureaus for demonstrations, pilots and tests of whole nodes."""

import http.client
import os
import shlex
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path

from msgspec import Struct

from comity.client import Comity
from comity.desks.bundles import Text
from comity.domain.bureau import NodeRole
from comity.domain.caller import OPERATOR, Caller, Role
from comity.domain.errors import Conflict, Unavailable
from comity.nodes import enrolment
from comity.nodes.node import Node, utc_now
from comity.nodes.settings import (
    ConsoleSettings,
    FederationSettings,
    NodeSettings,
    OfficerSettings,
    Settings,
    WatchSettings,
    read_settings,
)
from comity.testing.federation_line import LossyLine
from comity.testing.publishing import publish

HOST = "127.0.0.1"
DOORS = 4  # of a node: federation, officers, health and metrics, console, on ports that follow one another
READY_WITHIN_SECONDS = 60.0
STOPPED_WITHIN_SECONDS = 60.0
LOOK_SECONDS = 0.05  # between two looks at something that is waited for
LOG_LINES_QUOTED = 40


class Planned(Struct, frozen=True, kw_only=True):
    """A node that is to be made. One federation has one hub."""

    id: str
    name: str
    role: NodeRole = NodeRole.BUREAU
    country: str = ""
    contact: str = ""


class Opened(Struct, frozen=True, kw_only=True):
    """An officer's account that is to be opened at a bureau."""

    node: str
    login: str
    unit: str
    roles: tuple[Role, ...]


CAST = (
    Planned(id="hub", name="Hub", role=NodeRole.HUB, contact="duty desk of the hub, +000 700 0000"),
    Planned(id="aldova", name="Aldova", country="XA", contact="duty desk of Aldova, +000 700 1000"),
    Planned(id="bergenia", name="Bergenia", country="XB", contact="duty desk of Bergenia, +000 700 2000"),
    Planned(id="corvia", name="Corvia", country="XC", contact="duty desk of Corvia, +000 700 3000"),
)
OFFICERS = (
    Opened(node="aldova", login="ada", unit="northern border", roles=(Role.OFFICER,)),
    Opened(node="aldova", login="dora", unit="duty desk", roles=(Role.DUTY_OFFICER,)),
    Opened(node="bergenia", login="ben", unit="duty desk", roles=(Role.DUTY_OFFICER, Role.SUPERVISOR)),
    Opened(node="bergenia", login="bela", unit="criminal police", roles=(Role.OFFICER,)),
    Opened(node="bergenia", login="bea", unit="oversight", roles=(Role.AUDITOR,)),
    Opened(node="corvia", login="cora", unit="harbour police", roles=(Role.OFFICER,)),
    Opened(node="corvia", login="cato", unit="duty desk", roles=(Role.DUTY_OFFICER,)),
)


def operator(node: str, country: str) -> Caller:
    """Whoever makes and runs the nodes of a trial."""
    return Caller(
        account=f"{OPERATOR}:trial",
        login="trial",
        bureau=node,
        country=country,
        unit="operations",
        roles=frozenset({Role.ADMINISTRATOR, Role.SUPERVISOR, Role.DUTY_OFFICER, Role.AUDITOR}),
    )


# Where a federation looks for free ports if it is told nothing: programs that begin at one moment begin apart.
FIRST_PORT, PORT_RANGES, PORTS_IN_RANGE = 20_000, 160, 24


def free_ports(count: int, first: int) -> int:
    """The first of `count` free ports in a row, at or after `first`. Raises Unavailable."""
    for port in range(first, 2**16 - count, count):
        if all(_is_free(one) for one in range(port, port + count)):
            return port
    raise Unavailable(f"There are no {count} free ports in a row from {first} on.", do="End other programs.")


def _is_free(port: int) -> bool:
    with socket.socket() as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind((HOST, port))
        except OSError:
            return False
    return True


# -- founding --------------------------------------------------------------------------------------------------------


def make_node(folder: Path, planned: Planned, port: int) -> str:
    """A node in that folder whose doors are at `port` and after; its fingerprint."""
    settings = Settings(
        node=NodeSettings(
            id=planned.id, name=planned.name, role=planned.role, country=planned.country, contact=planned.contact
        ),
        federation=FederationSettings(host=HOST, port=port, address=f"https://{HOST}:{port}"),
        officer=OfficerSettings(host=HOST, port=port + 1),
        watch=WatchSettings(host=HOST, port=port + 2),
        console=demo_console(port + 3),
    )
    return enrolment.create_node(folder, settings, utc_now(), operator(planned.id, planned.country))


def demo_console(port: int) -> ConsoleSettings:
    """A console for whoever sits at this machine, who may sign in as anyone."""
    # By this name browsers take plain HTTP for a secure place.
    return ConsoleSettings(host=HOST, port=port, address=f"http://localhost:{port}", plain=True, demo_sign_in=True)


def enrol(hub_folder: Path, bureau_folder: Path, papers: Path) -> None:
    """The ceremony: invitation, request, approval; each side gives the fingerprint that the other reads out."""
    papers.mkdir(parents=True, exist_ok=True)
    with opened(hub_folder) as (hub, at_hub), opened(bureau_folder) as (bureau, at_bureau):
        node = bureau.here.node
        invitation, request = papers / f"{node}.invitation", papers / f"{node}.request"
        invitation.write_bytes(
            enrolment.invitation(hub_folder, hub.members, hub.keys.node, node, bureau.here.country, at_hub)
        )
        request.write_bytes(
            enrolment.membership_request(
                bureau_folder,
                bureau.members,
                invitation.read_bytes(),
                hub.fingerprint,
                bureau.keys.root,
                bureau.clock(),
                at_bureau,
            )
        )
        enrolment.admitted(hub.members, request.read_bytes(), bureau.fingerprint, at_hub, with_checklist=False)


@contextmanager
def opened(folder: Path) -> Iterator[tuple[Node, Caller]]:
    """The node in that folder, opened beside its own process as the command line does, and its operator."""
    node = Node(folder)
    try:
        yield node, operator(node.here.node, node.here.country)
    finally:
        node.close()


def publish_law(folders: Iterable[Path], agreements: Iterable[Path]) -> None:
    """These agreements signed by all whom they bind, and published, before the nodes run."""
    line = LossyLine({})
    with ExitStack() as stack:
        nodes = {node.here.node: node for node in (stack.enter_context(_joined(one, line)) for one in folders)}
        line.doors = {name: node.federation_door for name, node in nodes.items()}

        def post() -> None:
            while sum(_carried(node) for node in nodes.values()):
                pass

        _follow(nodes)
        texts = [Text(path.name, path.read_bytes()) for path in agreements]
        publish(nodes, texts, lambda node: operator(node.here.node, node.here.country), post)
        _follow(nodes)


def _carried(node: Node) -> int:
    return node.courier.deliver_once(node.clock()) + node.sealed_courier.bring() + node.sealed_courier.fetch()


def _follow(nodes: Mapping[str, Node]) -> None:
    for node in nodes.values():
        if node.here.is_hub:
            node.bulletins.refresh()
    for node in nodes.values():
        if not node.here.is_hub:
            node.follower.follow_once()
            node.bulletin_follower.follow_once()


@contextmanager
def _joined(folder: Path, line: LossyLine) -> Iterator[Node]:
    node = Node(folder, line=line)
    try:
        yield node
    finally:
        node.close()


def open_accounts(folder: Path, officers: Iterable[Opened]) -> None:
    """Open those of these accounts that belong to the bureau in that folder."""
    with opened(folder) as (node, by):
        for one in officers:
            if one.node == node.here.node:
                node.accounts.open(one.login, one.login.title(), one.unit, one.roles, by)


def sign_in(folder: Path, login: str, minutes: int = 60) -> Comity:
    """That officer at the running bureau, with a fresh token, through the SDK."""
    with opened(folder) as (node, by):
        token, _ = node.accounts.issue(login, timedelta(minutes=minutes), by)
        door = node.settings.officer
        return Comity(f"https://{door.host}:{door.port}", token, node.keys.tls_certificate_file)


def found(
    folder: Path,
    agreements: Iterable[Path],
    cast: Sequence[Planned] = CAST,
    officers: Sequence[Opened] = OFFICERS,
    first_port: int = 0,
) -> "RunningFederation":
    """A whole federation, not yet running: nodes made and enrolled, agreements published, accounts opened."""
    port = free_ports(DOORS * len(cast), first_port or FIRST_PORT + os.getpid() % PORT_RANGES * PORTS_IN_RANGE)
    texts = tuple(agreements)
    hub = next(one for one in cast if one.role is NodeRole.HUB)
    for number, planned in enumerate(cast):
        make_node(folder / planned.id, planned, port + DOORS * number)
    for planned in cast:
        if planned is not hub:
            enrol(folder / hub.id, folder / planned.id, folder / "ceremony")
            open_accounts(folder / planned.id, officers)
    publish_law([folder / planned.id for planned in cast], texts)
    return RunningFederation(folder, tuple(one.id for one in cast))


# -- running ---------------------------------------------------------------------------------------------------------


class RunningNode:
    """One node as a process of its own, run by `comity node run FOLDER`; its log goes to a file.

    The process has a session of its own: an interrupt at the terminal reaches whoever leads the trial, who then stops
    the nodes in order. `pid_file` tells a later trial of a process that an earlier one left behind.
    """

    def __init__(self, folder: Path, log_file: Path) -> None:
        self.folder = folder.resolve()
        self.log_file = log_file
        self.pid_file = log_file.with_suffix(".pid")
        self.settings = read_settings(folder)
        self._process: subprocess.Popen[bytes] | None = None
        self._stopping = False

    @property
    def name(self) -> str:
        return self.settings.node.id

    @property
    def command(self) -> tuple[str, ...]:
        return (sys.executable, "-m", "comity", "node", "run", str(self.folder))

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        """Of the running process. Raises Conflict where there is none."""
        if self._process is None or not self.running:
            raise Conflict(f"{self.name} is not running.", do="Start it first.")
        return self._process.pid

    def start(self) -> None:
        """Begin; `wait_until_ready` tells when its doors are open. Raises Conflict where it runs already."""
        if self.running:
            raise Conflict(f"{self.name} is running already.", do="Stop it first.")
        self.log_file.parent.mkdir(parents=True, exist_ok=True)
        with open(self.log_file, "ab") as log:
            self._process = subprocess.Popen(
                self.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
        self.pid_file.write_text(str(self._process.pid), encoding="ascii")

    def wait_until_ready(self, within_seconds: float = READY_WITHIN_SECONDS) -> None:
        """Until its doors are open and it holds a directory. Raises Unavailable with the end of its log."""
        until = time.monotonic() + within_seconds
        while not self.ready():
            if not self.running:
                raise Unavailable(f"{self.name} ended {self._how()} before it was ready.", do=self._end_of_log())
            if time.monotonic() > until:
                raise Unavailable(f"{self.name} was not ready in {within_seconds:g} s.", do=self._why_not_ready())
            time.sleep(LOOK_SECONDS)

    def ready(self) -> bool:
        """Whether the node says that it can do its work."""
        return self.running and self._watch("/health/ready")[0] == http.HTTPStatus.OK

    def begin_to_stop(self) -> None:
        """SIGTERM, without waiting; once, for a second one could cut off the end of what the first began."""
        if self._process is not None and self.running and not self._stopping:
            self._stopping = True
            self._process.terminate()

    def stop(self, within_seconds: float = STOPPED_WITHIN_SECONDS) -> None:
        """SIGTERM: what is under way is finished. Raises Unavailable where it does not end, or ends in failure."""
        if self._process is None:
            return
        self.begin_to_stop()
        try:
            status = self._process.wait(within_seconds)
        except subprocess.TimeoutExpired:
            raise Unavailable(f"{self.name} did not stop in {within_seconds:g} s.", do=self._end_of_log()) from None
        self._ended()
        if status != 0:
            raise Unavailable(f"{self.name} ended with status {status}.", do=self._end_of_log())

    def kill(self) -> None:
        """SIGKILL: nothing is finished, as when the power fails."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._ended()

    def end_leftover(self) -> bool:
        """Stop the process of this node that an earlier trial left running; whether there was one."""
        return end_leftover(self.pid_file, self.command)

    def _how(self) -> str:
        status = None if self._process is None else self._process.poll()
        if status is None or status >= 0:
            return f"with status {status}"
        return f"by {signal.Signals(-status).name}"

    def _ended(self) -> None:
        self._process = None
        self._stopping = False
        self.pid_file.unlink(missing_ok=True)

    def _watch(self, path: str) -> tuple[int, str]:
        """The status and the body; 0 where nobody answers."""
        watch = self.settings.watch
        connection = http.client.HTTPConnection(watch.host, watch.port, timeout=5)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.read().decode("utf-8", "replace")
        except (OSError, http.client.HTTPException):
            return 0, "nobody answers"
        finally:
            connection.close()

    def _why_not_ready(self) -> str:
        return f"It says: {self._watch('/health/ready')[1]}\n{self._end_of_log()}"

    def _end_of_log(self) -> str:
        lines = self.log_file.read_text("utf-8", "replace").splitlines() if self.log_file.exists() else []
        return "\n".join([f"The end of {self.log_file}:", *lines[-LOG_LINES_QUOTED:]])


class RunningFederation:
    """The nodes of a founded federation, each a process; the hub starts first and stops last."""

    def __init__(self, folder: Path, names: Sequence[str]) -> None:
        self.folder = folder
        self.nodes: Mapping[str, RunningNode] = {
            name: RunningNode(folder / name, folder / "logs" / f"{name}.log") for name in names
        }

    def __getitem__(self, name: str) -> RunningNode:
        return self.nodes[name]

    def start(self) -> None:
        """Start every node that is not running; returns when all are ready."""
        resting = [node for node in self.nodes.values() if not node.running]
        first = [node for node in self._hubs() if node in resting]
        for node in first:  # a bureau that starts before its hub learns of the others only a round later
            node.start()
            node.wait_until_ready()
        for node in resting:
            if node not in first:
                node.start()
        for node in resting:
            node.wait_until_ready()

    def stop(self) -> None:
        """Stop all: the bureaus together, then the hub; each whatever becomes of the others."""
        bureaus = [node for node in self.nodes.values() if node not in self._hubs()]
        with ExitStack() as last_to_first:
            for node in (*self._hubs(), *bureaus):
                last_to_first.callback(node.stop)
            for node in bureaus:
                node.begin_to_stop()

    def kill(self) -> None:
        """End all at once, as when the power fails."""
        for node in self.nodes.values():
            node.kill()

    def _hubs(self) -> list[RunningNode]:
        return [node for node in self.nodes.values() if node.settings.node.role is NodeRole.HUB]

    def end_leftovers(self) -> list[str]:
        """Stop what an earlier trial left running; the names."""
        return [name for name, node in self.nodes.items() if node.end_leftover()]


def end_leftover(pid_file: Path, command: Sequence[str], within_seconds: float = STOPPED_WITHIN_SECONDS) -> bool:
    """Stop the program that an earlier trial left running and noted in `pid_file`; whether there was one."""
    pid = _leftover(pid_file, command)
    until = time.monotonic() + within_seconds
    if pid is not None:
        os.kill(pid, signal.SIGTERM)
    while pid is not None and _runs(pid):
        if time.monotonic() > until:
            raise Unavailable(
                f"{shlex.join(command)} runs as process {pid} and does not stop.", do=f"End process {pid}."
            )
        time.sleep(LOOK_SECONDS)
    pid_file.unlink(missing_ok=True)
    return pid is not None


def _leftover(pid_file: Path, command: Sequence[str]) -> int | None:
    try:
        pid = int(pid_file.read_text("ascii"))
    except (FileNotFoundError, ValueError):
        return None
    # The number may long belong to another program, which must not be stopped.
    # Falls without it: tests/scale/test_processes.py
    return pid if _command_of(pid).endswith(" ".join(command[1:])) else None


def _command_of(pid: int) -> str:
    """The command line of a process, '' where there is none."""
    shown = subprocess.run(["ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return shown.stdout.strip()


def _runs(pid: int) -> bool:
    """Whether there is such a process that has not ended: a dying one shows no command any more, yet still holds on."""
    shown = subprocess.run(["ps", "-o", "state=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return shown.stdout.strip() not in ("", "Z")


def wait_until(holds: Callable[[], bool], what: str, within_seconds: float = READY_WITHIN_SECONDS) -> None:
    """Look again and again. Raises Unavailable naming what did not come about."""
    until = time.monotonic() + within_seconds
    while not holds():
        if time.monotonic() > until:
            raise Unavailable(f"In {within_seconds:g} s it did not come about that {what}.", do="See the nodes' logs.")
        time.sleep(LOOK_SECONDS)
