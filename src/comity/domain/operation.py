"""A joint operation of several bureaus: a log that its lead puts in order, and what follows from it."""

import hashlib
from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import replace

from comity.domain import limits
from comity.domain.collection import Category
from comity.domain.dates import Moment
from comity.domain.mail import Language, Message, Urgency
from comity.domain.marking import Marking
from comity.domain.purpose import Purpose

Code = Annotated[str, Meta(min_length=1, max_length=limits.CODE_CHARS_MAX)]
Line = Annotated[str, Meta(min_length=1, max_length=limits.NAME_CHARS_MAX)]
Text = Annotated[str, Meta(min_length=1, max_length=limits.MESSAGE_CHARS_MAX)]
Number = Annotated[int, Meta(ge=1, le=limits.OPERATION_ENTRIES_MAX)]


class OperationAbout(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What it is about; the law decides by it."""

    name: Line
    category: Category
    purpose: Purpose
    basis: Line


class Founded(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="deed", tag="founded"):
    """The lead begins it."""

    about: OperationAbout


class Joined(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="deed", tag="joined"):
    """The lead takes a bureau in."""

    bureau: Code


class Left(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="deed", tag="left"):
    """A bureau leaves, or the lead lets it go. It gets nothing newer."""

    bureau: Code


class Noted(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="deed", tag="noted"):
    """What a bureau tells the others."""

    text: Text
    language: Language = "en"


class TaskSet(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="deed", tag="task-set"):
    """A task with the bureau that owns it and its last day; set again, it is as it was set last."""

    task: Code
    title: Line
    owner: Code
    due_on: date


class TaskDone(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="deed", tag="task-done"):
    """Its owner, or the lead, says what came of it."""

    task: Code
    result: Line


class Closed(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="deed", tag="closed"):
    """The lead ends it with a report."""

    report: Text


Deed = Founded | Joined | Left | Noted | TaskSet | TaskDone | Closed
# Without these nobody could say who is in it: every member gets them whatever else it gets.
STRUCTURE = (Founded, Joined, Left)
OF_THE_LEAD = (Founded, Joined, Closed)


class OperationEntry(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One line of the log, as its bureau wrote it. `nonce`: random, so that its digest tells nothing of it."""

    id: Code
    operation: Code
    bureau: Code
    unit: Annotated[str, Meta(max_length=limits.CODE_CHARS_MAX)] = ""
    nonce: Code
    marking: Marking = Marking()
    deed: Deed
    written_at: Moment

    def digest(self) -> str:
        """SHA-256 (hex): what a bureau vouches for to the others, beside the lead that passes the entry on."""
        return hashlib.sha256(msgspec.json.encode(self, order="sorted")).hexdigest()


class Ordered(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """An entry at its place in the log, from the lead. None: there is one, and it is not for whoever gets this."""

    operation: Code
    number: Number
    entry: OperationEntry | None = None


class Vouch(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A bureau's own word that the entry at that place is the one that it wrote."""

    operation: Code
    number: Number
    digest: Code


class Word(StrEnum):
    """Whose word it is that an entry is as it stands in the log."""

    OWN = "own"  # signed to us by whoever wrote it, or written here
    VOUCHED = "vouched"  # passed on by the lead, and its writer says the same
    LEAD = "lead"  # passed on by the lead; its writer has not said so yet
    DISPUTED = "disputed"  # its writer says that it wrote something else


class LogLine(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    number: int
    word: Word
    entry: OperationEntry | None = None


class Task(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """As the log has it."""

    id: str
    title: str
    owner: str
    due_on: date
    result: str = ""


class OperationHead(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """An operation in this bureau's files. `case`: whose people see it; '' while it lies with the duty desk."""

    id: str
    lead: str
    case: str = ""
    known_at: Moment


class Operation(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What follows from the log up to `number`: the same at everyone who has the same entries."""

    id: str
    lead: str
    number: int = 0
    about: OperationAbout | None = None
    members: tuple[str, ...] = ()
    tasks: tuple[Task, ...] = ()
    report: str = ""

    def refuses(self, entry: OperationEntry) -> str:
        """Why an entry has no effect here; '' where it has one."""
        deed, by_lead = entry.deed, entry.bureau == self.lead
        if isinstance(deed, Founded):
            return "" if by_lead and self.about is None else "it is founded once, by its lead"
        if self.about is None or entry.bureau not in self.members:
            return f"{entry.bureau} is not in it"
        if self.report:
            return "it is closed"
        if isinstance(deed, OF_THE_LEAD) and not by_lead:
            return "only its lead does that"
        return self._refuses_in_it(entry.bureau, deed)

    def _refuses_in_it(self, bureau: str, deed: Deed) -> str:
        match deed:
            case Joined():
                return f"{deed.bureau} is in it" if deed.bureau in self.members else ""
            case Left():
                if deed.bureau == self.lead or deed.bureau not in self.members:
                    return f"{deed.bureau} cannot leave it"
                return "" if bureau in (self.lead, deed.bureau) else "only its lead lets others go"
            case TaskSet():
                return "" if deed.owner in self.members else f"{deed.owner} is not in it"
            case TaskDone():
                task = next((one for one in self.tasks if one.id == deed.task), None)
                owns = task is not None and bureau in (self.lead, task.owner)
                return "" if owns else "the task is not theirs"
        return ""

    def after(self, ordered: Ordered) -> "Operation":
        """With the next entry of the log. One that has no effect, or is withheld, only counts."""
        entry, counted = ordered.entry, replace(self, number=ordered.number)
        if entry is None or self.refuses(entry):
            return counted
        deed = entry.deed
        match deed:
            case Founded():
                return replace(counted, about=deed.about, members=(self.lead,))
            case Joined():
                return replace(counted, members=(*self.members, deed.bureau))
            case Left():
                return replace(counted, members=tuple(one for one in self.members if one != deed.bureau))
            case TaskSet():
                task = Task(id=deed.task, title=deed.title, owner=deed.owner, due_on=deed.due_on)
                return replace(counted, tasks=(*(one for one in self.tasks if one.id != deed.task), task))
            case TaskDone():
                done = (replace(one, result=deed.result) if one.id == deed.task else one for one in self.tasks)
                return replace(counted, tasks=tuple(done))
            case Closed():
                return replace(counted, report=deed.report)
        return counted


class WholeOperation(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An operation as this bureau knows it, with its log; `pending` was written here and is not in order yet."""

    head: OperationHead
    operation: Operation
    log: tuple[LogLine, ...]
    pending: tuple[OperationEntry, ...]


def standing(head: OperationHead, log: Iterable[Ordered]) -> Operation:
    """What follows from the entries of a log that come without a gap, from the first on."""
    found = Operation(id=head.id, lead=head.lead)
    for ordered in log:
        if ordered.number != found.number + 1:
            break
        found = found.after(ordered)
    return found


def as_message(about: OperationAbout, entry: OperationEntry, members: Iterable[str]) -> Message:
    """An entry as the law looks at it: like a message of its bureau to each of the others."""
    return Message(
        id=entry.id,
        thread=entry.operation,
        sender=entry.bureau,
        recipients=tuple(members),
        case=entry.operation,
        subject=about.name,
        category=about.category,
        purpose=about.purpose,
        basis=about.basis,
        urgency=Urgency.ROUTINE,
        asks=False,
        marking=entry.marking,
        language="en",
        text=_free_text(entry.deed),
        written_at=entry.written_at,
    )


def _free_text(deed: Deed) -> str:
    match deed:
        case Noted():
            return deed.text
        case TaskSet():
            return deed.title
        case TaskDone():
            return deed.result
        case Closed():
            return deed.report
    return ""
