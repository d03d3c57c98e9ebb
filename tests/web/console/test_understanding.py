"""What was typed into the box is read as what it is most likely meant as, and never silently as something else."""

import pytest

from comity.domain.lookup import DocumentQuery, FirearmQuery, PersonQuery, VehicleQuery, VesselQuery
from comity.domain.person import Sex
from comity.web.console.understanding import chosen, understood

PASSPORT = DocumentQuery(country="XBE", number="B1234567")
PLATE = VehicleQuery(plate="BE 123 XY", plate_country="XB")
SOROKIN = PersonQuery(name="Ivan Sorokin", birth="1971-03-09")
ZONE = "P<XBESOROKIN<<IVAN<PETROVICH<<<<<<<<<<<<<<<<\nB1234567<3XBE7103092M3001019<<<<<<<<<<<<<<<0"


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        # names, in any script, with what stands behind them
        ("Ivan Sorokin", PersonQuery(name="Ivan Sorokin")),
        ("Anna Petrova de la Cruz", PersonQuery(name="Anna Petrova de la Cruz")),
        ("LI WEI", PersonQuery(name="LI WEI")),
        ("Li Yu 1980", PersonQuery(name="Li Yu", birth="1980")),
        ("Ivan Sorokin 1971-03-09", SOROKIN),
        ("1971-03-09 Ivan Sorokin", SOROKIN),
        ("Ivan Sorokin 09.03.1971", SOROKIN),
        ("Ivan Sorokin 9 March 1971", SOROKIN),
        ("Ivan Sorokin 09MAR1971", SOROKIN),
        ("Ivan Sorokin 9 mars 1971", SOROKIN),
        ("Ivan Sorokin 9 août 1971", PersonQuery(name="Ivan Sorokin", birth="1971-08-09")),
        ("Ivan Sorokin 9 enero 1971", PersonQuery(name="Ivan Sorokin", birth="1971-01-09")),
        ("Сорокин Иван 1971-03-09 XB", PersonQuery(name="Сорокин Иван", birth="1971-03-09", nationality="XB")),
        ("محمد علي ١٩٧١-٠٣-٠٩", PersonQuery(name="محمد علي", birth="1971-03-09")),
        ("王小明", PersonQuery(name="王小明")),
        (
            "Anna Petrova 9 Mar 1971 F XB",
            PersonQuery(name="Anna Petrova", birth="1971-03-09", sex=Sex.FEMALE, nationality="XB"),
        ),
        ("Sorokin, Ivan, 1971, Bergenia", PersonQuery(name="Sorokin Ivan", birth="1971", nationality="XB")),
        ("name: Visa", PersonQuery(name="Visa")),
        (
            "Ivan Petrovitch Sorokin B1234567",
            PersonQuery(name="Ivan Petrovitch Sorokin", document_number="B1234567"),
        ),
        # documents
        ("B1234567 XBE", PASSPORT),
        ("XBE B1234567", PASSPORT),
        ("B1234567, Bergenia", PASSPORT),
        ("B1234567 of Bergenia", PASSPORT),
        ("passport B1234567 Bergenia", PASSPORT),
        ("Passeport n° B1234567 XB", PASSPORT),
        ("passport: B1234567 XBE", PASSPORT),
        ("C01X00T47 D", DocumentQuery(country="DEU", number="C01X00T47")),
        # vehicles
        ("BE 123 XY XB", PLATE),
        ("XB, BE 123 XY", PLATE),
        ("plate BE 123 XY Bergenia", PLATE),
        ("XB BE123XY", VehicleQuery(plate="BE123XY", plate_country="XB")),
        ("1M8GDM9AXKP042788", VehicleQuery(vin="1M8GDM9AXKP042788")),
        ("vin 12345", VehicleQuery(vin="12345")),
        ("engine F-4711", VehicleQuery(engine_number="F-4711")),
        # firearms and vessels
        ("serial K12345", FirearmQuery(serial="K12345")),
        ("IMO 9074729", VesselQuery(imo="9074729")),
        ("9074729", VesselQuery(imo="9074729")),
        ("MMSI 366999999", VesselQuery(mmsi="366999999")),
        ("vessel Fictus Star", VesselQuery(name="Fictus Star")),
    ],
)
def test_the_likeliest_reading_asks(typed, asked):
    first = understood(typed)[0]
    assert first.may_be_asked
    assert first.queries == (asked,)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("B1234567", "document"),
        ("BE 123 XY", "plate"),  # BE is Belgium, too: nobody said so
        ("AB 1234 CD", "plate"),  # nor that CD is the Congo
        ("plate BE123XY", "plate"),
    ],
)
def test_a_number_whose_country_is_missing_is_not_asked(typed, code):
    first = understood(typed)[0]
    assert (first.code, first.needed, first.may_be_asked) == (code, "country", False)


