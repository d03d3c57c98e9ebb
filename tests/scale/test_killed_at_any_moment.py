"""Four real nodes, killed again and again while officers ask and sources enter: nothing lost, nothing twice."""

import os
import random
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from comity.domain.hit import HitState, Side
from comity.domain.journal import Act, Opening, Receipt
from comity.domain.letter import Lane
from comity.domain.lookup import Answer, DocumentQuery, Outcome
from comity.formats import jsonlines
from comity.law.shipped import model_agreements
from comity.matching.numbered import number_keys_asked
from comity.nodes.enrolment import origin
from comity.nodes.node import Node
from comity.testing import fictitious
from comity.testing.processes import RunningFederation, found, opened, sign_in, wait_until
from comity.wire.canonical import unb64u
from comity.wire.checkpoint import verified_proof
from comity.wire.leaf import leaf_hash_of
from comity.wire.manifest import node_pair
from tests.scale.actors import Actors, Ada, Ben, Source

pytestmark = pytest.mark.slow

WAITS_SECONDS_MAX = 600  # a machine may be busy with other work
KILLS = int(os.environ.get("COMITY_KILLS", "9"))  # of one node after the other, in one run
FILES, ROWS = 6, 400  # of each of two sources
PERSON = b'{"reference":"XB-1","subject":{"kind":"person","names":[{"full":"Radomila Vetrogradova"}],"births":["1984"],\
"status":"wanted","purpose":"arrest"}}\n'


@pytest.fixture(scope="module")
def seed() -> int:
    return time.time_ns() % 1_000_000


@pytest.fixture(scope="module")
def federation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningFederation]:
    founded = found(tmp_path_factory.mktemp("federation"), model_agreements(), first_port=21_000)
    try:
        founded.start()
        yield founded
    finally:
        founded.kill()


class Sources:
    """Bergenia and Corvia, with what each is going to enter and to withdraw."""

    def __init__(self, federation: RunningFederation, seed: int) -> None:
        self.lines: dict[str, list[dict[str, Any]]] = {}
        self.by_name = {
            name: self._source(federation, name, country, seed)
            for name, country in (("bergenia", "XB"), ("corvia", "XC"))
        }

    def _source(self, federation: RunningFederation, name: str, country: str, seed: int) -> Source:
        made = list(fictitious.make("sltd", FILES * ROWS, seed, country))
        files = []
        for number in range(FILES):
            files.append(federation.folder / f"{name}-{number}.jsonl")
            files[-1].write_bytes(b"".join(made[number * ROWS : (number + 1) * ROWS]))
        self.lines[name] = [msgspec.json.decode(line) for line in made]
        source = Source(federation, name, files)
        # Half of each is asked for all the time: what is found, confirmed and then withdrawn.
        source.to_withdraw = [str(line["reference"]) for line in self.lines[name][:40]]
        return source

    def queries(self) -> list[dict[str, str]]:
        documents = [line["subject"] for lines in self.lines.values() for line in lines[:80]]
        asked = [{"country": one["country"], "number": one["number"]} for one in documents]
        return [*asked, *[{"name": "Radomila Wetrogradowa", "birth": "1984"}] * 20]


