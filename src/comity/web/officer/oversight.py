"""Oversight at the officers' door: the journal searched, and what a person may be told of it."""

from typing import Annotated

from msgspec import Meta, Struct

from comity.domain import limits
from comity.domain.errors import Invalid, NotPermitted, TooLarge, Unavailable
from comity.domain.lookup import Query
from comity.domain.oversight import Criteria, FoundOpenings, ToldOf
from comity.web.officer.needs import Desks
from comity.web.officer.route import Asked, Route

Why = Annotated[str, Meta(min_length=1, max_length=limits.TEXT_CHARS_MAX)]


class OpeningsSought(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the entries must say, and why somebody wants to know: that is journalled with it."""

    criteria: Criteria
    why: Why
    after: int = -1  # entries after this index
    limit: Annotated[int, Meta(ge=1, le=limits.OPENINGS_SHOWN_MAX)] = 100


class DisclosuresSought(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whom it concerns, and the number of that person's own request."""

    concerning: Query
    request: Why


def search(desks: Desks, asked: Asked[OpeningsSought]) -> FoundOpenings:
    said = asked.body
    return desks.oversight.search(said.criteria, said.why, asked.caller, said.after, said.limit)


def disclosures(desks: Desks, asked: Asked[DisclosuresSought]) -> ToldOf:
    return desks.disclosures.of(asked.body.concerning, asked.body.request, asked.caller)


REFUSALS = (Invalid, NotPermitted, TooLarge, Unavailable)
PERSON = {"kind": "person", "name": "Ivan Sorokin", "birth": "1971-03-09"}

ROUTES = (
    Route(
        method="POST",
        template="/v1/oversight/search",
        does="As one who watches over the bureau: entries of the journal that say all of it, as far as your role may",
        act=search,
        body=OpeningsSought,
        answer=FoundOpenings,
        example={"criteria": {"concerning": PERSON, "first_day": "2031-01-01"}, "why": "complaint 7 of 2031"},
        refusals=REFUSALS,
    ),
    Route(
        method="POST",
        template="/v1/oversight/disclosures",
        does="As the data-protection officer: what was told about a person, to whom, when, under which clause",
        act=disclosures,
        body=DisclosuresSought,
        answer=ToldOf,
        example={"concerning": PERSON, "request": "SAR-2031-7"},
        refusals=REFUSALS,
    ),
)
