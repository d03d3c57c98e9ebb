"""What the desks need of the shelves of accounts: officers, their tokens, and the units they work in."""

from datetime import datetime
from typing import Protocol

from comity.domain.caller import Account
from comity.domain.circumstances import EntityKind


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


class Units(Protocol):
    """Units of this bureau that belong to another kind of body."""

    def put(self, unit: str, kind: EntityKind) -> None: ...

    def kind(self, unit: str) -> EntityKind:
        """One that nobody entered is the bureau's own."""
        ...

    def every(self) -> dict[str, EntityKind]: ...
