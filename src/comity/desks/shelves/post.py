"""What the desks need of the shelves of the sealed post."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from comity.domain.evidence import Proof, Step
from comity.domain.letter import Lane, Letter
from comity.domain.mail import Urgency
from comity.domain.post import Alarm, InPost, Recall, Resumed
from comity.domain.sealed import Place, Route


class PostRoom(Protocol):
    """At the hub: sealed letters that wait for their recipients."""

    def digests(self, sender: str, letter_ids: Sequence[str]) -> dict[str, str]:
        """Of those that were taken before: the digest of the box that came under each id."""
        ...

    def take(self, sender: str, letters: Sequence[InPost], now: datetime) -> None:
        """Keep letters of one sender that are new, and queue each for its recipients in this order."""
        ...

    def held(self, sender: str) -> tuple[int, int]:
        """(letters, bytes) of that sender that wait."""
        ...

    def waits_for(self, recipient: str) -> bool:
        """Whether anything at all waits for it: cheap, for whoever looks again and again."""
        ...

    def waiting(
        self, recipient: str, letters_max: int, bytes_max: int, passing_over: Collection[tuple[str, Urgency]] = ()
    ) -> list[InPost]:
        """What is to be fetched next; at least one letter where any waits."""
        ...

    def get(self, sender: str, letter_id: str) -> InPost | None: ...

    def routes(self, sender: str, letter_ids: Sequence[str]) -> dict[str, Route]:
        """The outsides of those of these letters that are known here."""
        ...

    def done(self, sender: str, letter_ids: Sequence[str], recipient: str) -> int:
        """This recipient has done with these; of how many that was not known."""
        ...

    def expire(self, now: datetime) -> list[Route]:
        """Give up the boxes of what is past its time and still waits; whose they were."""
        ...

    def depths(self) -> dict[str, int]:
        """Letters waiting, by recipient."""
        ...

    def lanes(self) -> dict[tuple[str, Urgency], tuple[int, datetime]]:
        """(recipient, priority): how many wait, and since when the oldest of them."""
        ...


class Sealed(Protocol):
    """At a bureau: letters under seal that their recipients do not have yet, and where each lane stands."""

    def sent(self, recipient: str, lane: Lane) -> Place: ...

    def taken(self, sender: str, lane: Lane) -> Place: ...

    def took(self, sender: str, lane: Lane, place: Place) -> None: ...

    def put(self, letters: Sequence[tuple[Letter, InPost]], now: datetime) -> None:
        """Keep letters of one lane under their seals, in order."""
        ...

    def to_submit(self, now: datetime, letters_max: int, bytes_max: int) -> list[InPost]:
        """What the hub has not taken yet."""
        ...

    def relayed(self, letter_ids: Sequence[str], at: datetime) -> None: ...

    def failed(self, letter_id: str, again_at: datetime, why: str) -> None:
        """It is brought again then, and all behind it in its lane with it: none overtakes it."""
        ...

    def routes(self, letter_ids: Sequence[str]) -> dict[str, Route]:
        """The outsides of those of these letters that are still here."""
        ...

    def get(self, letter_id: str) -> tuple[Letter, InPost] | None: ...

    def delivered(self, letter_ids: Sequence[str]) -> int: ...

    def undelivered(self, recipient: str = "") -> list[InPost]: ...

    def of_lane(self, recipient: str, lane: Lane, first: int, last: int) -> list[Letter]:
        """Of these numbers, those that are not delivered yet, in order."""
        ...

    def sealed_before(self, lane: Lane, moment: datetime) -> list[Letter]: ...

    def expire(self, now: datetime) -> list[Letter]: ...

    def lanes(self) -> dict[tuple[str, Lane], tuple[int, datetime]]:
        """(recipient, lane): how many have not arrived, and since when the oldest is under seal."""
        ...

    def depths(self) -> dict[str, int]:
        """Letters under seal, by recipient."""
        ...


class EvidenceShelf(Protocol):
    def keep(self, proof: Proof, now: datetime, tell: str = "") -> bool:
        """Keep a verified piece and note whom to tell; False where it says nothing new."""
        ...

    def opens(self, node: str) -> bool:
        """Whether that node has ever signed that a letter was opened."""
        ...

    def piece(self, step: Step, sender: str, letter: str, recipient: str) -> str | None:
        """The digest of what proves it."""
        ...

    def tell(self, node: str, piece: str) -> None: ...

    def to_tell(self, node: str, limit: int) -> list[bytes]:
        """Signed pieces that the node has not taken yet, the oldest first."""
        ...

    def waits_for(self, node: str) -> bool:
        """Whether there is anything to tell it: cheap."""
        ...

    def told(self, node: str, pieces: Sequence[str]) -> None: ...

    def waits_to_be_told(self, node: str, piece: str) -> bool: ...

    def about(self, letter: str) -> list[Proof]: ...

    def of_sender(self, sender: str) -> list[bytes]:
        """Signed pieces about letters of another sender that nobody has taken yet."""
        ...

    def expire(self, now: datetime) -> None: ...


class Alarms(Protocol):
    def note(self, alarm: Alarm) -> bool:
        """False where the same matter stands already."""
        ...

    def every(self) -> dict[str, Alarm]: ...

    def clear(self, alarm_id: str) -> Alarm | None: ...


class Recalls(Protocol):
    """At a recipient: letters that their senders want back."""

    def put(self, recall: Recall) -> None: ...

    def look_for(self, sender: str, letter_ids: Sequence[str]) -> None:
        """Find out at once what `get` will be asked for one by one."""
        ...

    def get(self, sender: str, letter_id: str) -> Recall | None: ...

    def every(self) -> list[Recall]: ...

    def end(self, sender: str, letter_id: str) -> None: ...


class ResumedLanes(Protocol):
    """At a recipient: lanes that are taken up again with the next letter that comes."""

    def put(self, resumed: Resumed) -> None: ...

    def get(self, sender: str = "", lane: Lane | None = None) -> Resumed | None:
        """That of one lane; without a name that of all of which nothing was ever taken here."""
        ...

    def end(self, sender: str, lane: Lane) -> None: ...
