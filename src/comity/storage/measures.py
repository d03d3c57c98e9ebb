"""The shelf of corrective measures at a hub: proposed, in force, ended, dropped; none is ever erased."""

from sqlalchemy import Column, Connection, Table, select

from comity.domain.measure import FiledMeasure, MeasureState
from comity.storage.columns import WIDE, WORD, Moment, Packed, metadata
from comity.storage.rows import put_row

corrective_measures = Table(
    "corrective_measures",
    metadata,
    Column("id", WORD, primary_key=True),
    Column("member", WORD, nullable=False, index=True),
    Column("state", WORD, nullable=False),
    Column("proposed_at", Moment, nullable=False),
    Column("filed", Packed(FiledMeasure), nullable=False),
    **WIDE,
)


class Measures:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, filed: FiledMeasure) -> None:
        row = {
            "id": filed.id,
            "member": filed.measure.member,
            "state": filed.state.value,
            "proposed_at": filed.proposed_at,
            "filed": filed,
        }
        put_row(self._connection, corrective_measures, row)

    def get(self, measure_id: str) -> FiledMeasure | None:
        chosen = select(corrective_measures.c.filed).where(corrective_measures.c.id == measure_id)
        return self._connection.execute(chosen).scalar()

    def every(self, member: str = "") -> list[FiledMeasure]:
        """Of one member or of all, in the order in which they were proposed."""
        one = corrective_measures.c
        chosen = select(one.filed).order_by(one.proposed_at, one.id)
        return list(self._connection.execute(chosen.where(one.member == member) if member else chosen).scalars())

    def in_force(self, member: str) -> list[FiledMeasure]:
        """Confirmed and not ended."""
        return [one for one in self.every(member) if one.state is MeasureState.IN_FORCE]
