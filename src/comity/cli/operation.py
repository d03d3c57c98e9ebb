"""`comity operation`: joint operations of several bureaus, with tasks, a log and a report."""

from typing import Annotated

import typer

from comity.cli.case import CaseId
from comity.cli.common import AsJson, Profile, bureau, iso_day, print_json, tell
from comity.domain.operation import (
    Closed,
    Deed,
    Founded,
    Joined,
    Left,
    LogLine,
    Noted,
    Operation,
    TaskDone,
    TaskSet,
    WholeOperation,
)

app = typer.Typer(help="Work with several bureaus on one matter.", no_args_is_help=True)
OperationId = Annotated[str, typer.Argument(help="As listed.", metavar="OPERATION")]
Bureau = Annotated[str, typer.Argument(help="A member's name.", metavar="BUREAU")]
TaskName = Annotated[str, typer.Argument(help="A short name for the task.", metavar="TASK")]


@app.command()
def found(case: CaseId, name: Annotated[str, typer.Argument(metavar="NAME")], profile: Profile) -> None:
    """Found one from a case, as its lead; category, purpose and basis are the case's."""
    _told(bureau(profile).casework.found_operation(case, name))


@app.command(name="list")
def list_operations(profile: Profile, as_json: AsJson = False) -> None:
    """Newest first."""
    every = bureau(profile).casework.operations()
    if as_json:
        print_json(every)
        return
    for one in every:
        tell(_line(one))
    if not every:
        tell("No operations.")


@app.command()
def show(operation: OperationId, profile: Profile, as_json: AsJson = False) -> None:
    """One with its members, tasks and log; this is written down."""
    whole = bureau(profile).casework.operation(operation)
    if as_json:
        print_json(whole)
        return
    _told(whole)


@app.command()
def invite(
    operation: OperationId,
    member: Bureau,
    profile: Profile,
    shares_from: Annotated[
        int, typer.Option(help="From which number on it gets what was there before; 0: nothing of it.", min=0)
    ] = 0,
) -> None:
    """Lead: take a bureau in."""
    _told(bureau(profile).casework.write_to_log(operation, Joined(bureau=member), shares_from=shares_from))


@app.command()
def leave(operation: OperationId, member: Bureau, profile: Profile) -> None:
    """Leave it, or as the lead let a bureau go: it gets nothing newer."""
    _told(bureau(profile).casework.write_to_log(operation, Left(bureau=member)))


@app.command()
def note(operation: OperationId, text: Annotated[str, typer.Argument(metavar="TEXT")], profile: Profile) -> None:
    """Tell the others."""
    _told(bureau(profile).casework.write_to_log(operation, Noted(text=text)))


@app.command()
def task(
    operation: OperationId,
    name: TaskName,
    profile: Profile,
    title: Annotated[str, typer.Option(help="What is to be done.")],
    owner: Annotated[str, typer.Option(help="By which bureau.", metavar="BUREAU")],
    due: Annotated[str, typer.Option(help="Its last day, YYYY-MM-DD.", metavar="DAY")],
) -> None:
    """Set a task, or set it anew."""
    deed = TaskSet(task=name, title=title, owner=owner, due_on=iso_day(due, "--due"))
    _told(bureau(profile).casework.write_to_log(operation, deed))


@app.command()
def done(
    operation: OperationId,
    name: TaskName,
    profile: Profile,
    result: Annotated[str, typer.Option(help="What came of it.")],
) -> None:
    """Say that a task of yours is done."""
    _told(bureau(profile).casework.write_to_log(operation, TaskDone(task=name, result=result)))


@app.command()
def close(
    operation: OperationId, profile: Profile, report: Annotated[str, typer.Option(help="What came of all of it.")]
) -> None:
    """Lead: end it with a report."""
    _told(bureau(profile).casework.write_to_log(operation, Closed(report=report)))


@app.command()
def file(
    operation: OperationId, profile: Profile, case: Annotated[str, typer.Option(help="Your case.", metavar="CASE")]
) -> None:
    """Put an operation that others invited you to into a case."""
    _told(bureau(profile).casework.file_operation(operation, case))


def _line(one: Operation) -> str:
    name = one.about.name if one.about is not None else "not told yet"
    return f"{one.id}: {name}, led by {one.lead}, with {', '.join(one.members)}{' (closed)' if one.report else ''}"


def _told(whole: WholeOperation) -> None:
    operation = whole.operation
    tell(_line(operation))
    for one in operation.tasks:
        how = f"done: {one.result}" if one.result else f"due {one.due_on}"
        tell(f"  task {one.id}: {one.title} ({one.owner}, {how})")
    for line in whole.log:
        tell(f"  {line.number:>4}  {_entry(line)}")
    for entry in whole.pending:
        tell(f"     …  {_deed(entry.deed)} (on its way to {operation.lead})")
    if operation.report:
        tell(f"  report: {operation.report}")


def _entry(line: LogLine) -> str:
    if line.entry is None:
        return "(not for you)"
    entry = line.entry
    return f"{entry.written_at:%d %b %Y %H:%M} {entry.bureau}: {_deed(entry.deed)} [{line.word}]"


def _deed(deed: Deed) -> str:
    match deed:
        case Founded():
            return f"founded: {deed.about.name}"
        case Joined():
            return f"{deed.bureau} joined"
        case Left():
            return f"{deed.bureau} left"
        case Noted():
            return deed.text
        case TaskSet():
            return f"task {deed.task} for {deed.owner} by {deed.due_on}: {deed.title}"
        case TaskDone():
            return f"task {deed.task} done: {deed.result}"
        case Closed():
            return f"closed: {deed.report}"
