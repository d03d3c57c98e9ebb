"""Write rows: one whether or not it stands already, or many that are new."""

from collections.abc import Mapping, Sequence
from functools import cache

from sqlalchemy import Connection, Insert, Table, insert
from sqlalchemy.dialects import postgresql, sqlite


def put_row(connection: Connection, table: Table, row: Mapping[str, object]) -> None:
    """The row as it is from now on, whether or not one of its key stands."""
    connection.execute(_put(table, tuple(row), connection.dialect.name), dict(row))


def add_rows(connection: Connection, table: Table, rows: Sequence[tuple[object, ...]]) -> None:
    """New rows with every column of the table in its order, as the database takes them: ints, texts, bytes.

    On SQLite the tuples go to the driver as they are, at half the cost of named parameters.
    """
    if not rows:
        return
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(_sqlite_insert(table), list(rows))
    else:
        names = table.columns.keys()
        connection.execute(insert(table), [dict(zip(names, row, strict=True)) for row in rows])


@cache
def _sqlite_insert(table: Table) -> str:
    """Compiled once: that costs several times as much as to insert a row."""
    return str(insert(table).compile(dialect=sqlite.dialect(), column_keys=table.columns.keys()))


@cache
def _put(table: Table, names: tuple[str, ...], dialect: str) -> Insert:
    """Built once for each table: to build one each time costs as much as to run it."""
    add = sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)
    key = [column.name for column in table.primary_key]
    # The key itself is not set, not even to what it is: SQLite would look through every row that refers to this one,
    # a million records for one count. Falls without it: tests/shelves/test_rows.py
    changed = {name: add.excluded[name] for name in names if name not in key}
    return add.on_conflict_do_update(index_elements=key, set_=changed) if changed else add.on_conflict_do_nothing()
