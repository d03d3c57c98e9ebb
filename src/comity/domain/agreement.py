"""An agreement between parties, as a lawyer reads it and a machine executes it."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from comity.domain import limits
from comity.domain.caller import Role
from comity.domain.collection import Category
from comity.domain.purpose import Purpose

Text = Annotated[str, Meta(min_length=1, max_length=limits.TEXT_CHARS_MAX)]
Code = Annotated[str, Meta(min_length=1, max_length=limits.CODE_CHARS_MAX)]


class Effect(StrEnum):
    PERMIT = "permit"
    FORBID = "forbid"


class Reply(StrEnum):
    """The reply level of a clause, as its file writes it."""

    HIT = "hit"
    CORE = "core"
    FULL = "full"


class Clause(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One article. An empty list restricts nothing; a forbid clause beats every permit of its agreement.

    `askers` and `owners` are parties (two-letter countries, or names of organisations) if the clause is not
    for all parties alike.
    """

    id: Code  # "art-7"
    title: Text
    effect: Effect
    text: Text  # what a refusal quotes, in plain words
    categories: tuple[Category, ...] = ()
    purposes: tuple[Purpose, ...] = ()
    roles: tuple[Role, ...] = ()
    askers: tuple[Code, ...] = ()
    owners: tuple[Code, ...] = ()
    reply: Reply | None = None  # compulsory with permit
    obligations: tuple[Code, ...] = ()


class Example(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What this agreement must permit or refuse; run whenever it is checked or adopted."""

    what: Text
    asker: Code
    owner: Code
    category: Category
    purpose: Purpose
    role: Role = Role.OFFICER
    on: date | None = None  # default: the day it came into force
    expect: Text  # "refused", "hit", "core" or "full"
    clause: Code = ""  # the one that decides


class Agreement(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    id: Code
    title: Text
    source: Text  # where the text is found
    parties: Annotated[tuple[Code, ...], Meta(min_length=1)]
    in_force_from: date
    in_force_until: date | None = None  # the last day
    suspended: bool = False
    clauses: Annotated[tuple[Clause, ...], Meta(min_length=1)]
    examples: tuple[Example, ...] = ()
