"""`comity member`: bring a bureau into a federation by comparing fingerprints, see who is in it and how each stands."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from comity.cli.at_node import bearer, opened
from comity.cli.common import AsJson, NodeFolder, Token, iso_day, must_be_new, print_json, read, tell, write_new
from comity.domain.bureau import Measure, Standing
from comity.domain.bureau import Member as Line
from comity.domain.collection import Category
from comity.domain.measure import FiledMeasure, MeasureState
from comity.nodes import enrolment

app = typer.Typer(help="Invite, join, approve and list members; take measures against them.", no_args_is_help=True)
Member = Annotated[str, typer.Argument(help="Its short name.", metavar="NAME")]
OutFile = Annotated[Path, typer.Option("--out", help="The file to write.", metavar="FILE")]
Fingerprint = Annotated[str, typer.Option(help="As the other side's people read it to you by telephone.")]
Reason = Annotated[str, typer.Option(help="Every member reads it.")]
DecidedBy = Annotated[str, typer.Option(help="The office or body that decided, and under which number.")]
From = Annotated[str, typer.Option("--from", help="First day, YYYY-MM-DD (UTC); today if left out.", metavar="DAY")]
Until = Annotated[str, typer.Option("--until", help="Last day; until it is restored if left out.", metavar="DAY")]
OneMember = Annotated[str, typer.Argument(help="Of this member alone.", metavar="NAME")]
MeasureId = Annotated[str, typer.Argument(help="As printed when it was proposed.", metavar="MEASURE")]


@app.command()
def invite(
    member: Member,
    node: NodeFolder,
    out_file: OutFile,
    country: Annotated[str, typer.Option(help="Its country, two letters; it can come in for no other.")],
) -> None:
    """At the hub: write the invitation that goes to one bureau."""
    must_be_new(out_file)
    with opened(node) as (hub, operator):
        data = enrolment.invitation(node, hub.members, hub.keys.node, member, country, operator)
        write_new(out_file, data)
        tell(f"invitation for {member} written to {out_file}; send it, and read this to its people by telephone:")
        tell(f"fingerprint of {hub.here.node}  {hub.fingerprint}")


@app.command()
def join(
    invitation: Annotated[Path, typer.Argument(help="The file from the hub.")],
    node: NodeFolder,
    fingerprint: Fingerprint,
    out_file: OutFile,
) -> None:
    """At the bureau: check the hub's fingerprint, then write the request that goes back to the hub."""
    must_be_new(out_file)
    with opened(node) as (bureau, operator):
        request = enrolment.membership_request(
            node, bureau.members, read(invitation), fingerprint, bureau.keys.root, bureau.clock(), operator
        )
        write_new(out_file, request)
        tell(f"request written to {out_file}; send it to the hub, and read this to its people by telephone:")
        tell(f"fingerprint of {bureau.here.node}  {bureau.fingerprint}")


@app.command()
def approve(
    request: Annotated[Path, typer.Argument(help="The file from the bureau.")],
    node: NodeFolder,
    fingerprint: Fingerprint,
    with_checklist: Annotated[
        bool,
        typer.Option("--checklist/--no-checklist", help="No checklist: for trials with fictitious records alone."),
    ] = True,
) -> None:
    """At the hub: check the bureau's fingerprint and admit it; restricted until its checklist is complete."""
    with opened(node) as (hub, operator):
        directory = enrolment.admitted(hub.members, read(request), fingerprint, operator, with_checklist)
        tell(f"directory version {directory.version} signed: {', '.join(one.id for one in directory.members)}")


@app.command(name="list")
def list_members(node: NodeFolder, as_json: AsJson = False) -> None:
    """All members as this node knows them, with their fingerprints, and open invitations."""
    with opened(node) as (here, _):
        directory, today = here.members.directory(), here.clock().date()
        members = directory.members if directory else ()
        if as_json:
            print_json(
                [
                    {
                        "id": one.id,
                        "role": one.manifest.role,
                        "country": one.manifest.country,
                        "standing": one.stands(today),
                        "reason": _why(one, today),
                        "measures": one.measures,
                        "fingerprint": one.fingerprint,
                        "address": one.manifest.address,
                    }
                    for one in members
                ]
            )
            return
        if not members:
            tell("No directory is held yet.")
        for one in members:
            country = f" {one.manifest.country}" if one.manifest.country else ""
            reason = f" ({why})" if (why := _why(one, today)) else ""
            tell(f"{one.id}: {one.manifest.role}{country}, {one.stands(today)}{reason}, {one.manifest.address}")
            tell(f"    {one.fingerprint}")
        for invited, until in here.members.invitations():
            tell(f"invited: {invited}, until {until:%d %b %Y %H:%M} UTC")


@app.command()
def checklist(member: Member, node: NodeFolder) -> None:
    """At the hub: what must be done before a new member exchanges anything, and who did it."""
    with opened(node) as (hub, operator):
        for code, item, done in hub.onboarding.checklist(member, operator):
            persons = [one for one in (done.first_by, done.second_by) if one] if done else []
            state = "done" if len(persons) >= item.persons else f"{item.persons - len(persons)} to sign"
            signed = f" ({', '.join(persons)})" if persons else ""
            tell(f"{code}: {state}{signed}. {item.text}")


