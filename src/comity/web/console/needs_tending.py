"""What the pages of members and of administration need from the node, as small shapes."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Protocol

from comity.domain.bureau import Measure, Standing
from comity.domain.caller import Account, Caller, Role
from comity.domain.circumstances import EntityKind
from comity.domain.collection import Category
from comity.domain.letter import Lane
from comity.domain.membership import KnownMember
from comity.domain.onboarding import Check
from comity.domain.upkeep import NodeState, Section
from comity.law.onboarding import Item
from comity.web.console import needs_watching as watching
from comity.web.officer import needs as officer


class Membership(Protocol):
    def is_hub(self) -> bool: ...

    def every(self) -> list[KnownMember]: ...

    def one(self, node: str) -> KnownMember: ...

    def advice(self, caller: Caller) -> tuple[str, ...]: ...


class Measures(watching.Measures, Protocol):
    def propose(
        self,
        member: str,
        standing: Standing,
        reason: str,
        decided_by: str,
        caller: Caller,
        first_day: date | None = None,
        last_day: date | None = None,
        categories: Iterable[Category] = (),
    ) -> Measure: ...


class Onboarding(Protocol):
    def checklist(self, member: str, caller: Caller) -> list[tuple[str, Item, Check | None]]: ...

    def check(self, member: str, item: str, evidence: str, caller: Caller) -> bool: ...


class Accounts(officer.Accounts, Protocol):
    def open(self, login: str, name: str, unit: str, roles: Iterable[Role], caller: Caller) -> Account: ...

    def every(self, caller: Caller) -> list[Account]: ...

    def issue(self, login: str, valid: timedelta, caller: Caller) -> tuple[str, datetime]: ...

    def place(self, unit: str, kind: EntityKind, caller: Caller) -> None: ...

    def units(self, caller: Caller) -> dict[str, EntityKind]: ...

    def suspend(self, login: str, reason: str, caller: Caller) -> Account: ...

    def restore(self, login: str, reason: str, caller: Caller) -> Account: ...


class Lanes(Protocol):
    def resume(self, sender: str, lane: Lane, caller: Caller) -> None: ...


class Upkeep(Protocol):
    def state(self, caller: Caller) -> NodeState: ...

    def settings(self, caller: Caller) -> tuple[Section, ...]: ...
