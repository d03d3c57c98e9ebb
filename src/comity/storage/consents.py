"""The shelf of consents, asked for here or of us, of overrides, and of notices of others' overrides."""

from sqlalchemy import Column, Connection, Table, select

from comity.domain.consent import ConsentCase
from comity.domain.override import FiledOverride, ReceivedNotice
from comity.storage.columns import WIDE, WORD, Moment, Packed, metadata
from comity.storage.rows import put_row

consents = Table(
    "consents",
    metadata,
    Column("id", WORD, primary_key=True),
    Column("record", WORD, nullable=False, index=True),
    Column("requested_at", Moment, nullable=False),
    Column("consent", Packed(ConsentCase), nullable=False),
    **WIDE,
)
overrides = Table(
    "overrides",
    metadata,
    Column("id", WORD, primary_key=True),
    Column("case_number", WORD, nullable=False, index=True),
    Column("proposed_at", Moment, nullable=False),
    Column("override", Packed(FiledOverride), nullable=False),
    **WIDE,
)


override_notices = Table(
    "override_notices",
    metadata,
    Column("id", WORD, primary_key=True),
    Column("received_at", Moment, nullable=False),
    Column("notice", Packed(ReceivedNotice), nullable=False),
    **WIDE,
)


class Consents:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, case: ConsentCase) -> None:
        row = {"id": case.id, "record": case.terms.record, "requested_at": case.requested_at, "consent": case}
        put_row(self._connection, consents, row)

    def get(self, consent_id: str) -> ConsentCase | None:
        return self._connection.execute(select(consents.c.consent).where(consents.c.id == consent_id)).scalar()

    def every(self) -> list[ConsentCase]:
        one = consents.c
        return list(self._connection.execute(select(one.consent).order_by(one.requested_at, one.id)).scalars())

    def of_record(self, record: str) -> list[ConsentCase]:
        one = consents.c
        return list(self._connection.execute(select(one.consent).where(one.record == record)).scalars())


class Overrides:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, filed: FiledOverride) -> None:
        row = {"id": filed.id, "case_number": filed.case, "proposed_at": filed.proposed_at, "override": filed}
        put_row(self._connection, overrides, row)

    def get(self, override_id: str) -> FiledOverride | None:
        return self._connection.execute(select(overrides.c.override).where(overrides.c.id == override_id)).scalar()

    def every(self) -> list[FiledOverride]:
        one = overrides.c
        return list(self._connection.execute(select(one.override).order_by(one.proposed_at, one.id)).scalars())

    def of_case(self, bureau: str, case: str) -> list[FiledOverride]:
        """What was filed for one bureau's questions in one case."""
        one = overrides.c
        found = self._connection.execute(select(one.override).where(one.case_number == case)).scalars()
        return [each for each in found if each.bureau == bureau]

    def file(self, told: ReceivedNotice) -> None:
        row = {"id": told.notice.id, "received_at": told.received_at, "notice": told}
        put_row(self._connection, override_notices, row)

    def notice(self, override_id: str) -> ReceivedNotice | None:
        one = override_notices.c
        return self._connection.execute(select(one.notice).where(one.id == override_id)).scalar()

    def notices(self) -> list[ReceivedNotice]:
        one = override_notices.c
        return list(self._connection.execute(select(one.notice).order_by(one.received_at, one.id)).scalars())
