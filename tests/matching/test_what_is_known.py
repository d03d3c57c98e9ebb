"""Persons by whatever is known of them: place, description, wildcards, sound; and by no name at all."""

import re
import time

import pytest

from comity.domain.lookup import PersonQuery
from comity.domain.person import Description, Name, Person, Sex
from comity.domain.purpose import Purpose
from comity.matching import thresholds
from comity.matching.compare import compare
from comity.matching.frequency import rarity_of_all
from comity.matching.meeting import likely
from comity.matching.patterns import fitting

ZORA = Person(
    names=(Name(full="Zora Tepkudamel"), Name(full="Зора Тепкудамель")),
    births=("1980-04-05",),
    sex=Sex.FEMALE,
    nationalities=("XB",),
    birth_place="Tepkudar",
    description=Description(height_cm=172, eyes="braun", hair="black"),
)


def told(**known: object) -> bool:
    return compare(PersonQuery(**known), ZORA, Purpose.LOCATE, 10_000) is not None


@pytest.mark.parametrize(
    "known",
    [
        {"birth": "1980-04-05"},
        {"birth": "1980", "nationality": "XB", "sex": Sex.FEMALE},
        {"birth": "1980-04", "eyes": "brown"},
        {"place": "Tepkudar", "nationality": "XB", "height_cm": 175, "hair": "Black"},
        {"name": "Zor* T?pkud*", "wildcard": True},
        {"name": "Tepk* Zora", "wildcard": True},
        {"name": "Sora Depgutamel", "sounds_like": True},
    ],
    ids=str,
)
def test_whoever_is_just_what_was_asked_for_is_told(known):
    assert told(**known)


@pytest.mark.parametrize(
    "known",
    [
        {"birth": "1980-04-06"},
        {"birth": "1980", "nationality": "XC", "sex": Sex.FEMALE},
        {"birth": "1980-04", "sex": Sex.MALE},
        {"place": "Molidavo", "nationality": "XB", "height_cm": 175, "hair": "black"},
        {"name": "Zor* X*", "wildcard": True},
        {"name": "Xyz*", "wildcard": True, "birth": "1980-04-05", "place": "Tepkudar", "nationality": "XB"},
        {"name": "Zor* Zora", "wildcard": True},  # each word has one of its own
        {"name": "Tepkudamelx*", "wildcard": True},
        {"name": "Zor*", "wildcard": True, "sex": Sex.MALE},
        {"name": "Mira Depgutavok", "sounds_like": True},
    ],
    ids=str,
)
def test_whoever_conflicts_with_it_or_does_not_fit_is_not(known):
    assert not told(**known)


def test_wildcards_fit_names_in_other_scripts_as_they_are_read():
    native = Person(names=(Name(full="Зора Тепкудамель"),))
    assert compare(PersonQuery(name="Zor* Tepkud*", wildcard=True), native) is not None


def test_words_that_fit_two_patterns_go_where_they_are_needed():
    recorded = Person(names=(Name(full="Zora Zorvimel Tepkuda"),))
    for name, fits in (("Zor* Zora", True), ("Zora Zor* T*", True), ("Zora Zora", False), ("Z* Zo* Zor*", False)):
        query = PersonQuery(name=name.replace("Zora Zora", "Zora Zora?"), wildcard=True)
        assert (compare(query, recorded) is not None) == fits, name


@pytest.mark.parametrize(
    ("asked", "recorded"),
    [("*a" * 60 + "b*", "a" * 190), (" ".join(["a*"] * 60) + " b*", " ".join(["aa"] * 66))],
    ids=["many stars", "many words"],
)
def test_no_pattern_holds_a_node_up(asked, recorded):
    began = time.process_time()
    assert fitting(asked, (Name(full=recorded),)) is None
    assert time.process_time() - began < 2


def test_what_is_not_recorded_does_not_agree():
    nobody = Person(names=(Name(full="Mira Oleander"),), nationalities=("XB",))
    assert compare(PersonQuery(birth="1980-04-05", nationality="XB"), nobody) is None


def test_a_description_is_told_line_by_line():
    found = compare(PersonQuery(name="Zora Tepkudamel", height_cm=180, eyes="brown", hair="blond"), ZORA)
    lines = {line.field: (line.how, line.bits) for line in found.fields if line.field != "name"}
    assert lines == {"height": ("near", 0.0), "eyes": ("exact", 1.0), "hair": ("conflict", -0.7)}
    prior = thresholds.prior(0, Purpose.WANTED_PERSONS)
    assert found.bits == pytest.approx(prior + sum(line.bits for line in found.fields))


def test_the_more_letters_a_pattern_has_the_more_it_says():
    bits = [rarity_of_all(re.compile(pattern)) for pattern in (".*", "m.*", "mar.*", "mariana")]
    assert bits == sorted(bits)
    found = compare(PersonQuery(name="Zor*", wildcard=True), ZORA)
    assert [line.how for line in found.fields if line.field == "name"] == ["pattern"]


def test_a_star_without_being_asked_for_is_no_letter():
    assert compare(PersonQuery(name="Zora Tepkudamel*"), ZORA) is not None
    assert compare(PersonQuery(name="Zor* Tepk*"), ZORA) is None


def test_at_a_border_too_what_sounds_alike_is_told_where_that_was_asked_for():
    recorded = Person(names=(Name(full="Сорокин Иван"),))
    for sounds_like in (False, True):
        query = PersonQuery(name="Yvan Sorogin", sounds_like=sounds_like)
        assert (compare(query, recorded, Purpose.BORDER_CONTROL) is not None) == sounds_like


def test_what_only_sounds_alike_is_likely_where_that_was_asked_for():
    recorded = Person(names=(Name(full="Kuki Dodi"),))
    asked = [PersonQuery(name="Keko Tutu", sounds_like=sounds_like) for sounds_like in (False, True)]
    assert [compare(query, recorded) is not None for query in asked] == [False, True]
    assert likely([(query, recorded, Purpose.LOCATE, 1) for query in asked]) == [False, True]
