"""The shelf of units: which of this bureau's units belong to another kind of body, as other nodes learn it."""

from sqlalchemy import Column, Connection, Table, select

from comity.domain.circumstances import EntityKind
from comity.storage.columns import BY_KEY, WORD, metadata
from comity.storage.rows import put_row

units = Table(
    "units",
    metadata,
    Column("unit", WORD, primary_key=True),
    Column("kind", WORD, nullable=False),
    **BY_KEY,
)


class Units:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, unit: str, kind: EntityKind) -> None:
        put_row(self._connection, units, {"unit": unit, "kind": kind.value})

    def kind(self, unit: str) -> EntityKind:
        """One that nobody entered is the bureau's own."""
        found = self._connection.execute(select(units.c.kind).where(units.c.unit == unit)).scalar()
        return EntityKind(found) if found else EntityKind.BUREAU

    def every(self) -> dict[str, EntityKind]:
        found = self._connection.execute(select(units.c.unit, units.c.kind).order_by(units.c.unit))
        return {unit: EntityKind(kind) for unit, kind in found}
