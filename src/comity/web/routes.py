"""Which route of a table a request takes: by method and path, ids out, nothing left over."""

import re
from collections.abc import Sequence
from functools import cache
from typing import Protocol, TypeVar

from comity.domain.errors import Invalid
from comity.web.refusals import UnknownAddress, WrongMethod
from comity.wire.http import Request

# An id in a path: ours are UUIDs; whatever else fits is simply not found behind the door.
ID = r"(?P<id>[A-Za-z0-9][A-Za-z0-9-]{0,63})"
# What lies below a folder of files.
PATH = r"(?P<path>[a-z0-9./]{1,100})"


class Routed(Protocol):
    @property
    def method(self) -> str: ...

    @property
    def template(self) -> str:
        """A path such as /v1/hits/{id}."""
        ...


R = TypeVar("R", bound=Routed)


def find(routes: Sequence[R], request: Request) -> tuple[R, str]:
    """The route of a request and the id, or the path of a file, in its own; '' where the route has none.

    Raises UnknownAddress, WrongMethod, and Invalid for a query: none of our addresses takes one.
    """
    path, mark, _ = request.target.partition("?")
    here = [(route, found) for route in routes if (found := _pattern(route.template).fullmatch(path))]
    if not here:
        raise UnknownAddress("There is no such address.", do="Look at /openapi.json for those that there are.")
    for route, found in here:
        if route.method == request.method:
            if mark:
                raise Invalid("This address takes no query.", where="query", do="Leave out what follows the '?'.")
            return route, next(iter(found.groupdict().values()), "")
    raise WrongMethod(request, tuple(route.method for route, _ in here))


def template(routes: Sequence[Routed], request: Request) -> str:
    """The template of a request's path, '-' where no route has it: what logs and counters may show of it."""
    path = request.target.partition("?")[0]
    return next((route.template for route in routes if _pattern(route.template).fullmatch(path)), "-")


@cache
def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(path.replace("{id}", ID).replace("{path}", PATH))
