"""What the desks need of the shelves of files, and of the disks on which these lie sealed."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Protocol

from comity.domain.files import Announcement, HeldFile, RoomFile, Share


class Files(Protocol):
    """At a bureau: files beside messages, written and come."""

    def put(self, file: HeldFile, ask_at: datetime | None = None) -> None: ...

    def get(self, file_id: str) -> HeldFile | None: ...

    def of_mail(self, mail_id: str) -> list[HeldFile]:
        """In the order in which they were attached."""
        ...

    def forget(self, file_id: str) -> None: ...

    def ids(self) -> set[str]: ...

    def drafted_before(self, moment: datetime) -> list[HeldFile]:
        """Files of ours that nobody has brought to their end, begun before that."""
        ...

    def to_bring(self) -> list[HeldFile]:
        """Sent, and not all of it at the hub; the oldest first."""
        ...

    def to_fetch(self) -> list[HeldFile]:
        """Those that are coming, and those that came by hand, of which the hub is to be told."""
        ...

    def to_carry(self, recipient: str) -> list[HeldFile]:
        """Sent to that recipient, who is not known to have them."""
        ...

    def to_ask(self, now: datetime) -> list[HeldFile]:
        """At the hub, not fetched by all, and not asked about lately."""
        ...

    def taken_back(self) -> list[tuple[HeldFile, str]]:
        """Files with the recipients who shall not have them any more, of which the hub does not know yet."""
        ...

    def share(self, file_id: str, recipient: str, letter: str) -> None: ...

    def shares(self, file_id: str) -> list[Share]: ...

    def take_back(self, letter: str) -> int:
        """Whoever got that letter shall not have its files any more; how many."""
        ...

    def end(self, file_id: str, recipients: Sequence[str]) -> None: ...


class FileRoom(Protocol):
    """At the hub: sealed files by sender and digest, and who has not fetched them."""

    def announce(self, sender: str, announced: Announcement, now: datetime) -> None:
        """What was announced before stays, and new recipients join.

        With a later end it is sent once more: those named wait for it again.
        """
        ...

    def recipients(self, sender: str, digest: str) -> tuple[str, ...]:
        """Whoever was ever named, with or without it."""
        ...

    def get(self, sender: str, digest: str) -> RoomFile | None: ...

    def every(self) -> list[RoomFile]: ...

    def held(self, sender: str) -> tuple[int, int]:
        """(files, bytes as they were announced) of that sender that somebody has not fetched yet."""
        ...

    def whole(self, sender: str, digest: str, whole: bool) -> None: ...

    def done(self, sender: str, digest: str, recipients: Collection[str]) -> bool:
        """These have done with it; False where that was known."""
        ...

    def expire(self, now: datetime) -> list[RoomFile]:
        """Forget what is past its time; what that was."""
        ...


class SealedDisk(Protocol):
    """A bureau's own disk: files that are sealed as they come, and opened only to be shown."""

    def new_key(self) -> str: ...

    def came(self, file: HeldFile) -> int:
        """Bytes of the content that are sealed."""
        ...

    def seal(self, file: HeldFile, offset: int, part: bytes) -> int:
        """Seal the next part; how much of the content is sealed then. Raises Conflict for another offset."""
        ...

    def digests(self, file: HeldFile) -> tuple[str, str] | None:
        """SHA-256 of content and of what is sealed; None where that takes longer: asked again, it goes on."""
        ...

    def fetched(self, file: HeldFile) -> int:
        """Sealed bytes that lie here."""
        ...

    def take(self, file: HeldFile, offset: int, part: bytes) -> int:
        """The next sealed part of one that comes from elsewhere."""
        ...

    def verified(self, file: HeldFile) -> bool | None:
        """Whether it is the file that the letter speaks of; None where that takes longer."""
        ...

    def read(self, file: HeldFile, offset: int, length: int) -> bytes:
        """So many bytes of the content from there, opened."""
        ...

    def read_sealed(self, file: HeldFile, offset: int, length: int) -> bytes: ...

    def drop(self, file_id: str) -> None: ...

    def names(self) -> set[str]:
        """The ids of all files that lie there."""
        ...


class RoomDisk(Protocol):
    """The hub's store of sealed files, by their places."""

    @property
    def keeps_at_once(self) -> bool:
        """Whether `keep` takes no time worth speaking of, however large the file is."""
        ...

    def size(self, place: str) -> int:
        """Bytes of one that is not whole yet."""
        ...

    def append(self, place: str, offset: int, part: bytes) -> int:
        """Raises Conflict for another offset."""
        ...

    def right(self, place: str, ct_sha256: str) -> bool | None:
        """Whether what has come is what its sender signed, and on the disk; None where that takes longer."""
        ...

    def keep(self, place: str) -> None:
        """It is whole, and what was announced."""
        ...

    def holds(self, place: str) -> bool:
        """Whether a whole one lies there."""
        ...

    def read(self, place: str, offset: int, length: int, whole: bool) -> bytes:
        """What there is of it from there, of a `whole` one or of one that comes. Raises Missing."""
        ...

    def drop(self, place: str) -> None: ...

    def places(self) -> set[str]: ...


class Scanner(Protocol):
    def scan(self, content: Iterable[bytes]) -> str:
        """What was found in it, '' for nothing. Raises Unavailable where the scanner does not answer."""
        ...
