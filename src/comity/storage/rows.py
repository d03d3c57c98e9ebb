"""Write rows: one whether or not it stands already, or many that are new."""

from collections.abc import Mapping, Sequence
from functools import cache

from sqlalchemy import BindParameter, Connection, Insert, Table, Update, and_, bindparam, insert, update


def put_row(connection: Connection, table: Table, row: Mapping[str, object]) -> None:
    """Writers follow one another, so between the two statements nobody else can write the row."""
    change, add = _statements(table, tuple(row))
    key = {column.name for column in table.primary_key}
    changed = {(f"key_{name}" if name in key else name): value for name, value in row.items()}
    if not connection.execute(change, changed).rowcount:
        connection.execute(add, dict(row))


def add_rows(connection: Connection, table: Table, rows: Sequence[tuple[object, ...]]) -> None:
    """New rows with every column of the table in its order, as the database takes them: ints, texts, bytes.

    On SQLite the tuples go to the driver as they are, at half the cost of named parameters.
    """
    if not rows:
        return
    names = table.columns.keys()
    if connection.dialect.name == "sqlite":
        sql = str(insert(table).compile(connection, column_keys=names))
        connection.exec_driver_sql(sql, list(rows))
    else:
        connection.execute(insert(table), [dict(zip(names, row, strict=True)) for row in rows])


@cache
def _statements(table: Table, names: tuple[str, ...]) -> tuple[Update, Insert]:
    """Built once for each table: to build one each time costs as much as to run it."""
    same_key = and_(*(column == bindparam(f"key_{column.name}") for column in table.primary_key))
    # The key itself is not set, not even to what it is: SQLite would look through every row that refers to this one,
    # a million records for one count. Falls without it: tests/shelves/test_rows.py
    values: dict[str, BindParameter[object]] = {
        name: bindparam(name) for name in names if name not in table.primary_key.columns
    }
    return update(table).where(same_key).values(values), insert(table)
