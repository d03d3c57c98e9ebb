"""An override: two persons answer for telling something without the assurance that the law asks for."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from comity.domain import limits
from comity.domain.circumstances import Harm
from comity.domain.dates import Moment


class OverrideKind(StrEnum):
    MINISTERIAL = "ministerial"
    EMERGENCY = "emergency"


class FiledOverride(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """It holds for what one bureau asks in one case. The oversight body has a notice of it until it has seen it."""

    id: str
    kind: OverrideKind
    against: Harm
    bureau: str  # whose questions
    case: Annotated[str, Meta(min_length=1, max_length=limits.CODE_CHARS_MAX)]
    reason: Annotated[str, Meta(min_length=1, max_length=limits.TEXT_CHARS_MAX)]
    until: date
    proposed_by: str
    proposed_at: Moment
    confirmed_by: str = ""
    confirmed_at: Moment | None = None
    seen_by: str = ""  # of the oversight body
    seen_at: Moment | None = None

    def holds(self, on: date) -> bool:
        return self.confirmed_at is not None and on <= self.until


class OverrideTold(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What the oversight body reads of an override: not who answers for it, which their own bureau can say."""

    id: Annotated[str, Meta(min_length=1, max_length=limits.CODE_CHARS_MAX)]
    kind: OverrideKind
    against: Harm
    bureau: Annotated[str, Meta(min_length=1, max_length=limits.CODE_CHARS_MAX)]
    case: Annotated[str, Meta(min_length=1, max_length=limits.CODE_CHARS_MAX)]
    reason: Annotated[str, Meta(min_length=1, max_length=limits.TEXT_CHARS_MAX)]
    until: date
    confirmed_at: Moment


class ReceivedNotice(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A notice of an override at another member, at its oversight body. It overrides nothing here."""

    told_by: str
    notice: OverrideTold
    received_at: Moment
    seen_by: str = ""
    seen_at: Moment | None = None
