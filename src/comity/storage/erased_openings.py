"""What is left of entries of the journal whose openings were erased: when, by which rule, and the leaf that stays."""

from sqlalchemy import Column, Connection, Integer, Table, select

from comity.domain.oversight import ErasedOpening
from comity.storage.columns import WHOLE, WIDE, WORD, metadata, ordinal, whole_day

erased_openings = Table(
    "erased_openings",
    metadata,
    Column("position", WHOLE, primary_key=True, autoincrement=False),
    Column("erased_on", Integer, nullable=False),  # a day
    Column("under", WORD, nullable=False),
    Column("leaf", WORD, nullable=False),  # a salted digest; without its salt it says nothing of anyone
    **WIDE,
)


def erased_between(connection: Connection, start: int, stop: int) -> list[ErasedOpening]:
    """Of the entries from the one position up to the other, in their order."""
    erased = erased_openings.c
    chosen = select(erased_openings).where(erased.position >= start, erased.position < stop).order_by(erased.position)
    return [
        ErasedOpening(index=row.position, erased_on=whole_day(row.erased_on), under=row.under, leaf=row.leaf)
        for row in connection.execute(chosen)
    ]


def row_of(one: ErasedOpening) -> tuple[object, ...]:
    """As the table has it."""
    return one.index, ordinal(one.erased_on), one.under, one.leaf
