"""Security incidents: any officer reports one at once."""

from typing import Annotated

from msgspec import Meta, Struct

from comity.domain import limits
from comity.domain.dates import Moment
from comity.domain.errors import NotPermitted
from comity.domain.incident import IncidentKind, IncidentState
from comity.web.officer.needs import Desks
from comity.web.officer.route import Asked, Route


class Reported(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`known_at`: since when it is known; now, where it is left out."""

    kind: IncidentKind
    what: Annotated[str, Meta(min_length=1, max_length=limits.TEXT_CHARS_MAX)]
    known_at: Moment | None = None


class ReportTaken(Struct, frozen=True, kw_only=True):
    """Under which id people deal with it."""

    id: str
    state: IncidentState
    known_at: Moment


def report(desks: Desks, asked: Asked[Reported]) -> ReportTaken:
    said = asked.body
    taken = desks.incidents.report(said.kind, said.what, said.known_at, asked.caller)
    return ReportTaken(id=taken.id, state=taken.state, known_at=taken.known_at)


ROUTES = (
    Route(
        method="POST",
        template="/v1/incidents",
        does="Report a security incident",
        act=report,
        body=Reported,
        answer=ReportTaken,
        example={"kind": "stolen-key", "what": "My laptop was stolen."},
        refusals=(NotPermitted,),
    ),
)
