"""Whoever watches over a bureau, before its console: signed in once, however many tests they are in."""

from functools import cache

from comity.testing.federation import Federation
from tests.web.console.conftest import visitor
from tests.web.console.visitor import Visitor


@cache
def watcher(federation: Federation, node: str, who: str) -> Visitor:
    return visitor(federation, node, who)
