"""Proposed links: two records that may mean the same person, for an analyst to accept or reject."""

from typing import Annotated

from msgspec import Meta, Struct

from comity.domain import limits
from comity.domain.errors import Conflict, Invalid, Missing, NotPermitted
from comity.domain.link import LinkLine, LinkState, ProposedLink, WholeLink
from comity.web.officer.needs import Desks
from comity.web.officer.route import Asked, Route

Why = Annotated[str, Meta(min_length=1, max_length=limits.REASON_CHARS_MAX, description="What decided it")]


class LinkQueue(Struct, frozen=True, kw_only=True):
    """The most probable first."""

    links: tuple[LinkLine, ...]


class Judged(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A human's word, with its reason. Both records stay as they are."""

    why: Why


def proposed(desks: Desks, asked: Asked[None]) -> LinkQueue:
    return _queue(desks, asked, LinkState.PROPOSED)


def accepted(desks: Desks, asked: Asked[None]) -> LinkQueue:
    return _queue(desks, asked, LinkState.ACCEPTED)


def rejected(desks: Desks, asked: Asked[None]) -> LinkQueue:
    return _queue(desks, asked, LinkState.REJECTED)


def one(desks: Desks, asked: Asked[None]) -> WholeLink:
    return desks.links.show(asked.id, asked.caller)


def accept(desks: Desks, asked: Asked[Judged]) -> ProposedLink:
    return desks.links.accept(asked.id, asked.body.why, asked.caller)


def reject(desks: Desks, asked: Asked[Judged]) -> ProposedLink:
    return desks.links.reject(asked.id, asked.body.why, asked.caller)


def _queue(desks: Desks, asked: Asked[None], state: LinkState) -> LinkQueue:
    return LinkQueue(links=tuple(desks.links.queue(state, asked.caller)))


DECISION = (NotPermitted, Missing, Conflict, Invalid)

ROUTES = (
    Route(
        method="GET",
        template="/v1/links/proposed",
        does="See the links that nobody has decided on, the most probable first",
        act=proposed,
        answer=LinkQueue,
        refusals=(NotPermitted,),
    ),
    Route(
        method="GET",
        template="/v1/links/accepted",
        does="See the links that were accepted",
        act=accepted,
        answer=LinkQueue,
        refusals=(NotPermitted,),
    ),
    Route(
        method="GET",
        template="/v1/links/rejected",
        does="See the links that were rejected",
        act=rejected,
        answer=LinkQueue,
        refusals=(NotPermitted,),
    ),
    Route(
        method="GET",
        template="/v1/links/{id}",
        does="See one link with both records",
        act=one,
        answer=WholeLink,
        refusals=(NotPermitted, Missing),
    ),
    Route(
        method="POST",
        template="/v1/links/{id}/accept",
        does="Say that both records mean the same; nothing is merged",
        act=accept,
        body=Judged,
        answer=ProposedLink,
        example={"why": "The same fingerprints."},
        refusals=DECISION,
    ),
    Route(
        method="POST",
        template="/v1/links/{id}/reject",
        does="Say that they do not; not proposed again until one of them is amended",
        act=reject,
        body=Judged,
        answer=ProposedLink,
        example={"why": "Twins: both were seen together."},
        refusals=DECISION,
    ),
)
