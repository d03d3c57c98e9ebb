"""The sealed post: letters that the hub passes on unread, and what may go wrong with them on the way."""

from collections.abc import Sequence
from enum import StrEnum
from itertools import accumulate
from typing import Annotated

from msgspec import Meta, Struct

from comity.domain import limits
from comity.domain.dates import Moment
from comity.domain.letter import BY_URGENCY, Lane, Letter, Parked
from comity.domain.letter import RANK as LANE_RANK
from comity.domain.mail import Urgency
from comity.domain.sealed import Code, Manifest, Route, Sealed

Text = Annotated[str, Meta(max_length=limits.REASON_CHARS_MAX)]

# Which goes first wherever one must.
RANK = {urgency: LANE_RANK[lane] for urgency, lane in BY_URGENCY.items()}
PRIORITIES = {lane: urgency for urgency, lane in BY_URGENCY.items()}
LANES = BY_URGENCY


class InPost(Struct, frozen=True, kw_only=True):
    """A sealed letter on its way: its outside as read, and the bytes; the box is empty once it has expired."""

    route: Route
    sealed: Sealed


class Wrong(StrEnum):
    """What a node notices about its post; people look at each."""

    GAP = "gap"  # letters before it are missing: dropped, held back or brought out of order
    BROKEN_CHAIN = "broken-chain"  # it does not follow on the letter before it
    ALTERED = "altered"  # its content is not what its sender signed
    FORGED = "forged"  # nobody who could have written it signed it
    MISDIRECTED = "misdirected"  # it is for somebody else
    UNREADABLE = "unreadable"  # whole and signed, and no key here opens it
    REPLAYED = "replayed"  # it was taken before, and the hub knows it
    CONFLICTING = "conflicting"  # other bytes came under an id that was used
    INVENTED = "invented"  # a receipt that its signer did not sign, or of a letter that was never sent
    BEHIND = "behind"  # its number was used: its sender lost its place, or an old letter is played back
    BEGUN_ANEW = "begun-anew"  # its sender lost its memory and counts from 1 again
    LOST = "lost"  # a recipient lost letters of ours
    UNDELIVERED = "undelivered"  # no receipt in the time that its lane allows: held back, or the recipient is absent


class Alarm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Something wrong with the post, as it is shown to people. Noted once for the same matter."""

    wrong: Wrong
    sender: Code
    lane: Lane | None = None
    letter: str = ""
    missing: tuple[int, int] | None = None  # first and last number that are lacking
    what: Text
    noted_at: Moment


class Resumed(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A lane that is taken up with the next letter that comes, whichever it is, while it stands where it stood.

    Without sender and lane: every lane of which nothing was ever taken here, for this node lost its memory.
    """

    sender: str = ""
    lane: Lane | None = None
    sealed: int = 0  # number of the last sealed letter taken
    applied: int = 0  # of the last letter applied
    by: str
    at: Moment


class RefusedLetter(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A letter that the post room did not take, by the code of a refusal."""

    letter: Code
    code: Code
    what: Text


class Taken(Struct, frozen=True, kw_only=True):
    """What the post room says of letters that were brought: its signed word for those that it holds."""

    relayed: tuple[bytes, ...]
    refused: tuple[RefusedLetter, ...] = ()


class Collection(Struct, frozen=True, kw_only=True):
    """A node asks for its post: it brings evidence, says which it has seen, and how much it takes at once.

    `passing_over` names lanes whose next letter could not be taken, so that nothing else waits behind them.
    """

    evidence: tuple[bytes, ...] = ()
    seen: tuple[str, ...] = ()
    passing_over: tuple[tuple[str, Urgency], ...] = ()
    letters_max: int = limits.POST_LETTERS_PER_REQUEST_MAX
    bytes_max: int = limits.POST_REQUEST_BYTES_MAX


def fitting(pieces: Sequence[bytes], bytes_max: int) -> tuple[bytes, ...]:
    """As many of the first as fit, and one where there is any: over a bad line few arrive, but none waits for ever."""
    sizes = accumulate(map(len, pieces))
    return tuple(
        piece for place, (piece, size) in enumerate(zip(pieces, sizes, strict=True)) if not place or size <= bytes_max
    )


class Collected(Struct, frozen=True, kw_only=True):
    """What the post room hands out: evidence about letters that the node sent, and letters to it."""

    evidence: tuple[bytes, ...]
    letters: tuple[Sealed, ...]
    more: bool  # something was left for the next time


class Arrival(Struct, frozen=True, kw_only=True):
    """A sealed letter that came, opened and verified; `letter` and `manifest` are None where only its outside is left.

    An outside alone comes of a letter that expired on its way, or that no key here opens.
    """

    route: Route
    letter: Letter | Parked | None = None
    manifest: Manifest | None = None
    unreadable: str = ""  # why no key opens it


class Spoiled(Struct, frozen=True, kw_only=True):
    """Something that came and is no letter to us: what is wrong with it. `route` is None where nobody signed it."""

    wrong: Wrong
    what: str
    route: Route | None = None


class Recall(Struct, frozen=True, kw_only=True):
    """A sender wants a letter back. `arrived`: it was taken here before, and people have to delete what it brought."""

    sender: str
    letter: str
    reason: str
    asked_at: Moment
    arrived: bool
