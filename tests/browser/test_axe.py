"""Nothing keeps anyone out of a page: axe-core finds nothing, for any role, light and dark, in English and Arabic."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from comity.domain.session import Language
from tests.browser.accessible import found_by_axe
from tests.browser.places import places

TABLES = Path(__file__).parents[2] / "build"


@pytest.mark.parametrize("language", [Language.ENGLISH, Language.ARABIC])
def test_axe_finds_nothing_on_any_page(consoles, person, language):
    rows, found, people = [], [], {}
    for place in places(consoles):
        one = people.get(place.who) or people.setdefault(place.who, person(place.who, language=language))
        page = one.open(place.path)
        in_light = found_by_axe(page)
        one.keep_screen(place.name)
        page.emulate_media(color_scheme="dark")
        in_dark = found_by_axe(page, colours_only=True)
        page.emulate_media(color_scheme="light")
        rows.append(f"{place.page.path:40} {place.who:8} {language}  light {len(in_light)}  dark {len(in_dark)}")
        found += [f"{place.path} as {place.who}: {each}" for each in (*in_light, *in_dark)]
    TABLES.mkdir(exist_ok=True)
    (TABLES / f"axe-{language}.txt").write_text("\n".join((*rows, "", *found)))
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("spoiled", "rule"),
    [
        ("document.querySelector('main').append(document.createElement('img'))", "image-alt"),
        ("document.querySelector('h1').className = 'pale'", "color-contrast"),
    ],
)
def test_axe_sees_what_it_must_see(person, spoiled, rule):
    page: Page = person("ada").open("/")
    page.evaluate(spoiled)
    page.evaluate(
        "const pale = new CSSStyleSheet(); pale.replaceSync('.pale { color: #777; background: #888 }');"
        "document.adoptedStyleSheets = [pale]"
    )
    assert [one for one in found_by_axe(page) if one.startswith(rule)]
