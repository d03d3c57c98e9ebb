"""A security incident: reported, assessed, contained, told to whom it must be in time, and closed with its lessons."""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from comity.domain import limits
from comity.domain.dates import Moment
from comity.domain.journal import Act

Code = Annotated[str, Meta(min_length=1, max_length=limits.CODE_CHARS_MAX)]
Text = Annotated[str, Meta(max_length=limits.TEXT_CHARS_MAX)]
Members = Annotated[tuple[Code, ...], Meta(max_length=limits.MEMBERS_MAX)]

AUTHORITY, PERSONS = "authority", "persons"  # told by people, outside this network; all others are members


class IncidentKind(StrEnum):
    """What happened."""

    DISCLOSURE = "disclosure"  # somebody saw what they must not
    ALTERATION = "alteration"
    LOSS = "loss"  # of records, letters or the journal
    MISUSE = "misuse"  # by somebody with a rightful account
    STOLEN_KEY = "stolen-key"  # or token, or certificate
    OUTAGE = "outage"


class Severity(StrEnum):
    LOW = "low"
    ELEVATED = "elevated"
    HIGH = "high"  # the persons concerned must be told too


class IncidentState(StrEnum):
    REPORTED = "reported"
    ASSESSED = "assessed"
    CLOSED = "closed"


# What contains an incident, each an act of its own with its own guards; an incident only points at it.
CONTAINS = frozenset(
    {
        Act.ACCOUNT_SUSPENDED,
        Act.SANCTION_CONFIRMED,
        Act.MEMBER_SUSPENDED,
        Act.MEMBER_SUPERVISED,
        Act.MEMBER_RESTRICTED,
        Act.KEYS_SIGNED,
        Act.KEYS_RENEWED,
        Act.KEYS_RECOVERED,
        Act.RECORD_WITHDRAWN,
        Act.RIGHTS_BLOCKED,
        Act.LETTER_RECALLED,
        Act.PASSING_WITHDRAWN,
        Act.CONSENT_REFUSED,
    }
)


class Contained(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something that was done against it, by its place in the journal."""

    entry: int
    act: Act
    subject: str
    at: Moment


class Due(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Whom it must be told, and until when."""

    whom: Code
    due_at: Moment
    told_at: Moment | None = None
    told_by: str = ""
    reference: str = ""  # of what was told outside this network
    escalated_at: Moment | None = None


class Incident(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    id: str
    kind: IncidentKind
    what: Text
    known_at: Moment  # the clocks run from here
    reported_by: str  # an account, or the member that told us
    told_by_member: str = ""
    state: IncidentState = IncidentState.REPORTED
    severity: Severity | None = None
    personal: bool = False  # data of persons are concerned
    assessment: Text = ""
    assessed_by: str = ""
    contained: tuple[Contained, ...] = ()
    due: tuple[Due, ...] = ()
    lessons: Text = ""
    closed_by: str = ""
    closed_at: Moment | None = None


class IncidentTold(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a member concerned reads of it."""

    id: Code
    kind: IncidentKind
    severity: Severity
    personal: bool
    known_at: Moment
    what: Annotated[str, Meta(min_length=1, max_length=limits.TEXT_CHARS_MAX)]


class ShownIncident(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    incident: Incident
    clocks: dict[str, str]  # by whom it must be told: what is left
