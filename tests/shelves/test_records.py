"""The shelf of records: versions, tombstones, retention, keys, and who may see a record open."""

from datetime import timedelta

import pytest
from msgspec.structs import replace
from sqlalchemy import Table, func, select

from comity.desks.shelves.records import Stored
from comity.domain.document import DocumentType
from comity.domain.held import Held
from comity.domain.lookup import PersonQuery
from comity.domain.record import Record
from comity.law.release import header_of
from comity.storage.database import Database
from comity.storage.index.check import Checked
from comity.storage.record_rows import records
from tests.shelves.samples import (
    NOW,
    TODAY,
    document,
    document_key,
    person,
    record,
    references,
    vehicle,
    vehicle_keys,
    with_version,
    withdrawal,
)

B1 = record(document())


def put(store: Database, *these: Record) -> list[Stored]:
    with store.transaction() as tx:
        outcomes = tx.records.put(these)
        tx.commit()
    return outcomes


def found(store: Database, number: str = "B123456") -> list[str]:
    with store.reading() as tx:
        return references(tx.records.numbered(document_key(number), False, TODAY))


# -- versions ---------------------------------------------------------------------------------------------------------


def test_a_source_s_own_entries_are_numbered_as_their_content_changes(store: Database):
    changed = replace(B1, subject=document(note="with a torn page"))
    assert put(store, B1) == [Stored.NEW]
    assert put(store, B1) == [Stored.UNCHANGED]
    assert put(store, changed) == [Stored.AMENDED]
    assert put(store, changed) == [Stored.UNCHANGED]
    with store.reading() as tx:
        stands = tx.records.owned(B1.header.id)
    assert stands is not None
    assert (stands.header.version, stands.subject) == (2, changed.subject)


def test_an_entry_made_at_another_time_is_the_same_entry(store: Database):
    later = NOW + timedelta(days=3)
    put(store, B1)
    assert put(store, record(document(), at=later)) == [Stored.UNCHANGED]
    put(store, record(document(note="amended"), at=later))
    with store.reading() as tx:
        stands = tx.records.owned(B1.header.id)
    assert stands is not None
    assert (stands.header.entered_at, stands.header.amended_at) == (NOW, later)


def test_a_copy_has_the_version_of_its_source(hub: Database):
    third = with_version(B1, 3)
    assert put(hub, third) == [Stored.NEW]
    assert put(hub, third) == [Stored.UNCHANGED]
    assert put(hub, with_version(replace(B1, subject=document(note="old")), 2)) == [Stored.OLDER]
    assert put(hub, with_version(replace(B1, subject=document(note="other")), 3)) == [Stored.OLDER]
    assert put(hub, with_version(replace(B1, subject=document("C9")), 5)) == [Stored.AMENDED]
    assert found(hub) == []
    assert found(hub, "C9") == ["B-1"]


def test_one_batch_may_hold_a_record_twice(store: Database):
    amended = replace(B1, subject=document(note="amended"))
    assert put(store, B1, amended, amended) == [Stored.NEW, Stored.AMENDED, Stored.UNCHANGED]
    assert found(store) == ["B-1"]
    with store.reading() as tx:
        assert tx.records.count() == {"sltd": 1}


def test_a_copy_entered_anew_goes_on_counting_from_the_one_whose_retention_had_ended(hub: Database):
    put(hub, with_version(record(document(), retain_until=TODAY - timedelta(days=1)), 7))
    assert put(hub, with_version(B1, 1)) == [Stored.OLDER]
    assert put(hub, with_version(B1, 8)) == [Stored.AMENDED]
    assert found(hub) == ["B-1"]


@pytest.mark.parametrize("erased", [False, True])
def test_what_is_past_its_retention_is_entered_again_only_once_it_is_readmitted(store: Database, erased: bool):
    ended = record(document(), retain_until=TODAY - timedelta(days=1))
    put(store, ended)
    with store.transaction() as tx:
        assert tx.records.expire(TODAY) == 1
        if erased:
            tx.commit()
    assert put(store, B1) == [Stored.WITHDRAWN]
    with store.transaction() as tx:
        tx.reviews.readmit(B1.header.id, "sara")
        tx.commit()
    assert put(store, B1, replace(B1, subject=document(note="amended"))) == [Stored.READMITTED, Stored.AMENDED]
    with store.reading() as tx:
        assert tx.records.owned(B1.header.id).header.version == 3


def test_a_large_batch_is_answered_row_by_row(store: Database):
    batch = [record(document(f"N{number}"), f"B-{number}") for number in range(1_201)]
    assert put(store, *batch) == [Stored.NEW] * 1_201
    assert put(store, *batch) == [Stored.UNCHANGED] * 1_201
    with store.reading() as tx:
        assert [one.header.reference for one in tx.records.own("bergenia", "sltd", TODAY)] == sorted(
            one.header.reference for one in batch
        )


# -- withdrawal -------------------------------------------------------------------------------------------------------


