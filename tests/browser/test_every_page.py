"""Every page, for each role that opens it, in English and Arabic: open to all, safe, light, and kept as a picture."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from comity.domain.session import Language
from comity.web.console.door import PAGES
from tests.browser.accessible import found_by_axe
from tests.browser.checks import (
    heavier_than_promised,
    lost_by_keyboard,
    moving_for_whom_it_must_not,
    weight,
    wider_than_a_narrow_screen,
    without_signposts,
)
from tests.browser.person import Person
from tests.browser.places import Place, places

# Minutes instead of seconds: every page, once for each role that opens it.
EVERY_PAGE = bool(os.environ.get("COMITY_EVERY_PAGE"))
CHOSEN = {"/", "/lookup", "/hits", "/hits/{id}", "/members", "/oversight"}
TABLES = Path(__file__).parents[2] / "build"


@pytest.mark.parametrize("language", [Language.ENGLISH, Language.ARABIC])
def test_nothing_is_wrong_with_any_page(consoles, person, language):
    rows, wrong, people = [], [], {}
    for place in places(consoles):
        if not EVERY_PAGE and not (place.is_first and place.page.path in CHOSEN):
            continue
        one = people.get(place.who) or people.setdefault(place.who, person(place.who, language=language))
        told, found = seen(place, one)
        rows.append(f"{place.page.path:36} {place.who:8} {language}  {told}")
        wrong += [f"{place.page.path} as {place.who}, {each}" for each in found]
    TABLES.mkdir(exist_ok=True)
    (TABLES / f"axe-{language}.txt").write_text("\n".join((*rows, "", *wrong)) + "\n")
    assert not wrong, "\n".join(wrong)


def seen(place: Place, one: Person) -> tuple[str, list[str]]:
    """A line for the table of what axe found, and all that is wrong."""
    path = place.path(one)
    answer = one.answer(path) if path else None
    if answer is None:
        return "-  a file" if path else "-  there is none to open", one.complaints_since()
    if answer.status != 200:
        return "-", [f"status {answer.status}", *one.complaints_since()]
    page = one.page
    light = found_by_axe(page)
    page.emulate_media(color_scheme="dark")
    dark = found_by_axe(page, colours_only=True)
    page.emulate_media(color_scheme="light")
    # Its policy (scripts, styles and places that it may not use), errors of its scripts, requests to elsewhere.
    found = {"axe, light": light, "axe, dark": dark, "the browser complained": one.complaints_since()}
    if place.is_first:
        found |= dict(looked_at(place, one))
    wrong = [f"{what}: {each}" for what, those in found.items() for each in those]
    return f"light {len(light)}  dark {len(dark)}  {weight(page):7,} bytes", wrong


def looked_at(place: Place, one: Person) -> Iterator[tuple[str, list[str]]]:
    """What does not depend on the role."""
    page = one.page
    one.keep_screen(place.name)
    yield "heavier than promised", heavier_than_promised(page, place.page.path)
    yield "without signposts", without_signposts(page)
    yield "wider than 320 px", wider_than_a_narrow_screen(page)
    if one.language == Language.ENGLISH:
        yield "moves although it must not", moving_for_whom_it_must_not(page)
        yield "lost by keyboard", lost_by_keyboard(page)


def test_each_letter_goes_to_one_page():
    letters = [page.letter for page in PAGES if page.letter]
    assert sorted(letters) == sorted(set(letters))


# What is done to a page, and which check must then find something.
SPOILED = {
    "an image without words": ("document.querySelector('main').append(document.createElement('img'))", found_by_axe),
    "pale letters": ("document.querySelector('h1').className = 'pale'", found_by_axe),
    "two titles": ("document.querySelector('main').append(document.createElement('h1'))", without_signposts),
    "a wide box": ("document.querySelector('h1').className = 'wide'", wider_than_a_narrow_screen),
    "movement": ("document.querySelector('h1').className = 'moving'", moving_for_whom_it_must_not),
    "no ring": ("document.body.className = 'bare'", lost_by_keyboard),
    "out of order": ("[...document.links].at(-1).tabIndex = 1", lost_by_keyboard),
}
STYLES = """{
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(`.pale { color: #777; background: #888 } .wide { width: 900px } .bare * { outline: 0 !important }
        .moving { transition: color 2s !important }`)
    document.adoptedStyleSheets = [sheet]
}"""


def test_each_check_finds_what_it_must_find(person):
    page = person("ada").open("/")
    before = {check: check(page) for _, check in SPOILED.values()}
    for spoiled, (script, check) in SPOILED.items():
        page.reload()
        page.evaluate(STYLES)
        page.evaluate(script)
        assert check(page) != before[check], spoiled
