"""By which keys a person is found: what the names sound like."""

from collections.abc import Iterable

from sqlalchemy import Column, Connection, ForeignKey, Table

from comity.domain.person import Person
from comity.domain.record import Subject
from comity.matching import persons
from comity.storage.columns import BY_KEY, WHOLE, WORD, metadata
from comity.storage.rows import add_rows


def _record() -> Column[int]:
    """Keys go with their record, whoever erases it."""
    return Column(
        "record",
        WHOLE,
        ForeignKey("records.number", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
        index=True,
    )


person_keys = Table(
    "person_keys",
    metadata,
    Column("key", WORD, primary_key=True),
    _record(),
    **BY_KEY,
)


def write_keys(connection: Connection, subjects: Iterable[tuple[int, Subject]]) -> None:
    """Index subjects under the row numbers of their records."""
    people: list[tuple[object, ...]] = []
    for record, subject in subjects:
        if isinstance(subject, Person):
            people += ((key, record) for key in persons.keys(persons.prepare(subject)))
    add_rows(connection, person_keys, people)
