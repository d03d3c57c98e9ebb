"""A custodian's own keys: a file under a passphrase, made and used on a machine of their own; a card for the others."""

import secrets
from typing import Annotated, Literal

from msgspec import Meta, Struct

from comity.domain import limits
from comity.domain.errors import TooLarge
from comity.domain.ids import slug
from comity.domain.keys import Custodian
from comity.keys.pair import SEED_BYTES, PairSigner
from comity.keys.wrapping import unwrap_under_passphrase, wrap_under_passphrase
from comity.wire.age import Identity, Recipient
from comity.wire.canonical import b64u, decode, encode, unb64u
from comity.wire.keys import custodian


class Card(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a custodian hands to the node: keys to verify with, and one to seal to."""

    card: Literal["comity.custodian-card"] = "comity.custodian-card"
    custodian: Custodian
    recipient: str  # age1pq1…

    def __post_init__(self) -> None:
        Recipient.parse(self.recipient)


class _Secrets(Struct, frozen=True, forbid_unknown_fields=True):
    ed25519: str
    mldsa87: str
    xwing: str


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    custodian: Annotated[str, Meta(max_length=limits.CODE_CHARS_MAX)]
    secrets: str  # base64url, under the passphrase


class CustodianKeys:
    """What one custodian signs and opens with, in memory. Nothing of it is shown."""

    def __init__(self, name: str, ed25519: bytes, mldsa87: bytes, xwing: bytes) -> None:
        self.name = slug(name, "name of a custodian")
        self.signer = PairSigner(ed25519, mldsa87, 87)
        self.identity = Identity(xwing)
        self.card = Card(custodian=custodian(name, self.signer.public), recipient=self.identity.recipient.text)

    def __repr__(self) -> str:
        return f"CustodianKeys({self.name})"


def new_custodian(name: str, passphrase: str) -> tuple[bytes, CustodianKeys]:
    """(the file that they keep, their keys). Raises Invalid."""
    seeds = [secrets.token_bytes(SEED_BYTES) for _ in range(3)]
    keys = CustodianKeys(name, *seeds)
    secret = encode(_Secrets(*(b64u(one) for one in seeds)))
    return encode(_File(name, b64u(wrap_under_passphrase(secret, passphrase, _about(name))))), keys


def open_custodian(data: bytes, passphrase: str) -> CustodianKeys:
    """Raises NotPermitted for a wrong passphrase, Invalid."""
    file = decode(_within(data), _File, "file of a custodian")
    opened = unwrap_under_passphrase(unb64u(file.secrets), passphrase, _about(file.custodian))
    seeds = decode(opened, _Secrets, "file of a custodian")
    return CustodianKeys(file.custodian, unb64u(seeds.ed25519), unb64u(seeds.mldsa87), unb64u(seeds.xwing))


def write_card(card: Card) -> bytes:
    return encode(card)


def read_card(data: bytes) -> Card:
    """Raises Invalid, TooLarge."""
    return decode(_within(data), Card, "card of a custodian")


def _about(name: str) -> str:
    return f"keys of custodian {name}"


def _within(data: bytes) -> bytes:
    if len(data) > limits.CUSTODY_BYTES_MAX:
        raise TooLarge(f"A file of custodians has {limits.CUSTODY_BYTES_MAX} bytes at most.")
    return data
