"""An item of the checklist of a new member, as lawyers wrote it: what must be done, and by how many people."""

from typing import Annotated

from msgspec import Meta, Struct

from comity.domain import limits

Text = Annotated[str, Meta(min_length=1, max_length=limits.TEXT_CHARS_MAX)]
CEREMONY = "fingerprint-ceremony"  # whoever approves a member has done it as the first of two


class Item(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    text: Text
    persons: Annotated[int, Meta(ge=1, le=2)]
    source: Text
