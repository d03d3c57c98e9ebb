"""The shelf of checklists: what was done of each new member's, and by whom; none is ever erased."""

from sqlalchemy import Column, Connection, Table, select

from comity.domain.onboarding import Check
from comity.storage.columns import WIDE, WORD, Packed, metadata
from comity.storage.rows import put_row

onboarding_checks = Table(
    "onboarding_checks",
    metadata,
    Column("member", WORD, primary_key=True),
    Column("item", WORD, primary_key=True),
    Column("checked", Packed(Check), nullable=False),
    **WIDE,
)


class Onboarding:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, check: Check) -> None:
        put_row(self._connection, onboarding_checks, {"member": check.member, "item": check.item, "checked": check})

    def of(self, member: str) -> dict[str, Check]:
        """By item."""
        one = onboarding_checks.c
        found = self._connection.execute(select(one.checked).where(one.member == member)).scalars()
        return {check.item: check for check in found}