def test_the_country_may_be_given_apart():
    assert understood("B1234567", country="XBE")[0].queries == (PASSPORT,)
    assert understood("BE 123 XY", country="xb")[0].queries == (PLATE,)
    assert understood("BE 123 XY", country="Bergenia")[0].queries == (PLATE,)


def test_what_is_no_country_is_asked_for_again():
    assert understood("B1234567", country="QQ")[0].needed == "country"


def test_day_and_month_that_may_stand_either_way_are_both_offered():
    day_first, month_first = understood("Ivan Sorokin 03/04/1980")
    assert [one.queries[0].birth for one in (day_first, month_first)] == ["1980-04-03", "1980-03-04"]
    assert len(understood("Ivan Sorokin 13/04/1980")) == 1


def test_letters_behind_a_name_are_part_of_it_unless_somebody_says_that_they_are_a_country():
    whole, nationality, vessel = understood("Ivan Sorokin XB")
    assert whole.queries == (PersonQuery(name="Ivan Sorokin XB"),)
    assert nationality.queries == (PersonQuery(name="Ivan Sorokin", nationality="XB"),)
    assert vessel.code == "vessel-name"


def test_a_number_is_offered_as_every_kind_that_it_may_be():
    codes = [one.code for one in understood("9074729")]
    assert codes == ["imo", "document", "plate", "bearer", "serial"]
    assert chosen(understood("9074729"), "serial").queries == (FirearmQuery(serial="9074729"),)
    assert chosen(understood("9074729"), "eni") is None


@pytest.mark.parametrize("zone", [ZONE, ZONE.replace("\n", " "), ZONE.replace("\n", ""), ZONE.lower()])
def test_a_zone_asks_for_document_and_bearer(zone):
    first = understood(zone)[0]
    document, person = first.queries
    assert document == PASSPORT
    assert (person.name, person.birth) == ("IVAN PETROVICH SOROKIN", "1971-03-09")


def test_a_misread_zone_names_the_field_and_is_not_asked():
    # Falls without it: a number that was misread would find nothing, and nothing looks like all is well.
    first, *others = understood(ZONE.replace("B1234567", "B1234667"))
    assert not first.may_be_asked
    assert "number: the check digit is 3, not 4." in first.doubts
    assert [one.code for one in others] == ["document-near", "document", "person"]
    assert all(one.may_be_asked for one in others)


def test_half_a_zone_is_said_to_be_none():
    [only] = understood("P<XBESOROKIN<<IVAN<PETROVICH<<")
    assert "no machine-readable zone" in only.doubts[0]


def test_a_case_of_ours_and_a_hit_lie_here():
    cases = {"XA-2026-7": "/cases/1"}
    assert understood("xa-2026-7", cases=cases)[0].link == "/cases/1"
    assert understood("case XA-2026-7", cases=cases)[0].link == "/cases/1"
    assert understood("case XA-2026-8", cases=cases)[0].code != "case"
    assert understood("0190163d-8694-739b-aea5-966c26f8ad90")[0].link == "/hits/0190163d-8694-739b-aea5-966c26f8ad90"


@pytest.mark.parametrize("typed", ["", "  ", "?", "1971-03-09", "X" * 500 + "1"])
def test_what_nothing_can_be_made_of_has_no_reading(typed):
    assert not [one for one in understood(typed) if one.may_be_asked and one.code == "person"]


@pytest.mark.parametrize(
    "typed", ["<script>alert(1)</script>", "'; drop table", "\x00\x00", "<" * 300, "😀 1", "a" * 9_999]
)
def test_nothing_typed_breaks_it(typed):
    understood(typed)
