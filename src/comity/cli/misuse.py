"""`comity misuse`: scan the journal for what is unusual, look at alarms, find or dismiss with a reason."""

from typing import Annotated

import typer

from comity.cli.at_node import bearer, opened
from comity.cli.common import AsJson, NodeFolder, Token, print_json, print_table, tell
from comity.domain.journal import Opening
from comity.domain.misuse import AlarmState, MisuseAlarm
from comity.law.words import count

app = typer.Typer(help="Alarms of misuse: scan the journal, review what is unusual.", no_args_is_help=True)
AlarmId = Annotated[str, typer.Argument(help="As listed by alarms.", metavar="ALARM")]
Record = Annotated[str, typer.Argument(help="The id of an own record.", metavar="RECORD")]
Why = Annotated[str, typer.Option("--why", help="What decided it; kept with the alarm.")]


@app.command()
def scan(
    node: NodeFolder,
    weeks: Annotated[int, typer.Option(help="How many ended weeks are judged; all of a year are compared.")] = 4,
    as_json: AsJson = False,
) -> None:
    """Compare each officer's weeks with their peers', and raise an alarm for the most unusual."""
    with opened(node) as (here, operator):
        found = here.misuse.scan(operator, weeks)
        if as_json:
            print_json(found)
            return
        read = f"{found.entries:,} entries of {count(found.officers, 'officer')} read"
        tell(f"{read}, {count(found.weeks, 'week')} compared; alarms from {found.threshold} on")
        tell(f"{count(len(found.raised), 'alarm')} raised; {found.learned_from} reviewed before were learned from")
        for one in found.raised:
            tell(_line(one))


@app.command()
def alarms(
    node: NodeFolder,
    token: Token,
    state: Annotated[
        list[AlarmState] | None, typer.Option("--state", help="Repeat for several; the undecided if not given.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """What nobody has decided on, the newest first; none about oneself. This is journalled."""
    with opened(node) as (here, _):
        found = here.misuse.alarms(state or [], bearer(here, token))
        if as_json:
            print_json(found)
            return
        rows = [(one.id, one.state, one.officer, one.unit, one.week, one.score, _first(one)) for one in found]
        print_table(("alarm", "state", "officer", "unit", "week of", "score", "first sign"), rows, "No alarms.")


@app.command()
def show(alarm: AlarmId, node: NodeFolder, token: Token, as_json: AsJson = False) -> None:
    """Why it was raised, and the officer's entries of that week; who looked at it is kept and journalled."""
    with opened(node) as (here, _):
        found, openings = here.misuse.show(alarm, bearer(here, token))
        if as_json:
            print_json({"alarm": found, "entries": openings})
            return
        tell(_line(found))
        for sign in found.signs:
            tell(f"    {sign.score:5.2f}  {sign.oddity}: {sign.told}")
        if found.why:
            proposed, decided = found.proposed_by or "nobody", found.decided_by or "nobody"
            tell(f"    proposed by {proposed}, decided by {decided}: {found.why}")
        for one in openings:
            tell(_act(one))


@app.command()
def propose(alarm: AlarmId, node: NodeFolder, token: Token, why: Why) -> None:
    """It was misuse: the first person's word. Nothing follows until a second one confirms it."""
    with opened(node) as (here, _):
        tell(_line(here.misuse.propose(alarm, why, bearer(here, token))))


@app.command()
def confirm(alarm: AlarmId, node: NodeFolder, token: Token) -> None:
    """It was misuse: the second person's word."""
    with opened(node) as (here, _):
        tell(_line(here.misuse.confirm(alarm, bearer(here, token))))


@app.command()
def dismiss(alarm: AlarmId, node: NodeFolder, token: Token, why: Why) -> None:
    """It was lawful. Later scans weigh such weeks less."""
    with opened(node) as (here, _):
        tell(_line(here.misuse.dismiss(alarm, why, bearer(here, token))))


@app.command(name="place-honey")
def place_honey(record: Record, node: NodeFolder, token: Token) -> None:
    """Whoever is shown this own record has an alarm; the record must be of somebody who does not exist."""
    with opened(node) as (here, _):
        here.misuse.place_honey(record, bearer(here, token))
        tell("Placed; the journal does not say which record it is.")


@app.command(name="remove-honey")
def remove_honey(record: Record, node: NodeFolder, token: Token) -> None:
    """It is a record like any other again."""
    with opened(node) as (here, _):
        here.misuse.remove_honey(record, bearer(here, token))
        tell("Removed.")


def _line(one: MisuseAlarm) -> str:
    return f"{one.id}  {one.state}  {one.officer} ({one.unit})  week of {one.week:%d %b %Y}  {one.score:.2f}"


def _first(one: MisuseAlarm) -> str:
    return one.signs[0].told if one.signs else ""


def _act(opening: Opening) -> str:
    entry = opening.entry
    told = "; ".join(
        text for text in (entry.purpose, entry.case, entry.outcome, str(entry.details.get("query", ""))) if text
    )
    return f"    {opening.index}  {entry.at:%a %H:%M:%S}  {entry.act}  {told}"
