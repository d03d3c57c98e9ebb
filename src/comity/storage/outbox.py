"""The shelf of letters that this node has written and not yet delivered, in order per recipient and lane."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec.structs import replace
from sqlalchemy import (
    Column,
    Connection,
    Integer,
    LargeBinary,
    Select,
    Table,
    UniqueConstraint,
    and_,
    delete,
    func,
    insert,
    select,
    update,
)

from comity.domain import limits
from comity.domain.ids import new_id
from comity.domain.letter import Body, Lane, Letter, LetterVoid, kind_of, lane_of
from comity.storage.columns import BY_KEY, EPOCH, WIDE, WORD, Moment, metadata
from comity.storage.contents import Contents
from comity.storage.rows import put_row

ENTROPY_BYTES = 10

outbox_lanes = Table(
    "outbox_lanes",
    metadata,
    Column("recipient", WORD, primary_key=True),
    Column("lane", WORD, primary_key=True),
    Column("written", Integer, nullable=False),  # the last sequence number given
    **BY_KEY,
)
outbox_letters = Table(
    "outbox_letters",
    metadata,
    Column("id", WORD, primary_key=True),
    Column("recipient", WORD, nullable=False),
    Column("lane", WORD, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("letter", LargeBinary, nullable=False),
    Column("expires_at", Moment, nullable=False, index=True),
    Column("try_at", Moment, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("failure", WORD, nullable=False),  # the last one, for the operator
    UniqueConstraint("recipient", "lane", "sequence"),
    **WIDE,
)

# Written once: asked in every round of the post.
_DEPTHS = select(outbox_letters.c.recipient, func.count()).group_by(outbox_letters.c.recipient)


class Outbox:
    def __init__(self, connection: Connection, contents: Contents, node: str) -> None:
        self._connection = connection
        self._contents = contents
        self.written = False  # whether letters were, in this transaction
        self._node = node

    def send(self, recipient: str, body: Body, now: datetime) -> str:
        """Write a letter, next in the sequence of its lane; its id. No two writers get one number: they wait."""
        lane = lane_of(body)
        letter = Letter(
            id=new_id(now, secrets.token_bytes(ENTROPY_BYTES)),
            sender=self._node,
            recipient=recipient,
            lane=lane,
            sequence=self._written(recipient, lane) + 1,
            written_at=now,
            expires_at=now + timedelta(days=limits.LETTER_DAYS_MAX),
            body=body,
        )
        self._set_written(recipient, lane, letter.sequence)
        row = {
            "id": letter.id,
            "recipient": recipient,
            "lane": lane.value,
            "sequence": letter.sequence,
            "letter": self._contents.seal_passing(content_of(letter.id), letter),
            "expires_at": letter.expires_at,
            "try_at": now,
            "failures": 0,
            "failure": "",
        }
        self._connection.execute(insert(outbox_letters).values(**row))
        self.written = True
        return letter.id

    def waiting(self, now: datetime) -> list[tuple[str, Lane]]:
        """(recipient, lane) with letters that may be tried now."""
        lanes, letters = outbox_lanes.c, outbox_letters.c
        oldest = (
            select(letters.try_at)
            .where(letters.recipient == lanes.recipient, letters.lane == lanes.lane)
            .order_by(letters.sequence)
            .limit(1)
            .scalar_subquery()
        )
        chosen = select(lanes.recipient, lanes.lane).where(oldest <= now).order_by(lanes.recipient, lanes.lane.desc())
        return [(row.recipient, Lane(row.lane)) for row in self._connection.execute(chosen)]

    def next(self, recipient: str, lane: Lane, after: int = 0) -> Letter | None:
        """The oldest letter not yet delivered, of those with a higher number: none overtakes another in its lane."""
        following = _of_lane(recipient, lane).where(outbox_letters.c.sequence > after)
        return next(iter(self._several(following.limit(1))), None)

    def several(self, recipient: str, lane: Lane, limit: int) -> list[Letter]:
        """The oldest letters not yet delivered, in order."""
        return self._several(_of_lane(recipient, lane).limit(limit))

    def get(self, letter_id: str) -> Letter | None:
        chosen = select(outbox_letters.c.id, outbox_letters.c.letter).where(outbox_letters.c.id == letter_id)
        return next(iter(self._several(chosen)), None)

    def void(self, letter_id: str, now: datetime) -> None:
        """A void letter takes its place, id and number."""
        if (letter := self.get(letter_id)) is not None:
            self._put_void(letter, now)

    def delivered(self, letter_ids: Sequence[str], now: datetime) -> None:
        """These letters go; what they did stands in both journals."""
        self._connection.execute(delete(outbox_letters).where(outbox_letters.c.id.in_(letter_ids)))

    def failed(self, letter_id: str, now: datetime, why: str) -> None:
        """Try again later: waits double from RETRY_FIRST_SECONDS to RETRY_LAST_SECONDS."""
        this = outbox_letters.c.id == letter_id
        failures = self._connection.execute(select(outbox_letters.c.failures).where(this)).scalar()
        if failures is None:
            return
        change = {"failures": failures + 1, "try_at": now + _wait(failures), "failure": why[: limits.TEXT_CHARS_MAX]}
        self._connection.execute(update(outbox_letters).where(this).values(**change))

    def retry_now(self, recipient: str) -> None:
        """The recipient was heard from: try at once."""
        theirs = update(outbox_letters).where(outbox_letters.c.recipient == recipient)
        self._connection.execute(theirs.values(try_at=EPOCH))

    def expire(self, now: datetime) -> list[Letter]:
        """Give up letters past their time; those given up.

        A void letter takes each one's place and number: a recipient that never got number 7 would refuse number 8 for
        ever, and one that did get it (its acknowledgement was lost) must meet the same id again.
        """
        letters = outbox_letters.c
        order = (letters.recipient, letters.lane, letters.sequence)
        late = select(letters.id, letters.letter).where(letters.expires_at < now).order_by(*order)
        overdue = self._several(late)
        for letter in overdue:
            self._put_void(letter, now)
        return [letter for letter in overdue if not isinstance(letter.body, LetterVoid)]

    def depths(self) -> dict[str, int]:
        """Letters waiting, by recipient."""
        return {row[0]: row[1] for row in self._connection.execute(_DEPTHS)}

    def _put_void(self, letter: Letter, now: datetime) -> None:
        void = _void(letter, now)
        this = update(outbox_letters).where(outbox_letters.c.id == letter.id)
        sealed = self._contents.seal_passing(content_of(letter.id), void)
        self._connection.execute(this.values(letter=sealed, expires_at=void.expires_at))

    def _several(self, chosen: Select[str, bytes]) -> list[Letter]:
        rows = self._connection.execute(chosen)
        return [self._contents.open_passing(content_of(row.id), Letter, row.letter) for row in rows]

    def _written(self, recipient: str, lane: Lane) -> int:
        lanes = outbox_lanes.c
        chosen = select(lanes.written).where(lanes.recipient == recipient, lanes.lane == lane.value)
        return self._connection.execute(chosen).scalar() or 0

    def _set_written(self, recipient: str, lane: Lane, sequence: int) -> None:
        put_row(self._connection, outbox_lanes, {"recipient": recipient, "lane": lane.value, "written": sequence})


def _void(letter: Letter, now: datetime) -> Letter:
    """What stands in the place of a letter that was given up; good for as long again."""
    body = letter.body if isinstance(letter.body, LetterVoid) else LetterVoid(was=kind_of(letter.body))
    return replace(letter, body=body, written_at=now, expires_at=now + timedelta(days=limits.LETTER_DAYS_MAX))


def content_of(letter_id: str) -> str:
    """Its name among the contents of this database."""
    return f"letter {letter_id}"


def _of_lane(recipient: str, lane: Lane) -> Select[str, bytes]:
    letters = outbox_letters.c
    same = and_(letters.recipient == recipient, letters.lane == lane.value)
    return select(letters.id, letters.letter).where(same).order_by(letters.sequence)


def _wait(failures: int) -> timedelta:
    doubled: float = limits.RETRY_FIRST_SECONDS * 2 ** min(failures, 32)
    return timedelta(seconds=min(doubled, limits.RETRY_LAST_SECONDS))
