"""The officers' door: who asks, what they ask, which desk answers."""

import re
from functools import cache
from typing import Any

import msgspec
from msgspec import Struct

from comity.domain import limits
from comity.domain.caller import Caller
from comity.domain.errors import Invalid, Refusal, Unauthenticated
from comity.domain.site import site_of
from comity.web import routes
from comity.web.officer import (
    batches,
    bodies,
    cases,
    consents,
    files,
    hits,
    incidents,
    links,
    lookups,
    mail,
    me,
    openapi,
    operations,
    overrides,
    oversight,
    passings,
    proofs,
    rights,
    spot_checks,
    watches,
)
from comity.web.officer.events import CONTENT_TYPE, EventAddress, EventStream, EventStreams
from comity.web.officer.files import FileRoute
from comity.web.officer.needs import Desks
from comity.web.officer.route import Asked, Route
from comity.web.refusals import refused
from comity.wire.http import Request, Response

BEHALF_FIELD = "comity-on-behalf-of"

# RFC 6750, section 2.1
BEARER = re.compile(r"bearer +(?P<token>[A-Za-z0-9._~+/-]{1,512}=*)", re.IGNORECASE)


class Description(Struct, frozen=True):
    """Where this door describes itself; open to everyone, for it tells nothing of this node."""

    method: str = "GET"
    template: str = "/openapi.json"


ROUTES: tuple[Route[Any], ...] = (
    *lookups.ROUTES,
    *hits.ROUTES,
    *batches.ROUTES,
    *watches.ROUTES,
    *links.ROUTES,
    *cases.ROUTES,
    *mail.ROUTES,
    *proofs.ROUTES,
    *files.ROUTES,
    *passings.ROUTES,
    *consents.ROUTES,
    *overrides.ROUTES,
    *rights.ROUTES,
    *incidents.ROUTES,
    *operations.ROUTES,
    *oversight.ROUTES,
    *spot_checks.ROUTES,
    *me.ROUTES,
)
EVERY: tuple[Route[Any] | FileRoute | Description | EventAddress, ...] = (
    *ROUTES,
    *files.FILE_ROUTES,
    EventAddress(),
    Description(),
)


class OfficerDoor:
    """A request in, one desk's answer out; every refusal as a problem document."""

    def __init__(self, desks: Desks) -> None:
        self.desks = desks
        self.description = _description()
        self.streams = EventStreams(desks.events)

    def __call__(self, request: Request) -> Response:
        try:
            if self.route_of(request) == EventAddress().template:
                return self._first_events(request)
            return self._answer(request)
        except Refusal as refusal:
            return refused(refusal)

    def stream(self, request: Request) -> EventStream | None:
        """The stream that a request asks for; None where it asks for something else. Raises every refusal."""
        if self.route_of(request) != EventAddress().template:
            return None
        routes.find(EVERY, request)
        bodies.no_body(request)
        token, behalf = _bearer(request), _behalf(request, None)
        return self.streams.opened(request, lambda: self._caller(request, token, behalf))

    def _first_events(self, request: Request) -> Response:
        """What is there already, to whoever cannot be held on to: the same stream, cut off; it may ask again."""
        stream = self.stream(request)
        assert stream is not None
        try:
            return Response(status=200, headers={"content-type": CONTENT_TYPE}, body=stream.next())
        finally:
            stream.close()

    def route_of(self, request: Request) -> str:
        """The template of a request's path."""
        return routes.template(EVERY, request)

    def _answer(self, request: Request) -> Response:
        route, hit_id = routes.find(EVERY, request)
        if isinstance(route, FileRoute):
            return self._file(route, hit_id, request)
        if not isinstance(route, Route):
            bodies.no_body(request)
            return _json(self.description)
        token = _bearer(request)
        body = _body(request, route)
        caller = self._caller(request, token, _behalf(request, body))
        return _json(msgspec.json.encode(route.act(self.desks, Asked(caller=caller, id=hit_id, body=body))))

    def _caller(self, request: Request, token: str, behalf: str) -> Caller:
        caller = self.desks.accounts.caller(token, behalf)
        site = site_of(request.came_from, self.desks.sites)
        return msgspec.structs.replace(caller, site=site) if site else caller

    def _file(self, route: FileRoute, one_id: str, request: Request) -> Response:
        token = _bearer(request)
        if not route.takes:
            bodies.no_body(request)
        return route.act(self.desks, self._caller(request, token, _behalf(request, None)), one_id, request)


@cache
def _description() -> bytes:
    """The same for every node of this release: worked out once."""
    return msgspec.json.encode(openapi.description(ROUTES, EventAddress().template, files.FILE_ROUTES))


def _bearer(request: Request) -> str:
    found = BEARER.fullmatch(request.headers.get("authorization", ""))
    if found is None:
        raise Unauthenticated("There is no token.", where="authorization", do="Send Authorization: Bearer TOKEN.")
    return found["token"]


def _body(request: Request, route: Route[Any]) -> Struct | None:
    if route.body is None:
        bodies.no_body(request)
        return None
    body: Struct = bodies.read(request, route.body)
    return body


def _behalf(request: Request, body: Struct | None) -> str:
    """For whom a system asks: in the body of a lookup, else in a field. Raises Invalid where the two differ."""
    by_field, by_body = request.headers.get(BEHALF_FIELD, ""), getattr(body, "on_behalf_of", "")
    if len(by_field) > limits.CODE_CHARS_MAX:
        raise Invalid(f"Over {limits.CODE_CHARS_MAX} characters.", where=BEHALF_FIELD, do="Send the officer's id.")
    if by_field and by_body and by_field != by_body:
        raise Invalid("Body and field name different officers.", where="on_behalf_of", do="Name one.")
    return by_body or by_field


def _json(body: bytes) -> Response:
    return Response(status=200, headers={"content-type": "application/json"}, body=body)
