"""What the operator of a node watches: is it alive, is it ready, how much passes through it."""

from collections.abc import Callable, Mapping
from typing import Protocol

import msgspec
import structlog
from msgspec import Struct

from comity.domain.errors import Missing, Refusal
from comity.domain.health import Checked, Health
from comity.domain.journal import DISCLOSURES
from comity.web import routes
from comity.web.logs import LogFile, log_file
from comity.web.metrics import CONTENT_TYPE
from comity.web.refusals import refused
from comity.wire.http import Request, Response

# '' where all is well, else why not: in words that name no person and no record.
Check = Callable[[], str]

log = structlog.get_logger("comity.web")


class Measured(Protocol):
    def text(self) -> bytes: ...


class Watched(Struct, frozen=True):
    method: str
    template: str
    answer: "Callable[[WatchDoor, str], Response]"


class WatchDoor:
    """For the node's own machine, or whoever its operator lets in; it says nothing of persons and cases."""

    def __init__(
        self,
        checks: Mapping[str, Check],
        metrics: Measured,
        advice: Mapping[str, Check] | None = None,
        log_file: LogFile | None = None,
    ) -> None:
        """`advice` is as `checks`, of what does not keep the node from its work."""
        self.checks = checks
        self.advice = advice or {}
        self.log_file = log_file
        self.metrics = metrics

    def __call__(self, request: Request) -> Response:
        try:
            route, path = routes.find(ROUTES, request)
            return route.answer(self, path)
        except Refusal as refusal:
            return refused(refusal)

    def route_of(self, request: Request) -> str:
        """The template of a request's path."""
        return routes.template(ROUTES, request)

    def live(self) -> Response:
        """The node runs: it could answer this."""
        return _json(Health(ok=True, checks=()))

    def ready(self) -> Response:
        """The node can do its work: every check holds."""
        return _json(self.health())

    def health(self) -> Health:
        """Every check, done now."""
        checks = tuple(_checked(name, check) for name, check in self.checks.items())
        advised = (_checked(name, check) for name, check in self.advice.items())
        advice = tuple(f"{one.name}: {one.why}" for one in advised if not one.ok)
        return Health(ok=all(one.ok for one in checks), checks=checks, advice=advice)

    def disclosures(self, path: str) -> Response:
        """The journal as a log in tiles, for whoever the operator lets in: commitments, which tell of nobody."""
        if self.log_file is None:
            raise Missing("This node keeps no log.")
        return log_file(self.log_file, DISCLOSURES, path)

    def counts(self) -> Response:
        """All counters, as Prometheus reads them."""
        return Response(status=200, headers={"content-type": CONTENT_TYPE}, body=self.metrics.text())


ROUTES = (
    Watched("GET", "/health/live", lambda door, _: door.live()),
    Watched("GET", "/health/ready", lambda door, _: door.ready()),
    Watched("GET", "/metrics", lambda door, _: door.counts()),
    Watched("GET", "/logs/disclosures/{path}", WatchDoor.disclosures),
)


def _checked(name: str, check: Check) -> Checked:
    try:
        why = check()
    except Exception as broken:
        # A check that breaks is a check that fails. Its text may quote a record; its type does not.
        log.error("check-broke", check=name, error=type(broken).__qualname__)
        why = f"the check broke: {type(broken).__qualname__}"
    return Checked(name=name, ok=not why, why=why)


def _json(health: Health) -> Response:
    return Response(
        status=200 if health.ok else 503,
        headers={"content-type": "application/json"},
        body=msgspec.json.encode(health),
    )
