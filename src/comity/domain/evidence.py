"""Evidence: who signed that a letter came how far, and when."""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from comity.domain import limits
from comity.domain.dates import Moment
from comity.domain.post import Text
from comity.domain.sealed import Code, Digest


class Step(StrEnum):
    """How far a letter has come."""

    SUBMITTED = "submitted"
    RELAYED = "relayed"
    DELIVERED = "delivered"
    OPENED = "opened"
    REFUSED = "refused"
    RECALLED = "recalled"
    EXPIRED = "expired"


class Party(StrEnum):
    """Which part of a letter's way a node has."""

    SENDER = "sender"
    HUB = "hub"
    RECIPIENT = "recipient"


# step: whose word counts for it.  docs/protocol/posting.md says the same
SIGNED_BY = {
    Step.SUBMITTED: Party.SENDER,
    Step.RELAYED: Party.HUB,
    Step.DELIVERED: Party.RECIPIENT,
    Step.OPENED: Party.RECIPIENT,
    Step.REFUSED: Party.RECIPIENT,
    Step.RECALLED: Party.RECIPIENT,
    Step.EXPIRED: Party.HUB,
}
# With these the recipient has done with a letter: the hub keeps it no longer.
ENDS = frozenset({Step.DELIVERED, Step.REFUSED, Step.RECALLED})


class Concerned(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One letter in a piece of evidence, by what its outside says."""

    letter: Code
    recipient: Code
    digest: Digest


class Evidence(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One step of letters of one sender, said by one node at one time; a signature serves for all of them."""

    step: Step
    by: Code
    sender: Code
    at: Moment
    letters: Annotated[tuple[Concerned, ...], Meta(min_length=1, max_length=limits.POST_LETTERS_PER_REQUEST_MAX)]
    reason: Text = ""


class Proof(Struct, frozen=True, kw_only=True):
    """A piece of evidence as it was verified, and as it was signed."""

    evidence: Evidence
    signed: bytes
