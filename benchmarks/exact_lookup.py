"""A hub's desk answers another bureau's question for a document, a million held: law, search, journal; no line."""

import os
import random
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from benchmarks.figures import milliseconds, quantile, told
from comity.domain.bureau import Member
from comity.domain.caller import Asker, Role
from comity.domain.ids import new_id
from comity.domain.lookup import DocumentQuery, Outcome, Question
from comity.domain.purpose import Purpose
from comity.domain.record import Header, Record, record_id
from comity.formats import jsonlines
from comity.law.retention import retention
from comity.law.rulebook import shipped_rulebook
from comity.law.shipped import model_agreements
from comity.matching.numbered import number_keys_asked
from comity.nodes.node import Node, utc_now
from comity.testing import fictitious
from comity.testing.processes import CAST, found

HELD = int(os.environ.get("DOCUMENTS", "1000000"))
ASKED, WARMING = 2_000, 200
AT_ONCE = 10_000


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        federation = found(Path(folder), model_agreements(), CAST[:3], first_port=25_000)
        hub = Node(federation["hub"].folder)
        try:
            numbers = _filled(hub)
            directory = hub.directory()
            assert directory is not None
            aldova = directory.member("aldova")
            assert aldova is not None
            lots = random.Random(1)
            rows = [
                _row(hub, aldova, "no record", [f"ZZ{lots.randrange(10**7):07d}" for _ in range(ASKED)]),
                _row(hub, aldova, "hit", lots.sample(numbers, ASKED)),
                _bare(hub, lots.sample(numbers, ASKED)),
            ]
        finally:
            hub.close()
    columns = ("", "p50 ms", "p99 ms", "CPU ms", "a second, one thread")
    told(f"exact lookup in process, {HELD:,} documents held", columns, rows)


def _filled(hub: Node) -> list[str]:
    """Bergenia's documents on the hub's shelf, as its letters would bring them; their numbers."""
    file = hub.folder / "documents.jsonl"
    with open(file, "wb") as out:
        out.writelines(fictitious.make("sltd", HELD, 1, "XB"))
    numbers = []
    records = _records(hub, file)
    while batch := list(islice(records, AT_ONCE)):
        with hub.store.transaction() as tx:
            tx.records.put(batch)
            tx.commit()
        numbers += [one.header.reference.rpartition("-")[2] for one in batch]
    return numbers


def _records(hub: Node, file: Path) -> Iterator[Record]:
    now, kept = hub.clock(), retention("sltd", "", shipped_rulebook())
    retain_until = kept.retain_until(now.date())
    review_at = kept.review_at(retain_until)
    for row in jsonlines.read(file):
        assert row.subject is not None
        header = Header(
            id=record_id("sltd", "bergenia", row.reference),
            collection="sltd",
            source="bergenia",
            country="XB",
            reference=row.reference,
            version=1,
            entered_at=now,
            amended_at=now,
            retain_until=retain_until,
            review_at=review_at,
            contact="duty desk",
        )
        yield Record(header=header, subject=row.subject)


def _row(hub: Node, aldova: Member, kind: str, numbers: list[str]) -> tuple[str, float, float, float, float]:
    expected = Outcome.HIT if kind == "hit" else Outcome.NO_RECORD
    asked = iter([_question(number) for number in [*numbers[:WARMING], *numbers]])

    def answer() -> None:
        assert hub.answering.answer(next(asked), aldova, lambda _: None).outcome is expected

    milliseconds(answer, WARMING)
    cpu = time.process_time()
    taken = milliseconds(answer, len(numbers))
    cpu = (time.process_time() - cpu) / len(numbers) * 1000
    name = f"answer of the desk: {kind}, law and durable journal"
    return name, quantile(taken, 0.5), quantile(taken, 0.99), cpu, 1000 * len(taken) / sum(taken)


def _bare(hub: Node, numbers: list[str]) -> tuple[str, float, float, float, float]:
    today = hub.clock().date()
    asked = iter([number_keys_asked(DocumentQuery(country="XBE", number=number)) for number in numbers])
    with hub.store.reading() as tx:
        cpu = time.process_time()
        taken = milliseconds(lambda: tx.records.numbered(next(asked), False, today), len(numbers))
        cpu = (time.process_time() - cpu) / len(numbers) * 1000
    return "the shelf alone: hit", quantile(taken, 0.5), quantile(taken, 0.99), cpu, 1000 * len(taken) / sum(taken)


def _question(number: str) -> Question:
    now = utc_now()
    return Question(
        id=new_id(now, os.urandom(10)),
        query=DocumentQuery(country="XBE", number=number),
        purpose=Purpose.BORDER_CONTROL,
        case="B-1",
        asker=Asker(bureau="aldova", country="XA", unit="border", officer="officer", roles=(Role.OFFICER,)),
        asked_at=now,
    )
