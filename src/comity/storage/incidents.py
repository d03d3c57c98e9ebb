"""The shelf of security incidents, sealed, and of sanctions."""

from sqlalchemy import Column, Connection, LargeBinary, Table, select

from comity.domain.incident import Incident
from comity.domain.sanction import Sanction
from comity.storage.columns import WIDE, WORD, Moment, Packed, metadata
from comity.storage.contents import Contents
from comity.storage.rows import put_row

incidents = Table(
    "incidents",
    metadata,
    Column("id", WORD, primary_key=True),
    Column("known_at", Moment, nullable=False),
    Column("kept", LargeBinary, nullable=False),
    **WIDE,
)
sanctions = Table(
    "sanctions",
    metadata,
    Column("id", WORD, primary_key=True),
    Column("proposed_at", Moment, nullable=False),
    Column("sanction", Packed(Sanction), nullable=False),
    **WIDE,
)


class Incidents:
    def __init__(self, connection: Connection, contents: Contents) -> None:
        self._connection = connection
        self._contents = contents

    def put(self, incident: Incident) -> None:
        sealed = self._contents.seal(content_of(incident.id), incident)
        put_row(self._connection, incidents, {"id": incident.id, "known_at": incident.known_at, "kept": sealed})

    def get(self, incident_id: str) -> Incident | None:
        kept = self._connection.execute(select(incidents.c.kept).where(incidents.c.id == incident_id)).scalar()
        return None if kept is None else self._contents.open(content_of(incident_id), Incident, kept)

    def every(self) -> list[Incident]:
        one = incidents.c
        rows = self._connection.execute(select(one.id, one.kept).order_by(one.known_at, one.id)).all()
        return self._contents.open_all(Incident, [(content_of(row.id), row.kept) for row in rows])


class Sanctions:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, sanction: Sanction) -> None:
        row = {"id": sanction.id, "proposed_at": sanction.proposed_at, "sanction": sanction}
        put_row(self._connection, sanctions, row)

    def get(self, sanction_id: str) -> Sanction | None:
        return self._connection.execute(select(sanctions.c.sanction).where(sanctions.c.id == sanction_id)).scalar()

    def every(self) -> list[Sanction]:
        one = sanctions.c
        return list(self._connection.execute(select(one.sanction).order_by(one.proposed_at, one.id)).scalars())


def content_of(incident_id: str) -> str:
    """Its name among the contents of this database."""
    return f"incident {incident_id}"
