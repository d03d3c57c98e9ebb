"""A whole federation in one process: real nodes, keys, law, storage and signatures; only the line is in memory.

Shipped, so that a bureau can test its own adapters: `Federation(folder)` gives a hub and the bureaus of Aldova,
Bergenia and Corvia, members of one another, acting under the model agreements.
"""

import itertools
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec

from comity.desks.bundles import Text
from comity.domain import limits
from comity.domain.bureau import NodeRole, Standing
from comity.domain.caller import Caller, Role
from comity.domain.collection import Category
from comity.domain.disclosed import ProofRules
from comity.domain.journal import Entry
from comity.domain.lookup import Answer, LookupRequest, Query, SourceAnswer
from comity.domain.promise import Unproved
from comity.domain.purpose import Purpose
from comity.domain.record import Record
from comity.formats.row import Row
from comity.law.shipped import model_agreements
from comity.nodes import enrolment
from comity.nodes.node import Node, utc_now
from comity.nodes.settings import FederationSettings, NodeSettings, OversightSettings, Settings
from comity.storage import engines
from comity.testing.federation_line import LossyLine
from comity.testing.publishing import publish

HUB, ALDOVA, BERGENIA, CORVIA = "hub", "aldova", "bergenia", "corvia"
# node: (name, country)
NODES = {HUB: ("Hub", ""), ALDOVA: ("Aldova", "XA"), BERGENIA: ("Bergenia", "XB"), CORVIA: ("Corvia", "XC")}
# The usual cast: login, bureau, roles.
CAST = {
    "ada": (ALDOVA, (Role.OFFICER,)),
    "dora": (ALDOVA, (Role.DUTY_OFFICER,)),
    "ben": (BERGENIA, (Role.DUTY_OFFICER, Role.OFFICER)),
    "sara": (BERGENIA, (Role.SUPERVISOR,)),
    "cora": (CORVIA, (Role.OFFICER,)),
    "otto": (CORVIA, (Role.AUDITOR,)),
}
FIRST_PORT, PORTS_PER_NODE = 7701, 10  # only names here: nobody listens
NOTHING_WAITS = ProofRules(timedelta(0), Unproved.SHOW, Unproved.SHOW)
ROUNDS_MAX = 200  # of posting before it is taken for endless


