"""Spot checks of the journal at the officers' door, and how often what was done."""

from datetime import date
from typing import Annotated

from msgspec import Meta, Struct

from comity.domain import limits
from comity.domain.errors import Conflict, Invalid, Missing, NotPermitted, TooLarge, Unavailable
from comity.domain.journal import Opening
from comity.domain.oversight import Counted
from comity.domain.spot_check import Draw, SpotCheck, Verdict
from comity.web.officer.needs import Desks
from comity.web.officer.route import Asked, Route

Number = Annotated[int, Meta(ge=0)]


class Days(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The months of these days."""

    first_day: date
    last_day: date


class CountedList(Struct, frozen=True, kw_only=True):
    counted: tuple[Counted, ...]


class DrawAsked(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """From the entries of which days, how many, and how the lot falls."""

    first_day: date
    last_day: date
    count: Annotated[int, Meta(ge=1, le=limits.SPOT_CHECK_ENTRIES_MAX)] = 20
    how: Draw = Draw.RANDOM


class SpotCheckList(Struct, frozen=True, kw_only=True):
    """The newest first."""

    checks: tuple[SpotCheck, ...]


class WholeSpotCheck(Struct, frozen=True, kw_only=True):
    """With its entries, as far as you may see them."""

    check: SpotCheck
    openings: tuple[Opening, ...]


class VerdictGiven(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    entry: Number
    verdict: Verdict
    note: Annotated[str, Meta(min_length=1, max_length=limits.TEXT_CHARS_MAX)]


class SecondWord(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whether you agree; where you do not, it is judged anew."""

    entry: Number
    agrees: bool


def count(desks: Desks, asked: Asked[Days]) -> CountedList:
    return CountedList(counted=desks.statistics.of(asked.body.first_day, asked.body.last_day, asked.caller))


def draw(desks: Desks, asked: Asked[DrawAsked]) -> SpotCheck:
    said = asked.body
    return desks.spot_checks.draw(said.first_day, said.last_day, said.count, said.how, asked.caller)


def every(desks: Desks, asked: Asked[None]) -> SpotCheckList:
    return SpotCheckList(checks=tuple(desks.spot_checks.every(asked.caller)))


def one(desks: Desks, asked: Asked[None]) -> WholeSpotCheck:
    check, openings = desks.spot_checks.show(asked.id, asked.caller)
    return WholeSpotCheck(check=check, openings=tuple(openings))


def judge(desks: Desks, asked: Asked[VerdictGiven]) -> SpotCheck:
    said = asked.body
    return desks.spot_checks.judge(asked.id, said.entry, said.verdict, said.note, asked.caller)


def second(desks: Desks, asked: Asked[SecondWord]) -> SpotCheck:
    return desks.spot_checks.second(asked.id, asked.body.entry, asked.body.agrees, asked.caller)


STEP = (Invalid, NotPermitted, Missing, Conflict)
DAYS = {"first_day": "2031-01-01", "last_day": "2031-01-31"}

ROUTES = (
    Route(
        method="POST",
        template="/v1/oversight/statistics",
        does="As one who watches over the bureau: how many entries of each month, act and purpose",
        act=count,
        body=Days,
        answer=CountedList,
        example=DAYS,
        refusals=(Invalid, NotPermitted, Unavailable),
    ),
    Route(
        method="POST",
        template="/v1/oversight/checks",
        does="Let the lot fall on entries of the journal for review; the seed is kept",
        act=draw,
        body=DrawAsked,
        answer=SpotCheck,
        example={**DAYS, "count": 20, "how": "by-risk"},
        refusals=(Invalid, NotPermitted, Conflict, TooLarge, Unavailable),
    ),
    Route(
        method="GET",
        template="/v1/oversight/checks",
        does="See the spot checks",
        act=every,
        answer=SpotCheckList,
        refusals=(NotPermitted,),
    ),
    Route(
        method="GET",
        template="/v1/oversight/checks/{id}",
        does="See one spot check with its entries; this is journalled",
        act=one,
        answer=WholeSpotCheck,
        refusals=(NotPermitted, Missing),
    ),
    Route(
        method="POST",
        template="/v1/oversight/checks/{id}/judge",
        does="The first verdict on an entry; nobody judges what they did themselves",
        act=judge,
        body=VerdictGiven,
        answer=SpotCheck,
        example={"entry": 4711, "verdict": "doubtful", "note": "No such case is known."},
        refusals=STEP,
    ),
    Route(
        method="POST",
        template="/v1/oversight/checks/{id}/second",
        does="The second person agrees with a verdict, or disputes it",
        act=second,
        body=SecondWord,
        answer=SpotCheck,
        example={"entry": 4711, "agrees": True},
        refusals=STEP,
    ),
)
