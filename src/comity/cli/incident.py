"""`comity incident`: security incidents from report to lessons, and sanctions for misuse."""

from datetime import datetime
from typing import Annotated

import typer

from comity.cli.at_node import bearer, opened
from comity.cli.common import AsJson, NodeFolder, Token, print_json, print_table, tell
from comity.domain.errors import Invalid
from comity.domain.incident import Incident, IncidentKind, Severity
from comity.domain.sanction import Sanction, SanctionKind

app = typer.Typer(help="Security incidents, and sanctions for misuse.", no_args_is_help=True)
IncidentId = Annotated[str, typer.Argument(help="As listed.", metavar="INCIDENT")]


@app.command()
def report(
    kind: Annotated[IncidentKind, typer.Argument(help="What happened.")],
    node: NodeFolder,
    what: Annotated[str, typer.Option(help="In a few sentences.")],
    known_at: Annotated[str, typer.Option(help="When it was known, as 2031-03-09T14:30Z; now.", metavar="TIME")] = "",
) -> None:
    """Report one; the clocks run from when it was known."""
    with opened(node) as (here, operator):
        found = here.incidents.report(kind, what, _moment(known_at), operator)
        tell(f"reported as {found.id}; next: comity incident assess {found.id}")


@app.command()
def assess(
    incident: IncidentId,
    node: NodeFolder,
    severity: Annotated[Severity, typer.Option(help="How grave it is.")],
    because: Annotated[str, typer.Option(help="What was found out.")],
    personal: Annotated[bool, typer.Option(help="Data of persons are concerned.")] = False,
    member: Annotated[list[str] | None, typer.Option(help="A member that it concerns; repeat it.")] = None,
) -> None:
    """Say how grave it is and whom it concerns: who must be told follows from it. It can be assessed anew."""
    with opened(node) as (here, operator):
        found = here.incidents.assess(incident, severity, personal, member or (), because, operator)
        tell(_line(found))
        for one in found.due:
            tell(f"  tell {one.whom} by {one.due_at:%Y-%m-%d %H:%M} UTC")


@app.command()
def contain(
    incident: IncidentId,
    node: NodeFolder,
    entry: Annotated[int, typer.Option(help="The place in the journal of what was done: see `comity journal show`.")],
) -> None:
    """Point at what contains it: a suspension, a block, keys revoked, a withdrawal, a recall."""
    with opened(node) as (here, operator):
        tell(_line(here.incidents.contain(incident, entry, operator)))


@app.command(name="tell")
def tell_of(
    incident: IncidentId,
    node: NodeFolder,
    whom: Annotated[str, typer.Option(help="authority, persons, or a member.")],
    what: Annotated[str, typer.Option(help="What a member reads.")] = "",
    reference: Annotated[str, typer.Option(help="Of what the authority or the persons were told.")] = "",
) -> None:
    """A member is told by letter; that the authority or the persons were told is written down."""
    with opened(node) as (here, operator):
        tell(_line(here.incidents.tell(incident, whom, what, reference, operator)))


@app.command()
def close(
    incident: IncidentId, node: NodeFolder, lessons: Annotated[str, typer.Option(help="What was learnt from it.")]
) -> None:
    """Close it: assessed, contained, told, and with its lessons."""
    with opened(node) as (here, operator):
        tell(_line(here.incidents.close(incident, lessons, operator)))


@app.command(name="list")
def list_incidents(node: NodeFolder, as_json: AsJson = False) -> None:
    """All incidents with what is left of their clocks, the oldest first."""
    with opened(node) as (here, operator):
        found = here.incidents.every(operator)
        if as_json:
            print_json(found)
            return
        rows = [
            (
                one.incident.id,
                one.incident.kind,
                one.incident.state,
                one.incident.severity or "",
                one.incident.told_by_member,
                ", ".join(f"{whom}: {clock}" for whom, clock in one.clocks.items()),
            )
            for one in found
        ]
        print_table(("incident", "kind", "state", "severity", "from", "clocks"), rows, "No incident was reported.")


@app.command()
def show(incident: IncidentId, node: NodeFolder) -> None:
    """One incident, as JSON; this is journalled."""
    with opened(node) as (here, operator):
        print_json(here.incidents.show(incident, operator))


@app.command()
def sanction(
    kind: Annotated[SanctionKind, typer.Argument(help="What is done.")],
    subject: Annotated[str, typer.Argument(help="A login, a unit, or at the hub a member.")],
    node: NodeFolder,
    reason: Annotated[str, typer.Option(help="What was misused, and how.")],
    incident: Annotated[str, typer.Option(help="In which incident.")] = "",
) -> None:
    """The first person: a warning, or a suspension of an account, a unit, a member."""
    with opened(node) as (here, operator):
        found = here.sanctions.propose(kind, subject, reason, incident, operator)
        tell(f"proposed as {found.id}; a second person confirms: comity incident confirm {found.id} --token FILE")


@app.command()
def confirm(
    sanction: Annotated[str, typer.Argument(help="As listed.", metavar="SANCTION")], node: NodeFolder, token: Token
) -> None:
    """The second person, with their own token: the sanction is carried out now."""
    with opened(node) as (here, _):
        tell(_sanctioned(here.sanctions.confirm(sanction, bearer(here, token))))


@app.command()
def sanctions(node: NodeFolder, as_json: AsJson = False) -> None:
    """All sanctions, the oldest first."""
    with opened(node) as (here, operator):
        found = here.sanctions.every(operator)
        if as_json:
            print_json(found)
            return
        if not found:
            tell("Nobody was sanctioned.")
        for one in found:
            tell(_sanctioned(one))


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Invalid(f"{text!r} is no moment.", where="--known-at", do="Write 2031-03-09T14:30Z.") from None
    if moment.tzinfo is None:
        raise Invalid(f"{text!r} has no time zone.", where="--known-at", do="Write 2031-03-09T14:30Z.")
    return moment


def _line(one: Incident) -> str:
    told = sum(due.told_at is not None for due in one.due)
    return f"{one.id}: {one.kind}, {one.state}, {len(one.contained)} steps contain it, {told} of {len(one.due)} told"


def _sanctioned(one: Sanction) -> str:
    stands = f"confirmed by {one.confirmed_by}" if one.confirmed_by else "not confirmed"
    return f"{one.id}: {one.kind} of {one.subject}, proposed by {one.proposed_by}, {stands}: {one.reason}"
