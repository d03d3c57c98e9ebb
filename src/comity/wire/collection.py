"""What a node and the post room say to each other: letters brought, letters fetched, evidence both ways."""

from collections.abc import Iterator, Sequence
from typing import Annotated

from msgspec import Meta, Struct

from comity.domain import limits
from comity.domain.errors import Invalid
from comity.domain.mail import Urgency
from comity.domain.post import Collected, Collection, RefusedLetter, Taken
from comity.domain.sealed import Code, Digest, Sealed
from comity.wire.canonical import decode, encode
from comity.wire.pieces import join, split

LETTER_PIECES = 2  # its outside as signed, its box


class _Taken(Struct, frozen=True, forbid_unknown_fields=True):
    refused: Annotated[tuple[RefusedLetter, ...], Meta(max_length=limits.POST_LETTERS_PER_REQUEST_MAX)]


class _Collection(Struct, frozen=True, forbid_unknown_fields=True):
    seen: Annotated[tuple[Digest, ...], Meta(max_length=limits.POST_EVIDENCE_PER_REQUEST_MAX)]
    passing_over: Annotated[tuple[tuple[Code, Urgency], ...], Meta(max_length=len(Urgency) * limits.MEMBERS_MAX)]
    letters_max: Annotated[int, Meta(ge=0, le=limits.POST_LETTERS_PER_REQUEST_MAX)]
    bytes_max: Annotated[int, Meta(ge=1, le=limits.POST_REQUEST_BYTES_MAX)]


class _Collected(Struct, frozen=True, forbid_unknown_fields=True):
    evidence: Annotated[int, Meta(ge=0, le=limits.POST_EVIDENCE_PER_REQUEST_MAX)]  # pieces of it that follow
    more: bool


def write_letters(letters: Sequence[Sealed]) -> bytes:
    return join(_flat(letters))


def read_letters(data: bytes) -> list[Sealed]:
    """Nothing in them is verified. Raises Invalid, TooLarge."""
    return _pairs(split(data, LETTER_PIECES * limits.POST_LETTERS_PER_REQUEST_MAX))


def write_taken(taken: Taken) -> bytes:
    return join([encode(_Taken(taken.refused)), *taken.relayed])


def read_taken(data: bytes) -> Taken:
    """The pieces of evidence in it are not verified. Raises Invalid, TooLarge."""
    first, rest = _first(split(data, 1 + limits.POST_EVIDENCE_PER_REQUEST_MAX))
    return Taken(relayed=tuple(rest), refused=decode(first, _Taken, "word of letters taken").refused)


def write_collection(collection: Collection) -> bytes:
    head = _Collection(collection.seen, collection.passing_over, collection.letters_max, collection.bytes_max)
    return join([encode(head), *collection.evidence])


def read_collection(data: bytes) -> Collection:
    """The pieces of evidence in it are not verified. Raises Invalid, TooLarge."""
    first, rest = _first(split(data, 1 + limits.POST_EVIDENCE_PER_REQUEST_MAX))
    head = decode(first, _Collection, "collection")
    return Collection(
        evidence=tuple(rest),
        seen=head.seen,
        passing_over=head.passing_over,
        letters_max=head.letters_max,
        bytes_max=head.bytes_max,
    )


def write_collected(collected: Collected) -> bytes:
    head = _Collected(len(collected.evidence), collected.more)
    return join([encode(head), *collected.evidence, *_flat(collected.letters)])


def read_collected(data: bytes) -> Collected:
    """Nothing in it is verified. Raises Invalid, TooLarge."""
    pieces_max = limits.POST_EVIDENCE_PER_REQUEST_MAX + LETTER_PIECES * limits.POST_LETTERS_PER_REQUEST_MAX
    first, rest = _first(split(data, 1 + pieces_max))
    head = decode(first, _Collected, "post")
    if head.evidence > len(rest):
        raise Invalid("There is less evidence than it says.")
    return Collected(
        evidence=tuple(rest[: head.evidence]), letters=tuple(_pairs(rest[head.evidence :])), more=head.more
    )


def _first(pieces: list[bytes]) -> tuple[bytes, list[bytes]]:
    if not pieces:
        raise Invalid("The body is empty.")
    return pieces[0], pieces[1:]


def _flat(letters: Sequence[Sealed]) -> Iterator[bytes]:
    for letter in letters:
        yield from (letter.route, letter.box)


def _pairs(pieces: list[bytes]) -> list[Sealed]:
    if len(pieces) % LETTER_PIECES:
        raise Invalid("A letter under seal is its outside and its box.")
    pairs = zip(pieces[::LETTER_PIECES], pieces[1::LETTER_PIECES], strict=True)
    return [Sealed(route=route, box=box) for route, box in pairs]
