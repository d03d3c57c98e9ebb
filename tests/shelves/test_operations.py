"""The shelf of joint operations: logs by number, what waits for its place, the first word of a bureau on a place."""

from datetime import timedelta

from comity.domain.operation import Noted, OperationEntry, OperationHead, Ordered, Vouch
from comity.storage.database import Database
from tests.shelves.samples import NOW
from tests.shelves.test_cases import case

MINUTE = timedelta(minutes=1)


def head(number: int, lies_in: str = "") -> OperationHead:
    return OperationHead(id=f"op-{number}", lead="aldova", case=lies_in, known_at=NOW + number * MINUTE)


def entry(number: int) -> OperationEntry:
    return OperationEntry(
        id=f"e-{number}",
        operation="op-1",
        bureau="bergenia",
        nonce="n",
        deed=Noted(text="text"),
        written_at=NOW + number * MINUTE,
    )


def test_operations_are_seen_with_their_case_and_the_unfiled_where_asked(store: Database):
    with store.transaction() as tx:
        tx.cases.put(case(1, "ada"))
        for one in (head(1, "case-1"), head(2), head(3, "case-2"), head(1, "case-1")):
            tx.operations.put(one)
        assert [one.id for one in tx.operations.of("ada", False, 10)] == ["op-1"]
        assert [one.id for one in tx.operations.of("ada", True, 10)] == ["op-2", "op-1"]
        assert [one.id for one in tx.operations.of("ada", True, 1)] == ["op-2"]
        assert tx.operations.get("op-3") == head(3, "case-2")
        assert tx.operations.get("op-4") is None


def test_a_log_is_read_by_number_whatever_came_first(store: Database):
    third, first = Ordered(operation="op-1", number=3), Ordered(operation="op-1", number=1, entry=entry(1))
    with store.transaction() as tx:
        for one in (third, first, Ordered(operation="op-2", number=2)):
            tx.operations.log_entry(one)
        assert tx.operations.log("op-1") == [first, third]


def test_what_waits_is_known_until_it_has_its_place(store: Database):
    with store.transaction() as tx:
        for one in (entry(2), entry(1)):
            tx.operations.await_order(one)
        assert tx.operations.awaiting("op-1") == [entry(1), entry(2)]
        assert tx.operations.placed("e-1") == entry(1)
        assert tx.operations.placed("e-1") is None
        assert tx.operations.awaiting("op-1") == [entry(2)]


def test_the_first_word_of_a_bureau_on_a_place_counts(store: Database):
    with store.transaction() as tx:
        for bureau, number, digest in (("a", 1, "x"), ("a", 1, "y"), ("b", 1, "z"), ("a", 2, "w")):
            tx.operations.vouch(bureau, Vouch(operation="op-1", number=number, digest=digest))
        assert tx.operations.vouches("op-1") == {(1, "a"): "x", (1, "b"): "z", (2, "a"): "w"}
