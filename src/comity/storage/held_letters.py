"""The shelf of letters that are held for review, each lane in its order."""

from datetime import date

from sqlalchemy import Column, Connection, Integer, LargeBinary, Select, Table, delete, func, insert, select

from comity.domain.supervision import HeldLetter, about
from comity.storage.columns import WIDE, WORD, Moment, metadata, ordinal
from comity.storage.contents import Contents

held_letters = Table(
    "held_letters",
    metadata,
    Column("sender", WORD, primary_key=True),
    Column("id", WORD, primary_key=True),
    Column("lane", WORD, nullable=False),
    Column("number", Integer, nullable=False),  # in the order in which they came; a lane may begin anew at 1
    Column("about", WORD, nullable=False),
    Column("held_at", Moment, nullable=False),
    Column("until", Integer, nullable=False, index=True),  # a day
    Column("held", LargeBinary, nullable=False),
    **WIDE,
)

_HELD = select(held_letters.c.sender, held_letters.c.id, held_letters.c.held)


class HeldLetters:
    def __init__(self, connection: Connection, contents: Contents) -> None:
        self._connection = connection
        self._contents = contents

    def put(self, held: HeldLetter) -> None:
        letter = held.letter
        row = {
            "sender": letter.sender,
            "id": letter.id,
            "lane": letter.lane.value,
            "number": self._next_number(),
            "about": about(letter.body),
            "held_at": held.held_at,
            "until": ordinal(held.until),
            "held": self._contents.seal(content_of(letter.sender, letter.id), held),
        }
        self._connection.execute(insert(held_letters).values(row))

    def _next_number(self) -> int:
        return (self._connection.execute(select(func.max(held_letters.c.number))).scalar() or 0) + 1

    def get(self, sender: str, letter_id: str) -> HeldLetter | None:
        one = held_letters.c
        return next(iter(self._several(_HELD.where(one.sender == sender, one.id == letter_id))), None)

    def every(self) -> list[HeldLetter]:
        return self._several(_HELD.order_by(held_letters.c.number))

    def before(self, sender: str, letter_id: str) -> list[HeldLetter]:
        """What came before it in its lane and waits too, in order."""
        one, this = held_letters.c, held_letters.alias()
        same = select(this.c.lane, this.c.number).where(this.c.sender == sender, this.c.id == letter_id)
        found = self._connection.execute(same).first()
        if found is None:
            return []
        chosen = _HELD.where(one.sender == sender, one.lane == found.lane, one.number < found.number)
        return self._several(chosen.order_by(one.number))

    def speaking_of(self, sender: str, about: str) -> list[HeldLetter]:
        """Letters of that sender that wait and speak of it."""
        one = held_letters.c
        return self._several(_HELD.where(one.sender == sender, one.about == about).order_by(one.number))

    def past(self, today: date) -> list[HeldLetter]:
        """Those whose last day is over, each lane in its order."""
        one = held_letters.c
        return self._several(_HELD.where(one.until < ordinal(today)).order_by(one.number))

    def forget(self, sender: str, letter_id: str) -> bool:
        """It is decided, or its sender took it back; True where it waited."""
        one = held_letters.c
        self._contents.destroy(content_of(sender, letter_id))
        gone = self._connection.execute(delete(held_letters).where(one.sender == sender, one.id == letter_id))
        return gone.rowcount > 0

    def _several(self, chosen: Select[str, str, bytes]) -> list[HeldLetter]:
        rows = self._connection.execute(chosen).all()
        return self._contents.open_all(HeldLetter, [(content_of(row.sender, row.id), row.held) for row in rows])


def content_of(sender: str, letter_id: str) -> str:
    """Its name among the contents of this database."""
    return f"held letter {sender} {letter_id}"
