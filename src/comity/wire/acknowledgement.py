"""What a recipient says of letters: that it has taken one for good, and which it expects next."""

from typing import Annotated

from msgspec import Meta, Struct

from comity.domain import limits
from comity.domain.letter import Lane
from comity.wire import canonical

Code = Annotated[str, Meta(min_length=1, max_length=limits.CODE_CHARS_MAX)]
Sequence = Annotated[int, Meta(ge=1)]


class Acknowledgement(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """This letter is noted as applied or parked, in the recipient's storage. The response that says so is signed."""

    letter: Code
    sequence: Sequence


class Place(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the recipient stands in one lane of one sender: the sequence number that it takes next."""

    lane: Lane
    expected: Sequence


def write_acknowledgement(acknowledgement: Acknowledgement) -> bytes:
    return canonical.encode(acknowledgement)


def read_acknowledgement(data: bytes) -> Acknowledgement:
    """Raises Invalid."""
    return canonical.decode(data, Acknowledgement, "acknowledgement")


def write_place(place: Place) -> bytes:
    return canonical.encode(place)


def read_place(data: bytes) -> Place:
    """Raises Invalid."""
    return canonical.decode(data, Place, "place in a lane")
