"""The rows of records: the tables, and a row as it is stored."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

import msgspec
from msgspec import Struct
from sqlalchemy import (
    BindParameter,
    Column,
    Connection,
    ForeignKey,
    Integer,
    LargeBinary,
    Table,
    UniqueConstraint,
    bindparam,
    select,
)

from comity.domain.record import Record, Subject
from comity.storage.changes import Place, changes
from comity.storage.columns import BY_KEY, WHOLE, WIDE, WORD, Moment, metadata, ordinal

# Whose records of which kind, and how many: asked at every lookup, and too slow to count each time.
holdings = Table(
    "holdings",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("kind", WORD, nullable=False),
    Column("collection", WORD, nullable=False),
    Column("source", WORD, nullable=False),
    Column("country", WORD, nullable=False),
    Column("records", WHOLE, nullable=False),
    UniqueConstraint("kind", "collection", "source", "country"),
    **WIDE,
)
records = Table(
    "records",
    metadata,
    Column("number", WHOLE, primary_key=True, autoincrement=False),  # of the row: short in every key
    Column("id", WORD, nullable=False, unique=True),
    Column("holding", Integer, ForeignKey("holdings.number"), nullable=False),
    Column("reference", WORD, nullable=False),
    Column("retain_until", Integer, nullable=False, index=True),  # a day
    Column("content", LargeBinary, nullable=False),  # the whole record as JSON
    UniqueConstraint("holding", "reference"),
    **WIDE,
)
# Under a precautionary block: kept apart, so that no read of the records finds them.
records_apart = Table(
    "records_apart",
    metadata,
    Column("id", WORD, primary_key=True),
    Column("retain_until", Integer, nullable=False),  # a day
    Column("content", LargeBinary, nullable=False),  # as in `records`
    **WIDE,
)
tombstones = Table(
    "tombstones",
    metadata,
    Column("id", WORD, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("reason", WORD, nullable=False),
    Column("withdrawn_at", Moment, nullable=False),
    **BY_KEY,
)

ROWS_AT_ONCE = 500  # parameters of one statement
READ_AT_ONCE = 5_000

NUMBERS: BindParameter[int] = bindparam("numbers", expanding=True)
_CHANGED = (
    select(changes.c.place, changes.c.mark, changes.c.record, records.c.content)
    .join_from(changes, records, records.c.number == changes.c.record, isouter=True)
    .where(changes.c.place > bindparam("after"), changes.c.place <= bindparam("upto"))
    .order_by(changes.c.place)
    .limit(bindparam("many"))
)
_FOLLOWING = (
    select(records.c.number, records.c.content)
    .where(records.c.number > bindparam("after"))
    .order_by(records.c.number)
    .limit(READ_AT_ONCE)
)
_LAST = select(records.c.number).order_by(records.c.number.desc()).limit(1)

encode = msgspec.json.Encoder().encode
decode = msgspec.json.Decoder(Record).decode

T = TypeVar("T")


class _About(Struct):
    """Of a stored record, only what it is about: a third of the work of reading it whole."""

    subject: Subject


_decode_subject = msgspec.json.Decoder(_About).decode


def row_of(number: int, record: Record, holding: int) -> tuple[object, ...]:
    header = record.header
    return number, header.id, holding, header.reference, ordinal(header.retain_until), encode(record)


def changed_subjects(
    connection: Connection, after: Place, upto: Place, many: int
) -> tuple[Place, dict[int, Subject | None]]:
    """What the rows are about that changed after one place, in their order, as they stand now: None where none stands.

    As many changes as are asked for, and the place they lead to.
    """
    reached, contents = (after.number, after.mark), dict[int, bytes | None]()
    asked = {"after": after.number, "upto": upto.number, "many": many}
    for place, mark, row, content in connection.execute(_CHANGED, asked).all():
        reached, contents[row] = (place, mark), content
    about = {row: _decode_subject(one).subject if one else None for row, one in sorted(contents.items())}
    return Place(*reached), about


def every_subject(connection: Connection) -> Iterator[tuple[int, Subject]]:
    """(row number, what it is about) of all records, in the order of their rows."""
    after = 0
    while rows := connection.execute(_FOLLOWING, {"after": after}).all():
        for one in rows:
            yield one.number, _decode_subject(one.content).subject
        after = rows[-1].number


def last_row(connection: Connection) -> int:
    """The highest row number, 0 where there is none: no fewer than there are records."""
    return connection.execute(_LAST).scalar() or 0


def chunks(items: Sequence[T], many: int = ROWS_AT_ONCE) -> Iterator[Sequence[T]]:
    return (items[start : start + many] for start in range(0, len(items), many))


def batches(items: Iterable[T], many: int) -> Iterator[list[T]]:
    source = iter(items)
    while some := list(islice(source, many)):
        yield some
