"""The shelf of letters that their senders want back."""

from collections.abc import Sequence

from sqlalchemy import Column, Connection, Table, and_, bindparam, delete, select

from comity.domain.post import Recall
from comity.storage.columns import WIDE, WORD, Moment, Packed, metadata
from comity.storage.rows import put_row

recalls = Table(
    "recalls",
    metadata,
    Column("sender", WORD, primary_key=True),
    Column("letter", WORD, primary_key=True),
    Column("asked_at", Moment, nullable=False),
    Column("recall", Packed(Recall), nullable=False),
    **WIDE,
)
# Built once: it is asked for every letter that comes.
_ONE = select(recalls.c.recall).where(
    recalls.c.sender == bindparam("of_sender"), recalls.c.letter == bindparam("of_letter")
)


class Recalls:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._absent: set[tuple[str, str]] = set()  # within one transaction nobody else puts any

    def look_for(self, sender: str, letter_ids: Sequence[str]) -> None:
        """Find out at once what `get` will be asked for one by one."""
        wanted = recalls.c
        chosen = select(wanted.letter).where(wanted.sender == sender, wanted.letter.in_(letter_ids))
        found = set(self._connection.execute(chosen).scalars())
        self._absent |= {(sender, name) for name in letter_ids if name not in found}

    def put(self, recall: Recall) -> None:
        row = {"sender": recall.sender, "letter": recall.letter, "asked_at": recall.asked_at, "recall": recall}
        put_row(self._connection, recalls, row)
        self._absent.discard((recall.sender, recall.letter))

    def get(self, sender: str, letter_id: str) -> Recall | None:
        if (sender, letter_id) in self._absent:
            return None
        return self._connection.execute(_ONE, {"of_sender": sender, "of_letter": letter_id}).scalar()

    def every(self) -> list[Recall]:
        """The oldest first."""
        chosen = select(recalls.c.recall).order_by(recalls.c.asked_at, recalls.c.sender, recalls.c.letter)
        return list(self._connection.execute(chosen).scalars())

    def end(self, sender: str, letter_id: str) -> None:
        """What was asked is done."""
        same = and_(recalls.c.sender == sender, recalls.c.letter == letter_id)
        self._connection.execute(delete(recalls).where(same))
