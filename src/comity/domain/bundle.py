"""A bundle of law: the texts of one layer as their owners sign, publish and withdraw them."""

import hashlib
from datetime import date
from typing import Annotated

from msgspec import Meta, Struct

from comity.domain import limits
from comity.domain.dates import Moment
from comity.domain.instrument import Layer

Code = Annotated[str, Meta(min_length=1, max_length=limits.CODE_CHARS_MAX)]
Digest = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]  # SHA-256


class Signatory(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who may sign for a party: the member that it is, or the hub for a body that has no node of its own."""

    node: Code
    party: Code  # as instruments name it


class BundleText(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One instrument, to the letter."""

    name: Annotated[str, Meta(min_length=1, max_length=limits.NAME_CHARS_MAX)]  # of its file
    sha256: Digest
    text: Annotated[str, Meta(min_length=1, max_length=limits.AGREEMENT_BYTES_MAX)]


class Bundle(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One version of the law that goes by one id. An agreement binds those of its signatories who signed."""

    id: Code
    layer: Layer
    signatories: Annotated[tuple[Signatory, ...], Meta(min_length=1, max_length=limits.MEMBERS_MAX)]
    version: Annotated[int, Meta(ge=1, le=limits.VERSION_MAX)]
    previous: str  # SHA-256 (hex) of the payload of the version before, "" for the first
    issued_at: Moment
    valid_from: date
    valid_until: date  # the last day; sign the next version before
    texts: Annotated[tuple[BundleText, ...], Meta(min_length=1, max_length=limits.BUNDLE_TEXTS_MAX)]
    # With the organisation's own law only: the files of its rulebook by name, under which every member decides.
    rulebook: dict[str, str] = {}

    @property
    def parties(self) -> tuple[str, ...]:
        return tuple(one.party for one in self.signatories)

    @property
    def nodes(self) -> tuple[str, ...]:
        """Who may sign, each once."""
        return tuple(dict.fromkeys(one.node for one in self.signatories))


class SignedBundle(Struct, frozen=True, kw_only=True):
    """A bundle with who signed it so far, and the bytes that prove it."""

    bundle: Bundle
    payload_digest: str  # SHA-256 (hex) of what each of them signed
    signed: tuple[str, ...]  # nodes
    document: bytes

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of the document: names the texts and the very signatures under them."""
        return hashlib.sha256(self.document).hexdigest()

    @property
    def bound(self) -> frozenset[str]:
        """The parties for which somebody signed."""
        return frozenset(one.party for one in self.bundle.signatories if one.node in self.signed)


class LawWithdrawal(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One signatory ends what it signed: an agreement for itself, its own law as a whole."""

    bundle: Code  # its id
    version: Annotated[int, Meta(ge=1, le=limits.VERSION_MAX)]  # it ends this version and those before
    payload: Digest  # of that version
    layer: Layer
    signatory: Signatory
    first_day: date  # on which it is bound no more
    reason: Annotated[str, Meta(min_length=1, max_length=limits.TEXT_CHARS_MAX)]
    issued_at: Moment


class SignedWithdrawal(Struct, frozen=True, kw_only=True):
    withdrawal: LawWithdrawal
    document: bytes

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.document).hexdigest()


SignedLaw = SignedBundle | SignedWithdrawal


class Gap(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Law that should be here and may not be used: expired, unsigned, damaged, missing. It permits nothing.

    It bears on its `parties`, on everybody where it names none; of an agreement only on those `unbound`, where it
    names some. `digests` are those of documents on file from which it follows again; without any, it stands for itself.
    """

    name: str
    layer: Layer
    parties: tuple[str, ...] = ()
    unbound: tuple[str, ...] = ()
    why: str
    needed: str
    digests: tuple[str, ...] = ()
    rulebook: bool = False  # it holds, or may hold, the rules of who in an organisation sees what
