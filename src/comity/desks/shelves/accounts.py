"""What the desks need of the shelf of accounts: officers and their tokens."""

from datetime import datetime
from typing import Protocol

from comity.domain.caller import Account


class Accounts(Protocol):
    def put(self, account: Account) -> None: ...

    def get(self, login: str) -> Account | None: ...

    def of_id(self, account_id: str) -> Account | None: ...

    def every(self) -> list[Account]: ...

    def issue(self, account_id: str, token_digest: str, expires_at: datetime) -> None: ...

    def by_token(self, token_digest: str, now: datetime) -> Account | None:
        """Whose token it is, if it has not expired and the account is not suspended."""
        ...

    def revoke(self, account_id: str) -> int:
        """End all tokens of an account; how many."""
        ...
