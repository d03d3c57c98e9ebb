"""The shelf of cases: each with its people and what lies in it."""

from collections.abc import Callable
from datetime import date

from sqlalchemy import Column, Connection, Integer, LargeBinary, Select, Table, delete, insert, select

from comity.domain.case import Case, CaseState, Item
from comity.storage.columns import BY_KEY, WIDE, WORD, Moment, metadata, ordinal
from comity.storage.contents import Contents
from comity.storage.rows import put_row

cases = Table(
    "cases",
    metadata,
    Column("id", WORD, primary_key=True),
    Column("number", WORD, nullable=False, unique=True),
    Column("state", WORD, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("kept", LargeBinary, nullable=False),
    Column("until", Integer, index=True),  # a day; none: not worked out yet
    Column("told_of_end", Integer),  # 1 where people were told that it ends
    **WIDE,
)
case_people = Table(
    "case_people",
    metadata,
    Column("account", WORD, primary_key=True),
    Column("case_id", WORD, primary_key=True),
    **BY_KEY,
)
case_items = Table(
    "case_items",
    metadata,
    Column("case_id", WORD, primary_key=True),
    Column("item", WORD, primary_key=True),
    Column("added_at", Moment, nullable=False),
    Column("kept", LargeBinary, nullable=False),
    **WIDE,
)


class Cases:
    def __init__(self, connection: Connection, contents: Contents, erased: Callable[[], None] = lambda: None) -> None:
        """`erased` is told whenever bytes should leave the disk too."""
        self._erased = erased
        self._connection = connection
        self._contents = contents

    def put(self, case: Case) -> None:
        row = {
            "id": case.id,
            "number": case.number,
            "state": case.state.value,
            "opened_at": case.opened_at,
            "kept": self._contents.seal(content_of(case.id), case),
            "until": _until(case),
            "told_of_end": int(case.told_of_end),
        }
        put_row(self._connection, cases, row)
        self._connection.execute(delete(case_people).where(case_people.c.case_id == case.id))
        if case.allowed:
            rows = [{"account": account, "case_id": case.id} for account in sorted(case.allowed)]
            self._connection.execute(insert(case_people), rows)

    def get(self, case_id: str) -> Case | None:
        return next(iter(self._several(select(cases.c.id, cases.c.kept).where(cases.c.id == case_id))), None)

    def numbered(self, number: str) -> Case | None:
        return next(iter(self._several(select(cases.c.id, cases.c.kept).where(cases.c.number == number))), None)

    def of(self, account: str, limit: int) -> list[Case]:
        """Open ones first, then the newest."""
        closed = cases.c.state == CaseState.CLOSED.value
        chosen = (
            select(cases.c.id, cases.c.kept)
            .join(case_people, case_people.c.case_id == cases.c.id)
            .where(case_people.c.account == account)
            .order_by(closed, cases.c.opened_at.desc(), cases.c.id)
            .limit(limit)
        )
        return self._several(chosen)

    def without_end(self, limit: int) -> list[Case]:
        """Closed ones of which nobody has worked out until when they may be kept."""
        return self._several(select(cases.c.id, cases.c.kept).where(cases.c.until.is_(None)).limit(limit))

    def ending(self, by: date, limit: int) -> list[Case]:
        """Those that may be kept until that day at the longest, the first to end first."""
        return self._several(_ending(by).limit(limit))

    def ending_untold(self, by: date, limit: int) -> list[Case]:
        """The same of which nobody was told."""
        return self._several(_ending(by).where(cases.c.told_of_end == 0).limit(limit))

    def empty(self, case: Case) -> None:
        """Nothing of what lay in it, or of what it was before, is left."""
        self._contents.destroy(content_of(case.id))
        self._connection.execute(delete(case_items).where(case_items.c.case_id == case.id))
        self.put(case)
        self._erased()

    def attach(self, item: Item) -> None:
        sealed = self._contents.seal(content_of(item.case), item)
        row = {"case_id": item.case, "item": item.id, "added_at": item.added_at, "kept": sealed}
        put_row(self._connection, case_items, row)

    def items(self, case_id: str) -> list[Item]:
        one = case_items.c
        chosen = select(one.kept).where(one.case_id == case_id).order_by(one.added_at, one.item)
        sealed = [(content_of(case_id), kept) for kept in self._connection.execute(chosen).scalars()]
        return self._contents.open_all(Item, sealed)

    def _several(self, chosen: Select[str, bytes]) -> list[Case]:
        rows = self._connection.execute(chosen).all()
        return self._contents.open_all(Case, [(content_of(row.id), row.kept) for row in rows])


def _ending(by: date) -> Select[str, bytes]:
    chosen = select(cases.c.id, cases.c.kept).where(cases.c.until <= ordinal(by))
    return chosen.order_by(cases.c.until, cases.c.id)


def _until(case: Case) -> int | None:
    """An open one has no end. Falls without each: tests/desks/test_endings.py"""
    if case.erased_at is not None or case.state is CaseState.OPEN:
        return ordinal(date.max)
    return ordinal(case.keep_until) if case.keep_until is not None else None


def content_of(case_id: str) -> str:
    """Its name among the contents of this database: a case with what lies in it."""
    return f"case {case_id}"
