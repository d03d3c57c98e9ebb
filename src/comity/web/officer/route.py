"""What one address of the officers' door does: the shape of a line of its table."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from msgspec import Struct

from comity.domain.caller import Caller
from comity.domain.errors import Refusal
from comity.web.officer.needs import Desks

B = TypeVar("B")


class Asked(Struct, Generic[B], frozen=True, kw_only=True):
    """A request as an act gets it: who, about which id, and the body as it was read (None where none is taken)."""

    caller: Caller
    id: str
    body: B


class Route(Struct, Generic[B], frozen=True, kw_only=True):
    """`act` answers; `refusals` are those beyond what every address may refuse (see openapi.py)."""

    method: str
    template: str
    does: str
    act: Callable[[Desks, Asked[B]], Struct]
    body: type[B] | None = None
    answer: type[Struct]
    example: dict[str, Any] = {}
    refusals: tuple[type[Refusal], ...] = ()
