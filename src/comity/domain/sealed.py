"""Sealed letters: what the recipient reads, and what the post room in between sees of it."""

from typing import Annotated, Literal

from msgspec import Meta, Raw, Struct, field
from msgspec.structs import replace

from comity.domain import limits
from comity.domain.dates import Moment
from comity.domain.errors import Conflict, Invalid, Replayed
from comity.domain.file_name import check_file_name
from comity.domain.mail import Urgency
from comity.domain.purpose import Purpose

Code = Annotated[str, Meta(min_length=1, max_length=limits.CODE_CHARS_MAX)]
Codes = Annotated[tuple[Code, ...], Meta(max_length=limits.LIST_ITEMS_MAX)]
Nodes = Annotated[tuple[Code, ...], Meta(min_length=1, max_length=limits.RECIPIENTS_MAX)]
Digest = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]  # SHA-256 in hexadecimal
Before = Annotated[str, Meta(pattern=r"^([0-9a-f]{64})?\Z")]  # the same, or empty where there was none before
Count = Annotated[int, Meta(ge=0, le=2**53 - 1)]
# RFC 6838, section 4.2, without parameters
MediaType = Annotated[
    str,
    Meta(pattern=r"^[a-z0-9][a-z0-9!#$&^_.+-]*/[a-z0-9][a-z0-9!#$&^_.+-]*\Z", max_length=limits.MEDIA_TYPE_CHARS_MAX),
]
Traffic = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9-]{0,31}\Z")]
FileKey = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{22}\Z")]  # 16 bytes in base64url

_FIRST = ""  # before the first letter of a pair there was none


class PolicyDigests(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which law decided that this may be sent: digests of the texts, and of the decision."""

    bundle: Digest
    decision: Digest


class Attachment(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file that travels sealed beside its letter: what it is, what was sealed of it, and the key that opens it."""

    name: Annotated[str, Meta(min_length=1, max_length=limits.NAME_CHARS_MAX)]
    media_type: MediaType = field(name="type")
    size_bytes: Count = field(name="size")
    sha256: Digest
    ct_sha256: Digest
    ct_bytes: Count = field(name="ct_size")
    key: FileKey

    def __post_init__(self) -> None:
        check_file_name(self.name)


class Manifest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="typ", tag="comity.msg"):
    """What a sealed letter says: signed by its sender, read by its recipients and by nobody else."""

    v: Literal[1] = 1
    id: Code
    sender: Code = field(name="from")
    recipients: Nodes = field(name="to")
    rcpt: dict[Code, Code] = {}  # node: id of the key that it is sealed to; set by sealing
    seq: dict[Code, Annotated[int, Meta(ge=1)]]  # recipient: which of the letters to it, from 1
    prev: dict[Code, Before]  # recipient: digest of the box sent to it before
    created: Moment
    expires: Moment
    purpose: Purpose | None  # of letters that say one
    basis: Codes
    handling: Codes
    policy: PolicyDigests | None = None
    body: Raw  # canonical JSON, for whoever knows this kind of letter
    files: Annotated[tuple[Attachment, ...], Meta(max_length=limits.LIST_ITEMS_MAX)] = ()

    def __post_init__(self) -> None:
        _check_once(self.recipients)
        if set(self.seq) != set(self.recipients) or set(self.prev) != set(self.recipients):
            raise Invalid("A sealed letter has one place in the order of each recipient.", where="seq")
        for name, number in self.seq.items():
            if (number == 1) != (self.prev[name] == _FIRST):
                raise Invalid("Only the first letter has none before it.", where="prev")

    def copy_for(self, recipient: str, letter_id: str) -> "Manifest":
        """The same for one of its recipients, who does not see who else got it."""
        return replace(
            self,
            id=letter_id,
            recipients=(recipient,),
            rcpt={},
            seq={recipient: self.seq[recipient]},
            prev={recipient: self.prev[recipient]},
        )


class Route(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="typ", tag="comity.route"):
    """All that the post room sees: from whom, to whom, how large, how soon, until when."""

    v: Literal[1] = 1
    id: Code
    sender: Code = field(name="from")
    recipients: Nodes = field(name="to")
    ct_sha256: Digest
    ct_bytes: Annotated[int, Meta(ge=1, le=limits.BOX_BYTES_MAX)] = field(name="ct_size")
    priority: Urgency
    traffic: Traffic = field(name="class")  # what quotas and queues may tell apart; never what the letter is about
    expires: Moment

    def __post_init__(self) -> None:
        _check_once(self.recipients)


class Sealed(Struct, frozen=True):
    """A sealed letter as it travels: its outside, signed, and the box."""

    route: bytes
    box: bytes


class Place(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How far one sender's letters to one recipient have come: the last one's number, and the digest of its box."""

    seq: int = 0
    ct_sha256: str = _FIRST

    def after(self, letter: Manifest, recipient: str, ct_sha256: str) -> "Place":
        """The place once this letter is taken. Raises Replayed for one taken before, Conflict where one is missing."""
        seq, prev = letter.seq[recipient], letter.prev[recipient]
        # Falls without it: tests/domain/test_sealed.py
        if seq <= self.seq:
            raise Replayed(f"Letter {seq} from {letter.sender} was taken before; the last one is {self.seq}.")
        if seq > self.seq + 1:
            raise Conflict(
                f"Letter {seq} from {letter.sender} came, and {self.seq + 1} did not.",
                do="Wait for it; if it does not come, somebody keeps it back: ask the sender.",
            )
        if prev != self.ct_sha256:
            raise Conflict(
                f"Letter {seq} from {letter.sender} follows another letter than the {self.seq} that came.",
                do="Ask the sender which letters it sent, by another way.",
            )
        return Place(seq=seq, ct_sha256=ct_sha256)

    def after_unread(self, ct_sha256: str) -> "Place":
        """The place behind a letter that its sender signed and no key here opens: the next ones must not wait."""
        return Place(seq=self.seq + 1, ct_sha256=ct_sha256)


def _check_once(recipients: tuple[str, ...]) -> None:
    if len(set(recipients)) != len(recipients):
        raise Invalid("A recipient is named twice.", where="to")
