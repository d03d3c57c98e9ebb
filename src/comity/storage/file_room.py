"""The shelf of the hub's file room: sealed files by sender and digest, and who has not fetched them."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Column, Connection, Integer, Row, Table, and_, bindparam, delete, func, insert, select, update

from comity.domain.files import Announcement, RoomFile
from comity.storage.columns import BY_KEY, WHOLE, WORD, Moment, metadata

room_files = Table(
    "room_files",
    metadata,
    Column("sender", WORD, primary_key=True),
    Column("digest", WORD, primary_key=True),
    Column("size_bytes", WHOLE, nullable=False),
    Column("whole", Integer, nullable=False),
    Column("announced_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False, index=True),
    **BY_KEY,
)
room_recipients = Table(
    "room_recipients",
    metadata,
    Column("sender", WORD, primary_key=True),
    Column("digest", WORD, primary_key=True),
    Column("recipient", WORD, primary_key=True),
    Column("done", Integer, nullable=False),  # it has the file, or shall not have it any more
    **BY_KEY,
)
# Made once: every part of every file asks for these.
_FILE = select(room_files).where(room_files.c.sender == bindparam("of"), room_files.c.digest == bindparam("which"))
_NAMED = (
    select(room_recipients.c.recipient)
    .where(room_recipients.c.sender == bindparam("of"), room_recipients.c.digest == bindparam("which"))
    .order_by(room_recipients.c.recipient)
)
_WAITING = _NAMED.where(room_recipients.c.done == 0)


class FileRoom:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def announce(self, sender: str, announced: Announcement, now: datetime) -> None:
        """Take it down; what was announced before stays, and new recipients join.

        With a later end it is sent once more: those named wait for it again.
        """
        file = self.get(sender, announced.ct_sha256)
        if file is None:
            row = {"sender": sender, "digest": announced.ct_sha256, "size_bytes": announced.ct_bytes, "whole": 0}
            until = {"announced_at": now, "expires_at": announced.expires}
            self._connection.execute(insert(room_files).values(**row, **until))
        # The same announcement comes again and again while its sender asks how the file stands: nobody who has it waits
        # for it by that. Falls without it: tests/federation/test_files.py
        elif announced.expires > file.expires_at:
            self._once_more(sender, announced)
        known = self.recipients(sender, announced.ct_sha256)
        for recipient in announced.recipients:
            if recipient not in known:
                row = {"sender": sender, "digest": announced.ct_sha256, "recipient": recipient, "done": 0}
                self._connection.execute(insert(room_recipients).values(**row))

    def recipients(self, sender: str, digest: str) -> tuple[str, ...]:
        """Whoever was ever named, with or without it."""
        return tuple(self._connection.execute(_NAMED, {"of": sender, "which": digest}).scalars())

    def get(self, sender: str, digest: str) -> RoomFile | None:
        row = self._connection.execute(_FILE, {"of": sender, "which": digest}).one_or_none()
        return self._file(row) if row else None

    def every(self) -> list[RoomFile]:
        """The oldest first."""
        chosen = select(room_files).order_by(room_files.c.announced_at, room_files.c.sender, room_files.c.digest)
        return [self._file(row) for row in self._connection.execute(chosen).all()]

    def held(self, sender: str) -> tuple[int, int]:
        """(files, bytes as they were announced) of that sender that somebody has not fetched yet."""
        waiting = select(room_recipients.c.digest).where(
            room_recipients.c.sender == sender, room_recipients.c.done == 0
        )
        mine = and_(room_files.c.sender == sender, room_files.c.digest.in_(waiting))
        counted = select(func.count(), func.coalesce(func.sum(room_files.c.size_bytes), 0)).where(mine)
        row = self._connection.execute(counted).one()
        return row[0], int(row[1])

    def whole(self, sender: str, digest: str, whole: bool) -> None:
        same = and_(room_files.c.sender == sender, room_files.c.digest == digest)
        self._connection.execute(update(room_files).where(same).values(whole=int(whole)))

    def done(self, sender: str, digest: str, recipients: Collection[str]) -> bool:
        """These have done with it; False where that was known."""
        shares = room_recipients.c
        mine = and_(
            shares.sender == sender, shares.digest == digest, shares.recipient.in_(recipients), shares.done == 0
        )
        return bool(self._connection.execute(update(room_recipients).where(mine).values(done=1)).rowcount)

    def expire(self, now: datetime) -> list[RoomFile]:
        """Forget what is past its time; what that was."""
        late = select(room_files).where(room_files.c.expires_at < now)
        files = [self._file(row) for row in self._connection.execute(late).all()]
        for file in files:
            for table in (room_recipients, room_files):
                same = and_(table.c.sender == file.sender, table.c.digest == file.ct_sha256)
                self._connection.execute(delete(table).where(same))
        return files

    def _once_more(self, sender: str, announced: Announcement) -> None:
        same = and_(room_files.c.sender == sender, room_files.c.digest == announced.ct_sha256)
        self._connection.execute(update(room_files).where(same).values(expires_at=announced.expires))
        shares = room_recipients.c
        named = and_(
            shares.sender == sender,
            shares.digest == announced.ct_sha256,
            shares.recipient.in_(announced.recipients),
        )
        self._connection.execute(update(room_recipients).where(named).values(done=0))

    def _file(self, row: Row[tuple[str, str, int, int, datetime, datetime]]) -> RoomFile:
        return RoomFile(
            sender=row.sender,
            ct_sha256=row.digest,
            ct_bytes=row.size_bytes,
            whole=bool(row.whole),
            waiting=tuple(self._connection.execute(_WAITING, {"of": row.sender, "which": row.digest}).scalars()),
            expires_at=row.expires_at,
        )
