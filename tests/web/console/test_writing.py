"""Dates, countries, numbers and codes as readers of four languages write them."""

import pytest

from comity.domain.hit import HitState
from comity.domain.lookup import Outcome
from comity.domain.session import Language
from comity.web.console.page import Shown
from comity.web.console.pages import Pages
from comity.web.console.writing import Writing
from tests.web.console.reader import NAVIGATION, NOW, PAGES, session

EN, FR, ES, AR = (Writing(language) for language in Language)


def test_a_time_is_told_in_utc_for_people_and_for_machines():
    assert str(EN.when(NOW)) == ('<time datetime="2026-11-22T14:05:00Z" class="nowrap">22 Nov 2026 14:05 UTC</time>')
    assert "22 nov. 2026 14:05 UTC" in FR.when(NOW)
    assert "22 نوفمبر 2026 14:05 UTC" in AR.when(NOW)
    assert str(EN.when(None)) == ""


@pytest.mark.parametrize("writing", [EN, FR, ES, AR])
def test_no_mark_of_direction_comes_into_what_machines_read(writing: Writing):
    machine = str(writing.when(NOW)).split('"')[1] + str(writing.day(NOW.date())).split('"')[1]
    assert machine.isascii()


def test_countries_have_the_names_of_the_language_and_codes_stay():
    assert "Égypte" in FR.country_name("EG")
    assert "مصر" in AR.country_name("EGY")
    assert "Kosovo" in ES.country_name("RKS")
    assert "برغينيا" in AR.country_name("XB")
    assert "Bergenia" in EN.country_name("XBE")  # and not the Pseudo-Bidi that babel has under XB
    assert "aldova" in FR.country_name("aldova")


def test_numbers_and_sizes():
    assert "12,345" in EN.number(12_345)
    assert "2.4\u00a0MB" in EN.bytes(2_400_000)
    assert "2,4\u00a0MB" in FR.bytes(2_400_000)
    assert "999\u00a0B" in EN.bytes(999)


def test_codes_are_said_in_words():
    assert EN.word(HitState.OPEN) == "to be confirmed"
    assert FR.word(Outcome.NO_RECORD) == "aucune fiche"
    assert EN.word("duty-officer") == "duty officer"
    assert AR.message(Outcome.HIT) == "مطابقة"


def test_no_language_says_that_somebody_is_clear():
    words = [str(writing.word(Outcome.NO_RECORD)) for writing in (EN, FR, ES, AR)]
    assert words == ["no record", "aucune fiche", "sin registro", "لا سجل"]


def test_an_arabic_reader_has_the_page_from_right_to_left():
    shown = Shown("refused.html", {"title": "Not now.", "refusal": RuntimeRefusal})
    page = PAGES.written(shown, session(Language.ARABIC), "/members/b1", said="Your choice is kept.")
    assert '<html lang="ar" dir="rtl" data-theme="system">' in page
    assert "<h1>ليس الآن.</h1>" in page
    assert "تم حفظ اختيارك." in page
    assert '<p lang="en" dir="ltr"><strong>&lt;b&gt;</strong>' in page


class RuntimeRefusal:
    what = "<b>"
    do = ""


def test_the_frame_shows_the_pages_of_the_readers_roles_and_where_they_are():
    shown = Shown("refused.html", {"title": "Not now.", "refusal": RuntimeRefusal})
    page = PAGES.written(shown, session(purpose="border-control", case="B-1"), "/members/b1")
    assert page.count('<a href="/members" data-letter="k" aria-current="page">') == 2  # at the side, and folded
    assert 'href="/secret"' not in page
    assert "border control" in page
    assert "<bdi>B-1</bdi>" in page
    assert "Demonstration" in page


def test_a_stranger_reads_the_language_of_their_browser():
    shown = Shown("refused.html", {"title": "Not now.", "refusal": RuntimeRefusal})
    page = Pages(NAVIGATION, "Aldova", is_demo=False).written(shown, None, "/", accepted="de, es-MX;q=0.8, en;q=0.5")
    assert '<html lang="es" dir="ltr"' in page
    assert "/members" not in page
    assert "Demostración" not in page
