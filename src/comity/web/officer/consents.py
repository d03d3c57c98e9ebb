"""Consents: asked of the owner of a record that was found, given or refused by its own people."""

from datetime import date
from typing import Annotated

from msgspec import Meta, Struct

from comity.domain import limits
from comity.domain.circumstances import Use
from comity.domain.consent import ConsentCase
from comity.domain.errors import Conflict, Missing, NotPermitted
from comity.domain.purpose import Purpose
from comity.web.officer.needs import Desks
from comity.web.officer.route import Asked, Route

Code = Annotated[str, Meta(min_length=1, max_length=limits.CODE_CHARS_MAX)]
Text = Annotated[str, Meta(max_length=limits.TEXT_CHARS_MAX)]


class ConsentList(Struct, frozen=True, kw_only=True):
    """Asked for here and of us, the oldest first."""

    consents: tuple[ConsentCase, ...]


class ConsentAsked(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`recipient` with `onward` alone: a two-letter country, or the name of an organisation. The owner reads why."""

    use: Use
    purpose: Purpose
    reason: Text
    recipient: Annotated[str, Meta(max_length=limits.CODE_CHARS_MAX)] = ""


class ConsentGiven(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """On exactly these terms, until that day."""

    until: date
    note: Text = ""


class ConsentRefused(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Also of one that was given: it is taken back."""

    note: Text = ""


def every(desks: Desks, asked: Asked[None]) -> ConsentList:
    return ConsentList(consents=tuple(desks.consents.every(asked.caller)))


def request(desks: Desks, asked: Asked[ConsentAsked]) -> ConsentCase:
    wanted = asked.body
    return desks.consents.request(asked.id, wanted.use, wanted.purpose, wanted.recipient, wanted.reason, asked.caller)


def give(desks: Desks, asked: Asked[ConsentGiven]) -> ConsentCase:
    return desks.consents.give(asked.id, asked.body.until, asked.body.note, asked.caller)


def refuse(desks: Desks, asked: Asked[ConsentRefused]) -> ConsentCase:
    return desks.consents.refuse(asked.id, asked.body.note, asked.caller)


STEP = (NotPermitted, Missing, Conflict)

ROUTES = (
    Route(
        method="POST",
        template="/v1/hits/{id}/consent",
        does="Ask the owner of a record to let it be passed on, or used in court",
        act=request,
        body=ConsentAsked,
        answer=ConsentCase,
        example={
            "use": "onward",
            "purpose": "criminal-investigation",
            "recipient": "XC",
            "reason": "The suspect was seen there.",
        },
        refusals=STEP,
    ),
    Route(
        method="GET",
        template="/v1/consents",
        does="See the consents that were asked for",
        act=every,
        answer=ConsentList,
        refusals=(NotPermitted,),
    ),
    Route(
        method="POST",
        template="/v1/consents/{id}/give",
        does="As the owner: on exactly these terms, until a day",
        act=give,
        body=ConsentGiven,
        answer=ConsentCase,
        example={"until": "2031-06-30", "note": "For this case alone."},
        refusals=STEP,
    ),
    Route(
        method="POST",
        template="/v1/consents/{id}/refuse",
        does="As the owner: no; one that was given is taken back",
        act=refuse,
        body=ConsentRefused,
        answer=ConsentCase,
        example={"note": "The case is closed."},
        refusals=STEP,
    ),
)
