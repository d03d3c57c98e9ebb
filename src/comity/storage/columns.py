"""How values are written in every column, the same in SQLite and PostgreSQL.

A moment is a whole number of microseconds since 1970 UTC, a day the whole number YYYYMMDD, a text is compared byte by
byte, and what is read only as a whole is the JSON of its struct. So both databases sort and compare alike, whatever
their locale, and nothing is rounded.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar

import msgspec
from sqlalchemy import BigInteger, Dialect, Integer, LargeBinary, MetaData, Text
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import TypeDecorator

T = TypeVar("T")

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

# Every table of every shelf; constraints have names so that a later migration can speak of them.
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

WORD = Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
WHOLE = BigInteger().with_variant(Integer(), "sqlite")

# Small rows lie in the order of their key, wide ones beside it. SQLite enforces types as PostgreSQL does.
BY_KEY: dict[str, Any] = {"sqlite_with_rowid": False, "sqlite_strict": True}
WIDE: dict[str, Any] = {"sqlite_strict": True}


def microseconds(moment: datetime) -> int:
    """Since 1970 UTC. Exact: a float of seconds would round from the 16th digit on."""
    return (moment - EPOCH) // MICROSECOND


def ordinal(day: date) -> int:
    """2031-07-09 is 20310709."""
    return day.year * 10_000 + day.month * 100 + day.day


def whole_day(number: int) -> date:
    """20310709 is 2031-07-09."""
    return date(number // 10_000, number // 100 % 100, number % 100)


class Moment(TypeDecorator[datetime]):
    impl = WHOLE
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else microseconds(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else EPOCH + value * MICROSECOND


class Packed(TypeDecorator[T]):
    """A struct as its JSON, read back strictly."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, type: type[T]) -> None:
        super().__init__()
        self.type = type
        self._decoder = msgspec.json.Decoder(type)

    def process_bind_param(self, value: T | bytes | None, dialect: Dialect) -> bytes | None:
        """Bytes are packed already, as where many rows are written at once (`storage.rows.add_rows`).

        Packed twice, PostgreSQL would hold what nobody reads. Falls without it: tests/shelves/test_journal.py
        """
        return value if value is None or isinstance(value, bytes) else msgspec.json.encode(value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> T | None:
        return None if value is None else self._decoder.decode(value)
