"""Joint operations of several bureaus: tasks, log, report."""

from typing import Annotated

from msgspec import Meta, Struct

from comity.domain import limits
from comity.domain.errors import Conflict, Missing, NotPermitted
from comity.domain.marking import Marking
from comity.domain.operation import Deed, Line, Operation, WholeOperation
from comity.web.officer.mail import Filed
from comity.web.officer.needs import Desks
from comity.web.officer.route import Asked, Route


class NewOperation(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Category, purpose and basis are those of the case."""

    name: Line


class LogEntry(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """With `joined`: from which number on the newcomer gets what was there before; 0: nothing of it."""

    deed: Deed
    marking: Marking = Marking()
    shares_from: Annotated[int, Meta(ge=0, le=limits.OPERATION_ENTRIES_MAX)] = 0


class OperationList(Struct, frozen=True, kw_only=True):
    """Newest first."""

    operations: tuple[Operation, ...]


def every(desks: Desks, asked: Asked[None]) -> OperationList:
    return OperationList(operations=tuple(desks.operations.every(asked.caller)))


def found(desks: Desks, asked: Asked[NewOperation]) -> WholeOperation:
    return desks.operations.found(asked.id, asked.body.name, asked.caller)


def show(desks: Desks, asked: Asked[None]) -> WholeOperation:
    return desks.operations.show(asked.id, asked.caller)


def write(desks: Desks, asked: Asked[LogEntry]) -> WholeOperation:
    body = asked.body
    return desks.operations.write(asked.id, body.deed, body.marking, body.shares_from, asked.caller)


def file(desks: Desks, asked: Asked[Filed]) -> WholeOperation:
    return desks.operations.file(asked.id, asked.body.case, asked.caller)


STEP = (NotPermitted, Missing, Conflict)

ROUTES = (
    Route(
        method="GET",
        template="/v1/operations",
        does="See the joint operations of your cases, and at the duty desk those that are not filed yet",
        act=every,
        answer=OperationList,
        refusals=(NotPermitted,),
    ),
    Route(
        method="POST",
        template="/v1/cases/{id}/operations",
        does="Found a joint operation from a case, as its lead",
        act=found,
        body=NewOperation,
        answer=WholeOperation,
        example={"name": "Ferry"},
        refusals=STEP,
    ),
    Route(
        method="GET",
        template="/v1/operations/{id}",
        does="See an operation with its tasks and log",
        act=show,
        answer=WholeOperation,
        refusals=(NotPermitted, Missing),
    ),
    Route(
        method="POST",
        template="/v1/operations/{id}/log",
        does="Put something into its log: take a bureau in, let it go, set a task, say it is done, tell, close",
        act=write,
        body=LogEntry,
        answer=WholeOperation,
        example={"deed": {"deed": "noted", "text": "The car stands at pier 4.", "language": "en"}},
        refusals=STEP,
    ),
    Route(
        method="POST",
        template="/v1/operations/{id}/file",
        does="File an operation that others invited you to into a case",
        act=file,
        body=Filed,
        answer=WholeOperation,
        example={"case": "01990000-0000-7000-8000-000000000001"},
        refusals=STEP,
    ),
)
