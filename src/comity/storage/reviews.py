"""The shelf of reviews: which own records are to be looked at before their end, and which may be entered again."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Column, Connection, Integer, Table, delete, select

from comity.storage.columns import BY_KEY, WORD, Moment, metadata, ordinal
from comity.storage.record_rows import chunks
from comity.storage.rows import put_row

reviews_due = Table(
    "reviews_due",
    metadata,
    Column("id", WORD, primary_key=True),  # of the record
    Column("review_at", Integer, nullable=False),  # a day
    Column("noted_at", Moment, nullable=False),
    **BY_KEY,
)
readmissions = Table(
    "readmissions",
    metadata,
    Column("id", WORD, primary_key=True),  # of the record
    Column("by", WORD, nullable=False),
    **BY_KEY,
)


class Reviews:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def note(self, record_id: str, review_at: date, now: datetime) -> bool:
        """The record is to be looked at; True where that was not noted yet for that day."""
        one = reviews_due.c
        noted = self._connection.execute(select(one.review_at).where(one.id == record_id)).scalar()
        if noted == ordinal(review_at):
            return False
        put_row(self._connection, reviews_due, {"id": record_id, "review_at": ordinal(review_at), "noted_at": now})
        return True

    def due(self) -> list[str]:
        """Ids of the records, by the day on which they were to be looked at."""
        one = reviews_due.c
        return list(self._connection.execute(select(one.id).order_by(one.review_at, one.id)).scalars())

    def done(self, record_ids: Sequence[str]) -> None:
        for chunk in chunks(list(record_ids)):
            self._connection.execute(delete(reviews_due).where(reviews_due.c.id.in_(chunk)))

    def readmit(self, record_id: str, by: str) -> None:
        """A record that was withdrawn or has expired may be entered again, once."""
        put_row(self._connection, readmissions, {"id": record_id, "by": by})
