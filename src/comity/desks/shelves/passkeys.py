"""What the desks need of the shelf of passkeys, of the challenges under way, and of links to enrol."""

from datetime import datetime
from typing import Protocol

from comity.domain.passkey import Challenge, EnrolmentLink, Passkey


class Passkeys(Protocol):
    def put(self, passkey: Passkey) -> None: ...

    def by_credential(self, credential: str) -> Passkey | None: ...

    def of(self, account_id: str) -> list[Passkey]:
        """The oldest first."""
        ...

    def remove(self, passkey_id: str) -> None: ...

    def ask(self, digest: str, challenge: Challenge, ends_at: datetime) -> None: ...

    def take(self, digest: str, now: datetime) -> Challenge | None:
        """What was asked, once; None where it was not, or its time is over."""
        ...

    def put_link(self, digest: str, link: EnrolmentLink) -> None:
        """In place of an earlier one for the same account."""
        ...

    def link(self, digest: str) -> EnrolmentLink | None: ...

    def end_links(self, account_id: str) -> None: ...
