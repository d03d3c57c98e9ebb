"""The shelf of agreements: every text that was ever adopted, to the byte, and which of them is in use."""

from datetime import datetime

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Integer,
    LargeBinary,
    Table,
    UniqueConstraint,
    delete,
    func,
    insert,
    select,
)

from comity.domain.instrument import Instrument
from comity.storage.columns import BY_KEY, WIDE, WORD, Moment, Packed, metadata

agreements = Table(
    "agreements",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),  # in the order of adoption
    Column("id", WORD, nullable=False),
    Column("digest", WORD, nullable=False),
    Column("adopted_at", Moment, nullable=False),
    Column("agreement", Packed(Instrument), nullable=False),
    Column("text", LargeBinary, nullable=False),
    UniqueConstraint("id", "digest"),
    **WIDE,
)
# What decisions rest on beside agreements: every rulebook under which this node ever ran.
rulebooks = Table(
    "rulebooks",
    metadata,
    Column("digest", WORD, primary_key=True),
    Column("text", LargeBinary, nullable=False),
    **WIDE,
)
# Which of the agreements were put here by hand for a trial. Those that are not come from an earlier release.
trial_texts = Table("trial_texts", metadata, Column("digest", WORD, primary_key=True), **BY_KEY)


class Agreements:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, agreement: Instrument, text: bytes, digest: str, now: datetime) -> None:
        """Adopt a text: from now on it is the newest of its agreement, also where it was adopted before."""
        before = (agreements.c.id == agreement.id) & (agreements.c.digest == digest)
        self._connection.execute(delete(agreements).where(before))
        last = self._connection.execute(select(func.max(agreements.c.number))).scalar() or 0
        row = {
            "number": last + 1,
            "id": agreement.id,
            "digest": digest,
            "adopted_at": now,
            "agreement": agreement,
            "text": text,
        }
        self._connection.execute(insert(agreements).values(**row))

    def every(self) -> list[tuple[Instrument, str]]:
        """Adopted agreements, the newest text of each, with the SHA-256 (hex) of that text."""
        chosen = select(agreements.c.agreement, agreements.c.digest).where(_newest()).order_by(agreements.c.id)
        return [(row.agreement, row.digest) for row in self._connection.execute(chosen)]

    def digests(self) -> tuple[str, ...]:
        """The digests of the same, sorted: tells cheaply whether anything has changed."""
        chosen = select(agreements.c.digest).where(_newest()).order_by(agreements.c.digest)
        return tuple(self._connection.execute(chosen).scalars())

    def text(self, digest: str) -> bytes | None:
        """The text that a journal entry names by its digest, also of one no longer in use, or of a rulebook."""
        for table in (agreements, rulebooks):
            found = self._connection.execute(select(table.c.text).where(table.c.digest == digest)).scalar()
            if found is not None:
                return bytes(found)
        return None

    def keep_rulebook(self, digest: str, text: bytes) -> bool:
        """So that what is decided under it can be decided again; whether it was new."""
        if self.text(digest) is not None:
            return False
        self._connection.execute(insert(rulebooks).values(digest=digest, text=text))
        return True

    def rulebooks(self) -> list[bytes]:
        """Every one that was kept, as its one text."""
        chosen = select(rulebooks.c.text).order_by(rulebooks.c.digest)
        return [bytes(text) for text in self._connection.execute(chosen).scalars()]

    def trial(self) -> frozenset[str]:
        """The digests of those that were adopted for a trial."""
        return frozenset(self._connection.execute(select(trial_texts.c.digest)).scalars())

    def mark_trial(self, digest: str) -> None:
        if digest not in self.trial():
            self._connection.execute(insert(trial_texts).values(digest=digest))


def _newest() -> ColumnElement[bool]:
    newest = select(func.max(agreements.c.number)).group_by(agreements.c.id)
    return agreements.c.number.in_(newest)
