"""`comity consent`: ask the owner of a record to let it be used further, and answer those who ask us."""

from typing import Annotated

import typer

from comity.cli.at_node import opened
from comity.cli.common import AsJson, NodeFolder, Note, iso_day, print_json, tell
from comity.domain.circumstances import Use
from comity.domain.consent import ConsentCase
from comity.domain.purpose import Purpose

app = typer.Typer(help="Consent to pass a record on or to use it in court.", no_args_is_help=True)
ConsentId = Annotated[str, typer.Argument(help="As listed.", metavar="CONSENT")]


@app.command()
def request(
    hit: Annotated[str, typer.Argument(help="The hit by which the record was found.", metavar="HIT")],
    node: NodeFolder,
    use: Annotated[Use, typer.Option(help="onward or evidence.")],
    purpose: Annotated[Purpose, typer.Option(help="What it is used for.")],
    reason: Annotated[str, typer.Option(help="The owner reads it.")],
    recipient: Annotated[str, typer.Option(help="Where it is passed on: a two-letter country, an organisation.")] = "",
) -> None:
    """Ask the owner, by letter."""
    with opened(node) as (here, operator):
        case = here.consents.request(hit, use, purpose, recipient, reason, operator)
        tell(f"{case.owner} is asked: {case.id}")


@app.command()
def give(
    consent: ConsentId,
    node: NodeFolder,
    until: Annotated[str, typer.Option(help="Its last day, YYYY-MM-DD.", metavar="DAY")],
    note: Note = "",
) -> None:
    """As the owner: on exactly these terms, until that day."""
    with opened(node) as (here, operator):
        tell(_line(here.consents.give(consent, iso_day(until, "--until"), note, operator)))


@app.command()
def refuse(consent: ConsentId, node: NodeFolder, note: Note = "") -> None:
    """As the owner: no; one that was given is taken back."""
    with opened(node) as (here, operator):
        tell(_line(here.consents.refuse(consent, note, operator)))


@app.command(name="list")
def list_consents(node: NodeFolder, as_json: AsJson = False) -> None:
    """Asked for here and of us, the oldest first."""
    with opened(node) as (here, operator):
        found = here.consents.every(operator)
        if as_json:
            print_json(found)
            return
        if not found:
            tell("No consent was asked for.")
        for case in found:
            tell(_line(case))


def _line(case: ConsentCase) -> str:
    terms = case.terms
    to = f" to {terms.recipient}" if terms.recipient else ""
    until = f" until {case.until}" if case.until else ""
    return (
        f"{case.id}: {case.asker} asks {case.owner} for {terms.use}{to} of {terms.record}, {terms.purpose}: "
        f"{case.state}{until}"
    )
