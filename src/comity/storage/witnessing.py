"""The shelf of what this node saw of logs: those it cosigned, what witnesses put under its own, and what was wrong."""

from collections.abc import Sequence

from sqlalchemy import Column, Connection, Table, delete, func, insert, select

from comity.domain import limits
from comity.domain.errors import Conflict
from comity.domain.ids import derived_id
from comity.domain.journal import Checkpoint
from comity.domain.witnessing import LogAlarm, SeenLog
from comity.storage.columns import WHOLE, WIDE, WORD, Moment, Packed, metadata
from comity.storage.rows import put_row

seen_logs = Table(
    "seen_logs",
    metadata,
    Column("origin", WORD, primary_key=True),
    Column("size", WHOLE, nullable=False),
    Column("root", WORD, nullable=False),
    Column("note", WORD, nullable=False),
    Column("grown_at", Moment, nullable=False),
    **WIDE,
)
cosigned_checkpoints = Table(
    "cosigned_checkpoints",
    metadata,
    Column("origin", WORD, primary_key=True),
    Column("size", WHOLE, nullable=False),
    Column("root", WORD, nullable=False),
    Column("note", WORD, nullable=False),
    **WIDE,
)
log_alarms = Table(
    "log_alarms",
    metadata,
    Column("id", WORD, primary_key=True),
    Column("noted_at", Moment, nullable=False, index=True),
    Column("alarm", Packed(LogAlarm), nullable=False),
    **WIDE,
)


class Witnessing:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def seen(self, origin: str) -> SeenLog | None:
        row = self._connection.execute(select(seen_logs).where(seen_logs.c.origin == origin)).one_or_none()
        if row is None:
            return None
        checkpoint = Checkpoint(origin=row.origin, size=row.size, root=row.root, note=row.note)
        return SeenLog(checkpoint=checkpoint, grown_at=row.grown_at)

    def see(self, seen: SeenLog) -> None:
        """To be kept, in a committed transaction, before it is cosigned. Raises Conflict.

        A witness that signs a second root for one size, or goes back, makes every proof that counts on it worthless.
        """
        one = seen.checkpoint
        held = self.seen(one.origin)
        # Falls without it: tests/shelves/test_witnessing.py
        if held and (one.size < held.checkpoint.size or _is_fork(held.checkpoint, one)):
            raise Conflict(
                f"{one.origin} was seen at size {held.checkpoint.size}, with another root.",
                do="Cosign nothing more of it.",
            )
        row = {"origin": one.origin, "size": one.size, "root": one.root, "note": one.note, "grown_at": seen.grown_at}
        put_row(self._connection, seen_logs, row)

    def cosigned(self, origin: str) -> Checkpoint | None:
        """The newest checkpoint of our own log under which witnesses stand, with their lines."""
        chosen = select(cosigned_checkpoints).where(cosigned_checkpoints.c.origin == origin)
        row = self._connection.execute(chosen).one_or_none()
        return Checkpoint(origin=row.origin, size=row.size, root=row.root, note=row.note) if row else None

    def keep_cosigned(self, checkpoint: Checkpoint) -> None:
        """An older one than is held is passed over: two collecting at once do no harm."""
        held = self.cosigned(checkpoint.origin)
        if held is None or held.size <= checkpoint.size:
            row = {name: getattr(checkpoint, name) for name in ("origin", "size", "root", "note")}
            put_row(self._connection, cosigned_checkpoints, row)

    def note(self, alarm: LogAlarm) -> bool:
        """Note it; False where the same matter stands already, or too many stand to note more."""
        key = _key(alarm)
        standing = self._connection.execute(select(func.count()).select_from(log_alarms)).scalar() or 0
        known = self._connection.execute(select(log_alarms.c.id).where(log_alarms.c.id == key)).scalar()
        if known is not None or standing >= limits.LOG_ALARMS_KEPT_MAX:
            return False
        self._connection.execute(insert(log_alarms).values(id=key, noted_at=alarm.noted_at, alarm=alarm))
        return True

    def alarms(self) -> dict[str, LogAlarm]:
        """By id, the oldest first."""
        chosen = select(log_alarms.c.id, log_alarms.c.alarm).order_by(log_alarms.c.noted_at, log_alarms.c.id)
        return {row.id: row.alarm for row in self._connection.execute(chosen)}

    def clear(self, alarm_id: str) -> LogAlarm | None:
        alarm = self._connection.execute(select(log_alarms.c.alarm).where(log_alarms.c.id == alarm_id)).scalar()
        self._connection.execute(delete(log_alarms).where(log_alarms.c.id == alarm_id))
        return alarm


def _is_fork(one: Checkpoint, other: Checkpoint) -> bool:
    return one.size == other.size and one.root != other.root


def _key(alarm: LogAlarm) -> str:
    """The same for the same matter, however often it is met."""
    if alarm.about:  # one for each promise or letter, whatever the log has shown since
        return derived_id("log-alarm", alarm.wrong.value, alarm.origin, alarm.about)
    return derived_id("log-alarm", alarm.wrong.value, alarm.origin, *_texts((alarm.held, alarm.shown)))


def _texts(notes: Sequence[str]) -> list[str]:
    """What was signed, without the signatures, which differ each time."""
    return [note.partition("\n\n")[0] for note in notes]
