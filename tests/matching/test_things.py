"""Documents, vehicles, firearms and vessels: exact, near only where asked, every reason told, nothing ever repaired."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from comity.domain.document import DocumentType, TravelDocument
from comity.domain.firearm import Firearm, FirearmType
from comity.domain.lookup import DocumentQuery, FirearmQuery, VehicleQuery, VesselQuery, exactly
from comity.domain.match import Difference
from comity.domain.vehicle import Vehicle
from comity.domain.vessel import Vessel
from comity.matching.checks import Verdict
from comity.matching.compare import compare
from comity.matching.documents import check_digit, check_number, zone_name_fits
from comity.matching.firearms import calibre, make
from comity.matching.number_bits import HOWS, information
from comity.matching.numbers import hull, imo, serial, vessel_name, vin
from comity.matching.vehicles import check_vin, colour
from comity.matching.vessels import check_call_sign, check_eni, check_hull, check_imo, check_mmsi

SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


def lines(match):
    return {line.field: line for line in match.fields}


def hows(match):
    return {line.field: line.how for line in match.fields}


# -- near only where it was asked for ---------------------------------------------------------------------------------

RECORDS = {
    "document": (TravelDocument(number="BE1234567", country="XBE"), DocumentQuery(country="XBE", number="BE12345G7")),
    "vin": (Vehicle(vin="1M8GDM9AXKP042788"), VehicleQuery(vin="1M8GDM9AXKP04Z788")),
    "plate": (Vehicle(plate="AB1234", plate_country="XB"), VehicleQuery(plate="A81234", plate_country="XB")),
    "engine_number": (Vehicle(engine_number="M271860X"), VehicleQuery(engine_number="M27I860X")),
    "serial": (Firearm(serial="KL004711"), FirearmQuery(serial="KLO04711")),
    "imo": (Vessel(imo="9074729"), VesselQuery(imo="9O74729")),
    "hull_number": (Vessel(hull_number="ZZA00017D424"), VesselQuery(hull_number="ZZAO0017D424")),
    "registration": (Vessel(registration="B12345", flag="XB"), VesselQuery(registration="812345", flag="XB")),
}


@pytest.mark.parametrize("field", RECORDS)
def test_a_near_number_is_told_only_to_who_asks_for_near_ones(field):
    record, query = RECORDS[field]
    assert compare(query, record) is None
    found = compare(replace(query, near=True), record)
    line = next(line for line in found.fields if line.differs)
    assert (line.how, len(line.differs)) == ("look-alike", 1)
    assert exactly(replace(query, near=True)) == query
    assert exactly(query) is None


def test_a_near_number_says_which_signs_differ_and_both_stay_as_written():
    found = compare(
        DocumentQuery(country="XBE", number="be 12-345-G7", near=True), TravelDocument(number="BE1234567", country="XB")
    )
    line = lines(found)["number"]
    assert line.differs == (Difference(7, "G", "6"),)
    assert (line.asked, line.found) == ("be 12-345-G7", "BE1234567")


@given(number=st.text(SIGNS, min_size=6, max_size=12), place=st.integers(0, 11), sign=st.sampled_from(SIGNS))
def test_exact_beats_look_alike_beats_one_edit(number, place, sign):
    """However a number was misread, and whatever its check digit says: what is written is compared as written."""
    record = TravelDocument(number=number, country="XBE")
    misread = number[: place % len(number)] + sign + number[place % len(number) + 1 :]
    exact = compare(DocumentQuery(country="XBE", number=number, near=True), record)
    near = compare(DocumentQuery(country="XBE", number=misread, near=True), record)
    assert exact.probability == 1.0
    if misread != number:
        assert near.bits < exact.bits
        assert near.probability < exact.probability
        assert compare(DocumentQuery(country="XBE", number=misread), record) is None


def test_another_issuer_is_another_document_however_near():
    near = DocumentQuery(country="XAL", number="BE1234567", near=True)
    assert compare(near, TravelDocument(number="BE1234567", country="XBE")) is None


# -- documents --------------------------------------------------------------------------------------------------------


def test_check_digits_of_the_specimens_of_doc_9303():
    assert check_digit("L898902C3") == "6"
    assert check_digit("740812") == "2"
    assert check_digit("ZE184226B<<<<<") == "1"
    assert check_digit("AB-") == ""
    assert check_number("l898902c3", "6").passed
    assert check_number("D23145890", "7").passed
    assert check_number("L898902C3", "5").verdict is Verdict.FAILED
    assert check_number("L898902C3", "").verdict is Verdict.MALFORMED


@given(number=st.text(SIGNS, min_size=9, max_size=9))
def test_g_and_6_are_one_to_the_check_digit_and_two_to_us(number):
    """The reason for never mending by it."""
    assert check_digit(number) == check_digit(number.replace("G", "6"))
    if "G" in number:
        record = TravelDocument(number=number.replace("G", "6"), country="XBE")
        assert compare(DocumentQuery(country="XBE", number=number), record) is None


def test_a_number_copied_with_its_check_digit_is_told_as_that():
    record = TravelDocument(number="L898902C3", country="XBE")
    found = compare(DocumentQuery(country="XBE", number="L898902C36", near=True), record)
    assert hows(found) == {"number": "one-edit", "check-digit": "appended"}
    other = compare(DocumentQuery(country="XBE", number="L898902C35", near=True), record)
    assert hows(other) == {"number": "one-edit"}
    assert found.bits > other.bits


@pytest.mark.parametrize(
    ("asked", "recorded", "how"),
    [
        (DocumentType.PASSPORT, DocumentType.PASSPORT, "exact"),
        (DocumentType.PASSPORT, DocumentType.DIPLOMATIC_PASSPORT, "related"),
        (DocumentType.DIPLOMATIC_PASSPORT, DocumentType.PASSPORT, "related"),
        (DocumentType.RESIDENCE_PERMIT, DocumentType.IDENTITY_CARD, "related"),
        (DocumentType.OTHER, DocumentType.VISA, "related"),
        (DocumentType.DIPLOMATIC_PASSPORT, DocumentType.OFFICIAL_PASSPORT, None),
        (DocumentType.VISA, DocumentType.PASSPORT, None),
    ],
)
def test_types_that_a_zone_cannot_tell_apart_are_related(asked, recorded, how):
    record = TravelDocument(number="BE1", country="XBE", type=recorded)
    found = compare(DocumentQuery(country="XBE", number="BE1", type=asked), record)
    assert (found and lines(found)["type"].how) == how


@pytest.mark.parametrize(
    ("zone", "names", "fits"),
    [
        (["ERIKSSON", "ANNA", "MARIA"], ["Eriksson", "Anna", "Maria"], True),
        # Specimens of Doc 9303-4: cut within a word, and words that found no room.
        (
            ["NILAVADHANANANDA", "CHAYAPA", "DEJTHAMRONG", "K"],
            ["Nilavadhanananda", "Chayapa", "Dejthamrong", "Krasuang"],
            True,
        ),
        (
            ["BENNELONG", "WOOLOOMOOLOO", "WARRANDYTE", "WAR"],
            ["Bennelong", "Wooloomooloo", "Warrandyte", "Warnambool", "Dingo"],
            True,
        ),
        (["ERIKSSON", "ANN"], ["Eriksson", "Anna"], False),  # room was left: Ann is Ann
        (
            ["NILAVADHANANANDA", "CHAYAPA", "DEJTHAMRONG", "S"],
            ["Nilavadhanananda", "Chayapa", "Dejthamrong", "Krasuang"],
            False,
        ),
        (["MULLER"], ["Müller"], True),
        ([], ["Anna"], False),
    ],
)
def test_a_name_that_a_zone_cut_is_no_mismatch(zone, names, fits):
    assert zone_name_fits(zone, names, room=39) is fits


# -- vehicles ---------------------------------------------------------------------------------------------------------


def test_check_digits_of_vins_count_where_makers_must_set_them():
    assert check_vin("1M8GDM9AXKP042788").passed
    assert check_vin("1M8GDM9A1KP042788").reasons == ("check-digit",)
    assert check_vin("WVWZZZ1JZXW000001").verdict is Verdict.WELL_FORMED
    assert check_vin("1M8GDM9AXKPO42788").reasons == ("letters-i-o-q",)
    assert check_vin("12345").reasons == ("length",)


@given(text=st.text(SIGNS, min_size=17, max_size=17))
def test_a_vin_is_never_repaired(text):
    assert check_vin(text).canonical == vin(text) == text


def test_check_digits_weigh_on_near_vins():
    """A misread VIN is wrong in itself; two VINs that can both exist are more often two cars."""
    record = Vehicle(vin="1M8GDM9AXKP042788")
    misread = compare(VehicleQuery(vin="1M8GDM9AXKP042789", near=True), record)
    assert hows(misread) == {"vin": "one-edit", "check-digit": "asked-wrong"}
    both = Vehicle(vin="1M8GDM9A0KP042780")
    other = compare(VehicleQuery(vin="1M8GDM9A2KP042781", near=True), both)
    assert other is None  # two signs differ
    european = compare(VehicleQuery(vin="WVWZZZ1JZXW000002", near=True), Vehicle(vin="WVWZZZ1JZXW000001"))
    assert hows(european) == {"vin": "one-edit"}
    assert misread.bits > european.bits


def test_a_plate_is_within_its_country_and_of_any_keyboard():
    record = Vehicle(plate="А123ВС", plate_country="XB", colour="Grün metallic", make="Berg")
    found = compare(VehicleQuery(plate="a-123-bc", plate_country="XBE", colour="green", make="BERG"), record)
    assert hows(found) == {"plate": "exact", "make": "exact", "colour": "exact"}
    assert compare(VehicleQuery(plate="A123BC", plate_country="XA", near=True), record) is None


def test_a_known_plate_on_another_make_is_told_with_both():
    record = Vehicle(plate="A123BC", plate_country="XB", make="Berg")
    found = compare(VehicleQuery(plate="A123BC", plate_country="XB", make="Aldomobil"), record)
    assert hows(found) == {"plate": "exact", "make": "conflict"}


def test_an_engine_number_counts_by_what_it_tells_and_with_its_make():
    short = compare(VehicleQuery(engine_number="12345"), Vehicle(engine_number="1-23-45", make="Berg"))
    long = compare(VehicleQuery(engine_number="No. M27X86042"), Vehicle(engine_number="M27X86042", make="Berg"))
    assert short.probability < 0.1 < 0.5 < long.probability
    assert (
        compare(VehicleQuery(engine_number="12345", make="Kite"), Vehicle(engine_number="12345", make="Berg")) is None
    )


@pytest.mark.parametrize(("one", "other"), [("dunkel-grau", "silver"), ("NAVY BLUE", "синий"), ("بني", "beige")])
def test_a_colour_is_one_in_any_language(one, other):
    assert colour(one) == colour(other)


# -- firearms ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("9 mm Parabellum", "9×19"),
        ("9mm Luger", "9 x 19 mm"),
        (".45 ACP", "45acp"),
        ("Cal. .22 LR", "22 long rifle"),
        ("7,62 x 39", "7.62х39"),
        (".308 Win.", "7.62 NATO"),
        ("12/70", "12 GA"),
        (".380 ACP", "9 mm kurz"),
    ],
)
def test_a_calibre_has_many_names(one, other):
    assert calibre(one) == calibre(other)


@pytest.mark.parametrize(
    ("one", "other"), [("9x18", "9x19"), (".38 Special", ".380 ACP"), ("7.62x39", "7.62x51"), ("12", "20")]
)
def test_calibres_that_are_nearly_written_alike_are_two(one, other):
    assert calibre(one) != calibre(other)


@given(text=st.text(max_size=20))
def test_the_form_of_a_calibre_stays_as_it_is(text):
    assert calibre(calibre(text)) == calibre(text)


@pytest.mark.parametrize(
    ("one", "other"), [("H&K", "Heckler und Koch"), ("Česká zbrojovka", "CZ"), ("S & W", "Smith & Wesson")]
)
def test_a_maker_has_many_names(one, other):
    assert make(one) == make(other)


def test_a_serial_number_without_a_maker_is_weak_and_says_so():
    gun = Firearm(serial="KL4711", make="Bergwerk", calibre="9x19", type=FirearmType.PISTOL)
    bare = compare(FirearmQuery(serial="kl-4711"), gun)
    made = compare(FirearmQuery(serial="KL4711", make="BERGWERK"), gun)
    whole = compare(FirearmQuery(serial="KL4711", make="Bergwerk", calibre="9 mm Luger", type=FirearmType.PISTOL), gun)
    assert lines(bare)["make"].how == "not-stated"
    assert bare.probability < 0.5 < made.probability < whole.probability


def test_the_same_number_of_another_maker_and_calibre_is_another_gun():
    gun = Firearm(serial="KL004711", make="Bergwerk", calibre="9x19")
    assert compare(FirearmQuery(serial="KL004711", make="Corvoz", calibre="7.62x39"), gun) is None
    assert (
        hows(compare(FirearmQuery(serial="KL004711", make="Bergwerk", calibre=".38 Special"), gun))["calibre"]
        == "conflict"
    )


def test_a_bore_alone_agrees_in_part_and_a_rifle_may_be_called_a_carbine():
    gun = Firearm(serial="KL004711", calibre="9x19", type=FirearmType.CARBINE)
    found = compare(FirearmQuery(serial="KL004711", calibre="9 mm", type=FirearmType.RIFLE), gun)
    assert (hows(found)["calibre"], hows(found)["type"]) == ("part", "related")


def test_what_was_read_of_an_obliterated_number_weighs_less():
    query = FirearmQuery(serial="KL004711")
    clear, ground = Firearm(serial="KL004711"), Firearm(serial="KL004711", serial_obliterated=True)
    assert compare(query, ground).bits < compare(query, clear).bits


def test_what_people_write_before_a_number_is_not_of_it():
    assert serial("S/N: KL 4711") == serial("No. KL4711") == serial("№ KL-4711") == "KL4711"
    assert serial("NO4711") == "NO4711"
    assert serial("0123") != serial("123")


@given(number=st.text(SIGNS, max_size=20))
def test_a_longer_number_never_tells_less(number):
    assert 0 <= information(number) <= information(number + "7K2") <= 24


# -- vessels ----------------------------------------------------------------------------------------------------------


def test_the_check_digit_of_an_imo_number():
    assert check_imo("IMO 9074729").passed
    assert check_imo("9074728").verdict is Verdict.FAILED
    assert check_imo("907472").reasons == ("seven-digits",)


@given(number=st.integers(0, 10**6 - 1), place=st.integers(0, 6), digit=st.integers(1, 9))
def test_an_imo_number_is_never_repaired(number, place, digit):
    right = next(text for text in (f"{number:06d}{last}" for last in range(10)) if check_imo(text).passed)
    wrong = right[:place] + str((int(right[place]) + digit) % 10) + right[place + 1 :]
    assert imo(wrong) == check_imo(wrong).canonical == wrong
    assert compare(VesselQuery(imo=wrong), Vessel(imo=right)) is None
    found = compare(VesselQuery(imo=wrong, near=True), Vessel(imo=right))
    assert hows(found)["imo"] == "one-edit"
    assert hows(found)["check-digit"] == ("both-right" if check_imo(wrong).passed else "asked-wrong")


@pytest.mark.parametrize(
    ("check", "right", "wrong"),
    [
        (check_hull, "FR-ABC12345D404", "FR-ABC12345Z404"),
        (check_hull, "ABC12345M82K", "ABC1234"),
        (check_eni, "ENI 99900001", "9900001"),
        (check_mmsi, "MMSI 299000001", "099000001"),
        (check_call_sign, "XBZA2", "11"),
    ],
)
def test_the_form_of_numbers_of_vessels(check, right, wrong):
    assert check(right).verdict is Verdict.WELL_FORMED
    assert check(wrong).verdict is Verdict.MALFORMED


def test_a_hull_is_one_with_and_without_its_country_and_two_in_two_countries():
    assert hull("FR-ABC12345D404") == hull("abc12345d404") == "ABC12345D404"
    record = Vessel(hull_number="XB-ABC12345D404")
    assert compare(VesselQuery(hull_number="ABC12345D404"), record).probability > 0.99
    assert compare(VesselQuery(hull_number="XB-ABC12345D404"), record).probability > 0.99
    elsewhere = compare(VesselQuery(hull_number="XA-ABC12345D404"), record)
    assert hows(elsewhere)["hull_country"] == "conflict"
    assert elsewhere.probability <= 0.5


def test_a_vessel_is_known_by_a_former_name_and_a_name_alone_says_little():
    record = Vessel(name="Tern", former_names=("M/Y Pétrel",), flag="XB", imo="9074729")
    found = compare(VesselQuery(name="PETREL", flag="XB"), record)
    assert (hows(found)["name"], hows(found)["flag"]) == ("exact", "exact")
    assert lines(found)["name"].found == "M/Y Pétrel"
    assert found.probability < 0.5
    assert compare(VesselQuery(name="Petrol", near=True), record) is None
    assert vessel_name("MV Aurora") == vessel_name("aurora")
    assert vessel_name("MVAURORA") != vessel_name("aurora")


def test_a_ship_under_a_new_name_and_flag_is_the_same_ship():
    record = Vessel(imo="9074729", name="Tern", flag="XB")
    found = compare(VesselQuery(imo="9074729", name="Aurora", flag="XC"), record)
    assert hows(found) == {"imo": "exact", "name": "conflict", "flag": "conflict"}
    assert found.probability > 0.99


def test_the_nearest_of_its_engines_is_told_and_makes_of_engines_count():
    record = Vessel(engine_numbers=("K1", "B7X004711"), engine_make="Bergmarin", make="Corvo")
    found = compare(VesselQuery(engine_number="B7X-004711", make="BERGMARIN"), record)
    assert (lines(found)["engine_number"].found, hows(found)["make"]) == ("B7X004711", "exact")


def test_a_registration_is_within_its_flag():
    record = Vessel(registration="B12345", flag="XB")
    assert compare(VesselQuery(registration="b-12345", flag="XBE"), record)
    assert compare(VesselQuery(registration="B12345", flag="XA"), record) is None


# -- codes --------------------------------------------------------------------------------------------------------

MAKES, CALIBRES = st.sampled_from(["", "Bergwerk", "Corvoz"]), st.sampled_from(["", "9 mm", "9x19", "12/70"])
KINDS_OF_ARMS = st.none() | st.sampled_from(FirearmType)


def test_the_docs_list_every_code():
    text = (Path(__file__).parents[2] / "docs" / "numbers.md").read_text("utf-8")
    table = text.split("## What a line says")[1].split("## ")[0]
    assert set(re.findall(r"^\| `([a-z-]+)` \|", table, re.MULTILINE)) - {"how"} == HOWS


@given(make=MAKES, other=MAKES, calibre=CALIBRES, found=CALIBRES, kind=KINDS_OF_ARMS, recorded=KINDS_OF_ARMS)
def test_a_firearm_s_lines_have_no_other_codes(make, other, calibre, found, kind, recorded):
    query = FirearmQuery(serial="KLO04711", make=make, calibre=calibre, type=kind, near=True)
    gun = Firearm(serial="KL004711", make=other, calibre=found, type=recorded, serial_obliterated=True)
    match = compare(query, gun)
    assert match is None or {line.how for line in match.fields} <= HOWS


@pytest.mark.parametrize(("record", "query"), RECORDS.values())
def test_the_lines_of_all_kinds_have_no_other_codes(record, query):
    assert {line.how for line in compare(replace(query, near=True), record).fields} <= HOWS


# -- agreement never lowers, conflict never raises --------------------------------------------------------------------

VEHICLE = Vehicle(vin="ZZ9A019X4M0000001", make="Berg", model="Tal", colour="red")
FIREARM = Firearm(serial="KL004711", make="Bergwerk", model="B7", type=FirearmType.PISTOL, calibre="9x19")
VESSEL = Vessel(hull_number="ZZA00017D424", flag="XB", name="Petrel", make="Corvo", mmsi="299000001")
FIELDS = [
    *((VEHICLE, VehicleQuery(vin=VEHICLE.vin), field) for field in ("make", "model", "colour")),
    *((FIREARM, FirearmQuery(serial="KL004711"), field) for field in ("make", "model", "type", "calibre")),
    *((VESSEL, VesselQuery(hull_number="ZZA00017D424"), field) for field in ("flag", "name", "make", "mmsi")),
]
OTHER = {"flag": "XC", "type": FirearmType.SHOTGUN, "mmsi": "299000002"}


@pytest.mark.parametrize(("record", "query", "field"), FIELDS)
def test_agreement_never_lowers_and_conflict_never_raises(record, query, field):
    without = compare(query, record)
    agreeing = compare(replace(query, **{field: getattr(record, field)}), record)
    assert agreeing.bits > without.bits
    against = compare(replace(query, **{field: OTHER.get(field, "Nothing like it")}), record)
    assert against is None or against.bits < without.bits


@pytest.mark.parametrize(("record", "query"), RECORDS.values())
def test_bits_are_the_sum_of_what_is_told(record, query):
    found = compare(replace(query, near=True), record)
    prior = found.bits - sum(line.bits for line in found.fields)
    assert round(prior, 6) in (-23.0, -20.0)
