"""The shelf of persons' requests about themselves, and of what sources are asked on them, here or by others."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Column, ColumnElement, Connection, LargeBinary, Table, select

from comity.domain.rights import Consultation, RightsRequest
from comity.storage.columns import WIDE, WORD, Moment, metadata
from comity.storage.contents import Contents
from comity.storage.rows import put_row

rights_requests = Table(
    "rights_requests",
    metadata,
    Column("id", WORD, primary_key=True),
    Column("received_at", Moment, nullable=False),
    Column("state", WORD, nullable=False),
    Column("kept", LargeBinary, nullable=False),
    **WIDE,
)
rights_consultations = Table(
    "rights_consultations",
    metadata,
    Column("id", WORD, primary_key=True),
    Column("request", WORD, nullable=False, index=True),  # '' where another node asks
    Column("asked_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("state", WORD, nullable=False),
    Column("kept", LargeBinary, nullable=False),
    **WIDE,
)


class Rights:
    def __init__(self, connection: Connection, contents: Contents, erased: Callable[[], None]) -> None:
        """`erased` is told whenever bytes should leave the disk too."""
        self._connection = connection
        self._contents = contents
        self._erased = erased

    def put(self, request: RightsRequest) -> None:
        sealed = self._contents.seal(content_of(request.id), request)
        row = {"id": request.id, "received_at": request.received_at, "state": request.state.value, "kept": sealed}
        put_row(self._connection, rights_requests, row)

    def get(self, request_id: str) -> RightsRequest | None:
        found = self._connection.execute(select(rights_requests.c.kept).where(rights_requests.c.id == request_id))
        kept = found.scalar()
        return None if kept is None else self._contents.open(content_of(request_id), RightsRequest, kept)

    def every(self) -> list[RightsRequest]:
        """The oldest first."""
        one = rights_requests.c
        rows = self._connection.execute(select(one.id, one.kept).order_by(one.received_at, one.id)).all()
        return self._contents.open_all(RightsRequest, [(content_of(row.id), row.kept) for row in rows])

    def file(self, consultation: Consultation) -> None:
        sealed = self._contents.seal(content_of(consultation.id), consultation)
        row = {
            "id": consultation.id,
            "request": consultation.request,
            "asked_at": consultation.asked_at,
            "due_at": consultation.due_at,
            "state": consultation.state.value,
            "kept": sealed,
        }
        put_row(self._connection, rights_consultations, row)

    def consultation(self, consultation_id: str) -> Consultation | None:
        found = self._those(rights_consultations.c.id == consultation_id)
        return found[0] if found else None

    def consulted(self, request_id: str) -> list[Consultation]:
        """Of one request; with '' those in which another node asks us."""
        return self._those(rights_consultations.c.request == request_id)

    def late(self, now: datetime) -> list[Consultation]:
        """Without a word, and their time is over."""
        one = rights_consultations.c
        return self._those(one.due_at <= now, one.state.in_(("asked", "proposed")))

    def empty(self, request: RightsRequest) -> None:
        """Only what is left of the request stays; all that was said of it is destroyed."""
        for one in self.consulted(request.id):
            self.strip(one)
        self._contents.destroy(content_of(request.id))
        self.put(request)
        self._erased()

    def strip(self, consultation: Consultation) -> None:
        """What was said in it is destroyed."""
        self._contents.destroy(content_of(consultation.id))
        self.file(consultation.bare())
        self._erased()

    def _those(self, *chosen: ColumnElement[bool]) -> list[Consultation]:
        one = rights_consultations.c
        rows = self._connection.execute(select(one.id, one.kept).where(*chosen).order_by(one.asked_at, one.id)).all()
        return self._contents.open_all(Consultation, [(content_of(row.id), row.kept) for row in rows])


def content_of(rights_id: str) -> str:
    """Its name among the contents of this database."""
    return f"what a person asked by {rights_id}"
