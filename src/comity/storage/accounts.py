"""The shelf of accounts: the people and systems of this bureau, and digests of the tokens they hold."""

from datetime import datetime, timedelta

from sqlalchemy import Column, Connection, ForeignKey, Table, delete, insert, select

from comity.domain import limits
from comity.domain.caller import Account
from comity.domain.errors import Conflict
from comity.storage.columns import BY_KEY, WIDE, WORD, Moment, Packed, metadata
from comity.storage.rows import put_row

accounts = Table(
    "accounts",
    metadata,
    Column("id", WORD, primary_key=True),
    Column("login", WORD, nullable=False, unique=True),
    Column("account", Packed(Account), nullable=False),
    **WIDE,
)
# Only digests: whoever reads this database can sign in as nobody.
tokens = Table(
    "tokens",
    metadata,
    Column("digest", WORD, primary_key=True),
    Column("account", WORD, ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("expires_at", Moment, nullable=False),
    **BY_KEY,
)


class Accounts:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, account: Account) -> None:
        """Open or change an account. Conflict where another one has the login."""
        holder = self.get(account.login)
        if holder is not None and holder.id != account.id:
            raise Conflict(f"The login {account.login} is taken.", where="login", do="Choose another.")
        put_row(self._connection, accounts, {"id": account.id, "login": account.login, "account": account})

    def get(self, login: str) -> Account | None:
        return self._connection.execute(select(accounts.c.account).where(accounts.c.login == login)).scalar()

    def of_id(self, account_id: str) -> Account | None:
        return self._connection.execute(select(accounts.c.account).where(accounts.c.id == account_id)).scalar()

    def every(self) -> list[Account]:
        return list(self._connection.execute(select(accounts.c.account).order_by(accounts.c.login)).scalars())

    def issue(self, account_id: str, token_digest: str, expires_at: datetime) -> None:
        self._connection.execute(insert(tokens).values(digest=token_digest, account=account_id, expires_at=expires_at))
        # No token lives longer than API_KEY_DAYS_MAX, so these have expired whatever the time is now.
        long_past = expires_at - timedelta(days=limits.API_KEY_DAYS_MAX)
        self._connection.execute(delete(tokens).where(tokens.c.account == account_id, tokens.c.expires_at < long_past))

    def by_token(self, token_digest: str, now: datetime) -> Account | None:
        """Whose token it is, if it has not expired and the account is not suspended."""
        valid = (
            select(accounts.c.account)
            .join(tokens, tokens.c.account == accounts.c.id)
            .where(tokens.c.digest == token_digest, tokens.c.expires_at > now)
        )
        account = self._connection.execute(valid).scalar()
        return None if account is None or account.suspended else account

    def revoke(self, account_id: str) -> int:
        """End all tokens of an account; how many."""
        return self._connection.execute(delete(tokens).where(tokens.c.account == account_id)).rowcount
