"""Two spellings of a number meet; two numbers never do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.matching.numbers import (
    call_sign,
    document_number,
    engine,
    eni,
    hull,
    imo,
    mmsi,
    plate,
    registration,
    serial,
    vessel_name,
    vin,
    vin_check_digit,
)

FORMS = [document_number, vin, plate, engine, serial, imo, hull, eni, mmsi, call_sign, registration, vessel_name]


@pytest.mark.parametrize("form", FORMS)
@given(text=st.text(max_size=30))
def test_the_canonical_form_of_a_canonical_form_is_itself(form, text):
    assert form(form(text)) == form(text)


@given(
    text=st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=1, max_size=20), places=st.sets(st.integers(0, 20))
)
def test_blanks_hyphens_and_fillers_do_not_count(text, places):
    spread = "".join(sign + ("- <"[place % 3] if place in places else "") for place, sign in enumerate(text))
    assert document_number(spread.lower()) == document_number(text) == text


def test_no_document_number_is_repaired():
    assert document_number("O0I1S5G6") == "O0I1S5G6"
    assert document_number("АВ12") != document_number("AB12")  # Cyrillic and Latin


@pytest.mark.parametrize("digits", ["１２３４", "١٢٣٤", "۱۲۳۴", "१२३४", "১২৩৪", "๑๒๓๔"])
def test_digits_of_every_script_are_digits(digits):
    assert document_number(f"BE {digits}") == "BE1234"
    assert plate(f"ＢＥ-{digits}") == "BE1234"


@pytest.mark.parametrize("written", ["а123вс 77", "A123BC77", "Α-123-ΒС·77"])
def test_a_plate_may_be_typed_on_any_keyboard(written):
    assert plate(written) == "A123BC77"


def test_letters_without_a_latin_twin_stay():
    assert plate("ж 123 дб") == "Ж123ДБ"


def test_the_check_digit_of_a_vin():
    assert vin_check_digit("1M8GDM9AXKP042788") == "X"
    assert vin_check_digit("1M8GDM9AXKP04278") == ""
    assert vin_check_digit("1M8GDM9AXKP04278O") == ""
