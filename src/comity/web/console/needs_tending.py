"""What the pages of members and of administration need from the node, as small shapes."""

from collections.abc import Iterable
from datetime import date
from typing import Protocol

from comity.domain.bureau import Measure, Standing
from comity.domain.caller import Caller
from comity.domain.collection import Category
from comity.domain.membership import KnownMember
from comity.domain.onboarding import Check
from comity.law.onboarding import Item
from comity.web.console import needs_watching as watching


class Membership(Protocol):
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