@app.command()
def check(
    member: Member,
    node: NodeFolder,
    items: Annotated[list[str], typer.Option("--item", help="As in the checklist; repeat for several.")],
    evidence: Annotated[str, typer.Option(help="What was done, when, where it is filed.")],
    token: Annotated[Path | None, typer.Option(help="Your own token, where you are the second person.")] = None,
) -> None:
    """At the hub: sign for items of a checklist; with the last one the member is let in."""
    with opened(node) as (hub, operator):
        caller = bearer(hub, token) if token else operator
        complete = [hub.onboarding.check(member, item, evidence, caller) for item in items][-1]
        tell(f"{member} is let in" if complete else f"signed; see comity member checklist {member}")


@app.command()
def measures(node: NodeFolder, member: OneMember = "", as_json: AsJson = False) -> None:
    """Corrective measures: at the hub all that were ever filed, elsewhere those that the directory names."""
    with opened(node) as (here, operator):
        if here.here.is_hub:
            _print_filed(here.measures.every(operator, member), as_json)
            return
        directory = here.members.directory()
        members = directory.members if directory else ()
        _print_in_force([one for each in members for one in each.measures if member in ("", one.member)], as_json)


@app.command()
def supervise(
    member: Member, node: NodeFolder, reason: Reason, decided_by: DecidedBy, first_day: From = "", last_day: Until = ""
) -> None:
    """At the hub: propose that every node holds what this member asks or writes until somebody has looked at it."""
    _propose(node, member, Standing.SUPERVISED, reason, decided_by, first_day, last_day)


@app.command()
def restrict(
    member: Member,
    node: NodeFolder,
    reason: Reason,
    decided_by: DecidedBy,
    category: Annotated[list[Category], typer.Option(help="Repeat for several.")],
    first_day: From = "",
    last_day: Until = "",
) -> None:
    """At the hub: propose that this member is neither answered nor asked in some categories of data."""
    _propose(node, member, Standing.RESTRICTED, reason, decided_by, first_day, last_day, category)


@app.command()
def suspend(
    member: Member, node: NodeFolder, reason: Reason, decided_by: DecidedBy, first_day: From = "", last_day: Until = ""
) -> None:
    """At the hub: propose that nobody answers or asks this member; its letters wait."""
    _propose(node, member, Standing.SUSPENDED, reason, decided_by, first_day, last_day)


@app.command()
def restore(member: Member, node: NodeFolder, reason: Reason, decided_by: DecidedBy) -> None:
    """At the hub: propose to end all measures against this member."""
    _propose(node, member, Standing.ACTIVE, reason, decided_by)


@app.command()
def confirm(measure: MeasureId, node: NodeFolder, token: Token) -> None:
    """At the hub, by a second person with their own token: the measure takes effect with the next directory."""
    with opened(node) as (hub, _):
        directory = hub.measures.confirm(measure, bearer(hub, token))
        tell(f"confirmed; directory version {directory.version} signed")


@app.command()
def drop(measure: MeasureId, node: NodeFolder, reason: Reason) -> None:
    """At the hub: a proposal that is not to become a measure."""
    with opened(node) as (hub, operator):
        hub.measures.drop(measure, reason, operator)
        tell(f"{measure} dropped")


def _why(member: Line, on: date) -> str:
    measure = member.measure(on)
    return measure.reason if measure else member.reason


def _propose(
    node: Path,
    member: str,
    standing: Standing,
    reason: str,
    decided_by: str,
    first_day: str = "",
    last_day: str = "",
    categories: Sequence[Category] = (),
) -> None:
    first, last = (
        iso_day(text, name) if text else None for text, name in ((first_day, "--from"), (last_day, "--until"))
    )
    with opened(node) as (hub, operator):
        measure = hub.measures.propose(
            member, standing, reason, decided_by, operator, first_day=first, last_day=last, categories=categories
        )
        tell(f"proposed as {measure.id}; nothing changes until a second person confirms it:")
        tell(f"comity member confirm {measure.id} --token FILE")


def _print_filed(filed: Sequence[FiledMeasure], as_json: bool) -> None:
    if as_json:
        print_json(filed)
        return
    if not filed:
        tell("No measure was ever filed.")
    for one in filed:
        tell(_line(one.measure, one.state))
        tell(f"    proposed by {one.proposed_by}, confirmed by {one.confirmed_by or 'nobody'}")


def _print_in_force(found: Sequence[Measure], as_json: bool) -> None:
    if as_json:
        print_json(found)
        return
    if not found:
        tell("No measure is in force.")
    for one in found:
        tell(_line(one, MeasureState.IN_FORCE))


def _line(one: Measure, state: MeasureState) -> str:
    makes = f"{one.standing} in {', '.join(one.categories)}" if one.categories else one.standing
    until = f" until {one.last_day}" if one.last_day else ""
    return f"{one.id}: {one.member} {makes}, {state}, from {one.first_day}{until}, by {one.decided_by}: {one.reason}"
