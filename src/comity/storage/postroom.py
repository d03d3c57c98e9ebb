"""The shelf of the hub's post room: sealed letters that wait for their recipients, in order per pair and lane."""

from collections.abc import Collection, Mapping, Sequence
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
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
)
from sqlalchemy import update as change

from comity.domain import limits
from comity.domain.mail import Urgency
from comity.domain.post import RANK, InPost
from comity.domain.sealed import Route, Sealed
from comity.storage.columns import BY_KEY, WHOLE, WIDE, WORD, Moment, Packed, metadata
from comity.storage.rows import add_rows, put_row

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

# Written once: asked in every round of the post.
_DEPTHS = select(post_queue.c.recipient, func.count()).group_by(post_queue.c.recipient)
_ANYTHING = select(post_queue.c.place).where(post_queue.c.recipient == bindparam("of_recipient")).limit(1)


class PostRoom:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def digests(self, sender: str, letter_ids: Sequence[str]) -> dict[str, str]:
        """Of those that were taken before, delivered or not: the digest of the box that came under each id."""
        letters = post_letters.c
        known = select(letters.id, letters.digest).where(letters.sender == sender, letters.id.in_(letter_ids))
        return {row.id: row.digest for row in self._connection.execute(known)}

    def take(self, sender: str, letters: Sequence[InPost], now: datetime) -> None:
        """Keep letters of one sender that are new, and queue each for its recipients in this order."""
        if not letters:
            return
        self._connection.execute(insert(post_letters), [_row(one, now) for one in letters])
        self._count(sender, len(letters), sum(len(one.sealed.box) for one in letters))
        queued: dict[tuple[str, int], list[Route]] = {}
        for one in letters:
            for recipient in one.route.recipients:
                queued.setdefault((recipient, RANK[one.route.priority]), []).append(one.route)
        for (recipient, rank), routes in queued.items():
            self._queue(recipient, rank, routes)

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
        found = self._several(chosen)
        return [found[row.sender, row.letter] for row in chosen if (row.sender, row.letter) in found]

    def waits_for(self, recipient: str) -> bool:
        """Whether anything at all waits for it: cheap, for whoever looks again and again."""
        return self._connection.execute(_ANYTHING, {"of_recipient": recipient}).first() is not None

    def routes(self, sender: str, letter_ids: Sequence[str]) -> dict[str, Route]:
        """The outsides of those of these letters that are known here."""
        letters = post_letters.c
        chosen = select(letters.id, letters.route).where(letters.sender == sender, letters.id.in_(letter_ids))
        return {row.id: row.route for row in self._connection.execute(chosen)}

    def get(self, sender: str, letter_id: str) -> InPost | None:
        """As it stands here; without its box once everybody has done with it, or it has expired."""
        row = self._connection.execute(_of(sender, letter_id)).one_or_none()
        return InPost(route=row.route, sealed=Sealed(route=row.signed, box=row.box)) if row else None

    def done(self, sender: str, letter_ids: Sequence[str], recipient: str) -> int:
        """This recipient has done with these; with the last recipient a box goes. Of how many that was not known."""
        queue, letters = post_queue.c, post_letters.c
        mine = and_(queue.sender == sender, queue.letter.in_(letter_ids), queue.recipient == recipient)
        gone = list(self._connection.execute(select(queue.letter).where(mine)).scalars())
        if not gone:
            return 0
        self._connection.execute(delete(post_queue).where(mine))
        these = and_(letters.sender == sender, letters.id.in_(gone))
        sizes = select(letters.id, func.length(letters.box)).where(these, letters.waiting == 1)
        last = {row[0]: row[1] for row in self._connection.execute(sizes)}
        # The database writes a row whole, its box with it: only where the box stays is it written for the count.
        if len(last) < len(gone):
            still = and_(these, letters.waiting > 1)
            self._connection.execute(change(post_letters).where(still).values(waiting=letters.waiting - 1))
        self._empty(sender, last, waiting=0)
        return len(gone)

    def expire(self, now: datetime) -> list[Route]:
        """Give up the box of what is past its time and still waits; whose it was.

        Its outside stays in its place, so that the recipient learns that there was a letter. Whatever nobody waits
        for any more is forgotten.
        """
        letters = post_letters.c
        late = and_(letters.expires_at < now, func.length(letters.box) > 0, letters.waiting > 0)
        expired = list(self._connection.execute(select(letters.route, letters.size_bytes).where(late)))
        by_sender: dict[str, dict[str, int]] = {}
        for row in expired:
            by_sender.setdefault(row.route.sender, {})[row.route.id] = row.size_bytes
        for sender, sizes in by_sender.items():
            self._empty(sender, sizes)
            mine = and_(post_queue.c.sender == sender, post_queue.c.letter.in_(list(sizes)))
            self._connection.execute(change(post_queue).where(mine).values(size_bytes=0))
        self._connection.execute(delete(post_letters).where(letters.expires_at < now, letters.waiting == 0))
        return [row.route for row in expired]

    def depths(self) -> dict[str, int]:
        """Letters waiting, by recipient."""
        return {row[0]: row[1] for row in self._connection.execute(_DEPTHS)}

    def lanes(self) -> dict[tuple[str, Urgency], tuple[int, datetime]]:
        """(recipient, priority): how many wait, and since when the oldest of them."""
        queue, letters = post_queue.c, post_letters.c
        joined = post_queue.join(post_letters, and_(queue.sender == letters.sender, queue.letter == letters.id))
        counted = select(queue.recipient, queue.rank, func.count(), func.min(letters.taken_at)).select_from(joined)
        return {
            (row[0], PRIORITIES[row[1]]): (row[2], row[3])
            for row in self._connection.execute(counted.group_by(queue.recipient, queue.rank))
        }

    def _queue(self, recipient: str, rank: int, routes: Sequence[Route]) -> None:
        queue = post_queue.c
        last = select(func.max(queue.place)).where(queue.recipient == recipient, queue.rank == rank)
        behind = (self._connection.execute(last).scalar() or 0) + 1
        rows = [
            (recipient, rank, place, route.sender, route.id, route.ct_bytes)
            for place, route in enumerate(routes, behind)
        ]
        add_rows(self._connection, post_queue, rows)

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

    def _several(self, chosen: Sequence[Row[str, str, int]]) -> dict[tuple[str, str], InPost]:
        letters = post_letters.c
        found = {}
        for sender in {row.sender for row in chosen}:
            these = [row.letter for row in chosen if row.sender == sender]
            asked = select(letters.id, letters.route, letters.signed, letters.box)
            for row in self._connection.execute(asked.where(letters.sender == sender, letters.id.in_(these))):
                found[sender, row.id] = InPost(route=row.route, sealed=Sealed(route=row.signed, box=row.box))
        return found

    def _empty(self, sender: str, sizes: Mapping[str, int], **values: int) -> None:
        """The boxes of these letters of one sender go; `sizes` are their bytes, 0 where a box was gone before."""
        if not sizes:
            return
        letters = post_letters.c
        these = and_(letters.sender == sender, letters.id.in_(list(sizes)))
        self._connection.execute(change(post_letters).where(these).values(box=b"", **values))
        counted = [size for size in sizes.values() if size]
        if counted:
            self._count(sender, -len(counted), -sum(counted))

    def _count(self, sender: str, letters: int, size_bytes: int) -> None:
        held_letters, held_bytes = self.held(sender)
        row = {"sender": sender, "letters": held_letters + letters, "size_bytes": held_bytes + size_bytes}
        put_row(self._connection, post_quotas, row)


def _row(letter: InPost, now: datetime) -> dict[str, object]:
    route = letter.route
    return {
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


def _of(sender: str, letter_id: str) -> Select[tuple[Route, bytes, bytes]]:
    letters = post_letters.c
    return select(letters.route, letters.signed, letters.box).where(letters.sender == sender, letters.id == letter_id)
