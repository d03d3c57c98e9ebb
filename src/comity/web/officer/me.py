"""Who the caller is, as the door knows them."""

from comity.domain.caller import Caller
from comity.web.officer.needs import Desks
from comity.web.officer.route import Asked, Route


def me(_desks: Desks, asked: Asked[None]) -> Caller:
    """The account behind the token; tools show it so that nobody works under another's name."""
    return asked.caller


ROUTES = (Route(method="GET", template="/v1/me", does="See under whose name you ask", act=me, answer=Caller),)
