"""Refusals as HTTP answers (RFC 9457): the one place that knows which refusal has which status."""

import msgspec

from comity.domain import errors
from comity.domain.errors import Refusal
from comity.domain.problem import URN, Problem, read_problem, refusal_in
from comity.wire.http import Request, Response

CONTENT_TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = 2


class UnknownAddress(errors.Missing):
    """No door has this path."""

    code = "unknown-address"


class WrongMethod(errors.Invalid):
    """The address is right, the method is not. `allowed` goes into the Allow field."""

    code = "wrong-method"

    def __init__(self, request: Request, allowed: tuple[str, ...]) -> None:
        super().__init__(f"{request.method} is not done here.", do=f"Use {' or '.join(allowed)}.")
        self.allowed = allowed


class WrongContentType(errors.Invalid):
    """The body is in a form that is not read here."""

    code = "wrong-content-type"


class RangeNotSatisfiable(errors.Invalid):
    """The bytes that are asked for are not there."""

    code = "range-not-satisfiable"


class ChecksumMismatch(errors.Invalid):
    """A part came otherwise than it left."""

    code = "checksum-mismatch"


class TooSlow(errors.Invalid):
    """The request did not arrive in time."""

    code = "too-slow"


class HeadersTooLarge(errors.TooLarge):
    """The header fields are over their limit."""


# refusal: (status, title). A class that is not here has the entry of the class above it.
STATUSES: dict[type[Refusal], tuple[int, str]] = {
    errors.Invalid: (400, "The request is not well formed."),
    errors.Unauthenticated: (401, "Nobody we know said this."),
    errors.Replayed: (401, "This was said before, or too late."),
    errors.NotPermitted: (403, "The law or the role does not allow it."),
    errors.Missing: (404, "There is no such thing here."),
    UnknownAddress: (404, "There is no such address."),
    WrongMethod: (405, "This is not done here."),
    errors.Conflict: (409, "The thing stands otherwise."),
    errors.Unproved: (422, "The proof does not prove it."),
    errors.TooLarge: (413, "Over a limit."),
    TooSlow: (408, "The request did not arrive in time."),
    HeadersTooLarge: (431, "Over a limit."),
    WrongContentType: (415, "This form is not read here."),
    RangeNotSatisfiable: (416, "These bytes are not there."),
    ChecksumMismatch: (460, "A part came otherwise than it left."),
    errors.Unavailable: (503, "Not now."),
    Refusal: (400, "Refused."),
}
FAULT_CODE = "fault"


def status_of(kind: type[Refusal]) -> tuple[int, str]:
    """The status and title of a class of refusal."""
    return next(STATUSES[one] for one in kind.__mro__ if one in STATUSES)


def problem_of(refusal: Refusal) -> Problem:
    """The document that tells a refusal."""
    status, title = status_of(type(refusal))
    return Problem(
        type=URN + refusal.code,
        title=title,
        status=status,
        detail=refusal.what,
        do=refusal.do,
        where=refusal.where,
        clauses=refusal.clauses,
    )


def refused(refusal: Refusal) -> Response:
    """The answer that tells a refusal."""
    headers = {"content-type": CONTENT_TYPE}
    if isinstance(refusal, errors.Unauthenticated):
        headers["www-authenticate"] = 'Bearer realm="comity"'
    if isinstance(refusal, errors.Unavailable):
        headers["retry-after"] = str(RETRY_AFTER_SECONDS)
    if isinstance(refusal, WrongMethod):
        headers["allow"] = ", ".join(refusal.allowed)
    problem = problem_of(refusal)
    return Response(status=problem.status, headers=headers, body=msgspec.json.encode(problem))


def fault(incident: str) -> Response:
    """The answer where the node itself is at fault: nothing but the number under which its log has it."""
    problem = Problem(
        type=URN + FAULT_CODE,
        title="A fault of this node.",
        status=500,
        detail="The node could not answer. What was asked may or may not have been done.",
        do="Look whether it was done before you ask again; tell the node's operator the incident.",
        incident=incident,
    )
    return Response(status=500, headers={"content-type": CONTENT_TYPE}, body=msgspec.json.encode(problem))


def code_of(response: Response) -> str:
    """The code of the refusal that an answer carries, or '' where it is none."""
    if response.status < 400 or response.headers.get("content-type") != CONTENT_TYPE:
        return ""
    problem = read_problem(response.body)
    return problem.code if problem else ""


def refusal_of(response: Response) -> Refusal:
    """The refusal that an answer carries, as an exception of the class that was raised at the other end."""
    return refusal_in(response.body, response.status)
