"""The checklist of a new member, as lawyers wrote it: what must be done, and by how many people."""

from collections.abc import Mapping
from functools import cache
from typing import Annotated

from msgspec import Meta, Struct

from comity.domain import limits
from comity.law import shipped
from comity.law.toml_text import read

Text = Annotated[str, Meta(min_length=1, max_length=limits.TEXT_CHARS_MAX)]
CEREMONY = "fingerprint-ceremony"  # whoever approves a member has done it as the first of two


class Item(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    text: Text
    persons: Annotated[int, Meta(ge=1, le=2)]
    source: Text


@cache
def checklist() -> Mapping[str, Item]:
    """Every item by its code. Raises Invalid with file and line."""
    name = "onboarding.toml"
    return read((shipped.folder("rulebook") / name).read_bytes(), name, dict[str, Item])
