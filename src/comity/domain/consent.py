"""Consent: the owner lets one record be used further, for one purpose, by one recipient, until a day."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from comity.domain import limits
from comity.domain.circumstances import Use
from comity.domain.dates import Moment
from comity.domain.purpose import Purpose

Text = Annotated[str, Meta(max_length=limits.TEXT_CHARS_MAX)]
Code = Annotated[str, Meta(max_length=limits.CODE_CHARS_MAX)]


class ConsentState(StrEnum):
    """How a request for consent stands."""

    REQUESTED = "requested"
    GIVEN = "given"
    REFUSED = "refused"  # also where it was given before, and is taken back


class Terms(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a consent is asked for and binds: nothing else is covered by it."""

    record: Code
    use: Use
    purpose: Purpose
    recipient: Code = ""  # to whom it is passed on: a two-letter country, or the name of an organisation


class ConsentCase(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One request for consent, in the registers of both sides."""

    id: str
    owner: str  # the node that gives it
    asker: str  # the node that wants to use the record
    terms: Terms
    reason: Text
    requested_at: Moment
    state: ConsentState = ConsentState.REQUESTED
    until: date | None = None  # of one that is given: its last day
    note: Text = ""
    answered_at: Moment | None = None
