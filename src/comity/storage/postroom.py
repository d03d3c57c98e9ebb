"""The shelf of the hub's post room: sealed letters that wait for their recipients, in order per pair and lane."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import (
    Column,
    Connection,
    Integer,
    LargeBinary,
    Row,
    Select,
    Table,
    and_,
    delete,
    func,
    insert,
    or_,
    select,
)
from sqlalchemy import update as change

from comity.domain import limits
from comity.domain.errors import Conflict
from comity.domain.mail import Urgency
from comity.domain.post import RANK, InPost
from comity.domain.sealed import Route, Sealed
from comity.storage.columns import BY_KEY, WHOLE, WIDE, WORD, Moment, Packed, metadata
from comity.storage.rows import put_row

# A letter whose box has gone stays known by its id until it has expired.
post_letters = Table(
    "post_letters",
    metadata,
    Column("sender", WORD, primary_key=True),
    Column("id", WORD, primary_key=True),
    Column("digest", WORD, nullable=False),
    Column("size_bytes", WHOLE, nullable=False),
    Column("waiting", Integer, nullable=False),  # recipients that have not done with it
    Column("taken_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False, index=True),
    Column("route", Packed(Route), nullable=False),
    Column("signed", LargeBinary, nullable=False),
    Column("box", LargeBinary, nullable=False),
    **WIDE,
)
post_queue = Table(
    "post_queue",
    metadata,
    Column("recipient", WORD, primary_key=True),
    Column("rank", Integer, primary_key=True),
    Column("place", WHOLE, primary_key=True),
    Column("sender", WORD, nullable=False, index=True),
    Column("letter", WORD, nullable=False, index=True),
    Column("size_bytes", WHOLE, nullable=False),
    **BY_KEY,
)
post_quotas = Table(
    "post_quotas",
    metadata,
    Column("sender", WORD, primary_key=True),
    Column("letters", Integer, nullable=False),
    Column("size_bytes", WHOLE, nullable=False),
    **BY_KEY,
)
PRIORITIES = {rank: priority for priority, rank in RANK.items()}


class PostRoom:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def take(self, letter: InPost, now: datetime) -> bool:
        """Keep it and queue it for each recipient; False where the very same was taken before.

        Raises Conflict where its sender brought other bytes under this id.
        """
        route = letter.route
        letters = post_letters.c
        known = select(letters.digest).where(letters.sender == route.sender, letters.id == route.id)
        if (digest := self._connection.execute(known).scalar()) is not None:
            # Falls without it: tests/shelves/test_postroom.py
            if digest != route.ct_sha256:
                raise Conflict(f"Other bytes were brought before as letter {route.id}.", do="Compare both by hand.")
            return False
        row = {
            "sender": route.sender,
            "id": route.id,
            "digest": route.ct_sha256,
            "size_bytes": len(letter.sealed.box),
            "waiting": len(route.recipients),
            "taken_at": now,
            "expires_at": route.expires,
            "route": route,
            "signed": letter.sealed.route,
            "box": letter.sealed.box,
        }
        self._connection.execute(insert(post_letters).values(**row))
        self._count(route.sender, 1, len(letter.sealed.box))
        for recipient in route.recipients:
            self._queue(recipient, route)
        return True

    def held(self, sender: str) -> tuple[int, int]:
        """(letters, bytes) of that sender that wait."""
        quotas = post_quotas.c
        row = self._connection.execute(
            select(quotas.letters, quotas.size_bytes).where(quotas.sender == sender)
        ).one_or_none()
        return (row.letters, row.size_bytes) if row else (0, 0)

    def waiting(
        self, recipient: str, letters_max: int, bytes_max: int, passing_over: Collection[tuple[str, Urgency]] = ()
    ) -> list[InPost]:
        """What is to be fetched next, higher lanes first, within each as it was brought; at least one where any waits.

        Each lower lane that has any keeps a share of the letters and of the bytes, so that none starves.
        """
        queued = {rank: self._queued(recipient, rank, letters_max, passing_over) for rank in PRIORITIES}
        chosen: list[Row[str, str, int]] = []
        size_bytes = 0
        for rank, rows in queued.items():
            lower = [found for other, found in queued.items() if other > rank and found]
            count = letters_max - sum(min(limits.POST_LOWER_LANES_SHARE, len(found)) for found in lower)
            room = bytes_max * (len(PRIORITIES) - len(lower)) // len(PRIORITIES)
            for row in rows[: max(count - len(chosen), 0)]:
                if chosen and size_bytes + row.size_bytes > room:
                    break
                chosen.append(row)
                size_bytes += row.size_bytes
        found = (self.get(row.sender, row.letter) for row in chosen)
        return [letter for letter in found if letter is not None]

    def get(self, sender: str, letter_id: str) -> InPost | None:
        """As it stands here; without its box once everybody has done with it, or it has expired."""
        row = self._connection.execute(_of(sender, letter_id)).one_or_none()
        return InPost(route=row.route, sealed=Sealed(route=row.signed, box=row.box)) if row else None

    def done(self, sender: str, letter_id: str, recipient: str) -> bool:
        """This recipient has done with it; with the last one its box goes. False where that was known."""
        queue = post_queue.c
        mine = and_(queue.sender == sender, queue.letter == letter_id, queue.recipient == recipient)
        if not self._connection.execute(delete(post_queue).where(mine)).rowcount:
            return False
        letters = post_letters.c
        this = and_(letters.sender == sender, letters.id == letter_id)
        self._connection.execute(change(post_letters).where(this).values(waiting=letters.waiting - 1))
        row = self._connection.execute(select(letters.waiting, letters.box).where(this)).one()
        if row.waiting == 0:
            self._empty(sender, letter_id, len(row.box))
        return True

    def expire(self, now: datetime) -> list[Route]:
        """Give up the box of what is past its time and still waits; whose it was.

        Its outside stays in its place, so that the recipient learns that there was a letter. Whatever nobody waits
        for any more is forgotten.
        """
        letters = post_letters.c
        late = and_(letters.expires_at < now, func.length(letters.box) > 0, letters.waiting > 0)
        expired = list(self._connection.execute(select(letters.route, letters.size_bytes).where(late)))
        for row in expired:
            self._empty(row.route.sender, row.route.id, row.size_bytes)
        self._connection.execute(delete(post_letters).where(letters.expires_at < now, letters.waiting == 0))
        return [row.route for row in expired]

    def depths(self) -> dict[str, int]:
        """Letters waiting, by recipient."""
        counted = select(post_queue.c.recipient, func.count()).group_by(post_queue.c.recipient)
        return {row[0]: row[1] for row in self._connection.execute(counted)}

    def lanes(self) -> dict[tuple[str, Urgency], tuple[int, datetime]]:
        """(recipient, priority): how many wait, and since when the oldest of them."""
        queue, letters = post_queue.c, post_letters.c
        joined = post_queue.join(post_letters, and_(queue.sender == letters.sender, queue.letter == letters.id))
        counted = select(queue.recipient, queue.rank, func.count(), func.min(letters.taken_at)).select_from(joined)
        return {
            (row[0], PRIORITIES[row[1]]): (row[2], row[3])
            for row in self._connection.execute(counted.group_by(queue.recipient, queue.rank))
        }

    def _queue(self, recipient: str, route: Route) -> None:
        queue, rank = post_queue.c, RANK[route.priority]
        last = select(func.max(queue.place)).where(queue.recipient == recipient, queue.rank == rank)
        place = (self._connection.execute(last).scalar() or 0) + 1
        row = {"recipient": recipient, "rank": rank, "place": place, "sender": route.sender, "letter": route.id}
        self._connection.execute(insert(post_queue).values(**row, size_bytes=route.ct_bytes))

    def _queued(
        self, recipient: str, rank: int, letters_max: int, passing_over: Collection[tuple[str, Urgency]]
    ) -> Sequence[Row[str, str, int]]:
        queue = post_queue.c
        chosen = select(queue.sender, queue.letter, queue.size_bytes).where(
            queue.recipient == recipient, queue.rank == rank
        )
        if senders := sorted({sender for sender, priority in passing_over if RANK[priority] == rank}):
            chosen = chosen.where(~or_(*(queue.sender == sender for sender in senders)))
        return self._connection.execute(chosen.order_by(queue.place).limit(letters_max)).all()

    def _empty(self, sender: str, letter_id: str, size_bytes: int) -> None:
        letters = post_letters.c
        this = and_(letters.sender == sender, letters.id == letter_id)
        self._connection.execute(change(post_letters).where(this).values(box=b""))
        self._connection.execute(
            change(post_queue)
            .where(post_queue.c.sender == sender, post_queue.c.letter == letter_id)
            .values(size_bytes=0)
        )
        if size_bytes:
            self._count(sender, -1, -size_bytes)

    def _count(self, sender: str, letters: int, size_bytes: int) -> None:
        held_letters, held_bytes = self.held(sender)
        row = {"sender": sender, "letters": held_letters + letters, "size_bytes": held_bytes + size_bytes}
        put_row(self._connection, post_quotas, row)


def _of(sender: str, letter_id: str) -> Select[tuple[Route, bytes, bytes]]:
    letters = post_letters.c
    return select(letters.route, letters.signed, letters.box).where(letters.sender == sender, letters.id == letter_id)
