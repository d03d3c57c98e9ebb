"""Overrides: two persons answer for telling something without an assurance, and the oversight body is told."""

from datetime import date
from typing import Annotated

from msgspec import Meta, Struct

from comity.domain import limits
from comity.domain.circumstances import Harm
from comity.domain.errors import Conflict, Missing, NotPermitted
from comity.domain.override import FiledOverride, OverrideKind, ReceivedNotice
from comity.web.officer.needs import Desks
from comity.web.officer.route import Asked, Route

Code = Annotated[str, Meta(min_length=1, max_length=limits.CODE_CHARS_MAX)]


class OverrideList(Struct, frozen=True, kw_only=True):
    """All that were ever proposed here, the oldest first."""

    overrides: tuple[FiledOverride, ...]


class NoticeList(Struct, frozen=True, kw_only=True):
    """As the oversight body: what our own people have not seen yet, and what other members told us."""

    open: tuple[FiledOverride, ...]
    received: tuple[ReceivedNotice, ...]


class OverrideProposed(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """For what that bureau asks in that case. Nothing is told by it until a second person confirms."""

    kind: OverrideKind
    against: Harm
    bureau: Code
    case: Code
    reason: Annotated[str, Meta(min_length=1, max_length=limits.TEXT_CHARS_MAX)]
    until: date


def every(desks: Desks, asked: Asked[None]) -> OverrideList:
    return OverrideList(overrides=tuple(desks.overrides.every(asked.caller)))


def notices(desks: Desks, asked: Asked[None]) -> NoticeList:
    own, told = desks.overrides.notices(asked.caller), desks.overrides.received(asked.caller)
    return NoticeList(open=tuple(own), received=tuple(told))


def propose(desks: Desks, asked: Asked[OverrideProposed]) -> FiledOverride:
    said = asked.body
    return desks.overrides.propose(
        said.kind, said.against, said.bureau, said.case, said.reason, said.until, asked.caller
    )


def confirm(desks: Desks, asked: Asked[None]) -> FiledOverride:
    return desks.overrides.confirm(asked.id, asked.caller)


def seen(desks: Desks, asked: Asked[None]) -> FiledOverride:
    return desks.overrides.see(asked.id, asked.caller)


def seen_received(desks: Desks, asked: Asked[None]) -> ReceivedNotice:
    return desks.overrides.see_received(asked.id, asked.caller)


STEP = (NotPermitted, Missing, Conflict)

ROUTES = (
    Route(
        method="POST",
        template="/v1/overrides",
        does="Propose to tell without an assurance that the law asks for: the first person",
        act=propose,
        body=OverrideProposed,
        answer=FiledOverride,
        example={
            "kind": "emergency",
            "against": "death-penalty",
            "bureau": "aldova",
            "case": "XA-7",
            "reason": "A life is in danger.",
            "until": "2031-03-09",
        },
        refusals=(NotPermitted, Conflict),
    ),
    Route(
        method="GET",
        template="/v1/overrides",
        does="See the overrides",
        act=every,
        answer=OverrideList,
        refusals=(NotPermitted,),
    ),
    Route(
        method="GET",
        template="/v1/overrides/notices",
        does="As the oversight body: see what you have to look at",
        act=notices,
        answer=NoticeList,
        refusals=(NotPermitted,),
    ),
    Route(
        method="POST",
        template="/v1/overrides/{id}/confirm",
        does="The second person: it holds from now on, and the oversight body is told",
        act=confirm,
        answer=FiledOverride,
        refusals=STEP,
    ),
    Route(
        method="POST",
        template="/v1/overrides/{id}/seen",
        does="As this bureau's own oversight body: you have seen it",
        act=seen,
        answer=FiledOverride,
        refusals=STEP,
    ),
    Route(
        method="POST",
        template="/v1/overrides/{id}/seen-received",
        does="As the oversight body of another member: you have seen its notice",
        act=seen_received,
        answer=ReceivedNotice,
        refusals=STEP,
    ),
)
