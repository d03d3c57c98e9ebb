"""Passing on: what an owner told us, to a third party, with its consent; and what was passed to us."""

from typing import Annotated

from msgspec import Meta, Struct

from comity.domain import limits
from comity.domain.errors import Conflict, Missing, NotPermitted
from comity.domain.passing import Passing
from comity.domain.purpose import Purpose
from comity.web.officer.needs import Desks
from comity.web.officer.route import Asked, Route
from comity.web.officer.shown import ShownFinding, shown_finding

Code = Annotated[str, Meta(min_length=1, max_length=limits.CODE_CHARS_MAX)]


class PassingList(Struct, frozen=True, kw_only=True):
    """From here and to us, the newest first."""

    passings: tuple[Passing, ...]


class PassOn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`to` is a member by its name."""

    to: Code
    purpose: Purpose
    case: Code


class TakenBack(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The receiver reads why."""

    why: Annotated[str, Meta(min_length=1, max_length=limits.TEXT_CHARS_MAX)]


class ShownPassing(Struct, frozen=True, kw_only=True):
    """What was passed to us, with what its owner asks of whoever has it."""

    passing: Passing
    finding: ShownFinding


def every(desks: Desks, asked: Asked[None]) -> PassingList:
    return PassingList(passings=tuple(desks.passings.every(asked.caller)))


def pass_on(desks: Desks, asked: Asked[PassOn]) -> Passing:
    wanted = asked.body
    return desks.passings.pass_on(asked.id, wanted.to, wanted.purpose, wanted.case, asked.caller)


def one(desks: Desks, asked: Asked[None]) -> ShownPassing:
    found = desks.passings.one(asked.id, asked.caller)
    return ShownPassing(passing=found.passing, finding=shown_finding(found.finding))


def take_back(desks: Desks, asked: Asked[TakenBack]) -> Passing:
    return desks.passings.take_back(asked.id, asked.body.why, asked.caller)


ROUTES = (
    Route(
        method="POST",
        template="/v1/records/{id}/pass",
        does="Pass on what an owner told us of a record",
        act=pass_on,
        body=PassOn,
        answer=Passing,
        example={"to": "corvia", "purpose": "criminal-investigation", "case": "XA-7"},
        refusals=(NotPermitted, Missing, Conflict),
    ),
    Route(
        method="GET",
        template="/v1/passings",
        does="See what was passed on from here and to us",
        act=every,
        answer=PassingList,
        refusals=(NotPermitted,),
    ),
    Route(
        method="GET",
        template="/v1/passings/{id}",
        does="See a record that was passed to us; this is journalled",
        act=one,
        answer=ShownPassing,
        refusals=(NotPermitted, Missing),
    ),
    Route(
        method="POST",
        template="/v1/passings/{id}/take-back",
        does="Have the receiver erase what was passed on",
        act=take_back,
        body=TakenBack,
        answer=Passing,
        example={"why": "It was meant for another."},
        refusals=(NotPermitted, Missing, Conflict),
    ),
)
