"""The shelf of nonces: signed requests that have been taken once and must not be taken again."""

from datetime import datetime

from sqlalchemy import Column, Connection, Table, bindparam, delete, insert, select

from comity.domain.errors import Replayed
from comity.storage.columns import BY_KEY, WORD, Moment, metadata

nonces = Table(
    "nonces",
    metadata,
    Column("key_id", WORD, primary_key=True),
    Column("nonce", WORD, primary_key=True),
    Column("until", Moment, nullable=False, index=True),
    **BY_KEY,
)
# Made once: every signed request comes through here.
_USED = select(nonces.c.until).where(nonces.c.key_id == bindparam("key"), nonces.c.nonce == bindparam("used"))
_FORGOTTEN = delete(nonces).where(nonces.c.until < bindparam("now"))
_NOTED = insert(nonces)


class Nonces:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def use(self, key_id: str, nonce: str, until: datetime, now: datetime) -> None:
        """Note a nonce as used until the request that carries it has expired; Replayed where it was used before."""
        # What has expired is forgotten here, so an expired request must not pass as a new one.
        # Falls without it: tests/shelves/test_nonces.py
        if until < now:
            raise Replayed("The request has expired.", do="Sign it anew; check that both clocks are right.")
        if self._connection.execute(_USED, {"key": key_id, "used": nonce}).first() is not None:
            raise Replayed("This request was made before.", do="Sign every request anew.")
        # Each request forgets what expired since the one before: a short range of an index.
        self._connection.execute(_FORGOTTEN, {"now": now})
        self._connection.execute(_NOTED, {"key_id": key_id, "nonce": nonce, "until": until})
