"""Cases: what a bureau holds together on a matter, for the people allowed in it."""

from typing import Annotated

from msgspec import Meta, Struct

from comity.domain import limits
from comity.domain.case import Case, Item, ItemKind, NewCase, Reference, WholeCase
from comity.domain.errors import Conflict, Missing, NotPermitted
from comity.domain.marking import Marking
from comity.web.officer.needs import Desks
from comity.web.officer.route import Asked, Route

Login = Annotated[str, Meta(min_length=1, max_length=limits.CODE_CHARS_MAX, description="Of an account here")]
Because = Annotated[str, Meta(min_length=1, max_length=limits.TEXT_CHARS_MAX, description="Why it is closed")]
ItemId = Annotated[str, Meta(min_length=1, max_length=limits.CODE_CHARS_MAX, description="Of a record or a hit")]


class CaseList(Struct, frozen=True, kw_only=True):
    """The caller's own: open ones first, then the newest."""

    cases: tuple[Case, ...]


class Colleague(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody of this bureau."""

    login: Login


class Attached(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Your marking can only narrow its owner's."""

    kind: ItemKind
    item: ItemId
    marking: Marking = Marking()


class Closed(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Nothing is sent from it any more."""

    because: Because


def every(desks: Desks, asked: Asked[None]) -> CaseList:
    return CaseList(cases=tuple(desks.cases.every(asked.caller)))


def open_(desks: Desks, asked: Asked[NewCase]) -> Case:
    return desks.cases.open(asked.body, asked.caller)


def show(desks: Desks, asked: Asked[None]) -> WholeCase:
    return desks.cases.show(asked.id, asked.caller)


def admit(desks: Desks, asked: Asked[Colleague]) -> Case:
    return desks.cases.admit(asked.id, asked.body.login, asked.caller)


def dismiss(desks: Desks, asked: Asked[Colleague]) -> Case:
    return desks.cases.dismiss(asked.id, asked.body.login, asked.caller)


def refer(desks: Desks, asked: Asked[Reference]) -> Case:
    return desks.cases.refer(asked.id, asked.body, asked.caller)


def attach(desks: Desks, asked: Asked[Attached]) -> Item:
    body = asked.body
    return desks.cases.attach(asked.id, body.kind, body.item, body.marking, asked.caller)


def close(desks: Desks, asked: Asked[Closed]) -> Case:
    return desks.cases.close(asked.id, asked.body.because, asked.caller)


def reopen(desks: Desks, asked: Asked[None]) -> Case:
    return desks.cases.reopen(asked.id, asked.caller)


STEP = (NotPermitted, Missing, Conflict)

ROUTES = (
    Route(
        method="GET", template="/v1/cases", does="See your cases", act=every, answer=CaseList, refusals=(NotPermitted,)
    ),
    Route(
        method="POST",
        template="/v1/cases",
        does="Open a case; you are the first in it",
        act=open_,
        body=NewCase,
        answer=Case,
        example={
            "number": "AL-2031-7",
            "title": "Robbery at the ferry terminal",
            "category": "persons",
            "purpose": "criminal-investigation",
            "basis": "Code of criminal procedure, section 94",
        },
        refusals=(NotPermitted, Conflict),
    ),
    Route(
        method="GET",
        template="/v1/cases/{id}",
        does="See a case with all that lies in it",
        act=show,
        answer=WholeCase,
        refusals=(NotPermitted, Missing),
    ),
    Route(
        method="POST",
        template="/v1/cases/{id}/admit",
        does="Let a colleague into a case",
        act=admit,
        body=Colleague,
        answer=Case,
        example={"login": "dora"},
        refusals=STEP,
    ),
    Route(
        method="POST",
        template="/v1/cases/{id}/dismiss",
        does="Let somebody out of a case",
        act=dismiss,
        body=Colleague,
        answer=Case,
        example={"login": "dora"},
        refusals=STEP,
    ),
    Route(
        method="POST",
        template="/v1/cases/{id}/refer",
        does="Note under which number another bureau knows the matter",
        act=refer,
        body=Reference,
        answer=Case,
        example={"bureau": "bergenia", "number": "BE-9"},
        refusals=STEP,
    ),
    Route(
        method="POST",
        template="/v1/cases/{id}/attach",
        does="Put an own record, or a hit, into a case",
        act=attach,
        body=Attached,
        answer=Item,
        example={"kind": "hit", "item": "5c1b3f0e-0000-5000-8000-000000000001"},
        refusals=STEP,
    ),
    Route(
        method="POST",
        template="/v1/cases/{id}/close",
        does="Close a case",
        act=close,
        body=Closed,
        answer=Case,
        example={"because": "Sentenced on 3 May."},
        refusals=STEP,
    ),
    Route(
        method="POST",
        template="/v1/cases/{id}/reopen",
        does="Open a closed case again",
        act=reopen,
        answer=Case,
        refusals=STEP,
    ),
)
