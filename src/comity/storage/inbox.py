"""The shelf of letters that have arrived: which number comes next from whom, and what nobody here could read yet."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Column, Connection, Integer, LargeBinary, Table, bindparam, delete, func, insert, select

from comity.domain import limits
from comity.domain.errors import Conflict
from comity.domain.letter import Lane, Letter, Parked
from comity.storage.columns import BY_KEY, WIDE, WORD, Moment, metadata
from comity.storage.contents import Contents
from comity.storage.rows import put_row

inbox_lanes = Table(
    "inbox_lanes",
    metadata,
    Column("sender", WORD, primary_key=True),
    Column("lane", WORD, primary_key=True),
    Column("applied", Integer, nullable=False),  # the last sequence number
    **BY_KEY,
)
# By sender: or one member could name the id of another's letter first, and that one would pass for applied.
# Falls without it: tests/shelves/test_inbox.py
inbox_letters = Table(
    "inbox_letters",
    metadata,
    Column("sender", WORD, primary_key=True),
    Column("id", WORD, primary_key=True),
    Column("applied_at", Moment, nullable=False, index=True),
    **BY_KEY,
)
parked_letters = Table(
    "parked_letters",
    metadata,
    Column("sender", WORD, primary_key=True),
    Column("id", WORD, primary_key=True),
    Column("parked_at", Moment, nullable=False),
    Column("letter", LargeBinary, nullable=False),
    **WIDE,
)

_APPLIED = select(inbox_lanes.c.applied).where(
    inbox_lanes.c.sender == bindparam("of_sender"), inbox_lanes.c.lane == bindparam("of_lane")
)
_KNOWN = select(inbox_letters.c.id).where(
    inbox_letters.c.sender == bindparam("of_sender"), inbox_letters.c.id == bindparam("of_id")
)


class Inbox:
    def __init__(self, connection: Connection, contents: Contents) -> None:
        self._connection = connection
        self._contents = contents
        # Within one transaction nobody else writes: of many letters in one lane its place is read and written once.
        self._applied: dict[tuple[str, Lane], int] = {}
        self._moved: set[tuple[str, Lane]] = set()
        self._taken: dict[tuple[str, str], datetime] = {}
        self._unknown: set[tuple[str, str]] = set()

    def expected(self, sender: str, lane: Lane) -> int:
        """The sequence number that comes next from this sender."""
        if (sender, lane) not in self._applied:
            found = self._connection.execute(_APPLIED, {"of_sender": sender, "of_lane": lane.value}).scalar()
            self._applied[sender, lane] = found or 0
        return self._applied[sender, lane] + 1

    def applied(self, letter: Letter | Parked, now: datetime) -> bool:
        """Note the letter as applied in this transaction; False where it was applied before.

        Raises Conflict where it is not the next in its lane; the message names the number expected. A letter that is
        unknown but has an old number is no repetition: to pass over it would lose it.
        """
        if self.known(letter.sender, letter.id):
            return False
        expected = self.expected(letter.sender, letter.lane)
        if letter.sequence != expected:
            raise Conflict(
                f"Letter {expected} is expected from {letter.sender} in its {letter.lane} lane, "
                f"this is {letter.sequence}.",
                do=f"Send letter {expected} first.",
            )
        self._take(letter.sender, letter.id, letter.lane, letter.sequence, now)
        return True

    def stand(self, sender: str, lane: Lane, applied: int) -> None:
        """The lane goes on behind that number, whatever came before."""
        self._applied[sender, lane] = applied
        self._moved.add((sender, lane))

    def passed_over(self, sender: str, letter_id: str, now: datetime) -> None:
        """Of this letter nothing but its outside came, and what its number was nobody knows."""
        self._taken[sender, letter_id] = now

    def heard(self, sender: str) -> datetime | None:
        """When the last letter of that sender was taken."""
        self.flush()
        letters = inbox_letters.c
        return self._connection.execute(select(func.max(letters.applied_at)).where(letters.sender == sender)).scalar()

    def passed(self, sender: str, letter_id: str, lane: Lane, now: datetime) -> None:
        """The next number of the lane was used by a letter of which nothing but its outside came."""
        self._take(sender, letter_id, lane, self.expected(sender, lane), now)

    def look_for(self, sender: str, letter_ids: Sequence[str]) -> None:
        """Find out at once what `known` will be asked for one by one."""
        letters = inbox_letters.c
        chosen = select(letters.id).where(letters.sender == sender, letters.id.in_(letter_ids))
        known = set(self._connection.execute(chosen).scalars())
        self._unknown |= {(sender, name) for name in letter_ids if name not in known}

    def known(self, sender: str, letter_id: str) -> bool:
        """Whether a letter of that sender was taken before."""
        one = (sender, letter_id)
        if one in self._taken:
            return True
        if one in self._unknown:
            return False
        found = self._connection.execute(_KNOWN, {"of_sender": sender, "of_id": letter_id}).scalar() is not None
        if not found:
            self._unknown.add(one)
        return found

    def flush(self) -> None:
        """Write what this transaction has noted; it is done at the latest as it commits."""
        for sender, lane in self._moved:
            row = {"sender": sender, "lane": lane.value, "applied": self._applied[sender, lane]}
            put_row(self._connection, inbox_lanes, row)
        self._moved.clear()
        if self._taken:
            rows = [{"sender": sender, "id": name, "applied_at": at} for (sender, name), at in self._taken.items()]
            self._connection.execute(insert(inbox_letters), rows)
            oldest = max(self._taken.values()) - timedelta(days=limits.INBOX_DAYS_KEPT)
            self._connection.execute(delete(inbox_letters).where(inbox_letters.c.applied_at < oldest))
            self._unknown -= self._taken.keys()
            self._taken.clear()

    def park(self, letter: Parked, now: datetime) -> None:
        sealed = self._contents.seal(content_of(letter.sender, letter.id), letter)
        row = {"sender": letter.sender, "id": letter.id, "parked_at": now, "letter": sealed}
        put_row(self._connection, parked_letters, row)

    def parked(self) -> list[Parked]:
        """Letters of kinds unknown when they came, oldest first; a later release may know them."""
        chosen = select(parked_letters).order_by(parked_letters.c.parked_at, parked_letters.c.id)
        rows = self._connection.execute(chosen).all()
        return self._contents.open_all(Parked, [(content_of(row.sender, row.id), row.letter) for row in rows])

    def _take(self, sender: str, letter_id: str, lane: Lane, sequence: int, now: datetime) -> None:
        self.stand(sender, lane, sequence)
        self.passed_over(sender, letter_id, now)


def content_of(sender: str, letter_id: str) -> str:
    """Its name among the contents of this database."""
    return f"parked letter {sender} {letter_id}"
