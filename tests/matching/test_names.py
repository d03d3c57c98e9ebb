"""The words of a name, without what says nothing, each in its role: however it was written, the same words come out."""

import pytest

from comity.matching.names import tokens
from comity.matching.packed import TOKENS_MAX, Role


def texts(name: str) -> list[str]:
    return [one.text for one in tokens(name)]


def roles(name: str) -> list[Role]:
    return [one.role for one in tokens(name)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Abd al-Rahman Mahmud", "Abdulrahman Mahmud"),
        ("Abderrahmane Mahmud", "Abd er-Rahmane Mahmud"),
        ("Shams ud-Din Yusuf", "Shamsuddin Yusuf"),
        ("Saif Allah Khaled", "Saifullah Khaled"),
        ("Abdullah Bruvok", "Abd Allah Bruvok"),
        ("Abu Tepkud", "Abou Tepkud"),
        ("Dr. Molida van den Bruvok", "Molida Bruvok"),
        ("Zaki-ur-Tepkuda", "Zaki Tepkuda"),
        ("Bru4vok Mol1da", "Bruvok Molda"),  # what a scanner made of a letter
    ],
)
def test_ways_of_writing_one_name_come_to_the_same_words(one, other):
    assert texts(one) == texts(other)


def test_a_servant_name_in_arabic_is_one_word_as_it_is_in_latin():
    assert [one.text for one in tokens("عبد الرحمن")] == ["abdrahman"]
    assert len(tokens("شمس الدين يوسف")) == 2


def test_a_comma_says_which_words_are_the_family_name():
    assert roles("TEPKUDA BRUVOK, Molida Nel") == [Role.FAMILY, Role.FAMILY_MORE, Role.GIVEN, Role.MIDDLE]
    assert set(roles("Molida Nel Tepkuda")) == {Role.UNKNOWN}


def test_fields_say_it_better_than_a_comma():
    found = tokens("whatever", family="Tepkuda", given="Molida Nel")
    assert [(one.text, one.role) for one in found] == [
        ("tepkuda", Role.FAMILY),
        ("molida", Role.GIVEN),
        ("nel", Role.MIDDLE),
    ]


def test_a_patronymic_is_told_by_its_ending():
    assert roles("Tepkud Zoren Molidovich")[-1] is Role.PATRONYMIC
    assert roles("Тепкуд Зорен Молидович")[-1] is Role.PATRONYMIC


def test_a_name_of_particles_alone_keeps_them():
    assert texts("Van Den") == ["van", "den"]


def test_rare_words_weigh_more_than_frequent_ones():
    maria, rare = tokens("Maria Tepkuda")
    assert maria.rarity < rare.rarity


def test_no_name_has_more_words_than_are_compared():
    assert len(tokens(" ".join(f"zor{'abcdefghijklm'[i]}imel" for i in range(13)))) == TOKENS_MAX


@pytest.mark.parametrize("nothing", ["", " ", "123", "…", ","])
def test_where_there_is_no_letter_there_is_no_word(nothing):
    assert tokens(nothing) == ()
