"""The shelf of imports: how far each file has come, and which rows were refused."""

from collections.abc import Sequence
from heapq import nlargest

from sqlalchemy import Column, Connection, ForeignKey, Integer, Table, delete, func, insert, select

from comity.domain.importing import Import, RefusedRow
from comity.storage.columns import BY_KEY, WIDE, WORD, Packed, metadata
from comity.storage.rows import put_row

imports = Table(
    "imports",
    metadata,
    Column("id", WORD, primary_key=True),
    Column("progress", Packed(Import), nullable=False),
    **WIDE,
)
refused_rows = Table(
    "refused_rows",
    metadata,
    Column("import_id", WORD, ForeignKey("imports.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("line", Integer, nullable=False),
    Column("reason", WORD, nullable=False),
    **BY_KEY,
)


class Imports:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, import_id: str) -> Import | None:
        return self._connection.execute(select(imports.c.progress).where(imports.c.id == import_id)).scalar()

    def newest(self, count: int) -> list[Import]:
        every = self._connection.execute(select(imports.c.progress)).scalars()
        return nlargest(count, every, key=lambda one: one.started_at)

    def put(self, progress: Import) -> None:
        put_row(self._connection, imports, {"id": progress.id, "progress": progress})

    def refuse(self, import_id: str, rows: Sequence[RefusedRow]) -> None:
        """Add refused rows to an import that was put; several may stand in one line."""
        if not rows:
            return
        counted = select(func.count()).where(refused_rows.c.import_id == import_id)
        first = self._connection.execute(counted).scalar_one()
        written = [
            {"import_id": import_id, "number": number, "line": row.line, "reason": row.reason}
            for number, row in enumerate(rows, first)
        ]
        self._connection.execute(insert(refused_rows), written)

    def forget_refused(self, import_id: str) -> None:
        self._connection.execute(delete(refused_rows).where(refused_rows.c.import_id == import_id))

    def refused(self, import_id: str) -> list[RefusedRow]:
        """In the order in which they were refused."""
        columns = refused_rows.c
        chosen = select(columns.line, columns.reason).where(columns.import_id == import_id).order_by(columns.number)
        return [RefusedRow(line=row.line, reason=row.reason) for row in self._connection.execute(chosen)]
