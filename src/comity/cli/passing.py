"""`comity records pass` and what belongs to it: give a third party what an owner told us, and take it back."""

from typing import Annotated

import typer

from comity.cli.common import AsJson, Profile, bureau, print_json, print_table, tell
from comity.domain.passing import Passing
from comity.domain.purpose import Purpose

app = typer.Typer()
PassingId = Annotated[str, typer.Argument(help="As listed.", metavar="PASSING")]


@app.command(name="pass")
def pass_on(
    record: Annotated[str, typer.Argument(help="The record's id, as its finding names it.", metavar="RECORD")],
    profile: Profile,
    to: Annotated[str, typer.Option(help="The member that gets it.")],
    purpose: Annotated[Purpose, typer.Option(help="What it is used for there.")],
    case: Annotated[str, typer.Option(help="In which case.")],
) -> None:
    """Pass on what an owner told us of a record: with its consent in force where the law asks for one."""
    tell(_line(bureau(profile).further_use.pass_record(record, to=to, purpose=purpose, case=case)))


@app.command()
def passed(profile: Profile, as_json: AsJson = False) -> None:
    """What was passed on from here and to us, the newest first."""
    found = bureau(profile).further_use.passings()
    if as_json:
        print_json(found)
        return
    rows = [
        (one.id, one.record, one.owner, one.sender, one.recipient, one.purpose, one.state, one.until) for one in found
    ]
    heads = ("passing", "record", "owner", "from", "to", "purpose", "state", "until")
    print_table(heads, rows, "Nothing was passed on.")


@app.command()
def received(passing: PassingId, profile: Profile) -> None:
    """A record that was passed to us, as JSON; this is journalled."""
    print_json(bureau(profile).further_use.passing(passing))


@app.command(name="take-back")
def take_back(
    passing: PassingId, profile: Profile, why: Annotated[str, typer.Option(help="The receiver reads it.")]
) -> None:
    """Have the receiver erase what was passed on to it."""
    tell(_line(bureau(profile).further_use.take_back(passing, why)))


def _line(one: Passing) -> str:
    consent = f", by consent {one.consent}" if one.consent else ""
    return (
        f"{one.id}: {one.record} of {one.owner} passed to {one.recipient} for {one.purpose}, case {one.case}, until "
        f"{one.until}{consent}: {one.state}"
    )
