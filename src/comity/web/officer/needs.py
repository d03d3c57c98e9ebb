"""What the officers' door needs from the node: its desks, as small shapes."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Protocol

from msgspec import Struct

from comity.domain.caller import Caller
from comity.domain.hit import Hit, Priority
from comity.domain.lookup import Answer, LookupRequest


class Lookups(Protocol):
    def ask(self, request: LookupRequest, caller: Caller) -> Answer: ...


class Hits(Protocol):
    def every(self, caller: Caller) -> list[Hit]: ...

    def one(self, hit_id: str, caller: Caller) -> Hit: ...

    def request(self, hit_id: str, priority: Priority, note: str, caller: Caller) -> Hit: ...

    def confirm(self, hit_id: str, note: str, caller: Caller) -> Hit: ...

    def deny(self, hit_id: str, note: str, caller: Caller) -> Hit: ...

    def promise(self, hit_id: str, by: datetime, note: str, caller: Caller) -> Hit: ...


class Accounts(Protocol):
    def caller(self, token: str, on_behalf_of: str = "") -> Caller:
        """Raises Unauthenticated."""
        ...


class Counter(Protocol):
    def looked_up(self, kind: str, outcomes: Mapping[str, str], seconds: float) -> None: ...


class Desks(Struct, frozen=True, kw_only=True):
    """`name_of` gives a member's name in words, as the directory has it."""

    lookups: Lookups
    hits: Hits
    accounts: Accounts
    name_of: Callable[[str], str]
    counter: Counter
