"""The organisations that exchange: bureaus and hubs, and how each stands in the federation."""

from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct
from msgspec.structs import replace

from comity.domain import limits
from comity.domain.country import country
from comity.domain.ids import slug


class NodeRole(StrEnum):
    HUB = "hub"
    BUREAU = "bureau"


class Standing(StrEnum):
    """How a member stands, from the lightest to the gravest."""

    ACTIVE = "active"
    SUPERVISED = "supervised"  # what it asks or writes is held until somebody has looked at it
    RESTRICTED = "restricted"  # as suspended in some categories of data
    SUSPENDED = "suspended"


GRAVITY = {standing: rank for rank, standing in enumerate(Standing)}


class Measure(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A corrective measure as every member reads it: what it makes of whom, why, by whose decision, from when to when.

    `standing` active ends all that were in force before. Both days are included; they are days of UTC.
    """

    id: str
    member: str
    standing: Standing
    reason: Annotated[str, Meta(min_length=1, max_length=limits.TEXT_CHARS_MAX)]
    decided_by: Annotated[str, Meta(min_length=1, max_length=limits.NAME_CHARS_MAX)]  # an office or body
    first_day: date
    last_day: date | None = None
    categories: tuple[str, ...] = ()  # of a restriction: none named means all

    def in_effect(self, on: date) -> bool:
        return self.first_day <= on and not self.over(on)

    def over(self, on: date) -> bool:
        return self.last_day is not None and on > self.last_day

    def concerns(self, category: str) -> bool:
        """Whether it bears on that category of data; asked without one, whether it bears on anything."""
        return (
            self.standing is not Standing.RESTRICTED
            or not (category and self.categories)
            or (category in self.categories)
        )


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


class Earlier(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a member said of itself before: keys, certificate and address hold until that day beside the new ones."""

    manifest: Manifest
    until: date


class Member(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of the directory: a member, how it stands, and its own signed manifest."""

    manifest: Manifest
    signed_manifest: str  # the JWS from which `manifest` was verified
    fingerprint: str  # of the root keys, as read aloud in the ceremony
    standing: Standing = Standing.ACTIVE  # as the directory has it: active or suspended, for nodes of every release
    reason: str = ""  # of a suspension
    measures: tuple[Measure, ...] = ()  # confirmed and not over on the day of the directory
    earlier: tuple[Earlier, ...] = ()  # the newest first; known to whoever held them, and in no directory

    @property
    def id(self) -> str:
        return self.manifest.node

    def measure(self, on: date, category: str = "") -> Measure | None:
        """The gravest measure in effect that day, on that category or on any."""
        found = (one for one in self.measures if one.in_effect(on) and one.concerns(category))
        return max(found, key=lambda one: GRAVITY[one.standing], default=None)

    def stands(self, on: date, category: str = "") -> Standing:
        """How it stands that day, to one category of data or at its gravest.

        Suspended where the directory says so and names no measure: its hub is of an earlier release.
        """
        if self.standing is not Standing.ACTIVE and not self.measures:
            return Standing.SUSPENDED
        measure = self.measure(on, category)
        return measure.standing if measure else Standing.ACTIVE


def succeeding(after: Member, before: Member | None, today: date) -> Member:
    """The member with what it said before, for as long as that holds: not all others hear of new keys at once."""
    if before is None:
        return after
    kept = tuple(one for one in before.earlier if one.until >= today)
    if before.manifest.version < after.manifest.version:
        last = today + timedelta(days=limits.KEYS_OVERLAP_DAYS)
        kept = (Earlier(manifest=before.manifest, until=last), *kept)
    kept = kept[: limits.MANIFESTS_EARLIER_MAX]
    return replace(after, earlier=kept) if kept != after.earlier else after


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
