"""How many lines a second `comity batch screen` looks up, against the same questions one by one.

A bureau and the hub as real processes, HTTPS, signatures, law and journal at both; the list is a CSV, and whoever is
asked for has records of the kind and none that answers.
"""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from benchmarks.figures import told
from comity.cli import batch
from comity.cli.stating import Said
from comity.client import Comity
from comity.domain.batch import Batch
from comity.domain.lookup import DocumentQuery, LookupRequest, PersonQuery, Query
from comity.domain.purpose import Purpose
from comity.formats import jsonlines
from comity.formats.list_queries import Reading
from comity.formats.table import TableForm
from comity.law.shipped import model_agreements
from comity.testing import fictitious
from comity.testing.processes import CAST, RunningFederation, found, opened, sign_in

HELD = {"sltd": 20_000, "nominals": 5_000}  # at the bureau that asks
DOCUMENTS, PERSONS = 3_000, 60  # lines of a list
ALONE = 30  # of the same questions
WHY = Purpose.BORDER_CONTROL


def main() -> None:
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        federation = found(Path(folder), model_agreements(), CAST[:3], first_port=22_000)
        _fill(federation)
        for name, running in (("with the hub", ("hub", "aldova")), ("own node, the hub silent", ("aldova",))):
            nodes = [federation[one] for one in running]
            for node in nodes:
                node.start()
                node.wait_until_ready()
            ada = sign_in(federation["aldova"].folder, "ada")
            for kind, write, count in (("documents", _documents, DOCUMENTS), ("persons", _persons, PERSONS)):
                file = federation.folder / f"{name} {kind}.csv"
                queries = write(file, count)
                rows.append((f"{kind}, {name}", *_row(ada, file, queries)))
            for node in nodes:
                node.stop()
    told("a list looked up", ("", "lines/s", "one by one/s", "ratio"), rows)


def _fill(federation: RunningFederation) -> None:
    with opened(federation["aldova"].folder) as (node, operator):
        for collection, count in HELD.items():
            file = federation.folder / f"{collection}.jsonl"
            file.write_bytes(b"".join(fictitious.make(collection, count, 1, "XA")))
            begun = node.records.begin(file.name, "0" * 64, collection, "", operator)
            node.records.enter(begun, jsonlines.read(file), operator)


def _documents(file: Path, count: int) -> list[Query]:
    numbers = [f"Q{number:07d}" for number in range(count)]
    file.write_text("number,country\n" + "".join(f"{number},XAL\n" for number in numbers))
    return [DocumentQuery(country="XAL", number=number) for number in numbers]


def _persons(file: Path, count: int) -> list[Query]:
    people = [msgspec.json.decode(line)["subject"] for line in fictitious.make("nominals", count, 7, "XB")]
    names = [one["names"][0]["full"] for one in people]
    file.write_text("name,birth\n" + "".join(f"{name},1950-01-31\n" for name in names))
    return [PersonQuery(name=name, birth="1950-01-31") for name in names]


def _row(ada: Comity, file: Path, queries: list[Query]) -> tuple[float, float, float]:
    source = batch._List(file, TableForm.CSV, "", Reading())
    begun = ada.begin_batch(source.request(WHY, "B-1", "", True, Said()))
    looked_up: list[Batch] = []
    listed = _a_second(lambda: looked_up.append(batch._screen(ada, begun, source)), len(queries))
    assert looked_up[0].lines == len(queries), looked_up
    some = [LookupRequest(query=query, purpose=WHY, case="B-1") for query in queries[:ALONE]]
    alone = _a_second(lambda: [ada.lookup(request) for request in some], len(some))
    return listed, alone, listed / alone


def _a_second(act: Callable[[], object], count: int) -> float:
    began = time.perf_counter()
    act()
    return count / (time.perf_counter() - began)
