"""Firearms and vessels on the shelf: found by any of their numbers, near ones where asked, gone when withdrawn."""

import pytest

from comity.domain.firearm import Firearm, FirearmStatus
from comity.domain.lookup import FirearmQuery, VesselQuery
from comity.domain.record import Withdrawal, WithdrawalReason
from comity.domain.vessel import Vessel, VesselStatus
from comity.law.release import header_of
from comity.matching.numbered import number_keys_asked
from comity.storage.database import Database
from tests.shelves.samples import NOW, TODAY, record

PISTOL = Firearm(serial="KL 004711", make="Bergwerk", status=FirearmStatus.STOLEN)
YACHT = Vessel(
    imo="9074729",
    hull_number="XB-ZZA00017D424",
    registration="B 12345",
    flag="XB",
    name="M/Y Petrel",
    former_names=("Tern",),
    engine_numbers=("B7X-004711", "B7X-004712"),
    status=VesselStatus.STOLEN,
)


@pytest.fixture
def held(store: Database) -> Database:
    with store.transaction() as tx:
        tx.records.put([record(PISTOL, "F-1", collection="firearms"), record(YACHT, "W-1", collection="vessels")])
        tx.commit()
    return store


def found(held: Database, query: FirearmQuery | VesselQuery) -> list[str]:
    with held.reading() as tx:
        return [header_of(one).reference for one in tx.records.numbered(number_keys_asked(query), query.near, TODAY)]


@pytest.mark.parametrize(
    "query",
    [
        VesselQuery(imo="IMO 9074729"),
        VesselQuery(hull_number="zza-00017-d424"),
        VesselQuery(registration="b12345", flag="XBE"),
        VesselQuery(name="PETREL"),
        VesselQuery(name="Tern"),
        VesselQuery(engine_number="B7X004712"),
        VesselQuery(hull_number="ZZA0O017D424", near=True),
    ],
)
def test_a_vessel_is_found_by_each_of_its_numbers_and_names(held: Database, query: VesselQuery):
    assert found(held, query) == ["W-1"]


def test_a_firearm_is_found_by_its_serial_number_and_near_it_only_where_that_is_asked(held: Database):
    assert found(held, FirearmQuery(serial="kl-004711")) == ["F-1"]
    assert found(held, FirearmQuery(serial="KLO04711")) == []
    assert found(held, FirearmQuery(serial="KLO04711", near=True)) == ["F-1"]
    assert found(held, FirearmQuery(serial="KL004777", near=True)) == []


def test_a_number_of_one_kind_is_no_number_of_another(held: Database):
    assert found(held, FirearmQuery(serial="9074729")) == []
    assert found(held, VesselQuery(imo="KL004711")) == []
    assert found(held, VesselQuery(registration="B12345", flag="XA")) == []


def test_a_name_is_never_near_another(held: Database):
    assert found(held, VesselQuery(name="Petrol", near=True)) == []


def test_what_is_withdrawn_is_found_by_none_of_its_numbers(held: Database):
    with held.transaction() as tx:
        header = header_of(tx.records.numbered(number_keys_asked(VesselQuery(name="Tern")), False, TODAY)[0])
        assert tx.records.withdraw(
            Withdrawal(
                id=header.id,
                collection="vessels",
                source=header.source,
                reference=header.reference,
                version=header.version,
                reason=WithdrawalReason.RECOVERED,
                withdrawn_at=NOW,
            )
        )
        tx.commit()
    assert found(held, VesselQuery(imo="9074729", near=True)) == []
    assert found(held, VesselQuery(engine_number="B7X004711")) == []
