"""What own records said that have expired, as digests: the same content must not come back unseen as another record."""

import hashlib
from collections.abc import Iterable, Sequence

import msgspec
from sqlalchemy import Column, Connection, Table, bindparam, select

from comity.domain.record import Record
from comity.storage.columns import BY_KEY, WORD, metadata
from comity.storage.record_rows import chunks
from comity.storage.rows import put_row

expired_contents = Table(
    "expired_contents",
    metadata,
    Column("id", WORD, primary_key=True),  # of the record
    Column("content", WORD, nullable=False, index=True),
    **BY_KEY,
)
_SAME = select(expired_contents.c.content).where(expired_contents.c.content.in_(bindparam("contents", expanding=True)))
_ANY = select(expired_contents.c.id).limit(1)


def note(connection: Connection, expired: Iterable[Record]) -> None:
    for record in expired:
        put_row(connection, expired_contents, {"id": record.header.id, "content": _digest(record)})


def come_back(connection: Connection, entered: Sequence[Record]) -> set[str]:
    """The ids of those that say what a record has said that expired."""
    if not entered or connection.execute(_ANY).scalar() is None:
        return set()
    contents = {record.header.id: _digest(record) for record in entered}
    known: set[str] = set()
    for chunk in chunks(sorted(set(contents.values()))):
        known.update(connection.execute(_SAME, {"contents": chunk}).scalars())
    return {record_id for record_id, content in contents.items() if content in known}


def _digest(record: Record) -> str:
    """Of what it says in which collection, whatever its reference, dates and marking."""
    said = f"{record.header.source} {record.header.collection} ".encode()
    return hashlib.sha256(
        b"comity.expired.v1 " + said + msgspec.json.encode(record.subject, order="sorted")
    ).hexdigest()
