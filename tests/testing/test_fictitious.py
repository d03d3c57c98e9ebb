"""Records of nobody: the same for the same seed, valid for entry, and unique."""

import io

import pytest

from comity.domain.collection import COLLECTIONS
from comity.domain.document import gaps as document_gaps
from comity.domain.errors import Invalid
from comity.domain.firearm import gaps as firearm_gaps
from comity.domain.person import NameKind
from comity.domain.person import gaps as person_gaps
from comity.domain.vehicle import gaps as vehicle_gaps
from comity.domain.vessel import gaps as vessel_gaps
from comity.formats import jsonlines
from comity.matching.checks import Verdict
from comity.matching.numbers import document_number, hull, vin, vin_check_digit
from comity.matching.vessels import check_hull
from comity.testing.fictitious import make

GAPS = {
    "person": person_gaps,
    "document": document_gaps,
    "vehicle": vehicle_gaps,
    "firearm": firearm_gaps,
    "vessel": vessel_gaps,
}
MADE = ["nominals", "sltd", "smv", "firearms", "vessels"]


def rows(collection, count=500, seed=1, country="XB"):
    return list(jsonlines.read(io.BytesIO(b"".join(make(collection, count, seed, country)))))


@pytest.mark.parametrize("collection", MADE)
@pytest.mark.parametrize("country", ["XA", "XBE", "XC", "FR"])
def test_every_record_may_be_entered(collection, country):
    for row in rows(collection, 50, 1, country):
        assert row.refused == ""
        assert GAPS[COLLECTIONS[collection].kind](row.subject) == ()


@pytest.mark.parametrize("collection", MADE)
def test_the_same_seed_makes_the_same_and_another_seed_other_records(collection):
    assert list(make(collection, 20, 1, "XB")) == list(make(collection, 20, 1, "XB"))
    assert list(make(collection, 20, 1, "XB")) != list(make(collection, 20, 2, "XB"))


def test_numbers_are_unique_and_canonical():
    numbers = [row.subject.number for row in rows("sltd", 20_000)]
    assert len(set(numbers)) == len(numbers)
    assert all(number == document_number(number) for number in numbers[:50])
    assert len({row.reference for row in rows("smv")}) == 500


def test_every_vin_has_its_check_digit():
    for row in rows("smv"):
        assert row.subject.vin == vin(row.subject.vin)
        assert row.subject.vin[8] == vin_check_digit(row.subject.vin)


def test_every_hull_and_every_firearm_has_a_number_of_its_own():
    vessels, firearms = rows("vessels"), rows("firearms")
    assert all(check_hull(row.subject.hull_number).verdict is Verdict.WELL_FORMED for row in vessels)
    assert len({hull(row.subject.hull_number) for row in vessels}) == 500
    assert len({(row.subject.make, row.subject.serial) for row in firearms}) == 500


def test_persons_come_in_several_scripts():
    names = [name for row in rows("nominals") for name in row.subject.names if name.kind is NameKind.ORIGINAL_SCRIPT]
    assert {name.full[0] > "\u0600" for name in names} == {True, False}


@pytest.mark.parametrize(
    ("collection", "count", "country"),
    [("sltd", -1, "XB"), ("sltd", 10**9, "XB"), ("sltd", 1, "QQ"), ("cats", 1, "XB")],
)
def test_what_cannot_be_made_is_refused(collection, count, country):
    with pytest.raises(Invalid):
        next(make(collection, count, 1, country))
