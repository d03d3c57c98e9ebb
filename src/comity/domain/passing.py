"""Passing on: what one owner told is given to a third party, under the owner's control, and taken back everywhere."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from comity.domain import limits
from comity.domain.dates import Moment
from comity.domain.lookup import Finding
from comity.domain.purpose import Purpose

Code = Annotated[str, Meta(min_length=1, max_length=limits.CODE_CHARS_MAX)]
Text = Annotated[str, Meta(max_length=limits.TEXT_CHARS_MAX)]


class PassingState(StrEnum):
    """How something that was passed on stands, at either side."""

    SENT = "sent"  # not yet acknowledged
    STORED = "stored"
    REFUSED = "refused"  # by whoever should have received it
    WITHDRAWN = "withdrawn"  # taken back, and that is not yet acknowledged
    ERASED = "erased"


# From these nothing of the content is left at the receiver, or nothing was ever there.
OVER = frozenset({PassingState.REFUSED, PassingState.ERASED})


class Passing(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One record passed on once, in the registers of both sides; at the receiver its content lies beside it, boxed."""

    id: str
    record: Code
    category: Code
    hit: Code  # by which whoever passes it on was told of it
    owner: str
    sender: str
    recipient: str
    purpose: Purpose
    case: Code
    consent: str  # the owner's, by its id; '' where the law between owner and sender needs none
    until: date  # the last day on which the receiver keeps it
    passed_at: Moment
    state: PassingState
    passed_by: str = ""  # an account, at the sender alone
    why: Text = ""  # it was refused or taken back
    settled_at: Moment | None = None  # acknowledged, or erased


class PassedRecord(Struct, frozen=True, kw_only=True):
    """What was passed to us, as far as its reader may see it."""

    passing: Passing
    finding: Finding