def test_nothing_is_lost_and_nothing_is_done_twice(federation: RunningFederation, seed: int) -> None:
    print(f"seed {seed}")
    lots = random.Random(seed)
    sources = Sources(federation, seed)
    _enter_person(federation)
    ada = Ada(sign_in(federation.folder / "aldova", "ada"), sources.queries())
    ben = Ben(sign_in(federation.folder / "bergenia", "ben"))
    actors = Actors(seed)
    acts = [act for one in sources.by_name.values() for act in (one.enter, one.withdraw)]
    actors.start(ada.ask, ada.ask, ben.confirm, *acts)
    killed: Counter[str] = Counter()
    for _ in range(KILLS):
        time.sleep(lots.uniform(0.0, 2.5))  # also before it is ready again
        name = lots.choice(list(federation.nodes))
        federation[name].kill()
        killed[name] += 1
        time.sleep(lots.uniform(0.0, 0.5))
        federation[name].start()
        actors.check()
    print(f"killed {dict(killed)}; {len(ada.answers)} lookups answered")
    for restarted in federation.nodes.values():
        restarted.wait_until_ready()

    def all_done() -> bool:
        actors.check()
        return _all_entered_and_withdrawn(sources)

    wait_until(all_done, "every file is entered", WAITS_SECONDS_MAX)
    actors.end()
    actors.check()
    _let_the_post_arrive(federation)
    ben.confirm(lots)  # what was asked last
    _let_the_post_arrive(federation)
    federation.stop()

    assert len(ada.answers) >= KILLS
    nodes = {name: Node(federation.folder / name) for name in federation.nodes}
    try:
        _every_answer_stands_in_both_journals(nodes, ada.answers)
        _every_letter_was_applied_once_and_in_order(nodes)
        _no_record_is_missing_or_doubled(nodes, sources)
        _every_import_is_complete(nodes, sources)
        _no_hit_was_confirmed_or_denied_twice(nodes)
        _what_was_asked_was_answered(nodes)
    finally:
        for node in nodes.values():
            node.close()


def _enter_person(federation: RunningFederation) -> None:
    file = federation.folder / "person.jsonl"
    file.write_bytes(PERSON)
    with opened(federation.folder / "bergenia") as (node, operator):
        begun = node.records.begin(file.name, "0" * 64, "nominals", "", operator)
        node.records.enter(begun, jsonlines.read(file), operator)


def _all_entered_and_withdrawn(sources: Sources) -> bool:
    return all(len(one.entered) == FILES and one.withdrawn == set(one.to_withdraw) for one in sources.by_name.values())


def _let_the_post_arrive(federation: RunningFederation) -> None:
    """Until nothing waits anywhere, and nothing that is being answered either."""
    for name in (*federation.nodes, *federation.nodes):
        with opened(federation.folder / name) as (node, _):
            wait_until(lambda: not _waiting(node), f"the post of {name} is delivered", WAITS_SECONDS_MAX)


def _waiting(node: Node) -> int:
    with node.store.reading() as tx:
        return sum(tx.outbox.depths().values()) + sum(tx.sealed.depths().values())


# -- at the end -------------------------------------------------------------------------------------------------------


def _every_answer_stands_in_both_journals(nodes: dict[str, Node], answers: list[Answer]) -> None:
    for name, node in nodes.items():
        node.log.sign()
        assert node.log.verify().size > 0, name
    proved: Counter[str] = Counter()
    for answer in answers:
        _stands(nodes["aldova"], answer.receipt, answer.question, {Act.LOOKUP_SHOWN}, proved)
        for source in answer.sources:
            if source.source == "aldova" or source.outcome not in (Outcome.HIT, Outcome.NO_RECORD):
                continue
            _stands(nodes[source.source], source.receipt, answer.question, {Act.LOOKUP_ANSWERED}, proved)
    assert {"aldova", "hub", "bergenia"} <= proved.keys()


def _stands(node: Node, receipt: Receipt | None, question: str, acts: set[Act], proved: Counter[str]) -> None:
    """The receipt names an entry on this question, its leaf, and a place in the tree that the node has signed."""
    name = node.here.node
    assert receipt is not None
    assert receipt.origin == origin(name)
    with node.store.reading() as tx:
        entry = next(one for one in tx.journal.about(question) if one.index == receipt.index)
    assert entry.entry.act in acts
    assert _leaf(entry) == receipt.leaf
    if proved[name] < 100:  # of each node; every proof signs or reads a checkpoint
        proof = node.log.prove(receipt.index)
        verified_proof(proof, bytes.fromhex(receipt.leaf), origin(name), node_pair(node.manifest))
    proved[name] += 1


