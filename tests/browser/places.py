"""Every page of the console with somebody whose roles open it: what the tests of all pages go through."""

from collections.abc import Callable, Iterator

from msgspec import Struct

from comity.web.console.door import PAGES
from comity.web.console.page import Page
from tests.browser.served import Served

# Pages that show one thing: which, in the federation of these tests. `path`: what to put for the part in braces.
ONE_THING: dict[str, Callable[[Served, str], str]] = {"/members/{id}": lambda consoles, who: "bergenia"}


class Place(Struct, frozen=True):
    """`path` opens for `who`; `page` is its line in the door's table."""

    page: Page
    who: str
    path: str

    @property
    def name(self) -> str:
        """As a file may be called: `hits-id` of /hits/{id}."""
        return "-".join(part.strip("{}") for part in self.page.path.split("/") if part) or "home"


def places(consoles: Served) -> Iterator[Place]:
    """Each page once for each role that opens it, and once where every role does."""
    for page in PAGES:
        if page.method == "GET":
            for who in openers(consoles, page):
                yield Place(page, who, path_of(consoles, page, who))


def openers(consoles: Served, page: Page) -> list[str]:
    """Somebody for each role; the first of the cast where all may open it."""
    cast = consoles.federation.cast
    found = {next(who for who, caller in cast.items() if role in caller.roles): None for role in sorted(page.roles)}
    return list(found) or ["ada"]


def path_of(consoles: Served, page: Page, who: str) -> str:
    if "{" not in page.path:
        return page.path
    assert page.path in ONE_THING, f"tests/browser/places.py does not know which {page.path} to open"
    before, _, after = page.path.partition("{")
    return before + ONE_THING[page.path](consoles, who) + after.partition("}")[2]
