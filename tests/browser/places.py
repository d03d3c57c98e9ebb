"""Every page of the console with somebody whose roles open it: what the tests of all pages go through."""

import re
from collections.abc import Callable, Iterator

from msgspec import Struct

from comity.web.console.door import PAGES
from comity.web.console.page import Page
from tests.browser.person import Person
from tests.browser.served import Served

# Pages that show one thing and are not reached from the page of all of them.
ONE_THING: dict[str, Callable[[Person], str]] = {
    "/oversight/entries/{id}": lambda person: f"/oversight/entries/{entry_on_a_lookup(person)}",
    "/oversight/entries/{id}/evidence": lambda person: f"/oversight/entries/{entry_on_a_lookup(person)}/evidence",
}


def entry_on_a_lookup(person: Person) -> int:
    """The last in the journal of their bureau."""
    entries = person.consoles.federation.journal(person.consoles.bureau_of(person.who))
    return max(number for number, entry in enumerate(entries) if entry.act.startswith("lookup."))


class Place(Struct, frozen=True):
    """`who` has a role that opens it; `is_first`: nobody opened it before them."""

    page: Page
    who: str
    is_first: bool

    @property
    def name(self) -> str:
        """As a file may be called: `hits-id` of /hits/{id}."""
        return "-".join(part.strip("{}") for part in self.page.path.split("/") if part) or "home"

    def path(self, person: Person) -> str:
        """Of a page that shows one thing: the first that the page of all of them leads to; empty where none is."""
        if self.page.path in ONE_THING:
            return ONE_THING[self.page.path](person)
        if "{" not in self.page.path:
            return self.page.path
        every = person.answer(self.page.path.partition("/{")[0] or "/")
        if every is None or every.status != 200:
            person.complaints_since()
            return ""
        links = [link.get_attribute("href") or "" for link in person.page.locator("main a").all()]
        shape = re.compile(re.sub(r"{[^}]*}", "[^/?#]+", self.page.path))
        others = {page.path for page in PAGES}
        return next((link for link in links if shape.fullmatch(link) and link not in others), "")


def places(consoles: Served) -> Iterator[Place]:
    """Each page once for each role that opens it, and once where every role does; files and parts of pages apart."""
    for page in PAGES:
        if page.method == "GET" and not page.by_screen:
            for number, who in enumerate(openers(consoles, page)):
                yield Place(page, who, is_first=not number)


def openers(consoles: Served, page: Page) -> list[str]:
    """Somebody for each role; Ada where all may open it."""
    cast = sorted(consoles.federation.cast.items(), key=lambda one: one[1].bureau)  # Aldova's first: they asked
    by_role = {role: who for who, caller in reversed(cast) for role in caller.roles}
    return list(dict.fromkeys(by_role[role] for role in sorted(page.roles & by_role.keys()))) or ["ada"]
