"""What the desks need of the shelf of sessions: who is signed in at the console, and what they chose."""

from datetime import datetime
from typing import Protocol

from comity.domain.session import KeptSession, Screen


class Sessions(Protocol):
    def put(self, token_digest: str, session: KeptSession) -> None:
        """A session, or what it is from now on."""
        ...

    def get(self, token_digest: str) -> KeptSession | None: ...

    def of(self, account_id: str) -> list[tuple[str, KeptSession]]:
        """With the digests of their tokens, the newest first."""
        ...

    def end(self, token_digest: str) -> None: ...

    def end_all(self, account_id: str) -> int:
        """Of one account; how many."""
        ...

    def forget(self, began_before: datetime) -> int:
        """Erase those that began before then; how many."""
        ...

    def screen(self, account_id: str) -> Screen: ...

    def put_screen(self, account_id: str, screen: Screen) -> None: ...
