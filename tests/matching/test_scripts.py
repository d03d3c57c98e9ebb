"""The words of a name in any script: cleaned, in their script, cut where no blank says so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.matching.scripts import Script, cuts, words
from comity.matching.writing import folded, pieces


@pytest.mark.parametrize(
    ("name", "native"),
    [
        ("مـحـمّـد", "محمد"),  # tatweel and a vowel mark
        ("علی‌رضا", "عليرضا"),  # Persian ya, and a joiner of no width
        ("کریم", "كريم"),  # Persian kaf and ya
        ("ﻣﺤﻤﺪ", "محمد"),  # presentation forms
        ("דָּוִד", "דוד"),  # vowel points
        ("ברוך", "ברוכ"),  # a letter that has a form of its own at the end
        ("ג'ון", "ג׳ונ"),  # an apostrophe for a geresh
        ("ﾅｶﾑﾗ", "ナカムラ"),  # half width
        ("なかむら", "ナカムラ"),
        ("ガ", "ガ"),  # a voicing mark apart
        ("한나", "한나"),  # Hangul by its parts
        ("Ио́сиф", "иосиф"),  # a stress mark
        ("йод", "йод"),  # й by its parts is no и with a mark to drop
        ("Νίκος", "νίκοσ"),
    ],
)
def test_what_writers_add_or_leave_out_at_will_is_gone(name, native):
    (piece,) = pieces(name)
    assert piece.native == native


@pytest.mark.parametrize(
    ("name", "latin"),
    [
        ("O'Brien Müller-Łódź", "obrien muller lodz"),
        ("ＡＤＡ", "ada"),
        ("Ærøskøbing", "aeroskobing"),
        ("İbrahim Işık", "ibrahim isik"),
        ("Nguyễn Văn", "nguyen van"),
        ("", ""),
        ("1234 ☺", ""),
        ("A\u200dda\u00ad", "ada"),
    ],
)
def test_latin_words_keep_letters_alone(name, latin):
    assert " ".join(word.text for word in words(name)) == latin


def test_a_latin_word_is_its_own_reading_and_may_be_written_out():
    (word,) = words("Müller")
    assert word.native == ""
    assert [reading.text for reading in word.readings] == ["muller", "mueller"]
    assert word.readings[0].bits == 0


@pytest.mark.parametrize(
    ("name", "script", "right"),
    [
        ("Ivаnov", Script.LATIN, "ivanov"),  # a Cyrillic а
        ("Ιvan", Script.LATIN, "ivan"),  # a Greek capital iota
        ("Пeтрoв", Script.CYRILLIC, "петров"),  # Latin e and o
        ("ПAПAДOПOУЛOС", Script.CYRILLIC, "пападопоулос"),
    ],
)
def test_letters_of_another_script_that_only_look_right_are_put_right_and_told(name, script, right):
    (word,) = words(name)
    assert word.mixed
    assert word.script is script
    assert (word.native or word.text) == right


@pytest.mark.parametrize("name", ["Иванов", "Ivanov", "김John", "高橋ジョン", "Ivanov Иванов"])
def test_scripts_side_by_side_are_no_disguise(name):
    assert not any(word.mixed for word in words(name))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("毛泽东", "毛 泽东"),
        ("欧阳小明", "欧阳 小明"),
        ("司徒文", "司徒 文"),
        ("田中美咲", "田中 美咲"),
        ("김정우", "김 정우"),
        ("남궁민수", "남궁 민수"),
        ("노먼 김", "노먼 김"),  # with a blank it stays as written
        ("克里斯蒂娜", "克里斯蒂娜"),  # five signs are no name of that kind
        ("薩茲·克勞薩默", "薩茲 克勞薩默"),
        ("山田 太郎", "山田 太郎"),
        ("高橋ジョン", "高橋 ジョン"),
        ("ナカムラ・ケン", "ナカムラ ケン"),
        ("ナカムラ", "ナカムラ"),
    ],
)
def test_a_name_without_a_blank_is_cut_into_family_and_given_name(name, expected):
    assert " ".join(word.native for word in words(name)) == expected


def test_other_cuts_follow_the_likeliest_and_the_name_as_it_stands_comes_last():
    found = [" ".join(word.native for word in cut) for cut in cuts("田中美咲")]
    assert found == ["田中 美咲", "田 中美咲", "田中美咲"]


def test_a_name_with_blanks_has_one_cut():
    assert len(cuts("Ада Бруова")) == 1


@given(st.text(max_size=40))
def test_any_text_has_words_that_can_be_compared(name):
    for cut in cuts(name):
        for word in cut:
            assert 1 <= len(word.readings) <= 8
            assert all(text and text.isascii() and text.isalpha() for text, _ in word.readings)


@given(st.text(alphabet="abcdeфыва毛泽東김정ناسجカタ '-·\u0301\u200c", max_size=20))
def test_cleaning_twice_is_cleaning_once(name):
    once = pieces(name)
    assert pieces(" ".join(piece.native for piece in once)) == tuple(piece._replace(mixed=False) for piece in once)


@given(st.text(max_size=20))
def test_folding_gives_letters_alone(text):
    assert all("a" <= letter <= "z" for letter in folded(text))
