"""The organisations that exchange: bureaus and hubs, and how each stands in the federation."""

from enum import StrEnum

from msgspec import Struct

from comity.domain.country import country
from comity.domain.ids import slug


class NodeRole(StrEnum):
    HUB = "hub"
    BUREAU = "bureau"


class Standing(StrEnum):
    ACTIVE = "active"
    SUSPENDED = "suspended"


class Manifest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a node says of itself, signed by its root key: its name, where it is reached, its keys.

    Keys are base64url without padding: Ed25519 32 bytes, ML-DSA-65 1,952 bytes, ML-DSA-87 2,592 bytes.
    `tls_certificate` is PEM; `address` is `https://host:port` of the federation door.
    """

    node: str
    name: str
    role: NodeRole
    country: str  # two letters, or "" for an organisation
    version: int
    issued_at: str  # RFC 3339, UTC
    address: str
    contact: str  # where the duty desk is reached day and night
    root_ed25519: str
    root_mldsa87: str
    node_ed25519: str
    node_mldsa65: str
    tls_certificate: str

    def __post_init__(self) -> None:
        slug(self.node, "name of a node")
        if self.country:
            country(self.country)


class Member(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of the directory: a member, how it stands, and its own signed manifest."""

    manifest: Manifest
    signed_manifest: str  # the JWS from which `manifest` was verified
    fingerprint: str  # of the root keys, as read aloud in the ceremony
    standing: Standing = Standing.ACTIVE
    reason: str = ""  # of a suspension

    @property
    def id(self) -> str:
        return self.manifest.node


class Directory(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All members of a federation at one version, as its hub signed it. The version only rises."""

    hub: str
    version: int
    previous: str  # SHA-256 (hex) of the signed directory before, "" for the first
    issued_at: str
    expires_at: str
    members: tuple[Member, ...]

    def member(self, node: str) -> Member | None:
        """The member of that name, suspended or not."""
        return next((member for member in self.members if member.id == node), None)
