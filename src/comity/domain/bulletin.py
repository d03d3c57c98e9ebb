"""The bulletin: the hub's ordered list of published law, which every member follows."""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from comity.domain import limits
from comity.domain.bundle import Code, Digest, Signatory
from comity.domain.dates import Moment
from comity.domain.instrument import Layer


class Publication(StrEnum):
    """What an item of the bulletin announces."""

    BUNDLE = "bundle"  # a first or further version
    ACCESSION = "accession"  # the same version with more signatures
    WITHDRAWAL = "withdrawal"


class BulletinItem(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One document of law at its place in the list. What it must say stands here too, should it be missing."""

    number: Annotated[int, Meta(ge=1)]
    at: Moment
    kind: Publication
    digest: Digest  # of the signed document
    payload: Digest  # of what was signed; of a withdrawal: of the version that it ends
    id: Code
    version: Annotated[int, Meta(ge=1, le=limits.VERSION_MAX)]
    layer: Layer
    signatories: Annotated[tuple[Signatory, ...], Meta(min_length=1, max_length=limits.MEMBERS_MAX)]


class BulletinHead(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long the list is and what it comes to, as the hub signs it. An expired one may not be used."""

    hub: Code
    number: Annotated[int, Meta(ge=0)]  # of the last item
    chain: str  # hex; over all items up to it
    issued_at: Moment
    expires_at: Moment


class ProposalState(StrEnum):
    """How far a bundle, or a withdrawal, has come at this node."""

    PROPOSED = "proposed"  # by another party: for our people to sign, or to leave
    SENT = "sent"  # signed here, on its way to the hub
    WAITING = "waiting"  # at the hub, for the signatures of others
    PUBLISHED = "published"
    REFUSED = "refused"  # by the hub; the note says why


class Proposal(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What this node signed, or was asked to sign. `digest` is of the payload; of a withdrawal, of the document."""

    digest: Digest
    id: Code
    version: int
    layer: Layer
    kind: Publication
    state: ProposalState
    by: str  # node
    at: Moment
    note: str = ""
