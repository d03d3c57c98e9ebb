"""What an organisation says of its keys: who may sign for it, and which keys are in use, from when to when."""

from datetime import datetime, timedelta
from typing import Annotated

from msgspec import Meta, Struct

from comity.domain import limits
from comity.domain.dates import Moment
from comity.domain.errors import Invalid
from comity.domain.ids import slug

SUITE = 1  # X-Wing, ChaCha20-Poly1305, Ed25519 with ML-DSA-65, SHA-256: pinned, never negotiated
FIRST_EPOCH = datetime.fromisoformat("1970-01-05T00:00:00+00:00")  # a Monday
EPOCH = timedelta(days=limits.EPOCH_DAYS)

Digest = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
KeyId = Annotated[str, Meta(pattern="^[A-Za-z0-9_-]{43}$")]
Version = Annotated[int, Meta(ge=1, le=limits.VERSION_MAX)]
Words = Annotated[str, Meta(min_length=1, max_length=limits.NAME_CHARS_MAX)]


class Custodian(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One of those who sign for the organisation. Keys are base64url: Ed25519 32 bytes, ML-DSA-87 2,592 bytes."""

    name: str
    ed25519: str
    mldsa87: str

    def __post_init__(self) -> None:
        slug(self.name, "name of a custodian")


class Root(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who signs for an organisation, and how many of them together. Each version is signed by the one before too."""

    node: str
    version: Version
    previous: str  # SHA-256 (hex) of the signed root before, "" for the first
    issued_at: Moment
    expires_at: Moment
    threshold: Annotated[int, Meta(ge=1, le=limits.CUSTODIANS_MAX)]
    custodians: Annotated[tuple[Custodian, ...], Meta(min_length=1, max_length=limits.CUSTODIANS_MAX)]

    def __post_init__(self) -> None:
        slug(self.node, "name of a node")
        _lasts(self.issued_at, self.expires_at, limits.ROOT_DAYS_MAX, "root")
        if self.threshold > len(self.custodians):
            raise Invalid(f"{len(self.custodians)} custodians cannot give {self.threshold} signatures.")
        for what in ("name", "ed25519", "mldsa87"):
            # One key under two names would make two of one custodian. Falls without it: tests/attacks/test_wire_keys.py
            if len({getattr(one, what) for one in self.custodians}) != len(self.custodians):
                raise Invalid(f"Two custodians share one {what}.", do="Each needs a name and keys of their own.")


class EpochKey(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The key to which everything is sealed for seven days: X-Wing, 1,216 bytes in base64url.

    Epoch `number` begins that many times seven days after Monday, 5 January 1970, 0:00 UTC, at every node.
    """

    number: Annotated[int, Meta(ge=0, le=limits.EPOCH_NUMBER_MAX)]
    xwing: str

    @property
    def begins_at(self) -> datetime:
        return FIRST_EPOCH + self.number * EPOCH

    @property
    def ends_at(self) -> datetime:
        return self.begins_at + EPOCH


class Revocation(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A key that is no longer to be believed, from when on and why. What was signed after `since` is suspect."""

    kid: KeyId
    since: Moment
    reason: Words


class KeyManifest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """All keys of a node, signed by its custodians.

    `root` is the SHA-256 (hex) of the signed root under which it is signed, `manifest_version` the version of the
    plain manifest in the directory that goes with it. `tls_pins` are SHA-256 (hex) of certificates in DER.
    """

    node: str
    version: Version
    previous: str  # SHA-256 (hex) of the signed key manifest before, "" for the first
    root: Digest
    issued_at: Moment
    expires_at: Moment
    suite: Annotated[int, Meta(ge=1)]  # the least that this node takes
    manifest_version: Version
    node_ed25519: str
    node_mldsa65: str
    tls_pins: Annotated[tuple[Digest, ...], Meta(min_length=1, max_length=limits.TLS_PINS_MAX)]
    epochs: Annotated[tuple[EpochKey, ...], Meta(min_length=1, max_length=limits.EPOCHS_AHEAD_MAX)]
    revocations: Annotated[tuple[Revocation, ...], Meta(max_length=limits.REVOCATIONS_MAX)] = ()
    witness: Annotated[str, Meta(max_length=limits.TEXT_CHARS_MAX)] = ""  # C2SP vkey, of a node that cosigns logs

    def __post_init__(self) -> None:
        slug(self.node, "name of a node")
        _lasts(self.issued_at, self.expires_at, limits.KEY_MANIFEST_DAYS_MAX, "key manifest")
        numbers = [one.number for one in self.epochs]
        if numbers != list(range(numbers[0], numbers[0] + len(numbers))):
            raise Invalid("The epochs do not follow one another.", where="epochs", do="List each once, in order.")
        if len({one.kid for one in self.revocations}) != len(self.revocations):
            raise Invalid("A key is revoked twice.", where="revocations")

    def epoch(self, at: datetime) -> EpochKey | None:
        """The key of the epoch in which that moment lies."""
        return next((one for one in self.epochs if one.begins_at <= at < one.ends_at), None)

    def revoked(self, kid: str) -> Revocation | None:
        return next((one for one in self.revocations if one.kid == kid), None)


def epoch_number(at: datetime) -> int:
    """The epoch in which a moment lies."""
    return (at - FIRST_EPOCH) // EPOCH


def _lasts(issued_at: datetime, expires_at: datetime, days_max: int, what: str) -> None:
    if not issued_at < expires_at <= issued_at + timedelta(days=days_max):
        raise Invalid(f"A {what} may last {days_max} days at most.", where="expires_at")