def test_a_withdrawn_record_is_gone_and_does_not_come_back(store: Database):
    put(store, B1)
    with store.transaction() as tx:
        assert tx.records.withdraw(withdrawal(B1, 1))
        assert not tx.records.withdraw(withdrawal(B1, 1))
        tx.commit()
    assert found(store) == []
    assert put(store, B1) == [Stored.WITHDRAWN]
    assert put(store, with_version(B1, 1)) == [Stored.WITHDRAWN]
    with store.reading() as tx:
        assert tx.records.get(B1.header.id, TODAY) is None
        assert tx.records.owned(B1.header.id) is None
        assert tx.records.count() == {}


def test_a_record_that_arrives_after_its_withdrawal_is_not_stored(hub: Database):
    with hub.transaction() as tx:
        assert not tx.records.withdraw(withdrawal(B1, 2))
        tx.commit()
    assert put(hub, with_version(B1, 1), with_version(B1, 2)) == [Stored.WITHDRAWN] * 2
    assert put(hub, with_version(B1, 3)) == [Stored.NEW]


def test_a_withdrawal_that_arrives_late_does_not_erase_a_later_version(hub: Database):
    put(hub, with_version(B1, 3))
    with hub.transaction() as tx:
        assert not tx.records.withdraw(withdrawal(B1, 2))
        tx.commit()
    assert found(hub) == ["B-1"]


def test_a_tombstone_does_not_forget_a_later_version(hub: Database):
    with hub.transaction() as tx:
        tx.records.withdraw(withdrawal(B1, 5))
        tx.records.withdraw(withdrawal(B1, 2))
        assert tx.records.put([with_version(B1, 4)]) == [Stored.WITHDRAWN]


# -- retention --------------------------------------------------------------------------------------------------------


def test_a_record_is_found_on_its_last_day_and_not_after(store: Database):
    last_day = [
        record(subject, f"B-{number}", retain_until=TODAY)
        for number, subject in enumerate((document(), vehicle("VIN1", "AB 1", "XB"), person("Mira Oleander")))
    ]
    put(store, *last_day)
    mira = PersonQuery(name="Mira Oleander")
    for today, expected in ((TODAY, 1), (TODAY + timedelta(days=1), 0)):
        with store.reading() as tx:
            assert len(tx.records.numbered(document_key(), False, today)) == expected
            assert len(tx.records.numbered(vehicle_keys("VIN1"), False, today)) == expected
            assert len(tx.records.numbered(vehicle_keys("", "AB1", "XB"), False, today)) == expected
            assert len(tx.records.persons(mira, 10, today)) == expected
            assert len(list(tx.records.own("bergenia", "sltd", today))) == expected
            assert (tx.records.get(last_day[0].header.id, today) is not None) is bool(expected)


def test_what_is_past_its_retention_is_erased_with_its_keys(store: Database):
    past = [
        record(subject, f"B-{number}", retain_until=TODAY - timedelta(days=1))
        for number, subject in enumerate((document(), vehicle("VIN1", "AB 1", "XB"), person("Mira Oleander")))
    ]
    put(store, *past, record(document("STILL1"), "B-9"))
    with store.transaction() as tx:
        assert tx.records.expire(TODAY) == 3
        assert tx.records.expire(TODAY) == 0
        tx.commit()
    assert rows_of(store, records) == [1]
    assert store.index.check() == Checked(records=1, entries=1)
    assert found(store, "STILL1") == ["B-9"]


# -- finding ----------------------------------------------------------------------------------------------------------


def test_documents_are_found_by_any_spelling_and_of_every_type(store: Database):
    card = replace(document("b123456"), type=DocumentType.IDENTITY_CARD)
    put(store, B1, record(card, "B-2"), record(replace(document(), country="XAL"), "B-3"))
    assert found(store) == ["B-1", "B-2"]


def test_vehicles_are_found_by_vin_or_by_plate_with_its_country(store: Database):
    put(
        store,
        record(vehicle("WBX-000 1", "AB 12", "XB"), "B-1"),
        record(vehicle("", "AB-12", "XA"), "B-2"),
        record(vehicle("WBX0002"), "B-3"),
    )
    with store.reading() as tx:

        def vehicles(vin: str, plate: str, plate_country: str) -> list[str]:
            return references(tx.records.numbered(vehicle_keys(vin, plate, plate_country), False, TODAY))

        assert vehicles("WBX0001", "", "") == ["B-1"]
        assert vehicles("", "AB12", "XA") == ["B-2"]
        assert vehicles("WBX0002", "AB12", "XB") == ["B-1", "B-3"]
        assert vehicles("WBX0001", "AB12", "XB") == ["B-1"]
        assert vehicles("", "", "") == []
        assert vehicles("", "AB12", "") == []


def test_persons_with_most_in_common_come_first_and_no_more_than_asked_for(store: Database):
    put(
        store,
        record(person("Mira Brand"), "B-1"),
        record(person("Mira Oleander Brand"), "B-2"),
        record(person("Otto Quast"), "B-3"),
    )
    mira = PersonQuery(name="Mira Oleander Brand")
    with store.reading() as tx:
        assert references(tx.records.persons(mira, 10, TODAY)) == ["B-2", "B-1"]
        assert references(tx.records.persons(mira, 1, TODAY)) == ["B-2"]


