"""The shelf of batches: how far each list has been looked up, what could not be, who kept silent, and the queue.

The list itself never lies here: only lines that something was found on, by their number and the words by which the list
names them, until the batch's last day.
"""

from collections.abc import Callable, Sequence
from datetime import date

from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Integer,
    Row,
    Select,
    Table,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from comity.domain.batch import Batch, Queued, QueueState, Silence
from comity.domain.held import Held
from comity.domain.importing import RefusedRow
from comity.domain.lookup import Finding
from comity.storage.columns import BY_KEY, WIDE, WORD, Moment, Packed, metadata, ordinal
from comity.storage.rows import add_rows, put_row


def _batch(primary: bool = False) -> Column[str]:
    """What belongs to a batch goes with it."""
    return Column(
        "batch",
        WORD,
        ForeignKey("batches.id", ondelete="CASCADE"),
        primary_key=primary,
        nullable=False,
        index=not primary,
    )


batches = Table(
    "batches",
    metadata,
    Column("id", WORD, primary_key=True),
    Column("unit", WORD, nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("keep_until", Integer, nullable=False, index=True),  # a day
    Column("progress", Packed(Batch), nullable=False),
    **WIDE,
)
batch_refusals = Table(
    "batch_refusals",
    metadata,
    _batch(primary=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("line", Integer, nullable=False),
    Column("reason", WORD, nullable=False),
    **BY_KEY,
)
batch_silences = Table(
    "batch_silences",
    metadata,
    _batch(primary=True),
    Column("line", Integer, primary_key=True, autoincrement=False),
    Column("kind", WORD, primary_key=True),  # of the question
    Column("source", WORD, primary_key=True),
    **BY_KEY,
)
queued_findings = Table(
    "queued_findings",
    metadata,
    Column("hit", WORD, primary_key=True),
    _batch(),
    Column("record", WORD, nullable=False, index=True),  # "" where only the hit was told
    Column("state", WORD, nullable=False),
    Column("rank", Integer, nullable=False),  # millionths of probability; what the owner did not tell before all
    Column("line", Integer, nullable=False),  # of the list: the order of equals
    Column("queued", Packed(Queued), nullable=False),
    Column("finding", Packed(Finding)),  # none once the owner has taken the record back
    **WIDE,
)
# Those entries whose content goes before their batch does.
queue_deadlines = Table(
    "queue_deadlines",
    metadata,
    Column("hit", WORD, ForeignKey("queued_findings.hit", ondelete="CASCADE"), primary_key=True),
    Column("last_day", Integer, nullable=False, index=True),
    **BY_KEY,
)
_silence = batch_silences.c
_HEARD = delete(batch_silences).where(
    _silence.batch == bindparam("of"),
    _silence.line == bindparam("at"),
    _silence.kind == bindparam("asked"),
    _silence.source == bindparam("by"),
)
RANK_UNTOLD = 2_000_000  # above every probability


class Batches:
    def __init__(self, connection: Connection, erased: Callable[[], None]) -> None:
        """`erased` is told whenever bytes should leave the disk too."""
        self._connection = connection
        self._erased = erased

    def get(self, batch_id: str) -> Batch | None:
        return self._connection.execute(select(batches.c.progress).where(batches.c.id == batch_id)).scalar()

    def put(self, batch: Batch) -> None:
        row = {
            "id": batch.id,
            "unit": batch.unit,
            "started_at": batch.started_at,
            "keep_until": ordinal(batch.keep_until),
            "progress": batch,
        }
        put_row(self._connection, batches, row)

    def of_unit(self, unit: str, today: date, limit: int) -> list[Batch]:
        """The newest first."""
        one = batches.c
        chosen = select(one.progress).where(one.unit == unit, one.keep_until >= ordinal(today))
        return list(self._connection.execute(chosen.order_by(one.started_at.desc(), one.id).limit(limit)).scalars())

    def refuse(self, batch_id: str, rows: Sequence[RefusedRow]) -> None:
        """Add lines of which nothing, or not all, could be asked."""
        if not rows:
            return
        counted = select(func.count()).where(batch_refusals.c.batch == batch_id)
        first = self._connection.execute(counted).scalar_one()
        written = [
            {"batch": batch_id, "number": number, "line": row.line, "reason": row.reason}
            for number, row in enumerate(rows, first)
        ]
        self._connection.execute(insert(batch_refusals), written)

    def refused(self, batch_id: str) -> list[RefusedRow]:
        """In the order in which they were refused."""
        columns = batch_refusals.c
        chosen = select(columns.line, columns.reason).where(columns.batch == batch_id).order_by(columns.number)
        return [RefusedRow(line=row.line, reason=row.reason) for row in self._connection.execute(chosen)]

    def silent(self, batch_id: str, silences: Sequence[Silence]) -> None:
        """Who did not answer on which line."""
        rows = [(batch_id, one.line, one.kind, one.source) for one in dict.fromkeys(silences)]
        add_rows(self._connection, batch_silences, rows)

    def heard(self, batch_id: str, silences: Sequence[Silence]) -> None:
        """These are asked again: whoever stays silent is noted anew."""
        rows = [{"of": batch_id, "at": one.line, "asked": one.kind, "by": one.source} for one in silences]
        if rows:
            self._connection.execute(_HEARD, rows)

    def silences(self, batch_id: str) -> list[Silence]:
        """By line."""
        one = batch_silences.c
        chosen = select(one.line, one.kind, one.source).where(one.batch == batch_id)
        rows = self._connection.execute(chosen.order_by(one.line, one.kind, one.source))
        return [Silence(row.line, row.kind, row.source) for row in rows]

    def queue(self, queued: Queued, finding: Finding) -> None:
        """Enter a finding, or in place of what the same hit held before."""
        put_row(self._connection, queued_findings, {**_row(queued), "finding": finding})
        if isinstance(queued.last_day, date):
            row = {"hit": queued.id, "last_day": ordinal(queued.last_day)}
            put_row(self._connection, queue_deadlines, row)

    def queued(
        self, batch_id: str, state: QueueState | None, after: int, limit: int
    ) -> list[tuple[Queued, Held[Finding] | None]]:
        """The most probable first, from place `after` on; of every state where none is named."""
        one = queued_findings.c
        chosen = select(one.queued, one.finding).where(one.batch == batch_id)
        if state is not None:
            chosen = chosen.where(one.state == state)
        return self._entries(chosen.order_by(one.rank.desc(), one.line, one.hit).offset(after).limit(limit))

    def entry(self, hit: str) -> tuple[Queued, Held[Finding] | None] | None:
        """One finding in a queue."""
        found = self._entries(
            select(queued_findings.c.queued, queued_findings.c.finding).where(queued_findings.c.hit == hit)
        )
        return found[0] if found else None

    def of_record(self, record_id: str) -> list[Queued]:
        """Entries of every queue that hold content of that record."""
        one = queued_findings.c
        chosen = select(one.queued).where(one.record == record_id, one.finding.is_not(None)).order_by(one.hit)
        return list(self._connection.execute(chosen).scalars())

    def contents(self, today: date) -> list[Held[Finding]]:
        """Of every queue whose last day is not over, each in its box."""
        one = queued_findings.c
        chosen = select(one.finding).join(batches, batches.c.id == one.batch)
        chosen = chosen.where(batches.c.keep_until >= ordinal(today), one.finding.is_not(None)).order_by(one.hit)
        return [Held(finding) for finding in self._connection.execute(chosen).scalars()]

    def decide(self, queued: Queued) -> None:
        """Keep what somebody decided; the content stays."""
        self._connection.execute(update(queued_findings).where(queued_findings.c.hit == queued.id).values(_row(queued)))

    def ended(self, today: date) -> list[Queued]:
        """Entries whose owners' last day is over, and whose content is still there."""
        one, ends = queued_findings.c, queue_deadlines.c
        chosen = select(one.queued).join(queue_deadlines, ends.hit == one.hit)
        chosen = chosen.where(ends.last_day < ordinal(today), one.finding.is_not(None)).order_by(one.hit)
        return list(self._connection.execute(chosen).scalars())

    def empty(self, queued: Queued) -> None:
        """Keep the entry without its content: the record is gone."""
        values = {**_row(queued), "finding": None}
        self._connection.execute(update(queued_findings).where(queued_findings.c.hit == queued.id).values(values))
        self._connection.execute(delete(queue_deadlines).where(queue_deadlines.c.hit == queued.id))
        self._erased()

    def count(self, batch_id: str) -> dict[QueueState, int]:
        """Entries of its queue by state."""
        one = queued_findings.c
        counted = select(one.state, func.count()).where(one.batch == batch_id).group_by(one.state)
        return {QueueState(state): int(number) for state, number in self._connection.execute(counted)}

    def erase(self, batch_id: str) -> None:
        """The batch with all that belongs to it."""
        self._connection.execute(delete(batches).where(batches.c.id == batch_id))
        self._erased()

    def past(self, today: date) -> list[Batch]:
        """Batches whose last day is over."""
        one = batches.c
        return list(
            self._connection.execute(
                select(one.progress).where(one.keep_until < ordinal(today)).order_by(one.id)
            ).scalars()
        )

    def _entries(self, chosen: Select[Queued, Finding]) -> list[tuple[Queued, Held[Finding] | None]]:
        return [_entry(row) for row in self._connection.execute(chosen)]


def _entry(row: Row[Queued, Finding]) -> tuple[Queued, Held[Finding] | None]:
    return row.queued, Held(row.finding) if row.finding is not None else None


def _row(queued: Queued) -> dict[str, object]:
    rank = RANK_UNTOLD if queued.probability is None else round(queued.probability * 1_000_000)
    return {
        "hit": queued.id,
        "batch": queued.batch,
        "record": queued.hit.record,
        "state": queued.state.value,
        "rank": rank,
        "line": queued.line,
        "queued": queued,
    }
