"""The shelf of spot checks: what was drawn from the journal, and what two people say of each entry."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Column, Connection, Integer, LargeBinary, Table, delete, select

from comity.domain.spot_check import SpotCheck
from comity.storage.columns import WIDE, WORD, Moment, metadata
from comity.storage.contents import Contents
from comity.storage.rows import put_row

spot_checks = Table(
    "spot_checks",
    metadata,
    Column("id", WORD, primary_key=True),
    Column("drawn_at", Moment, nullable=False),
    Column("open", Integer, nullable=False),
    Column("kept", LargeBinary, nullable=False),  # sealed: verdicts speak of people
    **WIDE,
)


class SpotChecks:
    def __init__(self, connection: Connection, contents: Contents, erased: Callable[[], None]) -> None:
        """`erased` is told whenever bytes should leave the disk too."""
        self._connection = connection
        self._contents = contents
        self._erased = erased

    def put(self, check: SpotCheck) -> None:
        kept = self._contents.seal(content_of(check.id), check)
        row = {"id": check.id, "drawn_at": check.drawn_at, "open": int(check.is_open), "kept": kept}
        put_row(self._connection, spot_checks, row)

    def get(self, check_id: str) -> SpotCheck | None:
        kept = self._connection.execute(select(spot_checks.c.kept).where(spot_checks.c.id == check_id)).scalar()
        return None if kept is None else self._contents.open(content_of(check_id), SpotCheck, kept)

    def every(self) -> list[SpotCheck]:
        """The newest first."""
        checks = spot_checks.c
        rows = self._connection.execute(select(checks.id, checks.kept).order_by(checks.drawn_at.desc(), checks.id))
        return self._contents.open_all(SpotCheck, [(content_of(row.id), row.kept) for row in rows])

    def under_review(self) -> set[int]:
        """Entries of spot checks that are not closed: their texts are kept until they are."""
        checks = spot_checks.c
        rows = self._connection.execute(select(checks.id, checks.kept).where(checks.open == 1))
        still_open = self._contents.open_all(SpotCheck, [(content_of(row.id), row.kept) for row in rows])
        return {one.index for check in still_open for one in check.drawn}

    def expire(self, before: datetime) -> int:
        """Forget those that were drawn before and are closed; how many."""
        checks = spot_checks.c
        these = select(checks.id).where(checks.drawn_at < before, checks.open == 0)
        gone = list(self._connection.execute(these).scalars())
        for check_id in gone:
            self._contents.destroy(content_of(check_id))
            self._connection.execute(delete(spot_checks).where(checks.id == check_id))
        if gone:
            self._erased()
        return len(gone)


def content_of(check_id: str) -> str:
    """Under which name its content is sealed."""
    return f"spot-check {check_id}"