class Time:
    """A clock that stands still until it is moved."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **lapse: float) -> None:
        self.now += timedelta(**lapse)


class Federation:
    """`nodes` by name; `cast` holds a Caller for each of CAST; `time` is everybody's clock."""

    def __init__(self, folder: Path, line: LossyLine | None = None) -> None:
        """Made in an empty folder; opened where the folder holds one that was made before."""
        self.time = Time(utc_now().replace(microsecond=0))
        self.line = line or LossyLine({})
        made_before = (folder / HUB).exists()
        self.nodes = {name: self._opened(folder / name, number, name) for number, name in enumerate(NODES)}
        self.line.doors = {name: node.federation_door for name, node in self.nodes.items()}
        if made_before:
            self._keys_at = self._keys_heard()
        else:
            self._found()
        self._keep_keys_fresh()
        signed_in = folder / "signed-in.json"  # once: each sign-in is ten statements
        if not signed_in.exists():
            cast = {login: self._signed_in(login, bureau) for login, (bureau, _) in CAST.items()}
            signed_in.write_bytes(msgspec.json.encode(cast))
        self.cast = msgspec.json.decode(signed_in.read_bytes(), type=dict[str, Caller])

    def __getitem__(self, name: str) -> Node:
        return self.nodes[name]

    def ask(self, login: str, query: Query, purpose: Purpose = Purpose.BORDER_CONTROL, case: str = "T-1") -> Answer:
        """One of the cast asks at their own bureau."""
        caller = self.cast[login]
        return self.nodes[caller.bureau].lookups.ask(LookupRequest(query=query, purpose=purpose, case=case), caller)

    def answer_of(self, source: str, answer: Answer) -> SourceAnswer:
        """How one source stood to a question."""
        return next(one for one in answer.sources if one.source == source)

    def enter(self, name: str, collection: str, rows: Iterable[Row], source: str = "") -> None:
        """Enter records at a node, as an import would; a file's digest is made up for it."""
        node = self.nodes[name]
        operator = node.operator("test")
        begun = node.records.begin("test", f"test-{next(_numbers)}", collection, source, operator)
        node.records.enter(begun, rows, operator)

    def post(self) -> int:
        """Carry letters until none is left that can be delivered now; how many were."""
        delivered = 0
        for _ in range(ROUNDS_MAX):
            self._keep_keys_fresh()
            carried = sum(self._carry_what_there_is(name) for name in self.nodes)
            delivered += carried
            if not carried and not self.waiting():
                return delivered
            if not carried:
                self.time.pass_by(seconds=301)  # longer than any wait between two tries
        raise AssertionError(f"letters still wait: {self.waiting()}")

    def _keep_keys_fresh(self) -> None:
        """As the nodes' own rounds would: nobody seals by a copy of the log of keys that is an hour old."""
        if self.time() - self._keys_at >= timedelta(seconds=limits.KEYS_HEARD_WITHIN_SECONDS_MAX / 2):
            self.publish_keys()

    def _keys_heard(self) -> datetime:
        """When the bureau that is furthest behind heard last that its copy of the log of keys is whole."""
        heard = []
        for name, node in self.nodes.items():
            if name != HUB:
                with node.store.reading() as tx:
                    heard.append(tx.key_log.heard_at() or datetime.min.replace(tzinfo=UTC))
        return min(heard)

    def carry(self, name: str) -> int:
        """One round of a node's couriers; how much they moved."""
        node = self.nodes[name]
        letters = node.courier.deliver_once(self.time()) + node.sealed_courier.bring() + node.sealed_courier.fetch()
        return letters + node.file_courier.bring() + node.file_courier.fetch()

    def _carry_what_there_is(self, name: str) -> int:
        """The same without asking the hub for what it does not have, which would be most of the work."""
        node, carried = self.nodes[name], 0
        with node.store.reading() as tx:
            out, sealed, evidence = tx.outbox.depths(), tx.sealed.depths(), tx.evidence.to_tell(HUB, 1)
            files = tx.files.ids()
        if out:
            carried += node.courier.deliver_once(self.time())
        if out or sealed:
            carried += node.sealed_courier.bring()
        with self.nodes[HUB].store.reading() as tx:
            lies_there = tx.postroom.depths().get(name) or tx.evidence.to_tell(name, 1)
        carried += node.sealed_courier.fetch() if evidence or lies_there else 0
        if files or lies_there:  # what came just now may tell of files
            carried += node.file_courier.bring() + node.file_courier.fetch()
        return carried

    def waiting(self) -> dict[str, dict[str, int]]:
        """Letters not delivered, by sender and recipient."""
        depths = {}
        for name, node in self.nodes.items():
            with node.store.reading() as tx:
                if waiting := tx.outbox.depths() | tx.sealed.depths():
                    depths[name] = waiting
        return depths

    def measure(
        self,
        member: str,
        standing: Standing,
        reason: str,
        categories: Iterable[Category] = (),
        first_day: date | None = None,
        last_day: date | None = None,
    ) -> str:
        """A corrective measure at the hub, proposed by one person and confirmed by another; its id."""
        hub = self.nodes[HUB]
        proposed = hub.measures.propose(
            member, standing, reason, "legal office", hub.operator("test"), first_day, last_day, categories
        )
        hub.measures.confirm(proposed.id, hub.operator("second"))
        return proposed.id

    def follow(self) -> None:
        """The hub signs anew what is due, and every bureau fetches its directory and its bulletin."""
        self.nodes[HUB].members.refresh()
        self.nodes[HUB].bulletins.refresh()
        for name, node in self.nodes.items():
            if name != HUB:
                node.follower.follow_once()
                node.bulletin_follower.follow_once()

    def publish(self, *texts: tuple[str, bytes], last_day: date | None = None, first_day: date | None = None) -> None:
        """Each text (file name, content) signed by all whom it binds, published, and followed by every bureau."""
        files = [Text(name, content) for name, content in texts]
        publish(self.nodes, files, lambda node: node.operator("test"), self.post, last_day, first_day)
        self.post()
        self.follow()

    def prove(self) -> int:
        """Everyone signs its log, has it cosigned, and looks at what the others show; how many letters that let in.

        Only where `node.proofs.rules` say so does anything wait for it.
        """
        for node in self.nodes.values():
            node.log.sign()
        for node in self.nodes.values():
            node.witnesses.collect()
        return sum(node.proof_follower.follow() for node in self.nodes.values())

    def publish_keys(self) -> None:
        """Everyone makes, signs and publishes keys, and holds a full copy of the log of them."""
        self._keys_at = self.time()
        for _ in range(2):  # the first round publishes, the second reads what those behind have published
            for node in self.nodes.values():
                node.tend_keys()

    def journal(self, name: str) -> list[Entry]:
        """Everything one node wrote down, oldest first."""
        node = self.nodes[name]
        with node.store.reading() as tx:
            return [opening.entry for opening in tx.journal.read(-1, tx.journal.size())]

    def record(self, name: str, collection: str, reference: str, source: str = "") -> Record:
        node = self.nodes[name]
        return node.records.show(collection, reference, source, node.operator("test"))

    def close(self) -> None:
        for node in self.nodes.values():
            node.close()

    def _opened(self, folder: Path, number: int, name: str) -> Node:
        with _without_waiting_for_the_disk():
            if not folder.exists():
                self._make(folder, number, name)
            node = Node(folder, line=self.line, clock=self.time)
        # A busy machine must not look silent.
        node.elsewhere.answer_within_seconds = limits.ANSWER_WITHIN_SECONDS_MAX
        # Nobody's rounds run by the clock here: what a test wants to have proved, it lets `prove` show.
        node.proofs.rules = NOTHING_WAITS
        node.elsewhere.answer_many_within_seconds = 60 * limits.ANSWER_BATCH_WITHIN_SECONDS_MAX
        return node

    def _make(self, folder: Path, number: int, name: str) -> None:
        title, country = NODES[name]
        role = NodeRole.BUREAU if country else NodeRole.HUB
        port = FIRST_PORT + PORTS_PER_NODE * number
        settings = Settings(
            node=NodeSettings(id=name, name=title, role=role, country=country, contact=f"duty desk of {title}"),
            federation=FederationSettings(port=port, address=f"https://127.0.0.1:{port}"),
            oversight=OversightSettings(body=HUB),
        )
        operator = Caller(
            account="operator:test",
            login="test",
            bureau=name,
            country=country,
            unit="operations",
            roles=frozenset({Role.ADMINISTRATOR}),
        )
        enrolment.create_node(folder, settings, self.time(), operator)

    def _found(self) -> None:
        """Everyone a member, everyone under the model agreements, the cast with their accounts."""
        for name in (ALDOVA, BERGENIA, CORVIA):
            self._enrol(name)
        self.follow()
        self.publish_keys()
        self.publish(*((path.name, path.read_bytes()) for path in model_agreements()))
        for login, (bureau, roles) in CAST.items():
            node = self.nodes[bureau]
            node.accounts.open(login, login.title(), "headquarters", roles, node.operator("test"))

    def _enrol(self, name: str) -> None:
        """The ceremony: invitation out, request back, fingerprints compared on both sides."""
        hub, bureau = self.nodes[HUB], self.nodes[name]
        operator = hub.operator("test")
        country = bureau.here.country
        invitation = enrolment.invitation(hub.folder, hub.members, hub.keys.node, name, country, operator)
        request = enrolment.membership_request(
            bureau.folder,
            bureau.members,
            invitation,
            hub.fingerprint,
            bureau.keys.root,
            self.time(),
            bureau.operator("test"),
        )
        enrolment.admitted(hub.members, request, bureau.fingerprint, operator, with_checklist=False)

    def _signed_in(self, login: str, bureau: str) -> Caller:
        node = self.nodes[bureau]
        token, _ = node.accounts.issue(login, timedelta(hours=12), node.operator("test"))
        return node.accounts.caller(token)


_numbers = itertools.count()


@contextmanager
def _without_waiting_for_the_disk() -> Iterator[None]:
    """All of it is one process, and no power fails: what is written need not reach the disk before the next step."""
    as_always = engines.SQLITE_SETTINGS
    engines.SQLITE_SETTINGS = tuple(one.replace("synchronous = FULL", "synchronous = OFF") for one in as_always)
    try:
        yield
    finally:
        engines.SQLITE_SETTINGS = as_always
