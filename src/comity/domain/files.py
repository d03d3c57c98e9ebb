"""Files beside messages: what is kept of each, how far it has come here, and how it stands at the hub."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct
from msgspec.structs import replace

from comity.domain import limits
from comity.domain.dates import Moment
from comity.domain.file_name import check_file_name
from comity.domain.sealed import Attachment, Code, Digest, MediaType, Nodes

FileBytes = Annotated[int, Meta(ge=0, le=limits.FILE_BYTES_MAX)]
SealedBytes = Annotated[int, Meta(ge=1, le=limits.FILE_SEALED_BYTES_MAX)]
Digests = Annotated[tuple[Digest, ...], Meta(max_length=limits.FILES_PER_MESSAGE_MAX)]


class FileState(StrEnum):
    """How far a file has come at this node."""

    COMING = "coming"  # its officer is bringing it, or it is fetched from the hub
    WHOLE = "whole"
    INFECTED = "infected"  # the scanner knows what is in it: kept sealed, not given out
    LOST = "lost"  # it expired at the hub before it was fetched, or was not what the letter speaks of


class NewFile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file that an officer wants to attach, before any of it has come."""

    name: str
    media_type: MediaType
    size_bytes: FileBytes

    def __post_init__(self) -> None:
        check_file_name(self.name)


class HeldFile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A file as this node keeps it: sealed, with its key. `sender` and `letter` are of one that came."""

    id: str
    mail: str
    name: str
    media_type: str
    size_bytes: int
    key: str
    state: FileState = FileState.COMING
    sha256: str = ""
    ct_sha256: str = ""
    ct_bytes: int = 0
    sender: str = ""
    letter: str = ""
    brought: bool = False  # of one that was sent: the hub has all of it
    again: tuple[str, ...] = ()  # of one that was sent once more: whom the hub hands it to again
    by_hand: bool = False  # of one that came by mail drop: the hub does not know yet that it is here
    remark: str = ""  # what the scanner said, or why it is lost
    noted_at: Moment
    expires_at: Moment | None = None  # at the hub, of one that is on its way

    @property
    def attachment(self) -> Attachment:
        """What the letter says of it, once it is whole."""
        return Attachment(
            name=self.name,
            media_type=self.media_type,
            size_bytes=self.size_bytes,
            sha256=self.sha256,
            ct_sha256=self.ct_sha256,
            ct_bytes=self.ct_bytes,
            key=self.key,
        )

    def whole(self, sha256: str, ct_sha256: str, ct_bytes: int) -> "HeldFile":
        return replace(self, state=FileState.WHOLE, sha256=sha256, ct_sha256=ct_sha256, ct_bytes=ct_bytes)


class FileNote(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A file as people see it: everything but its key."""

    id: str
    mail: str
    name: str
    media_type: str
    size_bytes: int
    came_bytes: int  # of size_bytes, when it is brought by an officer; else of sealed_bytes
    sealed_bytes: int = 0
    state: FileState
    sha256: str = ""
    sender: str = ""
    at_hub: bool = False  # of one that was sent: the hub has all of it
    fetched_by: tuple[str, ...] = ()
    remark: str = ""


class Share(Struct, frozen=True, kw_only=True):
    """One recipient's share in a file that was sent: what is left to be told the hub."""

    recipient: str
    letter: str
    taken_back: bool = False
    ended: bool = False  # the recipient has it, or the hub knows that it shall not


class Announcement(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a sender tells the hub of a sealed file that it will bring: how large, for whom, until when."""

    ct_sha256: Digest
    ct_bytes: SealedBytes
    recipients: Nodes
    expires: Moment


class Stand(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a file stands at the hub: bytes that have come, whether they are all and right, who has not fetched it."""

    offset: Annotated[int, Meta(ge=0)]
    whole: bool
    waiting: Annotated[tuple[Code, ...], Meta(max_length=limits.RECIPIENTS_MAX)]


class RoomFile(Struct, frozen=True, kw_only=True):
    """A sealed file as the hub keeps it: it knows no more of it than this."""

    sender: str
    ct_sha256: str
    ct_bytes: int
    whole: bool
    waiting: tuple[str, ...]
    expires_at: datetime

    @property
    def place(self) -> str:
        """What it is called in the store."""
        return f"{self.sender}.{self.ct_sha256}"
