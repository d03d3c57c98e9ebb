"""Run a node: open its doors, walk its rounds, and stop with nothing lost."""

import faulthandler
import logging
import subprocess
import sys
import threading
from pathlib import Path

import structlog
from structlog.typing import EventDict

from comity.domain import limits
from comity.domain.journal import Act, Entry
from comity.matching.compiled import plainly_until_ready
from comity.matching.warming import is_made, warm_beside
from comity.nodes.node import Node
from comity.nodes.rounds import Round, Rounds
from comity.web.application import Application
from comity.web.asgi import Asgi
from comity.web.connection import MemberConnection
from comity.web.console.door import PAGES
from comity.web.console.origin import authority_of
from comity.web.officer.events import EventAddress
from comity.web.serve import Listener, Servers
from comity.web.tls import Tls

STANDARD_ERROR = 2  # as the system numbers it
LOOKS_FOR_PERSONS_SECONDS = 5.0  # until there are some
TRUST_SECONDS = 0.5  # how soon a member of a new directory may knock

log = structlog.get_logger("comity.node")


def run(folder: Path) -> None:
    """Serve until SIGTERM or SIGINT. Running requests finish; letters not yet delivered wait in the outbox."""
    # A fault in machine code leaves on standard error where each thread was, and no values.
    faulthandler.enable(STANDARD_ERROR)
    node = Node(folder)
    try:
        configure_log(node.settings.log.level, node.here.node)
        trust = Trust(node)
        servers = Servers(_listeners(node, trust.tls))
        watching = Rounds((Round("trust", TRUST_SECONDS, trust.refresh),))
        node.store.seal_contents()
        node.agreements.keep_rulebook()
        _note(node, Act.NODE_STARTED)
        stopping = threading.Event()
        plainly_until_ready()
        ready_before = is_made() and _holds_persons(node)
        if ready_before:
            warm_beside()  # a second or two, before anybody is let in

        def on_ready() -> None:
            node.rounds.start()
            watching.start()
            if not ready_before:
                threading.Thread(
                    target=warm_once_persons_are_held, args=(node, stopping), name="warming", daemon=True
                ).start()
            log.info("node-ready", role=node.here.role, doors=[f"{host}:{port}" for host, port in servers.addresses])

        def on_stop() -> None:
            stopping.set()
            node.courier.stopping.set()  # begin no other letter
            node.file_courier.stopping.set()
            watching.stop(limits.STOP_WITHIN_SECONDS)
            node.rounds.stop(limits.STOP_WITHIN_SECONDS)
            _note(node, Act.NODE_STOPPED)
            node.log.sign()
            log.info("node-stopped")

        servers.run(on_ready, on_stop)
    finally:
        node.close()


def warm_once_persons_are_held(node: Node, stopping: threading.Event) -> None:
    """Who asks for a person must not wait for a compiler. A node without persons stays small."""
    while not _holds_persons(node):
        if stopping.wait(LOOKS_FOR_PERSONS_SECONDS):
            return
    try:
        warm_beside()
        log.info("inner-loops-ready")
    except (OSError, subprocess.SubprocessError) as fault:
        log.warning("inner-loops-stay-python", fault=type(fault).__name__)


def _holds_persons(node: Node) -> bool:
    with node.store.reading() as tx:
        return bool(tx.records.owners("person"))


class Trust:
    """Who may connect to the federation door: the members of the directory as it stands, suspended ones included.

    A suspended member is let in so that the door can tell it, signed, that it is suspended.
    """

    def __init__(self, node: Node) -> None:
        self.node = node
        self._certificates = self._current()
        self._own = node.manifest.version
        keys = node.keys
        self.tls = Tls(keys.tls_certificate_file, keys.tls_key_file, clients=self._certificates)

    def refresh(self) -> None:
        current, own = self._current(), self.node.manifest.version
        if (current, own) != (self._certificates, self._own):
            self.tls.trust(current)  # reads our own certificate anew too
            self._certificates, self._own = current, own

    def _current(self) -> tuple[str, ...]:
        directory = self.node.directory()
        if directory is None:
            return ()
        said = ((one.manifest, *(before.manifest for before in one.earlier)) for one in directory.members)
        return tuple(dict.fromkeys(manifest.tls_certificate for every in said for manifest in every))


def _listeners(node: Node, federation_tls: Tls) -> list[Listener]:
    """A hub has no officers and so no door for their systems; a console where its settings have one."""
    settings, keys, counter = node.settings, node.keys, node.metrics
    federation = Asgi(
        node.federation_door,
        name="federation",
        route_of=node.federation_door.route_of,
        body_bytes_max=limits.POST_REQUEST_BYTES_MAX,
        counter=counter,
        arrives_within_seconds=limits.MEMBER_REQUEST_ARRIVES_WITHIN_SECONDS,
        keeps_waiting=node.federation_door.begun if node.here.is_hub else None,
    )
    watch = Asgi(node.watch_door, name="watch", route_of=node.watch_door.route_of, body_bytes_max=0, counter=counter)
    officer = Asgi(
        node.officer_door,
        name="officer",
        route_of=node.officer_door.route_of,
        body_bytes_max=limits.REQUEST_BYTES_MAX,
        counter=counter,
        streams_at=EventAddress().template,
        stream_of=node.officer_door.stream,
    )
    listeners = [
        Listener(
            app=federation,
            host=settings.federation.host,
            port=settings.federation.port,
            tls=federation_tls.context,
            connection=MemberConnection,
        ),
        Listener(app=watch, host=settings.watch.host, port=settings.watch.port),
    ]
    if not node.here.is_hub:
        tls = Tls(keys.tls_certificate_file, keys.tls_key_file).context
        listeners.append(Listener(app=officer, host=settings.officer.host, port=settings.officer.port, tls=tls))
    return [*listeners, *console_listeners(node)]


def console_listeners(node: Node) -> list[Listener]:
    """One where the node's settings have a console, else none."""
    chosen, door = node.settings.console, node.console_door
    if chosen is None or door is None:
        return []
    app = Application(
        door.app,
        name="console",
        authority=authority_of(chosen.address),
        route_of=door.route_of,
        body_bytes_max=max(page.bytes_max for page in PAGES),
        counter=node.metrics,
    )
    tls = None
    if not chosen.plain:
        own = chosen.tls_certificate == ""
        certificate = node.keys.tls_certificate_file if own else Path(chosen.tls_certificate)
        tls = Tls(certificate, node.keys.tls_key_file if own else Path(chosen.tls_key)).context
    return [Listener(app=app, host=chosen.host, port=chosen.port, tls=tls)]


def _note(node: Node, act: Act) -> None:
    with node.store.transaction() as tx:
        tx.journal.record(Entry(act=act, at=node.clock(), actor=node.here.node, subject=node.here.node))
        tx.commit()


def configure_log(level: str, node: str) -> None:
    """JSON lines on standard error. What is logged is named field by field; texts of requests are never among them."""

    def named(_logger: object, _method: str, event: EventDict) -> EventDict:
        """In every thread, whichever began it."""
        return {**event, "node": node}

    structlog.configure(
        processors=[
            named,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            # No texts of exceptions: they may quote a record.
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=logging.WARNING, handlers=[Libraries()], force=True)


class Libraries(logging.Handler):
    """What libraries complain of: which and where, never the text, which may quote a record."""

    def emit(self, record: logging.LogRecord) -> None:
        log.warning("library", logger=record.name, severity=record.levelname, at=f"{record.module}:{record.lineno}")
