"""The shelf of quotas: how many questions each party asked under a clause with a quota, day by day."""

from collections.abc import Collection, Mapping
from datetime import date

from sqlalchemy import Column, Connection, Table, delete, func, select

from comity.storage.columns import BY_KEY, WHOLE, WORD, metadata, ordinal

counted_questions = Table(
    "counted_questions",
    metadata,
    Column("party", WORD, primary_key=True),
    Column("clause", WORD, primary_key=True),  # "instrument clause"
    Column("day", WHOLE, primary_key=True),
    Column("questions", WHOLE, nullable=False),
    **BY_KEY,
)


class Quotas:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def count(self, party: str, clauses: Collection[str], day: date) -> None:
        """One question more under each of these clauses."""
        one = counted_questions.c
        for clause in clauses:
            same = (one.party == party, one.clause == clause, one.day == ordinal(day))
            more = counted_questions.update().where(*same).values(questions=one.questions + 1)
            if not self._connection.execute(more).rowcount:
                row = {"party": party, "clause": clause, "day": ordinal(day), "questions": 1}
                self._connection.execute(counted_questions.insert(), row)

    def asked(self, party: str, since: Mapping[str, date]) -> dict[str, int]:
        """By clause, how many from its day in `since` on, that day included; 0 where none."""
        one, found = counted_questions.c, dict.fromkeys(since, 0)
        for clause, day in since.items():
            wanted = select(func.sum(one.questions)).where(
                one.party == party, one.clause == clause, one.day >= ordinal(day)
            )
            found[clause] = int(self._connection.execute(wanted).scalar() or 0)
        return found

    def expire(self, before: date) -> int:
        """Erase what lies before that day; how many rows."""
        return self._connection.execute(
            delete(counted_questions).where(counted_questions.c.day < ordinal(before))
        ).rowcount
