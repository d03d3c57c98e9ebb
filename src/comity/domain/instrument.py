"""A legal instrument: a convention, an agreement, a national law, an organisation's rules; for lawyers and machines."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from comity.domain import limits
from comity.domain.caller import Role
from comity.domain.circumstances import (
    Circumstances,
    EntityKind,
    Harm,
    Nature,
    RefusalGround,
    Tier,
    Trait,
)
from comity.domain.collection import Category
from comity.domain.hit import Priority
from comity.domain.purpose import Purpose

Text = Annotated[str, Meta(min_length=1, max_length=limits.TEXT_CHARS_MAX)]
Code = Annotated[str, Meta(min_length=1, max_length=limits.CODE_CHARS_MAX)]
Language = Annotated[str, Meta(pattern="^[a-z]{2,3}$")]  # ISO 639
Days = Annotated[int, Meta(ge=1, le=366 * limits.RETENTION_YEARS_MAX)]
Hours = Annotated[int, Meta(ge=1, le=24 * 366)]
Minutes = Annotated[int, Meta(ge=1, le=60 * 24 * 366)]
Months = Annotated[int, Meta(ge=1, le=12 * limits.RETENTION_YEARS_MAX)]


class Layer(StrEnum):
    """Where an instrument stands; every layer must permit."""

    ORGANISATION = "organisation"  # the rules of a federation, or of one organisation in it
    AGREEMENT = "agreement"  # of any kind: convention, bilateral, mutual legal assistance, accession
    NATIONAL_LAW = "national-law"  # of one member


class Effect(StrEnum):
    PERMIT = "permit"
    FORBID = "forbid"


class Reply(StrEnum):
    """The reply level of a clause, as its file writes it."""

    HIT = "hit"
    CORE = "core"
    FULL = "full"


class Release(StrEnum):
    """Whether what was told may be used further: passed on, or shown in court."""

    NEVER = "never"
    WITH_CONSENT = "with-consent"  # of the owner
    ALLOWED = "allowed"


class OffenceScope(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """For which offences a clause holds. Of the two thresholds one suffices: prosecution, or a sentence to serve."""

    codes: tuple[Code, ...] = ()
    penalty_min_months: Months | None = None  # the offence may be punished with so much, or more
    sentence_min_months: Months | None = None  # was sentenced to, or has left to serve
    dual_criminality: bool = False  # an offence where is asked and where is answered
    excluded: tuple[Nature, ...] = ()  # with permit only: of none of these natures
    natures: tuple[Nature, ...] = ()  # with forbid only: of one of these


class Onward(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Passing on to a third party."""

    rule: Release
    parties: tuple[Code, ...] = ()  # to these alone; with "allowed", compulsory
    oversight: bool = False  # a body that watches over the receiver is no third party


class Quota(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """So many questions of one party under one clause."""

    questions: Annotated[int, Meta(ge=1)]
    days: Days


class AssuranceNeeded(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A harm that may follow, against which the asker gives its word, or two persons override with a reason."""

    against: Harm
    askers: tuple[Code, ...] = ()  # where the harm may come about; none named: everywhere
    above: Reply | None = None  # replies up to this one need none
    override: bool = False


class Special(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What is asked before a record of these is told."""

    traits: Annotated[tuple[Trait, ...], Meta(min_length=1)]
    roles: tuple[Role, ...] = ()  # one of these asks
    necessity: bool = False  # the request says why it is strictly necessary


class Duties(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What the receiver owes, in figures; each becomes an obligation of the same name."""

    erase_after_days: Days | None = None
    erase_withdrawn_within_hours: Hours | None = None  # and acknowledge it
    tell_errors_within_hours: Hours | None = None
    tell_incidents_within_hours: Hours | None = None
    answer_person_within_days: Days | None = None  # who asks what is held about them
    keep_records_days: Days | None = None  # of every access, use and disclosure


class AnswerWithin(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """The time in which the owner answers."""

    urgent_minutes: Minutes | None = None
    routine_minutes: Minutes | None = None


class Clause(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One article. An empty list restricts nothing; a forbid clause beats every permit of its instrument.

    `askers` and `owners` are parties (two-letter countries, or names of organisations) if the clause is not
    for all parties alike. What a request does not state never fits a permit, and always fits a forbid.
    """

    id: Code  # "art-7"
    title: Text
    effect: Effect
    text: Text  # what a refusal quotes, in plain words
    source: Text | None = None  # where in the instrument's text
    # whom and what it is about
    categories: tuple[Category, ...] = ()
    purposes: tuple[Purpose, ...] = ()
    roles: tuple[Role, ...] = ()
    askers: tuple[Code, ...] = ()
    owners: tuple[Code, ...] = ()
    deny_countries: tuple[Code, ...] = ()  # askers for which it does not hold
    entities: tuple[EntityKind, ...] = ()
    tiers: tuple[Tier, ...] = ()
    officer_named: bool = False  # only where a person stands behind the request
    offences: OffenceScope | None = None
    priorities: tuple[Priority, ...] = ()
    languages: tuple[Language, ...] = ()
    traits: tuple[Trait, ...] = ()  # with forbid only: records of these
    grounds: tuple[RefusalGround, ...] = ()  # with forbid only: the owner invokes one of these
    # with permit only: how much, what is needed, what follows
    reply: Reply | None = None  # compulsory with permit
    quota: Quota | None = None
    assurances: tuple[AssuranceNeeded, ...] = ()
    special: Special | None = None
    onward: Onward | None = None  # not said: with the owner's consent
    evidence: Release | None = None  # likewise
    answer_within: AnswerWithin | None = None
    duties: Duties | None = None
    obligations: tuple[Code, ...] = ()


class Example(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What this instrument must permit or refuse; run whenever it is checked or adopted."""

    what: Text
    asker: Code
    owner: Code
    category: Category
    purpose: Purpose
    role: Role = Role.OFFICER
    circumstances: Circumstances = Circumstances()
    traits: tuple[Trait, ...] = ()  # of the record
    on: date | None = None  # default: the day it came into force
    officer_named: bool = True  # a person stands behind it
    expect: Text  # "refused", "hit", "core" or "full"
    clause: Code = ""  # the one that decides
    why: Text | None = None  # words that the refusal must hold
    owes: tuple[Code, ...] = ()  # obligations that the receiver must owe, each with its figure: "erase-after-days 30"
    answer_within_minutes: Minutes | None = None  # the time in which the owner must answer


class Instrument(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One text of one layer. An organisation's rules without parties bind every member."""

    id: Code
    title: Text
    source: Text  # where the text is found
    layer: Layer = Layer.AGREEMENT
    parties: tuple[Code, ...] = ()
    territory: dict[Code, tuple[Code, ...]] = {}  # by party, what else it signed for
    in_force_from: date
    in_force_until: date | None = None  # the last day
    suspended: bool = False
    suspended_from: date | None = None  # the first day of a suspension that ends, or is announced
    suspended_until: date | None = None  # its last day
    tiers: dict[Code, Tier] = {}  # by party, how far it takes part; if any is named, of no other is it known
    go_live: dict[Code, date] = {}  # if any is named: a party takes part from its day on, and no other does
    clauses: Annotated[tuple[Clause, ...], Meta(min_length=1)]
    examples: tuple[Example, ...] = ()
