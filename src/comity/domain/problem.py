"""A refusal as it is written down and read back: the problem document of RFC 9457."""

import msgspec
from msgspec import Struct

from comity.domain import errors
from comity.domain.errors import Refusal

URN = "urn:comity:refusal:"

_CODED: tuple[type[Refusal], ...] = (
    errors.Invalid,
    errors.Unauthenticated,
    errors.Replayed,
    errors.NotPermitted,
    errors.Missing,
    errors.Conflict,
    errors.TooLarge,
    errors.Unproved,
    errors.Unavailable,
)
# code: the class that is raised where the document is read
BY_CODE = {one.code: one for one in _CODED}
BY_CODE["unknown-address"] = errors.Missing  # what an older node says of an address that it does not have yet


class Problem(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Why it was not done and what to do next. What a later version may add is not read (RFC 9457, section 3.2)."""

    type: str  # urn:comity:refusal:CODE
    title: str
    status: int
    detail: str = ""
    do: str = ""  # the way out
    where: str = ""  # the field or line
    clauses: tuple[str, ...] = ()  # the legal clauses that decided
    incident: str = ""  # by which the operator finds a fault of the node in its log

    @property
    def code(self) -> str:
        return self.type.removeprefix(URN)


def read_problem(data: bytes) -> Problem | None:
    """The document in these bytes; None where they are none."""
    try:
        return msgspec.json.decode(data, type=Problem)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def refusal_in(data: bytes, status: int) -> Refusal:
    """The refusal that an answer with this status carried, of the class that raised it there.

    What is no problem document, or has an unknown code, becomes Invalid where the asker was at fault (4xx), else
    Unavailable.
    """
    problem = read_problem(data)
    fallback = errors.Invalid if 400 <= status < 500 else errors.Unavailable
    if problem is None:
        return fallback(f"The node answered with status {status} and no reason.", do="Ask the node's operator.")
    kind = BY_CODE.get(problem.code, fallback)
    what = problem.detail or problem.title
    do = f"{problem.do} (incident {problem.incident})" if problem.incident else problem.do
    return kind(what, do=do, where=problem.where, clauses=problem.clauses)
