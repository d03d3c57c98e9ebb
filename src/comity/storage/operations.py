"""The shelf of joint operations: their logs, what waits for its place, and what members vouch for."""

from sqlalchemy import Column, Connection, Integer, LargeBinary, Table, and_, delete, func, insert, or_, select

from comity.domain.operation import OperationEntry, OperationHead, Ordered, Vouch
from comity.storage.cases import case_people
from comity.storage.columns import BY_KEY, WIDE, WORD, Moment, metadata
from comity.storage.contents import Contents
from comity.storage.rows import put_row

operations = Table(
    "operations",
    metadata,
    Column("id", WORD, primary_key=True),
    Column("case_id", WORD, nullable=False, index=True),  # '' while it is not filed
    Column("known_at", Moment, nullable=False),
    Column("kept", LargeBinary, nullable=False),
    **WIDE,
)
operation_log = Table(
    "operation_log",
    metadata,
    Column("operation", WORD, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("kept", LargeBinary, nullable=False),
    **WIDE,
)
operation_waiting = Table(
    "operation_waiting",
    metadata,
    Column("id", WORD, primary_key=True),
    Column("operation", WORD, nullable=False, index=True),
    Column("written_at", Moment, nullable=False),
    Column("kept", LargeBinary, nullable=False),
    **WIDE,
)
operation_vouches = Table(
    "operation_vouches",
    metadata,
    Column("operation", WORD, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("bureau", WORD, primary_key=True),
    Column("digest", WORD, nullable=False),
    **BY_KEY,
)


class Operations:
    def __init__(self, connection: Connection, contents: Contents) -> None:
        self._connection = connection
        self._contents = contents

    def put(self, head: OperationHead) -> None:
        sealed = self._contents.seal(content_of(head.id), head)
        row = {"id": head.id, "case_id": head.case, "known_at": head.known_at, "kept": sealed}
        put_row(self._connection, operations, row)

    def get(self, operation_id: str) -> OperationHead | None:
        kept = self._connection.execute(select(operations.c.kept).where(operations.c.id == operation_id)).scalar()
        return self._contents.open(content_of(operation_id), OperationHead, kept) if kept is not None else None

    def of(self, account: str, unfiled: bool, limit: int) -> list[OperationHead]:
        one = operations.c
        mine = one.case_id.in_(select(case_people.c.case_id).where(case_people.c.account == account))
        chosen = (
            select(one.id, one.kept)
            .where(or_(mine, one.case_id == "") if unfiled else mine)
            .order_by(one.known_at.desc(), one.id)
            .limit(limit)
        )
        rows = self._connection.execute(chosen).all()
        return self._contents.open_all(OperationHead, [(content_of(row.id), row.kept) for row in rows])

    def of_case(self, case_id: str) -> list[OperationHead]:
        """Those that lie in a case of ours."""
        rows = self._connection.execute(
            select(operations.c.id, operations.c.kept).where(operations.c.case_id == case_id)
        )
        return self._contents.open_all(OperationHead, [(content_of(row.id), row.kept) for row in rows.all()])

    def forget(self, operation_id: str) -> None:
        """An operation with its whole log."""
        self._contents.destroy(content_of(operation_id))
        for table in (operation_log, operation_waiting, operation_vouches):
            self._connection.execute(delete(table).where(table.c.operation == operation_id))
        self._connection.execute(delete(operations).where(operations.c.id == operation_id))

    def log_entry(self, ordered: Ordered) -> None:
        sealed = self._contents.seal(content_of(ordered.operation), ordered)
        row = {"operation": ordered.operation, "number": ordered.number, "kept": sealed}
        self._connection.execute(insert(operation_log), row)

    def log(self, operation_id: str) -> list[Ordered]:
        one = operation_log.c
        chosen = select(one.kept).where(one.operation == operation_id).order_by(one.number)
        kept = self._connection.execute(chosen).scalars()
        return self._contents.open_all(Ordered, [(content_of(operation_id), sealed) for sealed in kept])

    def await_order(self, entry: OperationEntry) -> None:
        sealed = self._contents.seal(content_of(entry.operation), entry)
        row = {"id": entry.id, "operation": entry.operation, "written_at": entry.written_at, "kept": sealed}
        put_row(self._connection, operation_waiting, row)

    def awaiting(self, operation_id: str) -> list[OperationEntry]:
        one = operation_waiting.c
        chosen = select(one.kept).where(one.operation == operation_id).order_by(one.written_at, one.id)
        kept = self._connection.execute(chosen).scalars()
        return self._contents.open_all(OperationEntry, [(content_of(operation_id), sealed) for sealed in kept])

    def awaited_in(self, entry_id: str) -> list[str]:
        one = operation_waiting.c
        return list(self._connection.execute(select(one.operation).where(one.id == entry_id)).scalars())

    def placed(self, entry_id: str) -> OperationEntry | None:
        one = operation_waiting.c
        row = self._connection.execute(select(one.operation, one.kept).where(one.id == entry_id)).one_or_none()
        self._connection.execute(delete(operation_waiting).where(one.id == entry_id))
        return self._contents.open(content_of(row.operation), OperationEntry, row.kept) if row is not None else None

    def vouch(self, bureau: str, vouch: Vouch) -> None:
        key = (vouch.number, bureau)
        if key not in self.vouches(vouch.operation):
            row = {"operation": vouch.operation, "number": vouch.number, "bureau": bureau, "digest": vouch.digest}
            self._connection.execute(insert(operation_vouches), row)

    def vouched_ahead(self, bureau: str) -> int:
        word, entry = operation_vouches.c, operation_log.c
        here = and_(entry.operation == word.operation, entry.number == word.number)
        joined = operation_vouches.outerjoin(operation_log, here)
        ahead = select(func.count()).select_from(joined).where(word.bureau == bureau, entry.number.is_(None))
        return self._connection.execute(ahead).scalar() or 0

    def vouches(self, operation_id: str) -> dict[tuple[int, str], str]:
        one = operation_vouches.c
        chosen = select(one.number, one.bureau, one.digest).where(one.operation == operation_id)
        return {(number, bureau): digest for number, bureau, digest in self._connection.execute(chosen)}


def content_of(operation_id: str) -> str:
    """Its name among the contents of this database: an operation with its log."""
    return f"operation {operation_id}"
