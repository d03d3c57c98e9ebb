"""The consoles of a whole federation, with the records of the usual story; whoever is named is signed in."""

from collections.abc import Callable

import pytest

from comity.domain.session import SignInBy
from comity.testing.federation import Federation
from comity.web.console.door import PAGES, ConsoleDoor
from comity.web.console.pages import Pages
from tests.federation.conftest import federation, founded, furnished
from tests.web.console.visitor import ORIGIN, Visitor
from tests.web.console.watched import watched

__all__ = ["federation", "founded", "furnished", "watched"]

Consoles = Callable[[str, str], Visitor]


@pytest.fixture
def console(federation: Federation) -> Consoles:
    """`console("aldova", "ada")`: Ada before her bureau's console."""

    def opened(node: str, who: str) -> Visitor:
        return visitor(federation, node, who)

    return opened


def visitor(federation: Federation, node: str, who: str) -> Visitor:
    """Whoever is not of the cast is not signed in."""
    csrf = ""
    if who in federation.cast:
        who, session = federation.nodes[node].desks.sessions.open(who, SignInBy.PASSKEY)
        csrf = session.csrf
    return Visitor(door(federation, node, ORIGIN), who, csrf)


def door(federation: Federation, node: str, origin: str) -> ConsoleDoor:
    """The console of one of its nodes; tests/browser opens the same."""
    pages = Pages(PAGES, node.title(), is_demo=False)
    return ConsoleDoor(federation.nodes[node].desks, pages, federation.time, origin)
