"""How fast new records are compared with ten thousand kept questions, beside how fast they are read in."""

import os
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec

from benchmarks.figures import told
from comity.domain.caller import Account, Asker
from comity.domain.ids import new_id
from comity.domain.kept import Kept
from comity.domain.lookup import DocumentQuery, FirearmQuery, PersonQuery, Query, Question, VehicleQuery, VesselQuery
from comity.domain.purpose import Purpose
from comity.formats import jsonlines
from comity.law.shipped import model_agreements
from comity.matching import engine
from comity.nodes.node import Node
from comity.testing import fictitious
from comity.testing.processes import CAST, found, operator

QUESTIONS = 10_000  # of each kind
COUNTS = {"nominals": 6_000, "sltd": 10_000, "smv": 5_000, "firearms": 5_000, "vessels": 5_000}
WARMING = 1_000  # persons, until tables are loaded and what is kept is laid out to be compared
KEPT_AT_ONCE = 1_000


def main() -> None:
    engine.load()
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        federation = found(Path(folder), model_agreements(), CAST[:2], first_port=24_000)
        node = Node(federation["aldova"].folder)
        try:
            for collection in COUNTS:
                keep(node, collection)
            _row(node, "nominals", WARMING, seed=3)
            for collection, count in COUNTS.items():
                rows.append(_row(node, collection, count))
        finally:
            node.close()
    columns = ("", "compared/s", "CPU µs each", "answered", "read in/s", "compared ÷ read in")
    told(f"new records against {QUESTIONS:,} kept questions of their kind", columns, rows)


def keep(node: Node, collection: str) -> None:
    """An officer's questions about nobody and nothing that is read in later, but for one in a hundred."""
    with node.store.reading() as tx:
        officer = next(one for one in tx.accounts.every() if one.login == "ada")
    strangers = fictitious.make(collection, QUESTIONS * 99 // 100, 2, "XB")
    known = fictitious.make(collection, QUESTIONS // 100, 1, "XA")
    kept = [_kept(node, officer, _query(msgspec.json.decode(line)["subject"])) for line in (*strangers, *known)]
    for start in range(0, len(kept), KEPT_AT_ONCE):
        with node.store.transaction() as tx:
            tx.kept.keep_all(kept[start : start + KEPT_AT_ONCE])
            tx.commit()


def _kept(node: Node, officer: Account, query: Query) -> Kept:
    now = node.clock()
    asker = Asker(
        bureau="aldova", country="XA", unit=officer.unit, officer=officer.id, roles=tuple(sorted(officer.roles))
    )
    question = Question(
        id=new_id(now, os.urandom(10)),
        query=query,
        purpose=Purpose.BORDER_CONTROL,
        case="A-1",
        asker=asker,
        asked_at=now,
    )
    return Kept(question=question, until=now.date() + timedelta(days=1))


def _query(one: dict[str, Any]) -> Query:
    """As whoever looks for that subject would ask."""
    match one:
        case {"kind": "person", "names": [{"full": full}, *_], "births": [birth, *_]}:
            return PersonQuery(name=full, birth=birth)
        case {"kind": "person", "names": [{"full": full}, *_]}:
            return PersonQuery(name=full)
        case {"kind": "document", "country": issuer, "number": number}:
            return DocumentQuery(country=issuer, number=number)
        case {"kind": "vehicle", "vin": vin}:
            return VehicleQuery(vin=vin)
        case {"kind": "firearm", "serial": serial}:
            return FirearmQuery(serial=serial)
        case {"kind": "vessel", "imo": imo}:
            return VesselQuery(imo=imo)
        case {"kind": "vessel", "hull_number": hull_number}:
            return VesselQuery(hull_number=hull_number)
        case {"kind": "vessel", "registration": registration, "flag": flag}:
            return VesselQuery(registration=registration, flag=flag)
    raise AssertionError(one)


def _row(node: Node, collection: str, count: int, seed: int = 1) -> tuple[object, ...]:
    file = node.folder / f"{collection}.jsonl"
    file.write_bytes(b"".join(fictitious.make(collection, count, seed, "XA")))
    by = operator("aldova", "XA")
    began = time.perf_counter()
    done = node.records.enter(
        node.records.begin(file.name, f"{seed:064}", collection, "", by), jsonlines.read(file), by
    )
    read_in = time.perf_counter() - began
    assert done.refused == 0, f"{done.refused} rows were refused"
    began, cpu = time.perf_counter(), time.process_time()
    answered = node.late.compare()
    taken, cpu = time.perf_counter() - began, time.process_time() - cpu
    each = f"{collection}, {count:,}"
    return each, count / taken, cpu / count * 1e6, answered, count / read_in, read_in / taken
