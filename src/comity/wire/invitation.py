"""The two files of the enrolment ceremony: the hub invites, the bureau asks; people compare fingerprints of both."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from comity.domain import limits
from comity.domain.bureau import Manifest, NodeRole
from comity.domain.country import country as checked_country
from comity.domain.errors import Invalid
from comity.domain.ids import slug
from comity.wire.canonical import decode, encode
from comity.wire.manifest import node_pair, root_pair, verified_manifest
from comity.wire.pair import PublicPair, Signer
from comity.wire.signed import INVITATION, MEMBERSHIP_REQUEST, sign, verified_by_itself

Code = Annotated[str, Meta(min_length=16, max_length=limits.CODE_CHARS_MAX)]


class Invitation(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """From the hub, signed by its node keys: one bureau of this name and country ("" for any) may join, once."""

    hub: str  # the hub's signed manifest
    node: str
    country: str
    code: Code
    expires_at: Annotated[datetime, Meta(tz=True)]

    def __post_init__(self) -> None:
        slug(self.node, "name of a node")
        if self.country:
            checked_country(self.country)


class MembershipRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """From a bureau, signed by its root keys: its manifest, with the code of its invitation."""

    manifest: str  # signed
    code: Code


def write_invitation(hub: str, node: str, country: str, code: str, expires_at: datetime, signer: Signer) -> bytes:
    """`hub` is the hub's own signed manifest. Raises Invalid."""
    invitation = Invitation(hub=hub, node=node, country=country, code=code, expires_at=expires_at)
    if _hub_keys(invitation) != signer.public:
        raise Invalid("An invitation is signed by the node keys of the hub.")
    return sign(encode(invitation), INVITATION, signer)


def verified_invitation(data: bytes, now: datetime) -> tuple[Invitation, Manifest, str]:
    """(the invitation, the hub's manifest, the fingerprint that people must now compare by voice).

    Raises Unauthenticated, Invalid, TooLarge.
    """
    payload = verified_by_itself(data, INVITATION, lambda claimed: _hub_keys(_read_invitation(claimed)))
    invitation = _read_invitation(payload)
    if now >= invitation.expires_at:
        raise Invalid(f"The invitation of {invitation.node} has expired.", do="Ask the hub for a new one.")
    manifest, fingerprint = verified_manifest(invitation.hub)
    return invitation, manifest, fingerprint


def write_request(signed_manifest: str, code: str, root: Signer) -> bytes:
    """Raises Invalid."""
    request = MembershipRequest(manifest=signed_manifest, code=code)
    if _root_keys(request) != root.public:
        raise Invalid("A membership request is signed by the root keys of its manifest.")
    return sign(encode(request), MEMBERSHIP_REQUEST, root)


def verified_request(data: bytes) -> tuple[MembershipRequest, Manifest, str]:
    """(the request, the bureau's manifest, the fingerprint that people must now compare by voice).

    Raises Unauthenticated, Invalid, TooLarge.
    """
    payload = verified_by_itself(data, MEMBERSHIP_REQUEST, lambda claimed: _root_keys(_read_request(claimed)))
    request = _read_request(payload)
    manifest, fingerprint = verified_manifest(request.manifest)
    return request, manifest, fingerprint


def _read_invitation(payload: bytes) -> Invitation:
    return decode(payload, Invitation, "invitation")


def _read_request(payload: bytes) -> MembershipRequest:
    return decode(payload, MembershipRequest, "membership request")


def _hub_keys(invitation: Invitation) -> PublicPair:
    manifest, _ = verified_manifest(invitation.hub)
    if manifest.role is not NodeRole.HUB:
        raise Invalid(f"{manifest.node} is no hub.", where="hub", do="Only a hub invites.")
    return node_pair(manifest)


def _root_keys(request: MembershipRequest) -> PublicPair:
    manifest, _ = verified_manifest(request.manifest)
    return root_pair(manifest)
