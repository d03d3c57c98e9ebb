"""What the desks need of the shelves that letters pass through: who is a member, what is sent, what has come."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol

from comity.domain.bureau import Directory
from comity.domain.letter import Body, Lane, Letter, Parked
from comity.domain.supervision import HeldLetter


class Members(Protocol):
    def directory(self) -> Directory | None:
        """The newest directory held, as verified when it was put."""
        ...

    def signed(self) -> bytes:
        """The same as signed bytes, b'' where none."""
        ...

    def signed_measures(self) -> bytes:
        """The measures that were signed for it, b'' where its hub knows of none."""
        ...

    def put(self, directory: Directory, signed: bytes, measures: bytes = b"") -> None:
        """Keep a verified directory with the measures signed for it; Conflict where its version does not rise."""
        ...

    def invite(self, node: str, code_digest: str, expires_at: datetime) -> None: ...

    def invitation(self, node: str) -> tuple[str, datetime] | None:
        """(digest of the code, expiry) of an open invitation."""
        ...

    def close_invitation(self, node: str) -> None: ...

    def invitations(self) -> list[tuple[str, datetime]]: ...

    def pin_hub(self, hub: str, fingerprint: str, signed_manifest: str) -> None:
        """The hub this bureau joined, by the fingerprint its people compared."""
        ...

    def hub(self) -> tuple[str, str, str] | None: ...


class Outbox(Protocol):
    def send(self, recipient: str, body: Body, now: datetime) -> str:
        """Write a letter, next in the sequence of its lane; its id."""
        ...

    def waiting(self, now: datetime) -> list[tuple[str, Lane]]:
        """(recipient, lane) with letters that may be tried now."""
        ...

    def next(self, recipient: str, lane: Lane, after: int = 0) -> Letter | None:
        """The oldest letter not yet delivered, of those with a higher number: none overtakes another in its lane."""
        ...

    def several(self, recipient: str, lane: Lane, limit: int) -> list[Letter]:
        """The oldest letters not yet delivered, in order."""
        ...

    def get(self, letter_id: str) -> Letter | None: ...

    def void(self, letter_id: str, now: datetime) -> None:
        """A void letter takes its place, id and number."""
        ...

    def delivered(self, letter_ids: Sequence[str], now: datetime) -> None: ...

    def failed(self, letter_id: str, now: datetime, why: str) -> None:
        """Try again later: waits double from RETRY_FIRST_SECONDS to RETRY_LAST_SECONDS."""
        ...

    def retry_now(self, recipient: str) -> None:
        """The recipient was heard from: try at once."""
        ...

    def expire(self, now: datetime) -> list[Letter]:
        """Give up letters past their time; those given up."""
        ...

    def depths(self) -> dict[str, int]:
        """Letters waiting, by recipient."""
        ...


class Inbox(Protocol):
    def expected(self, sender: str, lane: Lane) -> int:
        """The sequence number that comes next from this sender."""
        ...

    def applied(self, letter: Letter | Parked, now: datetime) -> bool:
        """Note the letter as applied in this transaction; False where it was applied before.

        Raises Conflict where one before it in its lane has not arrived; the message names the number expected.
        """
        ...

    def look_for(self, sender: str, letter_ids: Sequence[str]) -> None:
        """Find out at once what `known` will be asked for one by one."""
        ...

    def known(self, sender: str, letter_id: str) -> bool:
        """Whether a letter of that sender was taken before."""
        ...

    def stand(self, sender: str, lane: Lane, applied: int) -> None:
        """The lane goes on behind that number, whatever came before."""
        ...

    def passed_over(self, sender: str, letter_id: str, now: datetime) -> None:
        """Of this letter nothing but its outside came, and what its number was nobody knows."""
        ...

    def heard(self, sender: str) -> datetime | None:
        """When the last letter of that sender was taken."""
        ...

    def passed(self, sender: str, letter_id: str, lane: Lane, now: datetime) -> None:
        """The next number of the lane was used by a letter of which nothing but its outside came."""
        ...

    def park(self, letter: Parked, now: datetime) -> None: ...


class Nonces(Protocol):
    def use(self, key_id: str, nonce: str, until: datetime, now: datetime) -> None:
        """Note a nonce as used; Replayed where it was used before."""
        ...


class HeldLetters(Protocol):
    """Letters of supervised members that wait until somebody has looked at them."""

    def put(self, held: HeldLetter) -> None: ...

    def get(self, sender: str, letter_id: str) -> HeldLetter | None: ...

    def every(self) -> list[HeldLetter]:
        """The oldest first."""
        ...

    def before(self, sender: str, letter_id: str) -> list[HeldLetter]:
        """What came before it in its lane and waits too, in order."""
        ...

    def speaking_of(self, sender: str, about: str) -> list[HeldLetter]:
        """Letters of that sender that wait and speak of it."""
        ...

    def past(self, today: date) -> list[HeldLetter]:
        """Those whose last day is over, each lane in its order."""
        ...

    def forget(self, sender: str, letter_id: str) -> bool:
        """It is decided, or its sender took it back; True where it waited."""
        ...
