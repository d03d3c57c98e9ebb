"""What bears on a request beside who asks whom for what and why; whatever is not stated counts as not known."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from comity.domain import limits
from comity.domain.hit import Priority

Code = Annotated[str, Meta(min_length=1, max_length=limits.CODE_CHARS_MAX)]
Text = Annotated[str, Meta(min_length=1, max_length=limits.TEXT_CHARS_MAX)]
Months = Annotated[int, Meta(ge=0, le=12 * limits.RETENTION_YEARS_MAX)]

OVERRIDE_PERSONS_MIN = 2


class EntityKind(StrEnum):
    """What kind of body asks."""

    BUREAU = "bureau"  # the member's own bureau
    POLICE = "police"
    BORDER_GUARD = "border-guard"
    COAST_GUARD = "coast-guard"
    CUSTOMS = "customs"
    IMMIGRATION = "immigration"
    PROSECUTOR = "prosecutor"
    COURT = "court"
    FINANCIAL_INTELLIGENCE = "financial-intelligence"
    INTERNATIONAL = "international"  # of the United Nations, a tribunal, a regional police body


class Tier(StrEnum):
    """How far a member takes part."""

    FULL = "full"
    LIMITED = "limited"
    OBSERVER = "observer"


class Nature(StrEnum):
    """What makes an offence one that organisations of police do not help with."""

    POLITICAL = "political"
    MILITARY = "military"
    RELIGIOUS = "religious"
    RACIAL = "racial"


class Harm(StrEnum):
    """What may come of telling, and needs an assurance."""

    DEATH_PENALTY = "death-penalty"
    TORTURE = "torture"


class Trait(StrEnum):
    """What makes a record one to be careful with."""

    MINOR = "minor"
    VICTIM = "victim"  # or witness
    SENSITIVE = "sensitive"  # race, politics, religion, union, health, sexuality


class RefusalGround(StrEnum):
    """Why an owner may refuse although all else permits it."""

    SOVEREIGNTY = "sovereignty"
    SECURITY = "security"
    ESSENTIAL_INTERESTS = "essential-interests"
    ONGOING_CASE = "ongoing-case"
    LIFE_OR_SAFETY = "life-or-safety"
    DOUBLE_JEOPARDY = "double-jeopardy"
    NOT_PROPORTIONATE = "not-proportionate"


class Use(StrEnum):
    """What is to be done with a record."""

    ANSWER = "answer"  # tell the asker
    ONWARD = "onward"  # the asker passes it on to a third party
    EVIDENCE = "evidence"  # the asker shows it in court


class StatedOffence(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """The offence behind a request. Without natures it is said to have none; None is not known."""

    code: Code
    penalty_max_months: Months | None = None
    sentence_months: Months | None = None  # sentenced to, or left to serve
    punishable_in: tuple[Code, ...] = ()  # two-letter countries
    natures: tuple[Nature, ...] = ()
    death_penalty: bool | None = None  # whether it may be punished with death where is asked


class Assurance(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """The asker's word that a harm will not come about."""

    against: Harm
    given_by: Code  # the asker, as a party
    reference: Code
    until: date


class Override(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Two persons answer for going on without an assurance."""

    against: Harm
    persons: Annotated[tuple[Code, ...], Meta(min_length=OVERRIDE_PERSONS_MIN)]
    reason: Text
    until: date


class Consent(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """The owner lets one record be used further, for one purpose; passed on: to one recipient."""

    given_by: Code  # the owner, as a party
    record: Code
    use: Use
    purpose: Code
    recipient: str = ""
    reference: Code
    until: date


class Circumstances(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """All optional. What an asker states is its word, for which it answers; what others gave was verified before."""

    entity: EntityKind | None = None
    tier: Tier | None = None
    offence: StatedOffence | None = None
    priority: Priority | None = None
    language: str = ""
    necessity: str = ""  # why sensitive matter is strictly necessary
    use: Use = Use.ANSWER
    recipient: str = ""  # to whom it is passed on, as a party
    recipient_oversight: bool = False  # that is a body which watches over the asker
    grounds: tuple[RefusalGround, ...] = ()  # which the owner invokes
    assurances: tuple[Assurance, ...] = ()
    # Each lifts what its own authority may lift, and nothing else (docs/protocol/law.md).
    overrides: tuple[Override, ...] = ()  # of the owner: its law, and what an agreement owes it
    asker_overrides: tuple[Override, ...] = ()  # of the asker: its own law
    organisation_overrides: tuple[Override, ...] = ()  # of the hub: the organisation's rules
    consents: tuple[Consent, ...] = ()
    asked: dict[str, int] | None = None  # by "instrument clause", questions so far within the days of its quota