def _every_letter_was_applied_once_and_in_order(nodes: dict[str, Node]) -> None:
    for sender, node in nodes.items():
        for recipient, lane, written in _written(node):
            with node.store.reading() as tx:
                under_seal = tx.sealed.sent(recipient, Lane(lane))
            with nodes[recipient].store.reading() as tx:
                assert tx.inbox.expected(sender, Lane(lane)) == written + 1, (sender, recipient, lane)
                assert tx.sealed.taken(sender, Lane(lane)) == under_seal, (sender, recipient, lane)
                assert not tx.alarms.every(), recipient
    for name in ("bergenia", "corvia"):
        applied = [one.entry.subject for one in _entries(nodes["hub"], Act.RECORDS_SHARED) if one.entry.actor == name]
        acknowledged = [one.entry.subject for one in _entries(nodes[name], Act.RECORDS_SHARED)]
        assert len(set(applied)) == len(applied), f"{name}: a letter was applied twice"
        assert sorted(acknowledged) == sorted(applied), f"{name}: each receipt came once"


def _no_record_is_missing_or_doubled(nodes: dict[str, Node], sources: Sources) -> None:
    today = datetime.now(UTC).date()
    total = 0
    for name, lines in sources.lines.items():
        withdrawn = sources.by_name[name].withdrawn
        for holder in (name, "hub"):
            with nodes[holder].store.reading() as tx:
                for line in lines:
                    subject = line["subject"]
                    asked = DocumentQuery(country=subject["country"], number=subject["number"])
                    held = len(tx.records.numbered(number_keys_asked(asked), False, today))
                    assert held == (line["reference"] not in withdrawn), (holder, line["reference"])
        with nodes[name].store.reading() as tx:
            assert tx.records.count()["sltd"] == len(lines) - len(withdrawn)
        total += len(lines) - len(withdrawn)
    with nodes["hub"].store.reading() as tx:
        assert tx.records.count() == {"sltd": total}


def _every_import_is_complete(nodes: dict[str, Node], sources: Sources) -> None:
    for name, source in sources.by_name.items():
        finished = _entries(nodes[name], Act.RECORDS_IMPORTED)
        counts = [one.entry.details for one in finished if one.entry.outcome == "finished"]
        files = [one for one in counts if one["collection"] == "sltd"]
        assert len(files) == len(source.files)
        assert all((one["new"], one["refused"], one["unchanged"]) == (ROWS, 0, 0) for one in files), files


def _no_hit_was_confirmed_or_denied_twice(nodes: dict[str, Node]) -> None:
    """The owner may have to say again that a record is gone; whoever found it takes that once."""
    for name, act in (("bergenia", Act.HIT_CONFIRMED), ("aldova", Act.HIT_CONFIRMED), ("aldova", Act.HIT_DENIED)):
        applied = [one.entry for one in _entries(nodes[name], act) if one.entry.outcome != "not-applied"]
        told = Counter(entry.subject for entry in applied)
        assert all(count == 1 for count in told.values()), (name, act, told.most_common(3))
    asked, heard = (
        Counter(one.entry.subject for one in _entries(nodes[name], Act.HIT_CONFIRMATION_REQUESTED))
        for name in ("aldova", "bergenia")
    )
    assert heard <= asked


def _what_was_asked_was_answered(nodes: dict[str, Node]) -> None:
    """No clock is left running, and both sides have the same state of every hit on which one asked the other."""
    with nodes["aldova"].store.reading() as tx:
        hits = [hit for hit in tx.hits.every(100_000) if hit.side is Side.ASKER and hit.requested_at]
    assert hits
    for hit in hits:
        assert hit.state in (HitState.CONFIRMED, HitState.DENIED), hit
        with nodes[hit.owner].store.reading() as tx:
            owned = tx.hits.get(hit.id)
        assert owned is not None
        assert (owned.state, owned.side) == (hit.state, Side.OWNER), hit


def _written(node: Node) -> list[tuple[str, str, int]]:
    """(recipient, lane, letters written): straight from the file, for no shelf tells it."""
    with closing(sqlite3.connect(f"file:{node.folder / 'comity.sqlite3'}?mode=ro", uri=True)) as database:
        return database.execute("SELECT recipient, lane, written FROM outbox_lanes").fetchall()


def _entries(node: Node, act: Act) -> list[Opening]:
    with node.store.reading() as tx:
        return [one for one in tx.journal.read(-1, tx.journal.size()) if one.entry.act is act]


def _leaf(opening: Opening) -> str:
    return leaf_hash_of(opening.entry, unb64u(opening.salt)).hex()
