"""A sanction for misuse: a warning, or the suspension of an account, of a unit, of a member; answered for by two."""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from comity.domain import limits
from comity.domain.dates import Moment

Code = Annotated[str, Meta(min_length=1, max_length=limits.NAME_CHARS_MAX)]


class SanctionKind(StrEnum):
    """The gravest last."""

    WARNING = "warning"
    ACCOUNT = "account"  # is suspended: its tokens end
    UNIT = "unit"  # all accounts of it are
    MEMBER = "member"  # by a measure at the hub


class Sanction(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    id: str
    kind: SanctionKind
    subject: Code  # a login, a unit as its accounts have it, or a member
    reason: Annotated[str, Meta(min_length=1, max_length=limits.TEXT_CHARS_MAX)]
    incident: str = ""
    measure: str = ""  # of a member: the measure at the hub
    proposed_by: str
    proposed_at: Moment
    confirmed_by: str = ""
    confirmed_at: Moment | None = None
    accounts: tuple[str, ...] = ()  # that it was carried out on, by login
