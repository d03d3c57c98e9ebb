"""The catalogues: every text of the console in every language, with the same blanks to fill in, and nothing besides."""

import re
from collections.abc import Iterable
from functools import cache

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from comity.domain.session import Language
from comity.web.console.door import PAGES
from comity.web.console.messages import gathered
from comity.web.console.translation import LANGUAGES, direction, preferred, translations

OTHERS = [language for language in Language if language is not Language.ENGLISH]
FORMS = {Language.FRENCH: 2, Language.SPANISH: 2, Language.ARABIC: 6}
BLANK = re.compile(r"%\((\w+)\)s")


@cache
def texts_of_the_console() -> Catalog:
    return gathered()


@cache
def catalogue(language: Language) -> Catalog:
    with (LANGUAGES / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language.value)


def texts(one: str | Iterable[str] | None) -> tuple[str, ...]:
    return (one,) if isinstance(one, str) else tuple(one or ("",))


def wrong_with(message: Message, forms: int) -> str:
    told, blanks = texts(message.string), set(BLANK.findall(texts(message.id)[-1]))
    if not all(text.strip() for text in told):
        return "has no translation"
    if message.pluralizable and len(told) != forms:
        return f"has {len(told)} plural forms, not {forms}"
    if any(set(BLANK.findall(text)) != blanks for text in told):
        return "has other blanks to fill in"
    return "is fuzzy" if message.fuzzy else ""


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_is_there_in_every_language(language: Language):
    kept = catalogue(language)
    wanted, had = (
        {(message.context, message.id) for message in one if message.id} for one in (texts_of_the_console(), kept)
    )
    assert wanted - had == set(), "run scripts/messages.py, and translate what it names"
    assert had - wanted == set(), "run scripts/messages.py: these are no texts of the console any more"
    found = {message.id: wrong_with(message, FORMS[language]) for message in kept if message.id}
    assert {message: wrong for message, wrong in found.items() if wrong} == {}
    assert not kept.obsolete


@pytest.mark.parametrize(
    ("told", "wrong"),
    [
        ("", "has no translation"),
        ("pour %(who)s", ""),
        ("pour %(whom)s", "has other blanks to fill in"),
        ("pour", "has other blanks to fill in"),
    ],
)
def test_what_is_wrong_with_a_translation_is_found(told: str, wrong: str):
    assert wrong_with(Message("for %(who)s", told), 2) == wrong
    assert wrong_with(Message(("%(n)s hit", "%(n)s hits"), ("%(n)s", "%(n)s")), 6) == "has 2 plural forms, not 6"


@pytest.mark.parametrize(("count", "form"), [(0, 0), (1, 1), (2, 2), (3, 3), (10, 3), (11, 4), (99, 4), (100, 5)])
def test_arabic_counts_in_six_ways(count: int, form: int):
    arabic = translations(Language.ARABIC)
    ways = catalogue(Language.ARABIC).get(("%(count)s letter unread or not answered",))
    counted = arabic.ngettext(*ways.id, count)  # type: ignore[union-attr,misc]
    assert counted == ways.string[form]  # type: ignore[union-attr,index]


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "en"),
        ("de, *;q=0.1", "en"),
        ("fr-CH, fr;q=0.9, en;q=0.8", "fr"),
        ("en;q=0.3, ar-EG;q=0.7", "ar"),
        ("es;q=0, fr;q=0.1", "fr"),
        ("ES", "es"),
        ("fr;q=nonsense, ,;;,es", "es"),
        ("x," * 1000 + "fr", "en"),
    ],
)
def test_a_stranger_has_the_first_language_of_their_browser_that_there_is(accepted: str, language: str):
    assert preferred(accepted) == language


def test_arabic_alone_goes_from_right_to_left():
    assert [direction(language) for language in Language] == ["ltr", "ltr", "ltr", "rtl"]


def test_every_page_of_the_navigation_has_a_key_of_its_own():
    letters = [page.letter for page in PAGES if page.letter]
    assert sorted(letters) == sorted(set(letters))
    assert all(re.fullmatch("[a-z]", letter) for letter in letters)
