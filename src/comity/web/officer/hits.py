"""Hits: what was found by us or with us, and the confirmation without which nobody acts."""

from datetime import UTC, datetime
from typing import Annotated

from msgspec import Meta, Struct

from comity.domain import limits
from comity.domain.errors import Conflict, Missing, NotPermitted
from comity.domain.forms import confirmation
from comity.domain.hit import Hit, Priority
from comity.formats.catalogue import CatalogueLanguage, in_words
from comity.web.officer.needs import Desks
from comity.web.officer.route import Asked, Route
from comity.web.officer.words import Words

Note = Annotated[str, Meta(max_length=limits.TEXT_CHARS_MAX, description="For the other side's officer")]


class HitList(Struct, frozen=True, kw_only=True):
    """Those whose clock runs first, then the newest."""

    hits: tuple[Hit, ...]


class Requested(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Urgent (10 minutes): the hit alone would justify detention. Routine: 1 hour."""

    priority: Priority
    note: Note = ""


class Replied(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The owner's answer, with a word for the finder."""

    note: Note = ""


class Promised(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The owner cannot say yet."""

    by: Annotated[datetime, Meta(tz=True, description="Until when there will be an answer, with its time zone")]
    note: Note = ""


def every(desks: Desks, asked: Asked[None]) -> HitList:
    return HitList(hits=tuple(desks.hits.every(asked.caller)))


def one(desks: Desks, asked: Asked[None]) -> Hit:
    return desks.hits.one(asked.id, asked.caller)


def request(desks: Desks, asked: Asked[Requested]) -> Hit:
    return desks.hits.request(asked.id, asked.body.priority, asked.body.note, asked.caller)


def confirm(desks: Desks, asked: Asked[Replied]) -> Hit:
    return desks.hits.confirm(asked.id, asked.body.note, asked.caller)


def deny(desks: Desks, asked: Asked[Replied]) -> Hit:
    return desks.hits.deny(asked.id, asked.body.note, asked.caller)


def promise(desks: Desks, asked: Asked[Promised]) -> Hit:
    return desks.hits.promise(asked.id, asked.body.by.astimezone(UTC), asked.body.note, asked.caller)


def words(desks: Desks, asked: Asked[None]) -> Words:
    form = confirmation(desks.hits.one(asked.id, asked.caller))
    return Words(words={one: in_words(form, one) for one in CatalogueLanguage})


STEP = (NotPermitted, Missing, Conflict)

ROUTES = (
    Route(method="GET", template="/v1/hits", does="See the hits", act=every, answer=HitList, refusals=(NotPermitted,)),
    Route(
        method="GET",
        template="/v1/hits/{id}",
        does="See one hit",
        act=one,
        answer=Hit,
        refusals=(NotPermitted, Missing),
    ),
    Route(
        method="GET",
        template="/v1/hits/{id}/words",
        does="Read how a hit stands, in every language",
        act=words,
        answer=Words,
        refusals=(NotPermitted, Missing),
    ),
    Route(
        method="POST",
        template="/v1/hits/{id}/request",
        does="Ask the owner to confirm; the clock starts when the request reaches it",
        act=request,
        body=Requested,
        answer=Hit,
        example={"priority": "urgent", "note": "The holder stands before us."},
        refusals=STEP,
    ),
    Route(
        method="POST",
        template="/v1/hits/{id}/confirm",
        does="As the owner: the record stands, and it is this person or thing",
        act=confirm,
        body=Replied,
        answer=Hit,
        example={"note": "Reported stolen on 3 March, not recovered."},
        refusals=STEP,
    ),
    Route(
        method="POST",
        template="/v1/hits/{id}/deny",
        does="As the owner: the record does not stand, or it is somebody or something else",
        act=deny,
        body=Replied,
        answer=Hit,
        example={"note": "Recovered in May."},
        refusals=STEP,
    ),
    Route(
        method="POST",
        template="/v1/hits/{id}/promise",
        does="As the owner: give the time by which there will be an answer",
        act=promise,
        body=Promised,
        answer=Hit,
        example={"by": "2031-03-07T14:30:00Z", "note": "The file is being fetched."},
        refusals=STEP,
    ),
)
