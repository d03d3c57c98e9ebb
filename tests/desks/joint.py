"""A joint operation of Aldova, Bergenia and Corvia on stolen cars, as tests begin with it."""

from datetime import date

from comity.domain.caller import Caller
from comity.domain.collection import Category
from comity.domain.marking import Marking
from comity.domain.operation import Deed, Joined, Noted, Operation, TaskDone, TaskSet, WholeOperation
from comity.testing.federation import ALDOVA, BERGENIA, CORVIA, Federation
from tests.desks.casework import duty, opened

TASK = TaskSet(task="watch", title="Watch the pier", owner=BERGENIA, due_on=date(2031, 5, 3))
DONE = TaskDone(task="watch", result="Nobody came.")


def caller(federation: Federation, node: str) -> Caller:
    return {ALDOVA: federation.cast["ada"], BERGENIA: federation.cast["ben"], CORVIA: duty(CORVIA)}[node]


def founded_by_aldova(federation: Federation) -> str:
    case = opened(federation, category=Category.VEHICLES)
    return federation[ALDOVA].operations.found(case.id, "Ferry", federation.cast["ada"]).head.id


def write(federation: Federation, node: str, operation: str, deed: Deed, shares_from: int = 0) -> WholeOperation:
    return federation[node].operations.write(operation, deed, Marking(), shares_from, caller(federation, node))


def joint(federation: Federation, *members: str) -> str:
    """Founded by Aldova, and these have joined."""
    operation = founded_by_aldova(federation)
    for member in members or (BERGENIA, CORVIA):
        write(federation, ALDOVA, operation, Joined(bureau=member))
    federation.post()
    return operation


def note(text: str) -> Noted:
    return Noted(text=text)


def seen(federation: Federation, node: str, operation: str) -> WholeOperation:
    return federation[node].operations.show(operation, caller(federation, node))


def stands(federation: Federation, node: str, operation: str) -> Operation:
    return seen(federation, node, operation).operation


def texts(federation: Federation, node: str, operation: str) -> list[str | None]:
    """What each line of the log says at a node; None where it is not for it."""
    return [told(one.entry.deed) if one.entry is not None else None for one in seen(federation, node, operation).log]


def told(deed: Deed) -> str:
    match deed:
        case Noted():
            return deed.text
        case Joined():
            return f"+{deed.bureau}"
    return str(deed.__struct_config__.tag)
