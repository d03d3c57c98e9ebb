"""The shelf of questions that are held for review, the oldest first."""

from datetime import date

from sqlalchemy import Column, Connection, Integer, Table, delete, select

from comity.domain.supervision import HeldQuestion
from comity.storage.columns import WIDE, WORD, Moment, Packed, metadata, ordinal
from comity.storage.rows import put_row

held_questions = Table(
    "held_questions",
    metadata,
    Column("id", WORD, primary_key=True),  # of the question
    Column("held_at", Moment, nullable=False),
    Column("until", Integer, nullable=False, index=True),  # a day
    Column("held", Packed(HeldQuestion), nullable=False),
    **WIDE,
)


class HeldQuestions:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, held: HeldQuestion) -> None:
        row = {"id": held.id, "held_at": held.held_at, "until": ordinal(held.until), "held": held}
        put_row(self._connection, held_questions, row)

    def get(self, question_id: str) -> HeldQuestion | None:
        return self._connection.execute(
            select(held_questions.c.held).where(held_questions.c.id == question_id)
        ).scalar()

    def every(self) -> list[HeldQuestion]:
        one = held_questions.c
        return list(self._connection.execute(select(one.held).order_by(one.held_at, one.id)).scalars())

    def past(self, today: date) -> list[HeldQuestion]:
        """Those whose last day is over."""
        one = held_questions.c
        chosen = select(one.held).where(one.until < ordinal(today)).order_by(one.held_at, one.id)
        return list(self._connection.execute(chosen).scalars())

    def forget(self, question_id: str) -> None:
        """It is decided; what was decided stands in the journal."""
        self._connection.execute(delete(held_questions).where(held_questions.c.id == question_id))
