"""The shelf of sessions at the console, by the digests of their tokens, and of what people chose for their screens."""

from datetime import datetime

from sqlalchemy import Column, Connection, ForeignKey, Table, delete, select

from comity.domain.session import KeptSession, Screen
from comity.storage.columns import WIDE, WORD, Moment, Packed, metadata
from comity.storage.rows import put_row

# Only digests: whoever reads this database can take over no session.
sessions = Table(
    "sessions",
    metadata,
    Column("digest", WORD, primary_key=True),
    Column("account", WORD, ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("began_at", Moment, nullable=False, index=True),
    Column("session", Packed(KeptSession), nullable=False),
    **WIDE,
)
screens = Table(
    "screens",
    metadata,
    Column("account", WORD, ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
    Column("screen", Packed(Screen), nullable=False),
    **WIDE,
)


class Sessions:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, token_digest: str, session: KeptSession) -> None:
        row = {
            "digest": token_digest,
            "account": session.account,
            "began_at": session.began_at,
            "session": session,
        }
        put_row(self._connection, sessions, row)

    def get(self, token_digest: str) -> KeptSession | None:
        return self._connection.execute(select(sessions.c.session).where(sessions.c.digest == token_digest)).scalar()

    def of(self, account_id: str) -> list[tuple[str, KeptSession]]:
        one = sessions.c
        rows = select(one.digest, one.session).where(one.account == account_id).order_by(one.began_at.desc())
        return [(row.digest, row.session) for row in self._connection.execute(rows)]

    def end(self, token_digest: str) -> None:
        self._connection.execute(delete(sessions).where(sessions.c.digest == token_digest))

    def end_all(self, account_id: str) -> int:
        return self._connection.execute(delete(sessions).where(sessions.c.account == account_id)).rowcount

    def forget(self, began_before: datetime) -> int:
        return self._connection.execute(delete(sessions).where(sessions.c.began_at < began_before)).rowcount

    def screen(self, account_id: str) -> Screen:
        kept = self._connection.execute(select(screens.c.screen).where(screens.c.account == account_id)).scalar()
        return kept or Screen()

    def put_screen(self, account_id: str, screen: Screen) -> None:
        put_row(self._connection, screens, {"account": account_id, "screen": screen})
