"""Watches: a question that is kept until a day, and what was found late."""

from datetime import date, datetime
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from comity.domain.errors import Conflict, Missing, NotPermitted
from comity.domain.kept import FoundLate, Watch, found_late, watch_of
from comity.domain.lookup import LookupRequest, Query
from comity.domain.purpose import Purpose
from comity.web.officer.lookups import Behalf, Case, Offence, Said
from comity.web.officer.needs import Desks
from comity.web.officer.route import Asked, Route
from comity.web.officer.shown import ShownAnswer, ShownFinding, shown, shown_finding


class SetWatch(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Asked now, and answered again when a record comes that answers it."""

    query: Query
    purpose: Purpose
    case: Case
    until: Annotated[date, Meta(description="The last day; how far ahead depends on the purpose")]
    offence: Offence = None
    stated: Said = None
    on_behalf_of: Behalf = ""


class ShownWatch(Struct, frozen=True, kw_only=True):
    """The watch, and what is known already."""

    watch: Watch
    answer: ShownAnswer


class WatchList(Struct, frozen=True, kw_only=True):
    """The caller's own, newest first."""

    watches: tuple[Watch, ...]


class ShownLate(Struct, frozen=True, kw_only=True):
    """A record that came after the question. A lead, never proof."""

    question: str
    query: Query
    purpose: Purpose
    case: str
    asked_at: datetime
    source: str
    told_at: datetime
    keep_until: date
    finding: ShownFinding


class LateList(Struct, frozen=True, kw_only=True):
    """What was found late for the caller's unit, newest first."""

    late: tuple[ShownLate, ...]


def set_watch(desks: Desks, asked: Asked[SetWatch]) -> ShownWatch:
    body = asked.body
    request = LookupRequest(
        query=body.query,
        purpose=body.purpose,
        case=body.case,
        on_behalf_of=asked.caller.on_behalf_of,
        offence=body.offence,
        stated=body.stated,
    )
    kept, answer = desks.watches.set(request, body.until, asked.caller)
    return ShownWatch(watch=watch_of(kept), answer=shown(answer, desks.name_of))


def every(desks: Desks, asked: Asked[None]) -> WatchList:
    return WatchList(watches=tuple(watch_of(kept) for kept in desks.watches.every(asked.caller)))


def cancel(desks: Desks, asked: Asked[None]) -> Watch:
    return watch_of(desks.watches.cancel(asked.id, asked.caller))


def late(desks: Desks, asked: Asked[None]) -> LateList:
    found = (found_late(one, finding) for one, finding in desks.late.found(asked.caller))
    return LateList(late=tuple(_shown(one) for one in found))


def _shown(one: FoundLate) -> ShownLate:
    return ShownLate(**{**msgspec.structs.asdict(one), "finding": shown_finding(one.finding)})


ROUTES = (
    Route(
        method="POST",
        template="/v1/watches",
        does="Ask, and be told until a day when a record comes that answers it",
        act=set_watch,
        body=SetWatch,
        answer=ShownWatch,
        example={
            "query": {"kind": "document", "country": "XBE", "number": "X4711"},
            "purpose": "wanted-persons",
            "case": "BR-2031-7",
            "until": "2031-06-30",
        },
        refusals=(NotPermitted, Conflict),
    ),
    Route(
        method="GET",
        template="/v1/watches",
        does="See your watches",
        act=every,
        answer=WatchList,
        refusals=(NotPermitted,),
    ),
    Route(
        method="POST",
        template="/v1/watches/{id}/cancel",
        does="End a watch here and wherever it was told",
        act=cancel,
        answer=Watch,
        refusals=(NotPermitted, Missing),
    ),
    Route(
        method="GET",
        template="/v1/late",
        does="See what was found after it was asked",
        act=late,
        answer=LateList,
        refusals=(NotPermitted,),
    ),
)
