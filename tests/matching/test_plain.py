"""What names in other scripts come out as."""

import pytest

from comity.matching.person_keys import prepared_name
from comity.matching.plain import words


@pytest.mark.parametrize(
    ("name", "latin"),
    [
        ("O'Brien Müller-Łódź", "obrien muller lodz"),
        ("Щукин Фёдор", "shchukin fedor"),
        ("Ντίνος Ούλοφ", "dinos ulof"),
        ("محمود", "mhmud"),
        ("مـحـمّـد", "mhmd"),  # tatweel and a vowel mark
        ("الرحمن", "rhmn"),  # the article
        ("إبراهيم", "ibrahim"),
        ("فاطمة", "fatma"),
        ("יוסף לביא", "ywsp lbya"),
        ("毛泽东", "mao zedong"),
        ("김정우", "kim jeongu"),
        ("ナカムラ", "nakamura"),
        ("ＡＤＡ", "ada"),
        ("", ""),
        ("1234 ☺", ""),
    ],
)
def test_words_in_latin_letters(name, latin):
    assert " ".join(word.text for word in words(name)) == latin


@pytest.mark.parametrize("name", ["Abdul Rahman", "Abd al-Rahman", "ABDULRAHMAN", "عبد الرحمن", "عبدالرحمن"])
def test_a_servant_name_is_one_word(name):
    (one,) = prepared_name(name).tokens
    assert "abtrmn" in one.skeletons


@pytest.mark.parametrize("name", ["Dr. Ben bin Bruvok", "Ben Bruvok", "Mr Ben al-Bruvok"])
def test_titles_and_particles_do_not_count(name):
    assert [one.text for one in prepared_name(name).tokens][-1] == "bruvok"


def test_a_name_of_particles_alone_keeps_them():
    assert [one.text for one in prepared_name("Van Den").tokens] == ["van", "den"]
