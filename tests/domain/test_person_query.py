"""What one may ask of a person: any combination that narrows it down; and what earlier nodes take of it."""

import pytest

from comity.domain.earlier_release import in_earlier_fields
from comity.domain.lookup import (
    FIELDS_OF_PERSONS,
    NARROWED_BITS_MIN,
    DocumentQuery,
    PersonQuery,
    narrowed_bits,
)
from comity.domain.person import Sex

ENOUGH = [
    {"name": "Zorvimel"},
    {"document_number": "BE1"},
    {"birth": "1980-04-05"},
    {"birth": "1980-04"},
    {"birth": "1980", "nationality": "XB", "sex": Sex.FEMALE},
    {"place": "Tepkudar", "nationality": "XB", "height_cm": 178},
    {"place": "Tepkudar", "birth": "1980"},
    {"name": "Zor*", "wildcard": True},
    {"name": "Zo*", "wildcard": True, "nationality": "XB"},
]
TOO_WIDE = [
    {},
    {"name": " "},
    {"birth": "1980"},
    {"nationality": "XB", "sex": Sex.FEMALE},
    {"sex": Sex.MALE, "height_cm": 178, "eyes": "brown", "hair": "black", "nationality": "XB"},
    {"place": "Tepkudar", "sex": Sex.MALE},
    {"name": "Z*", "wildcard": True},
    {"name": "*", "wildcard": True, "nationality": "XB"},
]


@pytest.mark.parametrize("known", ENOUGH, ids=str)
def test_what_narrows_it_down_may_be_asked(known):
    assert narrowed_bits(PersonQuery(**known), FIELDS_OF_PERSONS) >= NARROWED_BITS_MIN


@pytest.mark.parametrize("known", TOO_WIDE, ids=str)
def test_what_too_many_would_answer_is_refused_with_what_is_missing(known):
    with pytest.raises(ValueError, match=r"too wide.*nationality"):
        PersonQuery(**known)


@pytest.mark.parametrize(
    ("known", "words"),
    [
        ({"name": "Zorvimel", "wildcard": True}, "needs a \\*"),
        ({"name": "Зор*", "wildcard": True}, "Latin letters"),
        ({"birth": "1980-04-05", "sounds_like": True}, "needs a name"),
        ({"name": "Zor*", "wildcard": True, "sounds_like": True}, "without wildcards"),
    ],
)
def test_what_contradicts_itself_is_refused(known, words):
    with pytest.raises(ValueError, match=words):
        PersonQuery(**known)


def test_earlier_nodes_are_asked_without_the_later_fields_where_the_question_stays_one():
    name = PersonQuery(name="Zorvimel", birth="1980")
    later = PersonQuery(name="Zorvimel", birth="1980", place="Tepkudar", height_cm=178, sounds_like=True)
    assert in_earlier_fields(later) == (name, ("place", "height_cm", "sounds_like"))
    assert in_earlier_fields(name) is None
    assert in_earlier_fields(PersonQuery(name="Zor*", wildcard=True, place="Tepkudar")) is None
    assert in_earlier_fields(PersonQuery(birth="1980-04-05", place="Tepkudar")) is None
    exact = DocumentQuery(country="XBE", number="B1")
    assert in_earlier_fields(DocumentQuery(country="XBE", number="B1", near=True)) == (exact, ("near",))
    assert in_earlier_fields(exact) is None
