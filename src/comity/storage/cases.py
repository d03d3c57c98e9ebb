"""The shelf of cases: each with its people and what lies in it."""

from sqlalchemy import Column, Connection, LargeBinary, Select, Table, delete, insert, select

from comity.domain.case import Case, CaseState, Item
from comity.storage.columns import BY_KEY, WIDE, WORD, Moment, metadata
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
    def __init__(self, connection: Connection, contents: Contents) -> None:
        self._connection = connection
        self._contents = contents

    def put(self, case: Case) -> None:
        row = {
            "id": case.id,
            "number": case.number,
            "state": case.state.value,
            "opened_at": case.opened_at,
            "kept": self._contents.seal(content_of(case.id), case),
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


def content_of(case_id: str) -> str:
    """Its name among the contents of this database: a case with what lies in it."""
    return f"case {case_id}"
