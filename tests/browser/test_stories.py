"""What people do at their desks, by keyboard alone: at a border, at a duty desk at night, in an audit."""

from pathlib import Path

import pytest

from comity.domain.session import Language
from tests.browser.person import SCREENS, Person

TREE = Path(__file__).parents[2] / "build" / "lookup.txt"


def at_the_border(ada: Person, case: str) -> None:
    """She types what is printed on the passport, why and for which case, and opens what was found."""
    ada.reach("#purpose")
    while ada.page.locator("#purpose").input_value() != "border-control":
        ada.press("ArrowDown")
    ada.reach("#case")
    ada.type(case)
    ada.enter()
    ada.reach("main a[href^='/hits/']")
    ada.enter()
    ada.keep_screen("story-hit")
    ada.reach("main form[action$='/request'] button")
    ada.enter()


@pytest.mark.parametrize(
    ("screen", "case"),
    [
        ({}, "T-21"),
        ({"language": Language.ARABIC, "width": 360}, "T-22"),
        ({"width": 360, "javascript": False}, "T-23"),
    ],
    ids=["by its keys", "in Arabic on a telephone", "without script"],
)
def test_ada_finds_a_stolen_passport_and_ben_confirms_it(consoles, person, screen, case):
    ada, ben = person("ada", **screen), person("ben", **screen)
    ada.open("/")
    if screen.get("javascript", True):
        with ada.page.expect_navigation():
            ada.press("/")
    else:
        ada.reach(".menu summary")
        ada.press("Enter")
        ada.reach("nav a[href='/lookup']")
        ada.enter()
    if not ada.page.evaluate("document.activeElement.matches('#q')"):
        ada.reach("#q")
    ada.type("XBE B1234567")
    at_the_border(ada, case)
    consoles.federation.post()

    ben.open("/hits")
    ben.reach("main a[href^='/hits/']")
    ben.enter()
    assert case in ben.page.locator("main").inner_text()
    assert ben.page.locator("main time").count(), "Ben does not see by when"
    ben.reach("main form[action$='/confirm'] button")
    ben.enter()
    consoles.federation.post()

    ada.page.reload()
    assert ada.page.locator("main .notice").first.inner_text().strip()
    assert ada.page.locator("main .alert").count(), "Ada does not see that it was confirmed"
    ada.keep_screen("story-confirmed")
    assert ada.complaints == ben.complaints == []


def test_an_auditor_finds_who_saw_the_record(person):
    alma = person("alma")
    alma.open("/")
    with alma.page.expect_navigation():
        alma.press("g", "o")
    alma.reach("#why")
    alma.type("audit 3")
    alma.reach("#case")
    alma.type("T-1")
    alma.enter()
    assert "border control" in alma.page.locator("main").inner_text()
    alma.reach("main a[href^='/oversight/entries/']")
    alma.enter()
    alma.keep_screen("story-entry")
    assert alma.page.locator("#proof").is_visible()
    assert alma.complaints == []


def test_what_a_screen_reader_reads_of_the_lookup_page(person):
    page = person("ada").open("/lookup")
    tree = page.locator("body").aria_snapshot()
    SCREENS.mkdir(parents=True, exist_ok=True)
    TREE.write_text(tree + "\n")
    for heard in (
        "banner",
        "navigation",
        "main",
        'heading "Lookup" [level=1]',
        "search",
        'combobox "Purpose',
        "button",
    ):
        assert heard in tree
