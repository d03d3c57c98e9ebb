"""Every page, for each role that opens it, in English and Arabic: open to all, safe, light, and kept as a picture."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from comity.domain.session import Language
from tests.browser.accessible import found_by_axe
from tests.browser.checks import (
    heavier_than_promised,
    lost_by_keyboard,
    moving_for_whom_it_must_not,
    wider_than_a_narrow_screen,
    without_signposts,
)
from tests.browser.person import Person
from tests.browser.places import Place, places

TABLES = Path(__file__).parents[2] / "build"


@pytest.mark.parametrize("language", [Language.ENGLISH, Language.ARABIC])
def test_nothing_is_wrong_with_any_page(consoles, person, language):
    rows, wrong, people = [], [], {}
    for place in places(consoles):
        one = people.get(place.who) or people.setdefault(place.who, person(place.who, language=language))
        found = dict(looked_at(place, one))
        rows.append(f"{place.page.path:36} {place.who:8} {language}  {found.pop('summary')}")
        wrong += [f"{place.path} as {place.who}, {what}: {each}" for what, those in found.items() for each in those]
    TABLES.mkdir(exist_ok=True)
    (TABLES / f"axe-{language}.txt").write_text("\n".join((*rows, "", *wrong)) + "\n")
    assert not wrong, "\n".join(wrong)


def looked_at(place: Place, one: Person) -> Iterator[tuple[str, object]]:
    """What is wrong by kind; `summary` is a line for the table of what axe found."""
    page = one.open(place.path)
    weight = heavier_than_promised(page, place.path)
    light = found_by_axe(page)
    one.keep_screen(place.name)
    page.emulate_media(color_scheme="dark")
    dark = found_by_axe(page, colours_only=True)
    page.emulate_media(color_scheme="light")
    yield "summary", f"light {len(light)}  dark {len(dark)}"
    yield "axe, light", light
    yield "axe, dark", dark
    yield "heavier than promised", weight
    yield "without signposts", without_signposts(page)
    yield "wider than 320 px", wider_than_a_narrow_screen(page)
    yield "moves although it must not", moving_for_whom_it_must_not(page)
    yield "lost by keyboard", lost_by_keyboard(page)
    # Its policy (scripts, styles and places that it may not use), errors of its scripts, requests to elsewhere.
    yield "the browser complained", one.complaints_since()


# What is done to a page, and which check must then find something.
SPOILED = {
    "an image without words": ("document.querySelector('main').append(document.createElement('img'))", found_by_axe),
    "pale letters": ("document.querySelector('h1').className = 'pale'", found_by_axe),
    "two titles": ("document.querySelector('main').append(document.createElement('h1'))", without_signposts),
    "a wide box": ("document.querySelector('h1').className = 'wide'", wider_than_a_narrow_screen),
    "movement": ("document.querySelector('h1').className = 'moving'", moving_for_whom_it_must_not),
    "no ring": ("document.querySelector('a:not(.skip)').className = 'bare'", lost_by_keyboard),
    "out of order": ("document.querySelector('header button').tabIndex = 1", lost_by_keyboard),
}
STYLES = """{
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(`.pale { color: #777; background: #888 } .wide { width: 900px } .bare { outline: 0 !important }
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
