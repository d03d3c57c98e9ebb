"""The shelf of what was passed on: both registers, and the content of what was passed to us, in a box."""

from collections.abc import Callable
from datetime import date

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Integer,
    LargeBinary,
    Table,
    delete,
    func,
    null,
    select,
    update,
)

from comity.domain.held import Held
from comity.domain.lookup import Finding
from comity.domain.passing import Passing
from comity.storage.columns import BY_KEY, WIDE, WORD, Moment, Packed, metadata, ordinal
from comity.storage.contents import Contents
from comity.storage.rows import put_row

passings = Table(
    "passings",
    metadata,
    Column("id", WORD, primary_key=True),
    Column("hit", WORD, nullable=False, index=True),
    Column("consent", WORD, nullable=False, index=True),
    Column("until", Integer, nullable=False, index=True),  # a day
    Column("passed_at", Moment, nullable=False),
    Column("passing", Packed(Passing), nullable=False),
    Column("finding", LargeBinary),  # at the receiver, until it is erased
    **WIDE,
)
# Taken back before it came: it is not let in any more.
passings_taken_back = Table(
    "passings_taken_back",
    metadata,
    Column("sender", WORD, primary_key=True),
    Column("passing", WORD, primary_key=True),
    Column("until", Integer, nullable=False, index=True),  # a day
    **BY_KEY,
)


class Passings:
    def __init__(self, connection: Connection, contents: Contents, erased: Callable[[], None]) -> None:
        """`erased` is told whenever bytes should leave the disk too."""
        self._connection = connection
        self._contents = contents
        self._erased = erased

    def put(self, passing: Passing) -> None:
        """As it stands now; its content, if there is any here, stays."""
        row = {
            "id": passing.id,
            "hit": passing.hit,
            "consent": passing.consent,
            "until": ordinal(passing.until),
            "passed_at": passing.passed_at,
            "passing": passing,
        }
        put_row(self._connection, passings, row)

    def file(self, passing: Passing, finding: Finding) -> None:
        """With its content, as it came to us."""
        self.put(passing)
        sealed = self._contents.seal(content_of(passing.id), finding)
        self._connection.execute(update(passings).where(passings.c.id == passing.id).values(finding=sealed))

    def empty(self, passing_id: str) -> None:
        """Erase its content."""
        filed = passings.c
        gone = update(passings).where(filed.id == passing_id, filed.finding.is_not(None)).values(finding=null())
        if self._connection.execute(gone).rowcount:
            self._contents.destroy(content_of(passing_id))
            self._erased()

    def get(self, passing_id: str) -> Passing | None:
        return self._connection.execute(select(passings.c.passing).where(passings.c.id == passing_id)).scalar()

    def content(self, passing_id: str) -> Held[Finding] | None:
        found = self._connection.execute(select(passings.c.finding).where(passings.c.id == passing_id)).scalar()
        return None if found is None else Held(self._contents.open(content_of(passing_id), Finding, found))

    def every(self, limit: int) -> list[Passing]:
        """The newest first."""
        one = passings.c
        chosen = select(one.passing).order_by(one.passed_at.desc(), one.id).limit(limit)
        return list(self._connection.execute(chosen).scalars())

    def of_hit(self, hit: str) -> list[Passing]:
        return self._those(passings.c.hit == hit)

    def of_consent(self, consent: str) -> list[Passing]:
        return self._those(passings.c.consent == consent)

    def past(self, today: date) -> list[Passing]:
        """Those with content here whose last day is over."""
        one = passings.c
        past = select(one.passing).where(one.until < ordinal(today), one.finding.is_not(None)).order_by(one.id)
        return list(self._connection.execute(past).scalars())

    def note_taken_back(self, sender: str, passing_id: str, until: date, most: int) -> bool:
        gone = passings_taken_back.c
        count = select(func.count()).select_from(passings_taken_back).where(gone.sender == sender)
        if (self._connection.execute(count).scalar() or 0) >= most:
            return False
        put_row(
            self._connection,
            passings_taken_back,
            {"sender": sender, "passing": passing_id, "until": ordinal(until)},
        )
        return True

    def was_taken_back(self, sender: str, passing_id: str) -> bool:
        gone = passings_taken_back.c
        found = select(gone.until).where(gone.sender == sender, gone.passing == passing_id)
        return self._connection.execute(found).scalar() is not None

    def forget_taken_back(self, today: date) -> int:
        past = delete(passings_taken_back).where(passings_taken_back.c.until < ordinal(today))
        return self._connection.execute(past).rowcount

    def _those(self, chosen: ColumnElement[bool]) -> list[Passing]:
        one = passings.c
        return list(self._connection.execute(select(one.passing).where(chosen).order_by(one.id)).scalars())


def content_of(passing_id: str) -> str:
    """Its name among the contents of this database."""
    return f"what was passed on by {passing_id}"