def test_expired_persons_do_not_use_up_the_limit(store: Database):
    past = TODAY - timedelta(days=1)
    put(store, record(person("Mira Oleander"), "B-1", retain_until=past), record(person("Mira Brand"), "B-2"))
    mira = PersonQuery(name="Mira Oleander")
    with store.reading() as tx:
        assert references(tx.records.persons(mira, 1, TODAY)) == ["B-2"]


def test_keys_follow_an_amendment(store: Database):
    put(store, record(person("Mira Oleander")))
    put(store, record(person("Otto Quast")))
    with store.reading() as tx:
        for name, expected in (("Mira Oleander", []), ("Otto Quast", ["B-1"])):
            assert references(tx.records.persons(PersonQuery(name=name), 9, TODAY)) == expected


# -- whose ------------------------------------------------------------------------------------------------------------


def test_others_records_leave_only_in_a_box(hub: Database):
    put(hub, with_version(B1, 1))
    with hub.reading() as tx:
        box = tx.records.get(B1.header.id, TODAY)
        assert isinstance(box, Held)
        assert header_of(box).source == "bergenia"
        assert all(isinstance(one, Held) for one in tx.records.numbered(document_key(), False, TODAY))
        assert tx.records.owned(B1.header.id) is None
        assert list(tx.records.own("bergenia", "sltd", TODAY)) == []


def test_the_list_of_an_outside_body_is_open_to_its_host(hub: Database):
    listed = record(person("Mira Oleander"), "QD.1", source="un", collection="sanctions")
    put(hub, listed)
    with hub.reading() as tx:
        assert tx.records.owned(listed.header.id) == with_version(listed, 1)
        assert list(tx.records.own("un", "sanctions", TODAY)) == [with_version(listed, 1)]


def test_whose_records_are_held_is_known_at_any_moment(hub: Database):
    put(hub, with_version(B1, 1), record(document("B2"), "B-2", 1), record(person("A B"), "A-1", 1, source="aldova"))
    with hub.reading() as tx:
        assert tx.records.owners("document") == [("sltd", "bergenia", "XB")]
        assert tx.records.owners("person") == [("nominals", "aldova", "XA")]
        assert tx.records.owners("vehicle") == []
        assert tx.records.count() == {"nominals": 1, "sltd": 2}


def test_a_transaction_sees_the_owners_of_what_it_put_itself(store: Database):
    with store.transaction() as tx:
        assert (tx.records.owners("document"), tx.records.count()) == ([], {})
        tx.records.put([B1])
        assert tx.records.owners("document") != []
        assert tx.records.count() == {"sltd": 1}
        tx.records.withdraw(withdrawal(B1, 1))
        assert tx.records.owners("document") == []


def test_some_are_found_by_their_ids_while_they_stand(store: Database):
    put(store, B1)
    ids = [B1.header.id, "another"]
    with store.reading() as tx:
        assert list(tx.records.some(ids, TODAY)) == [B1.header.id]
        assert tx.records.some(ids, B1.header.retain_until + timedelta(days=1)) == {}


def test_a_record_is_shortened_and_never_made_to_last_longer(store: Database):
    put(store, B1)
    stands, sooner = B1.header.retain_until, TODAY + timedelta(days=9)
    with store.transaction() as tx:
        ends = {B1.header.id: (stands + timedelta(days=1), stands), "no-such": (sooner, sooner)}
        assert tx.records.shorten(ends) == 0
        assert tx.records.shorten({B1.header.id: (sooner, TODAY)}) == 1
        tx.commit()
    with store.transaction() as tx:
        header = tx.records.owned(B1.header.id).header
        assert (header.retain_until, header.review_at, header.version) == (sooner, TODAY, 1)
        assert references(tx.records.numbered(document_key("B123456"), False, sooner)) == ["B-1"]
        assert references(tx.records.numbered(document_key("B123456"), False, sooner + timedelta(days=1))) == []
        assert tx.records.expire(sooner + timedelta(days=1)) == 1


@pytest.mark.parametrize("seed", range(3))
def test_the_counts_are_those_of_the_records(hub: Database, seed: int):
    """After amendments, withdrawals and expiry, in one batch or many."""
    for turn in range(6):
        batch = [record(document(f"N{n}", str(turn * n)), f"B-{n}", turn + 1) for n in range(seed, 9, turn + 1)]
        with hub.transaction() as tx:
            tx.records.put(batch)
            tx.records.withdraw(withdrawal(record(document(), f"B-{turn + seed}"), turn + 1))
            tx.commit()
    with hub.reading() as tx:
        counted = tx.records.count()
    assert counted.get("sltd", 0) == rows_of(hub, records)[0] == hub.index.check().entries


def rows_of(store: Database, *tables: Table) -> list[int]:
    with store._engines.reader.begin() as connection:
        return [connection.execute(select(func.count()).select_from(one)).scalar_one() for one in tables]
