"""A person who is signed in at the console, with what they chose for their screen and for their shift."""

from datetime import datetime, timedelta
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


class SignInBy(StrEnum):
    """How a person proved who they are."""

    PASSKEY = "passkey"
    BUREAU = "bureau"  # the bureau's own sign-in, by OpenID Connect
    DEMO = "demo"  # they said so: only where the settings are those of a demonstration


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
    by: SignInBy = SignInBy.PASSKEY
    said: str = ""  # what the next page tells
    ends_at: datetime


class Screen(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a person chose for their screen, until they choose again."""

    language: Language = Language.ENGLISH
    theme: Theme = Theme.SYSTEM


class KeptSession(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a node keeps of a session, beside the digest of its token. `said` is shown on the next page, once."""

    id: str
    csrf: str
    account: str
    by: SignInBy
    began_at: datetime
    seen_at: datetime  # when something was asked last, give or take a minute
    purpose: str = ""
    case: str = ""
    said: str = ""

    def ends_at(self, hours: float, idle_minutes: float) -> datetime:
        """After so many hours in all, or so many minutes in which nothing was asked."""
        return min(self.began_at + timedelta(hours=hours), self.seen_at + timedelta(minutes=idle_minutes))
