"""A person who is signed in at the console, with what they chose for their screen and for their shift."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from comity.domain.caller import Caller


class Language(StrEnum):
    """Of the pages, as BCP 47 has them."""

    ENGLISH = "en"
    FRENCH = "fr"
    SPANISH = "es"
    ARABIC = "ar"


class Theme(StrEnum):
    SYSTEM = "system"  # as the device is set
    LIGHT = "light"
    DARK = "dark"


class Session(Struct, frozen=True, kw_only=True):
    """`csrf` stands in every form of this session; `purpose` and `case` are remembered for the shift."""

    id: str
    csrf: str
    caller: Caller
    name: str  # of the person
    language: Language = Language.ENGLISH
    theme: Theme = Theme.SYSTEM
    purpose: str = ""
    case: str = ""
    ends_at: datetime
