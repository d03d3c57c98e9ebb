"""A passkey: what a person's device proves who they are with; and what was asked of such a device, once."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct


class Passkey(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`credential` is the device's own name of it, in base64url; `key` its public key (COSE)."""

    id: str
    account: str
    credential: str
    key: bytes
    uses: int  # as the device counts them; 0 where it does not
    name: str  # as the person calls the device
    added_at: datetime
    used_at: datetime | None = None


class Asked(StrEnum):
    """What a device is asked for."""

    REGISTER = "register"
    SIGN_IN = "sign-in"


class Challenge(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`account` is empty where nobody knows yet who will answer."""

    asked: Asked
    account: str = ""


class EnrolmentLink(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """By which one person registers their first passkey, once."""

    account: str
    ends_at: datetime
