"""The shelf of cases: each with its people and what lies in it."""

from sqlalchemy import Column, Connection, Table, delete, insert, select

from comity.domain.case import Case, CaseState, Item
from comity.storage.columns import BY_KEY, WIDE, WORD, Moment, Packed, metadata
from comity.storage.rows import put_row

cases = Table(
    "cases",
    metadata,
    Column("id", WORD, primary_key=True),
    Column("number", WORD, nullable=False, unique=True),
    Column("state", WORD, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("kept", Packed(Case), nullable=False),
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
    Column("kept", Packed(Item), nullable=False),
    **WIDE,
)


class Cases:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, case: Case) -> None:
        row = {
            "id": case.id,
            "number": case.number,
            "state": case.state.value,
            "opened_at": case.opened_at,
            "kept": case,
        }
        put_row(self._connection, cases, row)
        self._connection.execute(delete(case_people).where(case_people.c.case_id == case.id))
        if case.allowed:
            rows = [{"account": account, "case_id": case.id} for account in sorted(case.allowed)]
            self._connection.execute(insert(case_people), rows)

    def get(self, case_id: str) -> Case | None:
        return self._connection.execute(select(cases.c.kept).where(cases.c.id == case_id)).scalar()

    def numbered(self, number: str) -> Case | None:
        return self._connection.execute(select(cases.c.kept).where(cases.c.number == number)).scalar()

    def of(self, account: str, limit: int) -> list[Case]:
        """Open ones first, then the newest."""
        closed = cases.c.state == CaseState.CLOSED.value
        chosen = (
            select(cases.c.kept)
            .join(case_people, case_people.c.case_id == cases.c.id)
            .where(case_people.c.account == account)
            .order_by(closed, cases.c.opened_at.desc(), cases.c.id)
            .limit(limit)
        )
        return list(self._connection.execute(chosen).scalars())

    def attach(self, item: Item) -> None:
        row = {"case_id": item.case, "item": item.id, "added_at": item.added_at, "kept": item}
        put_row(self._connection, case_items, row)

    def items(self, case_id: str) -> list[Item]:
        one = case_items.c
        chosen = select(one.kept).where(one.case_id == case_id).order_by(one.added_at, one.item)
        return list(self._connection.execute(chosen).scalars())
