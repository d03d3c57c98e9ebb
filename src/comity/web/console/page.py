"""What one address of the console does: the shape of a line of its table."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from starlette.datastructures import UploadFile

from comity.domain import limits
from comity.domain.caller import Caller, Role
from comity.domain.errors import Invalid
from comity.domain.session import Session
from comity.web.console.needs import ConsoleDesks


class Form(Struct, frozen=True):
    """What came with a form: texts by name, several where a name was sent several times; and files."""

    texts: Mapping[str, Sequence[str]] = {}
    files: Mapping[str, UploadFile] = {}

    def text(self, name: str) -> str:
        """Trimmed; empty where it was not sent. Raises Invalid where it came twice."""
        sent = self.texts.get(name, ())
        if len(sent) > 1:
            raise Invalid(f"{name} came {len(sent)} times.", where=name, do="Send it once.")
        return sent[0].strip() if sent else ""

    def every(self, name: str) -> tuple[str, ...]:
        return tuple(self.texts.get(name, ()))


class Visit(Struct, frozen=True, kw_only=True):
    """Somebody who is signed in opens a page or sends a form. `id` is the part of the path that names one thing.

    `body` and `fields` (of the header) are there where a page takes a part of a file.
    `token` is the session's cookie, for `desks.sessions` alone; no page shows it.
    """

    desks: ConsoleDesks
    session: Session
    token: str = ""  # of the session: what its cookie carries
    id: str = ""
    query: Form = Form()
    form: Form = Form()
    origin: str = ""  # of this console, as its reader has it
    body: bytes = b""
    fields: Mapping[str, str] = {}
    now: datetime

    @property
    def caller(self) -> Caller:
        return self.session.caller


class Shown(Struct, frozen=True):
    """A page: its template under `templates/`, and the values that it shows."""

    template: str
    values: dict[str, Any] = {}
    status: int = 200


class Moved(Struct, frozen=True):
    """After a form was done: where its outcome is seen, with one sentence of what was done (translated there)."""

    to: str
    said: str = ""
    leaves: bool = False  # the session has ended: the browser forgets its cookie


class Sent(Struct, frozen=True):
    """A file for the visitor to keep, by its name without folders."""

    content: bytes
    name: str
    content_type: str


class Brought(Struct, frozen=True, kw_only=True):
    """No page but the bytes of a file, piece by piece, or word of how far it has come; with its header fields."""

    fields: Mapping[str, str]
    parts: Iterable[bytes] = ()
    status: int = 200


Outcome = Shown | Moved | Sent | Brought


# Nothing that a browser could take for another host ("//", "/\\").
OWN_PATH = re.compile(r"/(?![/\\])[^\s\\]*")


def own_path(text: str) -> str:
    """The address of a page of ours that somebody sent; the first page where it is none."""
    return text if OWN_PATH.fullmatch(text) else "/"


class Page(Struct, frozen=True, kw_only=True):
    """`roles` may open it, everybody where there are none; `letter`: `g` and then this goes there.

    `by_screen`: the screen itself asks for it again and again, which keeps nobody signed in. `name` is its message in
    the navigation, empty where it does not stand there. Whoever is refused by a desk gets the same refusal on a page.
    """

    path: str
    show: Callable[[Visit], Outcome]
    method: str = "GET"  # or POST, a form; HEAD; or PATCH, a part of a file
    bytes_max: int = limits.CONSOLE_FORM_BYTES_MAX  # of what is sent to it
    roles: frozenset[Role] = frozenset()
    name: str = ""
    letter: str = ""
    by_screen: bool = False
