"""A letter as it travels: signed by its sender, for one recipient; of an unknown kind it is parked, never dropped."""

from datetime import datetime, timedelta
from typing import Annotated, get_args

import msgspec
from msgspec import Meta, Struct

from comity.domain import limits
from comity.domain.dates import Moment
from comity.domain.errors import Invalid, Unauthenticated
from comity.domain.letter import Body, Lane, Letter, LetterVoid, Parked, lane_of
from comity.wire.canonical import decode, decode_again, decode_as_written, encode
from comity.wire.pair import PublicPair, Signer
from comity.wire.signed import LETTER, sign, verified

# Every kind this node knows.
KINDS = frozenset(str(kind.__struct_config__.tag) for kind in get_args(Body))

Code = Annotated[str, Meta(min_length=1, max_length=limits.CODE_CHARS_MAX)]


class _Body(Struct, frozen=True):
    kind: Code


class _Envelope(Struct, frozen=True, forbid_unknown_fields=True):
    """A letter of which only the kind of its body is read yet."""

    id: Code
    sender: str
    recipient: str
    lane: Lane
    sequence: Annotated[int, Meta(ge=1)]
    written_at: Moment
    expires_at: Moment
    body: _Body


class _Unread(Struct, frozen=True):
    """The body of a letter as it came."""

    body: msgspec.Raw


def write(letter: Letter, signer: Signer) -> bytes:
    """The letter under its sender's two signatures. Raises Invalid, TooLarge for one that no recipient would take."""
    _check_times(letter.written_at, letter.expires_at)
    return sign(encode(_check_lane(letter)), LETTER, signer)


def read(data: bytes, sender: str, recipient: str, pair: PublicPair) -> Letter | Parked:
    """The letter that `sender`, who has `pair`, wrote to `recipient`, this node.

    Raises Unauthenticated where it is another's or for another, Invalid, TooLarge.
    """
    return read_body(verified(data, LETTER, pair), sender, recipient)


def read_body(payload: bytes, sender: str, recipient: str) -> Letter | Parked:
    """The same from bytes whose signatures were verified. Raises Unauthenticated, Invalid."""
    written = decode_as_written(payload, Letter)
    if written is not None:
        _check_whose(written, sender, recipient)
        return _check_lane(written)
    envelope = decode(payload, _Envelope, "letter")
    _check_whose(envelope, sender, recipient)
    if envelope.body.kind not in KINDS:
        return _parked(envelope, payload, "This node does not know letters of that kind.")
    try:
        letter = decode_again(payload, Letter, f"letter ({envelope.body.kind})")
    except Invalid as unreadable:
        # Its sender may be a newer release. Refused, it would be brought again for ever and hold its lane.
        # Falls without it: tests/attacks/test_wire_letter.py
        return _parked(envelope, payload, unreadable.what)
    return _check_lane(letter)


def _check_whose(letter: Letter | _Envelope, sender: str, recipient: str) -> None:
    # A member could bring us a letter that another wrote to it. Falls without it: tests/attacks/test_wire_letter.py
    if (letter.sender, letter.recipient) != (sender, recipient):
        raise Unauthenticated(
            f"This letter is from {letter.sender!r} to {letter.recipient!r}, not from {sender!r} to {recipient!r}.",
            do="Letters are brought by their sender, to their recipient.",
        )
    _check_times(letter.written_at, letter.expires_at)


def _parked(envelope: _Envelope, payload: bytes, reason: str) -> Parked:
    unread = decode_again(payload, _Unread, "letter")
    return Parked(
        id=envelope.id,
        sender=envelope.sender,
        recipient=envelope.recipient,
        lane=envelope.lane,
        sequence=envelope.sequence,
        written_at=envelope.written_at,
        expires_at=envelope.expires_at,
        unknown_kind=envelope.body.kind,
        body=bytes(unread.body),
        reason=reason[: limits.TEXT_CHARS_MAX],
    )


def _check_lane(letter: Letter) -> Letter:
    """Bulk in the urgent lane would hold up what concerns lives and liberty. A void letter stays where it was."""
    if not isinstance(letter.body, LetterVoid) and letter.lane is not lane_of(letter.body):
        raise Invalid(f"This kind of letter does not travel in the {letter.lane} lane.", where="lane")
    return letter


def _check_times(written_at: datetime, expires_at: datetime) -> None:
    if not written_at < expires_at <= written_at + timedelta(days=limits.LETTER_DAYS_MAX):
        raise Invalid(f"A letter is good for {limits.LETTER_DAYS_MAX} days at most.", where="expires_at")
