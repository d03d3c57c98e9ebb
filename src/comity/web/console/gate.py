"""What opens to people who are not signed in yet: the shape of an address at which they say who they are."""

from collections.abc import Callable

from msgspec import Struct

from comity.domain.session import SignInBy
from comity.web.console.needs import ConsoleDesks
from comity.web.console.page import Form, Moved, Shown


class Arrival(Struct, frozen=True, kw_only=True):
    """Somebody of whom nothing is known."""

    desks: ConsoleDesks
    query: Form = Form()
    form: Form = Form()
    is_demo: bool = False
    origin: str


class Entered(Struct, frozen=True, kw_only=True):
    """Somebody has proved whose account is theirs; `to` is the page that they wanted."""

    login: str
    by: SignInBy
    to: str = "/"


class Gate(Struct, frozen=True, kw_only=True):
    path: str
    show: Callable[[Arrival], Shown | Moved | Entered]
    method: str = "GET"
