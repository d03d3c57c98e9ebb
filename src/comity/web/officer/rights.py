"""Requests of persons about themselves: their clocks, the word of a source, and the second person's confirmation."""

from typing import Annotated

from msgspec import Meta, Struct

from comity.domain import limits
from comity.domain.dates import Moment
from comity.domain.errors import Conflict, Missing, NotPermitted
from comity.domain.rights import Consultation, RightsKind, RightsState, SourceWord
from comity.web.officer.needs import Desks
from comity.web.officer.route import Asked, Route


class RequestLine(Struct, frozen=True, kw_only=True):
    """One request; of the person nothing."""

    id: str
    kind: RightsKind
    state: RightsState
    received_at: Moment
    due_at: Moment | None
    clock: str  # what is left


class RequestList(Struct, frozen=True, kw_only=True):
    """The oldest first."""

    requests: tuple[RequestLine, ...]


class ConsultationList(Struct, frozen=True, kw_only=True):
    """On which of our records other nodes ask for our word."""

    consultations: tuple[Consultation, ...]


class ProposedWord(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`told` is what the person may read; without it, nothing may be told. `note` is for whoever decides."""

    told: Annotated[str, Meta(max_length=limits.TEXT_CHARS_MAX)] = ""
    agrees: bool = False
    note: Annotated[str, Meta(max_length=limits.TEXT_CHARS_MAX)] = ""


class DecidedRequest(Struct, frozen=True, kw_only=True):
    """The reply as the person gets it."""

    id: str
    state: RightsState
    reply: str


def every(desks: Desks, asked: Asked[None]) -> RequestList:
    found = desks.rights.every(asked.caller)
    return RequestList(
        requests=tuple(
            RequestLine(
                id=one.request.id,
                kind=one.request.kind,
                state=one.request.state,
                received_at=one.request.received_at,
                due_at=one.request.due_at,
                clock=one.clock,
            )
            for one in found
        )
    )


def confirm(desks: Desks, asked: Asked[None]) -> DecidedRequest:
    decided = desks.rights_decisions.confirm(asked.id, asked.caller)
    return DecidedRequest(id=decided.id, state=decided.state, reply=decided.reply)


def consultations(desks: Desks, asked: Asked[None]) -> ConsultationList:
    return ConsultationList(consultations=tuple(desks.consultations.every(asked.caller)))


def word(desks: Desks, asked: Asked[ProposedWord]) -> Consultation:
    told = asked.body.told.strip()
    said = SourceWord(disclose=bool(told), agrees=asked.body.agrees, told=told, note=asked.body.note)
    return desks.consultations.propose(asked.id, said, asked.caller)


def confirm_word(desks: Desks, asked: Asked[None]) -> Consultation:
    return desks.consultations.confirm(asked.id, asked.caller)


def confirm_block(desks: Desks, asked: Asked[None]) -> Consultation:
    return desks.precaution.confirm(asked.id, asked.caller)


STEP = (NotPermitted, Missing, Conflict)

ROUTES = (
    Route(
        method="GET",
        template="/v1/rights",
        does="See requests of persons about themselves, with their clocks",
        act=every,
        answer=RequestList,
        refusals=(NotPermitted,),
    ),
    Route(
        method="POST",
        template="/v1/rights/{id}/confirm",
        does="The second person: the decision is carried out, and the reply may leave",
        act=confirm,
        answer=DecidedRequest,
        refusals=STEP,
    ),
    Route(
        method="GET",
        template="/v1/consultations",
        does="See on which of our records other nodes ask for our word",
        act=consultations,
        answer=ConsultationList,
        refusals=(NotPermitted,),
    ),
    Route(
        method="POST",
        template="/v1/consultations/{id}/word",
        does="The first person: what we say as the source of a record",
        act=word,
        body=ProposedWord,
        answer=Consultation,
        example={"told": "A passport of yours is reported stolen."},
        refusals=STEP,
    ),
    Route(
        method="POST",
        template="/v1/consultations/{id}/confirm-word",
        does="The second person: it is our word, and whoever asked is told",
        act=confirm_word,
        answer=Consultation,
        refusals=STEP,
    ),
    Route(
        method="POST",
        template="/v1/consultations/{id}/confirm-block",
        does="The second person: no lookup finds the record while the request is pending",
        act=confirm_block,
        answer=Consultation,
        refusals=STEP,
    ),
)
