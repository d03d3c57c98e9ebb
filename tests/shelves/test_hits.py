"""The shelf of hits: whose clock runs, whose has run out."""

from datetime import timedelta

from msgspec.structs import replace

from comity.domain.hit import Hit, HitState, Priority, Side
from comity.domain.purpose import Purpose
from comity.storage.database import Database
from tests.shelves.samples import NOW

MINUTE = timedelta(minutes=1)


def hit(number: int, state: HitState = HitState.OPEN, due_after: int | None = None, record: str = "record-1") -> Hit:
    return Hit(
        id=f"hit-{number}",
        question="question-1",
        side=Side.OWNER,
        asker="aldova",
        asker_unit="Border",
        owner="bergenia",
        answered_by="hub",
        collection="sltd",
        record=record,
        reference="B-1",
        purpose=Purpose.BORDER_CONTROL,
        case="case-1",
        found_at=NOW + number * MINUTE,
        state=state,
        priority=Priority.URGENT,
        due_at=None if due_after is None else NOW + due_after * MINUTE,
    )


def ids(hits: list[Hit]) -> list[str]:
    return [one.id for one in hits]


def test_a_hit_is_kept_as_it_stands(store: Database):
    with store.transaction() as tx:
        assert tx.hits.get("hit-1") is None
        for one in (hit(1), hit(1, HitState.REQUESTED, 10)):
            tx.hits.put(one)
            assert tx.hits.get("hit-1") == one


def test_those_whose_clock_runs_come_before_all_others_then_the_newest(store: Database):
    with store.transaction() as tx:
        for one in (hit(1, HitState.REQUESTED, 9), hit(2), hit(3, HitState.CONFIRMED), hit(4, HitState.PROMISED, 9)):
            tx.hits.put(one)
        assert ids(tx.hits.every(10)) == ["hit-4", "hit-1", "hit-3", "hit-2"]
        assert ids(tx.hits.every(2)) == ["hit-4", "hit-1"]


def test_overdue_is_what_the_domain_calls_overdue(store: Database):
    every = [
        hit(number, state, due)
        for number, (state, due) in enumerate((state, due) for state in HitState for due in (None, 4, 5, 6))
    ]
    every += [replace(one, id=f"told-{one.id}", escalated_at=NOW) for one in every]
    now = NOW + 5 * MINUTE
    with store.transaction() as tx:
        for one in every:
            tx.hits.put(one)
        assert sorted(ids(tx.hits.overdue(now))) == sorted(one.id for one in every if one.overdue(now))
        assert tx.hits.overdue(now), "some of them are"


def test_hits_of_a_record_are_found(store: Database):
    with store.transaction() as tx:
        for one in (hit(2), hit(1), hit(3, record="record-2")):
            tx.hits.put(one)
        assert ids(tx.hits.of_record("record-1")) == ["hit-1", "hit-2"]
