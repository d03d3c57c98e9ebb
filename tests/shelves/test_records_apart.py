"""Records apart: under a precautionary block no read finds them, nothing takes their place, and their time goes on."""

from datetime import date, timedelta

from msgspec.structs import replace

from comity.desks.shelves.records import Stored
from comity.domain.record import Record, WithdrawalReason
from comity.storage.database import Database
from tests.shelves.samples import TODAY, document, document_key, record, references, with_version, withdrawal

B1 = record(document())
COPY = record(document("C 777"), "A-1", version=3, source="aldova")
LATER = TODAY + timedelta(days=400)


def apart(store: Database, *these: Record) -> None:
    with store.transaction() as tx:
        tx.records.put(these)
        for one in these:
            assert tx.records.set_apart(one.header.id, TODAY) is not None
        tx.commit()


def found(store: Database, of: Record, number: str, today: date = TODAY) -> list[str]:
    with store.reading() as tx:
        every = [*tx.records.every("sltd", today), *tx.records.numbered(document_key(number), False, today)]
        one = tx.records.get(of.header.id, today)
        owned = tx.records.owned(of.header.id)
    return [*references(every), *references([one] if one else []), *([owned.header.reference] if owned else [])]


def test_no_read_finds_it_and_nothing_handed_in_takes_its_place(store: Database):
    apart(store, B1, COPY)
    amended = replace(with_version(COPY, 4), subject=document("C 777", note="newer"))
    with store.transaction() as tx:
        outcomes = tx.records.put([B1, COPY, amended])
        assert tx.records.count() == {}
        tx.commit()
    assert outcomes == [Stored.WITHDRAWN, Stored.UNCHANGED, Stored.UNCHANGED]
    assert (found(store, B1, "B123456"), found(store, COPY, "C777")) == ([], [])
    with store.transaction() as tx:
        assert tx.records.bring_back(COPY.header.id, TODAY)
        assert tx.records.bring_back(B1.header.id, TODAY)
        assert not tx.records.bring_back(B1.header.id, TODAY)
        [newest] = tx.records.own("bergenia", "sltd", TODAY)
        tx.commit()
    assert newest.header.version == 2  # so that holders take it again
    assert found(store, B1, "B123456").count("B-1") == 4


def test_withdrawn_or_past_its_time_it_is_gone_for_good(store: Database):
    apart(store, B1, COPY)
    decided = replace(withdrawal(B1, 1), reason=WithdrawalReason.COURT_OR_COMMISSION)
    with store.transaction() as tx:
        assert tx.records.withdraw(decided)
        assert tx.records.apart(B1.header.id) is None
        same_elsewhere = tx.records.put([record(document(), "B-2")])
        assert not tx.records.bring_back(COPY.header.id, LATER)
        assert tx.records.expire(LATER) == 1
        assert tx.records.apart(COPY.header.id) is None
        tx.commit()
    assert same_elsewhere == [Stored.WITHDRAWN]


def test_a_copy_that_may_not_lie_here_any_more_goes_though_it_is_apart(store: Database):
    apart(store, B1, COPY)
    with store.transaction() as tx:
        tx.records.let_go([B1.header.id, COPY.header.id])
        assert tx.records.apart(B1.header.id) is not None
        assert tx.records.apart(COPY.header.id) is None
