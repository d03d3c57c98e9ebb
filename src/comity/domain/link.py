"""A proposed link: two records that may mean the same person, for a human to accept or reject; nothing is merged."""

from datetime import datetime
from enum import StrEnum

import msgspec
from msgspec import Struct

from comity.domain.errors import Conflict
from comity.domain.ids import derived_id
from comity.domain.match import FieldMatch, Match
from comity.domain.record import Subject


class LinkState(StrEnum):
    PROPOSED = "proposed"  # by a run of linkage; nobody has looked yet
    ACCEPTED = "accepted"  # a human says: the same
    REJECTED = "rejected"  # a human says: not the same


class LinkKind(StrEnum):
    DUPLICATE = "duplicate"  # both in one collection of one source
    LINK = "link"  # between collections, or between sources


class ProposedLink(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Two records by id, `left` before `right`, and why they may be the same.

    `fields` are codes and bits without what the records say: that lies in the records alone, and goes with them.
    """

    id: str
    kind: LinkKind
    left: str
    right: str
    left_version: int  # as they were compared
    right_version: int
    probability: float
    bits: float  # prior_bits and those of all fields
    prior_bits: float
    fields: tuple[FieldMatch, ...]
    model: str  # by which it was worked out
    proposed_at: datetime
    state: LinkState = LinkState.PROPOSED
    decided_at: datetime | None = None
    decided_by: str = ""  # an account's id
    why: str = ""

    def decided(self, state: LinkState, by: str, why: str, now: datetime) -> "ProposedLink":
        """As a human decided; a decision may be changed, not repeated. Raises Conflict."""
        if self.state is state:
            raise Conflict(f"Link {self.id} is {state} already.", do="Look at the link as it stands now.")
        return msgspec.structs.replace(self, state=state, decided_at=now, decided_by=by, why=why)

    def outlived(self, anew: "ProposedLink") -> bool:
        """Whether a later run may put its proposal in this one's place.

        An acceptance stands. A rejection stands until one of the records is another than the one that was judged.
        """
        if self.state is LinkState.REJECTED:
            return (self.left_version, self.right_version) != (anew.left_version, anew.right_version)
        return self.state is LinkState.PROPOSED


class LinkLine(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A link in the queue: which records, how sure, why, in codes."""

    link: ProposedLink
    left_collection: str
    left_reference: str
    right_collection: str
    right_reference: str
    amended: bool  # one of them is another than was compared


class WholeLink(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A link with both records as far as its reader may see them."""

    line: LinkLine
    left: Subject
    right: Subject


def link_id(one: str, other: str) -> str:
    """The same for the same two records, in whichever order."""
    return derived_id("link", *sorted((one, other)))


def codes(match: Match) -> tuple[FieldMatch, ...]:
    """The lines of an explanation without what was compared."""
    return tuple(FieldMatch(field=line.field, bits=line.bits, how=line.how) for line in match.fields)
