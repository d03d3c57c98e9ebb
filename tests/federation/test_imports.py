"""Files are read in once, whatever interrupts; what is refused is named by its line."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from comity.domain import limits
from comity.domain.errors import Conflict, NotPermitted
from comity.domain.journal import Act
from comity.formats import jsonlines
from comity.formats.row import Row
from comity.law.release import header_of
from comity.testing.federation import ALDOVA, BERGENIA, HUB, Federation
from tests.federation.conftest import row, stolen_passport, wanted_person


def passports(first: int, last: int) -> Iterator[Row]:
    for number in range(first, last + 1):
        yield row(f"R-{number}", stolen_passport(f"BX{number:06}"), line=number)


def documents(federation: Federation, node: str) -> int:
    with federation[node].store.reading() as tx:
        return tx.records.count().get("sltd", 0)


def test_an_import_that_was_cut_goes_on_where_it_was(federation: Federation, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(limits, "IMPORT_ROWS_PER_TRANSACTION", 10)
    node = federation[BERGENIA]
    operator = node.operator("test")

    def cut() -> Iterator[Row]:
        yield from passports(1, 35)
        raise KeyboardInterrupt

    begun = node.records.begin("a.jsonl", "digest", "sltd", "", operator)
    with pytest.raises(KeyboardInterrupt):
        node.records.enter(begun, cut(), operator)
    reached = node.records.begin("a.jsonl", "digest", "sltd", "", operator)
    assert reached.next_line == 31
    done = node.records.enter(reached, passports(reached.next_line, 50), operator)
    assert (done.stored, done.refused) == (50, 0)
    federation.post()
    assert documents(federation, HUB) == documents(federation, BERGENIA) == 51


def test_the_same_file_again_changes_nothing(federation: Federation):
    node = federation[BERGENIA]
    operator = node.operator("test")
    for digest in ("one", "two"):
        begun = node.records.begin("a.jsonl", digest, "sltd", "", operator)
        done = node.records.enter(begun, passports(1, 20), operator)
    assert (done.stored, done.unchanged) == (0, 20)
    assert node.records.begin("a.jsonl", "two", "sltd", "", operator).finished_at is not None


def test_a_refused_row_is_named_by_its_line_and_the_rest_goes_on(federation: Federation):
    node = federation[BERGENIA]
    operator = node.operator("test")
    foreign = stolen_passport().__class__(number="A1", country="XAL", fraud=stolen_passport().fraud)
    rows = [
        row("good", stolen_passport("BG000001"), line=1),
        row("foreign", foreign, line=2),
        row("a person", wanted_person(), line=3),
        Row(line=4, reference="bad", refused="There is no date '2026-02-30'."),
        row("good too", stolen_passport("BG000002"), line=5),
    ]
    done = node.records.enter(node.records.begin("a", "d", "sltd", "", operator), rows, operator)
    refused = node.records.refused_rows(done)
    assert (done.stored, done.refused) == (2, 3)
    assert [one.line for one in refused] == [2, 3, 4]
    assert "issuing country" in refused[0].reason


def test_an_amended_record_gets_the_next_version_here_and_at_the_hub(federation: Federation):
    changed = stolen_passport().__class__(
        number="B1234567", country="XBE", fraud=stolen_passport().fraud, note="found in a fictitious lake"
    )
    federation.enter(BERGENIA, "sltd", [row("D-1", changed)])
    federation.post()
    header = federation.record(BERGENIA, "sltd", "D-1").header
    assert header.version == 2
    with federation[HUB].store.reading() as tx:
        copy = tx.records.get(header.id, federation.time().date())
    assert header_of(copy).version == 2


def test_to_hand_a_record_in_again_is_no_reason_to_keep_it_longer(federation: Federation):
    before = federation.record(BERGENIA, "sltd", "D-1").header
    federation.time.pass_by(days=30)
    federation.enter(BERGENIA, "sltd", [row("D-1", stolen_passport())])
    again = federation.record(BERGENIA, "sltd", "D-1").header
    assert (again.version, again.retain_until, again.review_at) == (1, before.retain_until, before.review_at)


def test_only_the_hub_enters_lists_of_outside_bodies_and_only_those(federation: Federation):
    hub, aldova = federation[HUB], federation[ALDOVA]
    with pytest.raises(NotPermitted):
        hub.records.begin("a", "d", "sltd", BERGENIA, hub.operator("test"))
    with pytest.raises(NotPermitted):
        aldova.records.begin("a", "d", "sltd", BERGENIA, aldova.operator("test"))
    with pytest.raises(Conflict):
        aldova.records.begin("a", "d", "sanctions", "", aldova.operator("test"))
    federation.enter(HUB, "sanctions", [row("XXi.001", wanted_person())], source="un")
    assert [one.outcome for one in federation.journal(HUB) if one.act is Act.RECORDS_IMPORTED] == ["begun", "finished"]


def test_an_export_can_be_read_in_again(federation: Federation, tmp_path: Path):
    node = federation[BERGENIA]
    lines = [jsonlines.write(one) for one in node.records.export("nominals", "", node.operator("test"))]
    file = tmp_path / "out.jsonl"
    file.write_bytes(b"".join(lines))
    (again,) = jsonlines.read(file)
    assert again.subject == wanted_person()
    assert [one.act for one in federation.journal(BERGENIA)].count(Act.RECORDS_EXPORTED) == 1
