"""By which numbers a record is found, and how near two numbers are: nothing is ever repaired."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.domain.document import TravelDocument
from comity.domain.lookup import DocumentQuery, PersonQuery, VehicleQuery
from comity.domain.match import Difference
from comity.domain.person import IdentityDocument, Name, Person
from comity.domain.vehicle import Vehicle
from comity.matching.numbered import (
    FOLDED_ALPHABET,
    LOOK_ALIKE_CLASSES,
    Nearness,
    NumberKey,
    folded,
    grade,
    number_keys,
    number_keys_asked,
    one_edits,
)

SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
numbers = st.text(SIGNS, min_size=1, max_size=17)


def nearness(asked, found):
    graded = grade(asked, found)
    return graded and graded.nearness


def test_a_document_is_stored_under_what_it_is_asked_by():
    stolen = TravelDocument(number="BE 1234567", country="XBE")
    assert number_keys(stolen) == number_keys_asked(DocumentQuery(country="XB", number="be-1234567"))
    assert number_keys(stolen) == (NumberKey("document", "XBE", "BE1234567"),)


def test_a_vehicle_is_stored_under_each_of_its_numbers():
    car = Vehicle(vin="ZZ9A019X4M0000001", plate="А 123 ВС", plate_country="XBE", engine_number="M-271 860")
    assert number_keys(car) == (
        NumberKey("vin", "", "ZZ9A019X4M0000001"),
        NumberKey("plate", "XB", "A123BC"),
        NumberKey("engine", "", "M271860"),
    )
    assert number_keys_asked(VehicleQuery(plate="A123BC", plate_country="XB")) == number_keys(car)[1:2]


def test_a_person_is_stored_under_the_numbers_of_their_documents_whoever_issued_them():
    ben = Person(names=(Name(full="Ben"),), documents=(IdentityDocument(number="BE 1"), IdentityDocument(number="be1")))
    assert number_keys(ben) == number_keys_asked(PersonQuery(document_number="BE-1", document_country="XB"))
    assert number_keys_asked(PersonQuery(name="Ben")) == ()


def test_what_has_no_number_or_no_country_has_no_key():
    assert number_keys(TravelDocument(number="BE1")) == ()
    assert number_keys(TravelDocument(number="--", country="XBE")) == ()
    assert number_keys(Vehicle(plate="A1")) == ()


@given(number=numbers)
def test_folding_keeps_each_sign_in_its_place_and_is_done_once(number):
    assert len(folded(number)) == len(number)
    assert folded(folded(number)) == folded(number)
    assert set(folded(number)) <= set(FOLDED_ALPHABET)


@pytest.mark.parametrize("alike", LOOK_ALIKE_CLASSES)
def test_each_class_folds_to_one_sign(alike):
    assert len(set(folded(alike))) == 1


def test_letters_of_other_scripts_that_are_drawn_alike_fold_with_their_twins():
    assert folded("ВО12Ξ") == folded("BO12Ξ")
    assert grade("АВ1234", "AB1234").nearness is Nearness.LOOK_ALIKE


@given(number=st.text(SIGNS, min_size=4, max_size=17), choices=st.data())
def test_look_alikes_are_graded_as_such_with_the_signs_that_differ(number, choices):
    classes = {sign: one for one in LOOK_ALIKE_CLASSES for sign in one}
    other = "".join(choices.draw(st.sampled_from(classes.get(sign, sign))) for sign in number)
    graded = grade(number, other)
    assert graded.nearness is (Nearness.EXACT if number == other else Nearness.LOOK_ALIKE)
    assert {one.at for one in graded.differences} == {at for at in range(len(number)) if number[at] != other[at]}
    assert all((number[one.at], other[one.at]) == (one.asked, one.found) for one in graded.differences)


@given(one=st.text("AB01O", min_size=1, max_size=9), other=st.text("AB01O", min_size=1, max_size=9))
def test_a_grade_is_what_the_index_can_reach(one, other):
    long_enough = min(len(one), len(other)) >= 6
    reached = (folded(one) == folded(other) and min(len(one), len(other)) >= 4) or (
        long_enough and folded(other) in one_edits(folded(one))
    )
    assert (grade(one, other) is not None) == (reached or one == other)


@given(one=st.text("A01", min_size=6, max_size=8), other=st.text("A01", min_size=6, max_size=8))
def test_a_grade_is_the_same_from_both_sides(one, other):
    assert nearness(one, other) == nearness(other, one)


@given(number=st.text(SIGNS, min_size=6, max_size=17))
def test_neighbours_are_neighbours_of_each_other(number):
    here = folded(number)
    assert all(here in one_edits(near) for near in one_edits(here)[::97])
    assert here not in one_edits(here)


@pytest.mark.parametrize(
    ("found", "difference"),
    [
        ("AB1234", Difference(2, "7", "1")),
        ("AB7334", Difference(3, "2", "3")),
        ("AB72345", Difference(6, "", "5")),
        ("XAB7234", Difference(0, "", "X")),
        ("A7B234", Difference(1, "B7", "7B")),
    ],
)
def test_one_edit_says_what_differs(found, difference):
    graded = grade("AB7234", found)
    assert graded.nearness is Nearness.ONE_EDIT
    assert graded.differences == (difference,)


def test_an_edit_and_a_look_alike_are_both_told():
    assert grade("AB7230", "AB723OX").differences == (Difference(5, "0", "O"), Difference(6, "", "X"))


def test_short_numbers_have_no_neighbours():
    assert grade("A1O", "A10") is None
    assert one_edits("AB123") == ()
    assert grade("AB123", "AB124") is None


def test_two_edits_are_another_number():
    assert grade("AB7234", "AB1235") is None
