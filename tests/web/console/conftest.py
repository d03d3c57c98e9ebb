"""The consoles of a whole federation, with the records of the usual story; whoever is named is signed in."""

from collections.abc import Callable
from datetime import timedelta

import msgspec
import pytest

from comity.domain.errors import Invalid, Unauthenticated
from comity.domain.session import Language, Session, Theme
from comity.testing.federation import Federation
from comity.web.console.door import PAGES, ConsoleDoor
from comity.web.console.needs import ConsoleDesks
from comity.web.console.pages import Pages
from tests.federation.conftest import federation, founded, furnished
from tests.web.console.visitor import ORIGIN, Visitor
from tests.web.console.watched import watched

__all__ = ["federation", "founded", "furnished", "watched"]

Consoles = Callable[[str, str], Visitor]


class SignedIn:
    """Whoever the cookie names, as the federation's cast has them."""

    def __init__(self, federation: Federation) -> None:
        self.federation = federation
        self.chosen: dict[str, dict[str, str]] = {}

    def session(self, token: str) -> Session:
        if token not in self.federation.cast:
            raise Unauthenticated("Nobody is signed in.", do="Sign in.")
        one = Session(
            id=token,
            csrf="csrf",
            caller=self.federation.cast[token],
            name=token.title(),
            ends_at=self.federation.time() + timedelta(hours=8),
        )
        return msgspec.structs.replace(one, **self.chosen.get(token, {}))

    def end(self, token: str) -> None:
        raise Unauthenticated("Nobody signs out here.", do="See tests of signing in.")

    def choose(self, token: str, **chosen: str) -> Session:
        kinds = {"language": Language, "theme": Theme}
        if not set(chosen) <= {"language", "theme", "purpose", "case"}:
            raise Invalid("There is no such choice.", do="Choose another.")
        self.chosen.setdefault(token, {}).update({name: kinds.get(name, str)(one) for name, one in chosen.items()})
        return self.session(token)


@pytest.fixture
def console(federation: Federation) -> Consoles:
    """`console("aldova", "ada")`: Ada before her bureau's console."""

    def opened(node: str, who: str) -> Visitor:
        return visitor(federation, node, who)

    return opened


def visitor(federation: Federation, node: str, who: str) -> Visitor:
    return Visitor(door(federation, node, SignedIn(federation), ORIGIN), who)


def door(federation: Federation, node: str, sessions: SignedIn, origin: str) -> ConsoleDoor:
    """The console of one of its nodes; tests/browser opens the same."""
    here = federation.nodes[node]
    desks = here.officer_door.desks
    fields = {name: getattr(desks, name) for name in desks.__struct_fields__}
    every = ConsoleDesks(
        **fields,
        sessions=sessions,
        log=here.log,
        log_policy=here.log_policy,
        log_alarms=here.log_alarms,
        post_alarms=here.post,
        misuse=here.misuse,
        agreements=here.agreements,
        bundles=here.bundles,
        supervision=here.supervision,
        letter_review=here.letter_review,
        measures=here.measures,
        sanctions=here.sanctions,
        post=here.post,
        directory=here.directory,
        own_records=here.own_records,
        records=here.records,
        keeping=here.keeping,
        membership=here.membership,
        onboarding=here.onboarding,
    )
    return ConsoleDoor(every, Pages(PAGES, node.title(), is_demo=False), federation.time, origin)
