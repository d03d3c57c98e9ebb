"""What an asker states beside what is asked, why, and for which offence: their word, for which they answer."""

from datetime import date
from typing import Annotated

from msgspec import Meta, Struct

from comity.domain import limits
from comity.domain.circumstances import OVERRIDE_PERSONS_MIN, Assurance, Harm
from comity.domain.hit import Priority
from comity.domain.override import OverrideKind


class GivenAssurance(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """The word of the bureau that asks that a harm will not come about; whoever signs the question has given it."""

    against: Harm
    reference: Annotated[str, Meta(min_length=1, max_length=limits.CODE_CHARS_MAX)]  # where the word stands
    until: date

    def of(self, asker: str) -> Assurance:
        """As the word of that party."""
        return Assurance(against=self.against, given_by=asker, reference=self.reference, until=self.until)


class StatedOverride(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Two persons of the bureau that asks answer for asking without an assurance that its own law wants.

    Whoever signs the question says so; which two they are, that bureau knows by the id.
    """

    id: Annotated[str, Meta(min_length=1, max_length=limits.CODE_CHARS_MAX)]
    kind: OverrideKind
    against: Harm
    persons: Annotated[
        tuple[Annotated[str, Meta(min_length=1, max_length=limits.CODE_CHARS_MAX)], ...],
        Meta(min_length=OVERRIDE_PERSONS_MIN, max_length=OVERRIDE_PERSONS_MIN),
    ]
    reason: Annotated[str, Meta(min_length=1, max_length=limits.TEXT_CHARS_MAX)]
    until: date


class Stated(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """All optional: what is not stated fits no clause that permits by it."""

    priority: Priority | None = None
    language: Annotated[str, Meta(pattern="^([a-z]{2,3})?$")] = ""  # in which it is asked (ISO 639)
    necessity: Annotated[str, Meta(max_length=limits.REASON_CHARS_MAX)] = ""  # why matter with care is strictly needed
    assurances: Annotated[tuple[GivenAssurance, ...], Meta(max_length=limits.ASSURANCES_MAX)] = ()
