"""The shelf of batches: how far each came, what waits in its queue, and that all of it goes together."""

from datetime import timedelta

from msgspec.structs import replace
from sqlalchemy import text

from comity.domain.batch import Batch, Queued, QueueState, Silence, Tally
from comity.domain.hit import Hit, Side
from comity.domain.importing import RefusedRow
from comity.domain.lookup import DocumentQuery, Finding
from comity.domain.purpose import Purpose
from comity.domain.reply import ReplyLevel
from comity.storage.database import Database
from tests.shelves.samples import NOW, TODAY

BEGUN = Batch(
    id="batch-1",
    file_digest="ab",
    file_name="flight.csv",
    purpose=Purpose.BORDER_CONTROL,
    case="XA-101",
    account="ada",
    unit="north",
    on_behalf_of="",
    started_at=NOW,
    keep_until=TODAY + timedelta(days=1),
)
FOUND = Finding(hit="hit-1", owner="bergenia", contact="duty desk", category="travel-documents", level=ReplyLevel.HIT)


def queued(hit: str, probability: float | None, batch: str = "batch-1", record: str = "", line: int = 2) -> Queued:
    return Queued(
        id=hit,
        batch=batch,
        line=line,
        label="14C",
        query=DocumentQuery(country="XBE", number="B1"),
        category="travel-documents",
        probability=probability,
        told_by=("hub",),
        hit=Hit(
            id=hit,
            question="question-1",
            side=Side.ASKER,
            asker="aldova",
            asker_unit="north",
            owner="bergenia",
            answered_by="hub",
            collection="sltd",
            record=record,
            reference="",
            purpose=Purpose.BORDER_CONTROL,
            case="XA-101",
            found_at=NOW,
        ),
    )


def test_a_batch_stands_where_its_last_lines_left_it(store: Database):
    with store.transaction() as tx:
        assert tx.batches.get("batch-1") is None
        for batch in (BEGUN, replace(BEGUN, next_line=101, sources={"hub": Tally(no_record=99, silent=1, why="late")})):
            tx.batches.put(batch)
            assert tx.batches.get("batch-1") == batch


def test_a_unit_sees_its_own_batches_newest_first_until_their_day(store: Database):
    with store.transaction() as tx:
        for number, unit in enumerate(("north", "north", "south")):
            tx.batches.put(replace(BEGUN, id=f"batch-{number}", unit=unit, started_at=NOW + timedelta(hours=number)))
        assert [one.id for one in tx.batches.of_unit("north", TODAY, 9)] == ["batch-1", "batch-0"]
        assert [one.id for one in tx.batches.of_unit("north", TODAY, 1)] == ["batch-1"]
        assert tx.batches.of_unit("north", TODAY + timedelta(days=2), 9) == []


def test_the_queue_is_in_order_of_probability_and_what_was_not_told_stands_first(store: Database):
    with store.transaction() as tx:
        tx.batches.put(BEGUN)
        for line, (hit, probability) in enumerate((("d", 0.6), ("b", None), ("c", 0.99), ("a", 0.6))):
            tx.batches.queue(queued(hit, probability, line=line), FOUND)
        assert [one.id for one, _ in tx.batches.queued("batch-1", None, 0, 9)] == ["b", "c", "d", "a"]
        assert [one.id for one, _ in tx.batches.queued("batch-1", None, 1, 2)] == ["c", "d"]
        tx.batches.decide(replace(queued("c", 0.99, line=2), state=QueueState.DISMISSED))
        assert [one.id for one, _ in tx.batches.queued("batch-1", QueueState.OPEN, 0, 9)] == ["b", "d", "a"]
        assert tx.batches.count("batch-1") == {QueueState.OPEN: 3, QueueState.DISMISSED: 1}


def test_an_entry_holds_its_content_in_a_box_until_the_record_is_gone(store: Database):
    with store.transaction() as tx:
        tx.batches.put(BEGUN)
        tx.batches.queue(queued("a", 0.6, record="record-1"), FOUND)
        entry, held = tx.batches.entry("a")
        assert repr(held) == "Held(shut)"
        assert [one.id for one in tx.batches.of_record("record-1")] == ["a"]
        tx.batches.empty(replace(entry, state=QueueState.GONE))
        assert tx.batches.entry("a") == (replace(entry, state=QueueState.GONE), None)
        assert tx.batches.of_record("record-1") == []
        assert tx.batches.entry("b") is None


def test_silences_are_told_by_line_and_struck_out_one_by_one(store: Database):
    all_ = [Silence(3, "person", "hub"), Silence(2, "person", "hub"), Silence(2, "document", "hub")]
    with store.transaction() as tx:
        tx.batches.put(BEGUN)
        tx.batches.silent("batch-1", [*all_, all_[0]])
        assert tx.batches.silences("batch-1") == [all_[2], all_[1], all_[0]]
        tx.batches.heard("batch-1", [all_[1]])
        assert tx.batches.silences("batch-1") == [all_[2], all_[0]]


def test_refused_lines_are_told_in_order(store: Database):
    rows = [RefusedRow(line=3, reason="There is no date '2031-02-30'."), RefusedRow(line=5, reason="No issuer.")]
    with store.transaction() as tx:
        tx.batches.put(BEGUN)
        for row in rows:
            tx.batches.refuse("batch-1", [row])
        tx.batches.refuse("batch-1", [])
        assert tx.batches.refused("batch-1") == rows


def test_a_batch_goes_with_all_that_belongs_to_it(store: Database):
    with store.transaction() as tx:
        for batch in ("batch-1", "batch-2"):
            tx.batches.put(replace(BEGUN, id=batch))
            tx.batches.queue(queued(f"hit of {batch}", 0.5, batch), FOUND)
            tx.batches.silent(batch, [Silence(2, "person", "hub")])
            tx.batches.refuse(batch, [RefusedRow(line=2, reason="No.")])
        assert tx.batches.past(TODAY + timedelta(days=1)) == []
        assert [one.id for one in tx.batches.past(TODAY + timedelta(days=2))] == ["batch-1", "batch-2"]
        tx.batches.erase("batch-1")
        for table in ("batches", "queued_findings", "batch_silences", "batch_refusals"):
            assert tx.batches._connection.execute(text(f"SELECT count(*) FROM {table}")).scalar() == 1, table
