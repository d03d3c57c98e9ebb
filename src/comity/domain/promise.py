"""A promise: whoever answers at once says by when its log will be shown to hold the entry of that answer."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from comity.domain import limits
from comity.domain.dates import Moment


class Unproved(StrEnum):
    """What is done with content of which nobody has shown that its sender's log holds the disclosure."""

    HOLD = "hold"
    SHOW = "show"


Hash = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
Name = Annotated[str, Meta(min_length=1, max_length=limits.CODE_CHARS_MAX)]


class Promise(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """The entry's place and leaf hash (hex, RFC 6962), when it was promised, and within which time it is merged.

    `signed` is the same under both signatures of the node that promises: whoever is let down can show it to others.
    """

    source: Name
    question: Name
    origin: Name
    index: Annotated[int, Meta(ge=0)]
    leaf: Hash
    at: Moment
    merge_within_seconds: Annotated[int, Meta(ge=1, le=limits.PROMISE_MERGE_SECONDS_MAX)]
    signed: Annotated[str, Meta(max_length=limits.PROMISE_BYTES_MAX)] = ""

    @property
    def merge_by(self) -> datetime:
        return self.at + timedelta(seconds=self.merge_within_seconds)
