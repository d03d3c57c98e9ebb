"""The shelf of hits: this node's register of matches that someone must confirm."""

from datetime import datetime

from sqlalchemy import Column, Connection, Integer, Table, select

from comity.domain.hit import Hit, HitState
from comity.storage.columns import WIDE, WORD, Moment, Packed, metadata
from comity.storage.rows import put_row

hits = Table(
    "hits",
    metadata,
    Column("id", WORD, primary_key=True),
    Column("record", WORD, nullable=False, index=True),
    Column("found_at", Moment, nullable=False, index=True),
    Column("running", Integer, nullable=False),  # 1 while a clock runs
    Column("due_at", Moment, index=True),  # while it runs and nobody has been told that it ran out
    Column("hit", Packed(Hit), nullable=False),
    **WIDE,
)

RUNNING = frozenset({HitState.REQUESTED, HitState.PROMISED})


class Hits:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, hit: Hit) -> None:
        running = hit.state in RUNNING
        row = {
            "id": hit.id,
            "record": hit.record,
            "found_at": hit.found_at,
            "running": int(running),
            "due_at": hit.due_at if running and hit.escalated_at is None else None,
            "hit": hit,
        }
        put_row(self._connection, hits, row)

    def get(self, hit_id: str) -> Hit | None:
        return self._connection.execute(select(hits.c.hit).where(hits.c.id == hit_id)).scalar()

    def every(self, limit: int) -> list[Hit]:
        """Newest first; those whose clock runs before all others."""
        ordered = select(hits.c.hit).order_by(hits.c.running.desc(), hits.c.found_at.desc(), hits.c.id)
        return list(self._connection.execute(ordered.limit(limit)).scalars())

    def overdue(self, now: datetime) -> list[Hit]:
        """Longest overdue first."""
        late = select(hits.c.hit).where(hits.c.due_at <= now).order_by(hits.c.due_at, hits.c.id)
        return list(self._connection.execute(late).scalars())

    def of_record(self, record_id: str) -> list[Hit]:
        """Oldest first."""
        found = select(hits.c.hit).where(hits.c.record == record_id).order_by(hits.c.found_at, hits.c.id)
        return list(self._connection.execute(found).scalars())
