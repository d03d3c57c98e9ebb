"""The shelf of passkeys, of the challenges under way, and of links to enrol, by digests."""

from datetime import datetime, timedelta

from sqlalchemy import Column, Connection, ForeignKey, Table, delete, insert, select

from comity.domain import limits
from comity.domain.passkey import Challenge, EnrolmentLink, Passkey
from comity.storage.columns import WIDE, WORD, Moment, Packed, metadata
from comity.storage.rows import put_row

passkeys = Table(
    "passkeys",
    metadata,
    Column("id", WORD, primary_key=True),
    Column("credential", WORD, nullable=False, unique=True),
    Column("account", WORD, ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("passkey", Packed(Passkey), nullable=False),
    **WIDE,
)
challenges = Table(
    "challenges",
    metadata,
    Column("digest", WORD, primary_key=True),
    Column("ends_at", Moment, nullable=False, index=True),
    Column("challenge", Packed(Challenge), nullable=False),
    **WIDE,
)
enrolment_links = Table(
    "enrolment_links",
    metadata,
    Column("digest", WORD, primary_key=True),
    Column("account", WORD, ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False, unique=True),
    Column("link", Packed(EnrolmentLink), nullable=False),
    **WIDE,
)


class Passkeys:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, passkey: Passkey) -> None:
        row = {"id": passkey.id, "credential": passkey.credential, "account": passkey.account, "passkey": passkey}
        put_row(self._connection, passkeys, row)

    def by_credential(self, credential: str) -> Passkey | None:
        one = passkeys.c
        return self._connection.execute(select(one.passkey).where(one.credential == credential)).scalar()

    def of(self, account_id: str) -> list[Passkey]:
        chosen = select(passkeys.c.passkey).where(passkeys.c.account == account_id).order_by(passkeys.c.id)
        return list(self._connection.execute(chosen).scalars())

    def remove(self, passkey_id: str) -> None:
        self._connection.execute(delete(passkeys).where(passkeys.c.id == passkey_id))

    def ask(self, digest: str, challenge: Challenge, ends_at: datetime) -> None:
        # Whoever opens a page asks: what nobody answers must not gather.
        now = ends_at - timedelta(seconds=limits.CHALLENGE_SECONDS_MAX)
        self._connection.execute(delete(challenges).where(challenges.c.ends_at <= now))
        self._connection.execute(insert(challenges).values(digest=digest, ends_at=ends_at, challenge=challenge))

    def take(self, digest: str, now: datetime) -> Challenge | None:
        asked = select(challenges.c.challenge).where(challenges.c.digest == digest, challenges.c.ends_at > now)
        found = self._connection.execute(asked).scalar()
        over = (challenges.c.digest == digest) | (challenges.c.ends_at <= now)
        self._connection.execute(delete(challenges).where(over))
        return found

    def put_link(self, digest: str, link: EnrolmentLink) -> None:
        self.end_links(link.account)
        row = {"digest": digest, "account": link.account, "link": link}
        put_row(self._connection, enrolment_links, row)

    def link(self, digest: str) -> EnrolmentLink | None:
        one = enrolment_links.c
        return self._connection.execute(select(one.link).where(one.digest == digest)).scalar()

    def end_links(self, account_id: str) -> None:
        self._connection.execute(delete(enrolment_links).where(enrolment_links.c.account == account_id))
