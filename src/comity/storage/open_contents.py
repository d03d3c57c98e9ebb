"""Contents that an earlier release left in the open, sealed a few at a time."""

from collections.abc import Callable
from functools import partial
from typing import Any

from msgspec import Raw, Struct
from sqlalchemy import Connection, Row, Table, func, literal, select, update
from sqlalchemy import LargeBinary as Bytes

from comity.storage import cases, files, held_letters, inbox, mail, operations, outbox, passings, sealed
from comity.storage.contents import OPEN, Contents

AT_ONCE_MAX = 200  # rows in one transaction: others wait for it


class OpenContents(Struct, frozen=True):
    """A column of contents; `item` says of a row under which name its content is sealed."""

    table: Table
    column: str
    item: Callable[[Row[*tuple[Any, ...]]], str]
    passing: bool = False

    def seal_some(self, connection: Connection, contents: Contents) -> int:
        """How many were in the open still, of AT_ONCE_MAX."""
        column, keys = self.table.c[self.column], list(self.table.primary_key)
        in_the_open = func.substr(column, 1, 1) == literal(OPEN, Bytes)
        rows = connection.execute(select(self.table).where(in_the_open).limit(AT_ONCE_MAX)).all()
        for row in rows:
            seal = contents.seal_passing if self.passing else contents.seal
            content = seal(self.item(row), Raw(row._mapping[column]))
            this = update(self.table).where(*(key == row._mapping[key] for key in keys))
            connection.execute(this.values({column: content}))
        return len(rows)


def _by(name: Callable[..., str], *columns: str) -> Callable[[Row[*tuple[Any, ...]]], str]:
    return partial(_named, name, columns)


def _named(name: Callable[..., str], columns: tuple[str, ...], row: Row[*tuple[Any, ...]]) -> str:
    return name(*(row._mapping[column] for column in columns))


OPEN_CONTENTS = (
    OpenContents(mail.mail, "kept", _by(mail.content_of, "id")),
    OpenContents(mail.translations, "kept", _by(mail.content_of, "message")),
    OpenContents(cases.cases, "kept", _by(cases.content_of, "id")),
    OpenContents(cases.case_items, "kept", _by(cases.content_of, "case_id")),
    OpenContents(operations.operations, "kept", _by(operations.content_of, "id")),
    OpenContents(operations.operation_log, "kept", _by(operations.content_of, "operation")),
    OpenContents(operations.operation_waiting, "kept", _by(operations.content_of, "operation")),
    OpenContents(held_letters.held_letters, "held", _by(held_letters.content_of, "sender", "id")),
    OpenContents(inbox.parked_letters, "letter", _by(inbox.content_of, "sender", "id")),
    OpenContents(passings.passings, "finding", _by(passings.content_of, "id")),
    OpenContents(files.files, "kept", _by(files.content_of, "id")),
    OpenContents(outbox.outbox_letters, "letter", _by(outbox.content_of, "id"), passing=True),
    OpenContents(sealed.sealed_letters, "letter", _by(outbox.content_of, "id"), passing=True),
)
