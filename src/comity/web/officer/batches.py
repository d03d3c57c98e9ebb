"""Batches: a list looked up a few lines at a time, and the queue of what was found."""

from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from comity.domain import limits
from comity.domain.batch import (
    Batch,
    BatchRequest,
    BatchStatus,
    ListLine,
    Queued,
    QueuePage,
    QueueState,
    Silence,
)
from comity.domain.errors import Conflict, Missing, NotPermitted, TooLarge
from comity.domain.hit import Hit
from comity.domain.importing import RefusedRow
from comity.web.officer.needs import Desks
from comity.web.officer.route import Asked, Route
from comity.web.officer.shown import ShownFinding, shown_finding

Lines = Annotated[
    tuple[ListLine, ...],
    Meta(max_length=limits.BATCH_LINES_PER_REQUEST_MAX, description="In the order of their numbers"),
]
Place = Annotated[int, Meta(ge=0, description="0, or `after` of the page before")]


class Batches(Struct, frozen=True, kw_only=True):
    """The newest first."""

    batches: tuple[Batch, ...]


class NextLines(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """As many as fit in time are looked up; the answer's `next_line` says from which on to send again."""

    lines: Lines = ()
    last: Annotated[bool, Meta(description="No more lines follow")] = False


class SilentLines(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Lines that some source kept silent on: only it is asked."""

    lines: Lines


class RefusedLines(Struct, frozen=True, kw_only=True):
    """Lines of which nothing, or not all, could be asked."""

    refused: tuple[RefusedRow, ...]


class Silences(Struct, frozen=True, kw_only=True):
    """Nothing is known from there; ask again."""

    silences: tuple[Silence, ...]


class Page(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A page of a queue: the most probable first."""

    state: QueueState | None = None
    after: Place = 0


class ExportPage(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A page of the whole queue. That it was exported is journalled with the first."""

    after: Place = 0


class ShownEntry(Struct, frozen=True, kw_only=True):
    """`finding` is null where the owner has taken the record back or denied the hit."""

    queued: Queued
    finding: ShownFinding | None


class ShownQueue(Struct, frozen=True, kw_only=True):
    """`after` is where the next page begins, null where this is the last."""

    entries: tuple[ShownEntry, ...]
    after: int | None


class Dismissed(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody looked, and it is not the one."""

    reason: Annotated[str, Meta(min_length=1, max_length=limits.REASON_CHARS_MAX, description="Is journalled")]


def begin(desks: Desks, asked: Asked[BatchRequest]) -> Batch:
    request = msgspec.structs.replace(asked.body, on_behalf_of=asked.caller.on_behalf_of)
    return desks.batches.begin(request, asked.caller)


def every(desks: Desks, asked: Asked[None]) -> Batches:
    return Batches(batches=tuple(desks.batches.every(asked.caller)))


def one(desks: Desks, asked: Asked[None]) -> BatchStatus:
    return desks.batches.status(asked.id, asked.caller)


def lines(desks: Desks, asked: Asked[NextLines]) -> Batch:
    return desks.batches.screen(asked.id, asked.body.lines, asked.body.last, asked.caller)


def silent_lines(desks: Desks, asked: Asked[SilentLines]) -> Batch:
    return desks.batches.ask_again(asked.id, asked.body.lines, asked.caller)


def refused(desks: Desks, asked: Asked[None]) -> RefusedLines:
    return RefusedLines(refused=tuple(desks.batches.refused(asked.id, asked.caller)))


def silences(desks: Desks, asked: Asked[None]) -> Silences:
    return Silences(silences=tuple(desks.batches.silences(asked.id, asked.caller)))


def queue(desks: Desks, asked: Asked[Page]) -> ShownQueue:
    return _shown(desks.batches.queue(asked.id, asked.body.state, asked.body.after, asked.caller))


def export(desks: Desks, asked: Asked[ExportPage]) -> ShownQueue:
    return _shown(desks.batches.export(asked.id, asked.body.after, asked.caller))


def erase(desks: Desks, asked: Asked[None]) -> Batch:
    return desks.batches.erase(asked.id, asked.caller)


def dismiss(desks: Desks, asked: Asked[Dismissed]) -> Queued:
    return desks.batches.dismiss(asked.id, asked.body.reason, asked.caller)


def take_up(desks: Desks, asked: Asked[None]) -> Hit:
    return desks.batches.take_up(asked.id, asked.caller)


def _shown(page: QueuePage) -> ShownQueue:
    entries = (
        ShownEntry(queued=one.queued, finding=shown_finding(one.finding) if one.finding else None)
        for one in page.entries
    )
    return ShownQueue(entries=tuple(entries), after=page.after)


OF_ONE = (NotPermitted, Missing)
STEP = (NotPermitted, Missing, Conflict)
DIGEST = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"
LINE = {
    "line": 2,
    "label": "14C",
    "queries": [
        {"kind": "person", "name": "Анна Петрова", "birth": "1980-05-01"},
        {"kind": "document", "country": "XBE", "number": "X4711"},
    ],
}

ROUTES = (
    Route(
        method="POST",
        template="/v1/batches",
        does="Begin to look a list up, or see how far it came before",
        act=begin,
        body=BatchRequest,
        answer=Batch,
        example={"file_digest": DIGEST, "file_name": "flight.csv", "purpose": "border-control", "case": "XA-101"},
        refusals=(NotPermitted,),
    ),
    Route(
        method="GET",
        template="/v1/batches",
        does="See the batches",
        act=every,
        answer=Batches,
        refusals=(NotPermitted,),
    ),
    Route(
        method="GET",
        template="/v1/batches/{id}",
        does="See how far one batch has come",
        act=one,
        answer=BatchStatus,
        refusals=OF_ONE,
    ),
    Route(
        method="POST",
        template="/v1/batches/{id}/lines",
        does="Look up the next lines of the list",
        act=lines,
        body=NextLines,
        answer=Batch,
        example={"lines": [LINE], "last": True},
        refusals=STEP,
    ),
    Route(
        method="POST",
        template="/v1/batches/{id}/silent-lines",
        does="Ask the sources once more that kept silent on these lines",
        act=silent_lines,
        body=SilentLines,
        answer=Batch,
        example={"lines": [LINE]},
        refusals=(*STEP, TooLarge),
    ),
    Route(
        method="GET",
        template="/v1/batches/{id}/refused",
        does="See the lines that could not be asked about",
        act=refused,
        answer=RefusedLines,
        refusals=OF_ONE,
    ),
    Route(
        method="GET",
        template="/v1/batches/{id}/silences",
        does="See who kept silent on which line",
        act=silences,
        answer=Silences,
        refusals=OF_ONE,
    ),
    Route(
        method="POST",
        template="/v1/batches/{id}/queue",
        does="See what was found, the most probable first",
        act=queue,
        body=Page,
        answer=ShownQueue,
        example={"state": "open"},
        refusals=OF_ONE,
    ),
    Route(
        method="POST",
        template="/v1/batches/{id}/export",
        does="Take out the whole queue; this is journalled",
        act=export,
        body=ExportPage,
        answer=ShownQueue,
        example={"after": 0},
        refusals=OF_ONE,
    ),
    Route(
        method="POST",
        template="/v1/batches/{id}/erase",
        does="Erase a batch with its queue before its last day",
        act=erase,
        answer=Batch,
        refusals=OF_ONE,
    ),
    Route(
        method="POST",
        template="/v1/queue/{id}/dismiss",
        does="It is not the one",
        act=dismiss,
        body=Dismissed,
        answer=Queued,
        example={"reason": "Another person: born in another year."},
        refusals=STEP,
    ),
    Route(
        method="POST",
        template="/v1/queue/{id}/take-up",
        does="Make an ordinary hit of it, which its owner may confirm",
        act=take_up,
        answer=Hit,
        refusals=STEP,
    ),
)
