"""What the record of a firearm or a vessel needs before it may be entered, and what a question about one needs."""

from datetime import UTC, date, datetime

import pytest

from comity.domain.collection import COLLECTIONS
from comity.domain.errors import Invalid
from comity.domain.firearm import Firearm, FirearmStatus, FirearmType
from comity.domain.firearm import gaps as firearm_gaps
from comity.domain.lookup import FirearmQuery, VesselQuery
from comity.domain.record import Header, Record, check_entry
from comity.domain.vessel import Vessel, VesselStatus
from comity.domain.vessel import gaps as vessel_gaps

NOW = datetime(2031, 3, 7, tzinfo=UTC)


@pytest.mark.parametrize("told", [{"make": "Bergwerk"}, {"type": FirearmType.PISTOL}, {"calibre": "9x19"}])
def test_a_serial_number_and_one_more_particular_make_a_firearm(told):
    assert firearm_gaps(Firearm(serial="KL1", status=FirearmStatus.LOST, **told)) == ()


def test_what_a_firearm_lacks_is_named():
    assert firearm_gaps(Firearm()) == ("serial", "status", "make, type or calibre")
    assert firearm_gaps(Firearm(serial="KL1", status=FirearmStatus.LOST)) == ("make, type or calibre",)


@pytest.mark.parametrize(
    "told",
    [
        {"imo": "9074729"},
        {"hull_number": "ZZA00017D424"},
        {"eni": "99900001"},
        {"mmsi": "299000001"},
        {"call_sign": "XBZA2"},
        {"engine_numbers": ("B7X",)},
        {"registration": "B1", "flag": "XB"},
    ],
)
def test_any_number_makes_a_vessel(told):
    assert vessel_gaps(Vessel(status=VesselStatus.STOLEN, **told)) == ()


@pytest.mark.parametrize(
    "told", [{}, {"registration": "B1"}, {"name": "Petrel", "flag": "XB"}, {"engine_numbers": ("",)}]
)
def test_a_name_or_a_number_without_its_register_makes_none(told):
    (lacking,) = vessel_gaps(Vessel(status=VesselStatus.STOLEN, **told))
    assert lacking.startswith("imo, hull_number")
    assert "status" in vessel_gaps(Vessel(imo="9074729"))


@pytest.mark.parametrize("wrong", [{"made_in": "nowhere"}, {"missing_in": "QQ"}, {"missing_since": "2031-02-30"}])
def test_a_firearm_with_a_wrong_country_or_day_is_none(wrong):
    with pytest.raises(Invalid):
        Firearm(serial="KL1", **wrong)


@pytest.mark.parametrize("wrong", [{"flag": "nowhere"}, {"stolen_in": "QQ"}, {"stolen_on": "yesterday"}])
def test_a_vessel_with_a_wrong_country_or_day_is_none(wrong):
    with pytest.raises(Invalid):
        Vessel(imo="9074729", **wrong)


@pytest.mark.parametrize("wrong", [{}, {"flag": "XB"}, {"registration": "B1"}, {"make": "Corvo"}])
def test_a_question_needs_a_number_or_a_name_and_a_registration_its_flag(wrong):
    with pytest.raises(ValueError, match=r"Give a number|needs its flag"):
        VesselQuery(**wrong)


def test_a_question_about_a_firearm_needs_its_number():
    with pytest.raises(ValueError, match="serial number"):
        FirearmQuery(serial=" ", make="Bergwerk")


def header(collection):
    return Header(
        id="1",
        collection=collection,
        source="bergenia",
        country="XB",
        reference="B-1",
        version=1,
        entered_at=NOW,
        amended_at=NOW,
        retain_until=date(2040, 1, 1),
        review_at=date(2039, 1, 1),
        contact="duty desk",
    )


def test_each_kind_lies_in_its_own_collection_and_any_member_may_enter():
    gun = Firearm(serial="KL1", make="Bergwerk", status=FirearmStatus.STOLEN)
    check_entry(Record(header=header("firearms"), subject=gun), "XB", source_is_member=True)
    with pytest.raises(Invalid, match="holds records of kind"):
        check_entry(Record(header=header("vessels"), subject=gun), "XB", source_is_member=True)
    with pytest.raises(Invalid, match="Only members"):
        check_entry(Record(header=header("firearms"), subject=gun), "XB", source_is_member=False)
    assert all(COLLECTIONS[code].shared for code in ("firearms", "vessels"))
