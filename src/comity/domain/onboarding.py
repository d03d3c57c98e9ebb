"""One item of a new member's checklist, with who did it."""

from typing import Annotated

from msgspec import Meta, Struct

from comity.domain import limits
from comity.domain.dates import Moment


class Check(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    member: str
    item: str
    evidence: Annotated[str, Meta(max_length=limits.TEXT_CHARS_MAX)]
    first_by: str
    first_at: Moment
    second_by: str = ""
    second_at: Moment | None = None

    @property
    def persons(self) -> int:
        """How many people have signed for it."""
        return 2 if self.second_by else 1
