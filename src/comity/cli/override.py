"""`comity override`: two persons answer for telling something without an assurance; the oversight body has a notice."""

from typing import Annotated

import typer

from comity.cli.at_node import bearer, opened
from comity.cli.common import AsJson, NodeFolder, Token, iso_day, print_json, tell
from comity.domain.circumstances import Harm
from comity.domain.override import FiledOverride, OverrideKind, ReceivedNotice

app = typer.Typer(help="Overrides by two persons, and their notices.", no_args_is_help=True)
OverrideId = Annotated[str, typer.Argument(help="As listed.", metavar="OVERRIDE")]


@app.command()
def propose(
    kind: Annotated[OverrideKind, typer.Argument(help="Who decided it.")],
    node: NodeFolder,
    against: Annotated[Harm, typer.Option(help="The harm against which no assurance was given.")],
    bureau: Annotated[str, typer.Option(help="Whose questions.")],
    case: Annotated[str, typer.Option(help="In which case.")],
    reason: Annotated[str, typer.Option(help="The oversight body reads it.")],
    until: Annotated[str, typer.Option(help="Its last day, YYYY-MM-DD.", metavar="DAY")],
) -> None:
    """The first person; nothing is told by it yet."""
    with opened(node) as (here, operator):
        day = iso_day(until, "--until")
        filed = here.overrides.propose(kind, against, bureau, case, reason, day, operator)
        tell(f"proposed as {filed.id}; a second person confirms: comity override confirm {filed.id} --token FILE")


@app.command()
def confirm(override: OverrideId, node: NodeFolder, token: Token) -> None:
    """The second person, with their own token: it holds from now on, and the oversight body has a notice."""
    with opened(node) as (here, _):
        tell(_line(here.overrides.confirm(override, bearer(here, token))))


@app.command(name="list")
def list_overrides(node: NodeFolder, as_json: AsJson = False) -> None:
    """All that were ever proposed, the oldest first."""
    with opened(node) as (here, operator):
        _print(here.overrides.every(operator), as_json, "No override was ever proposed.")


@app.command()
def notices(node: NodeFolder, as_json: AsJson = False) -> None:
    """For the oversight body: what was confirmed and it has not seen yet."""
    with opened(node) as (here, operator):
        _print(here.overrides.notices(operator), as_json, "Every notice was seen.")


@app.command()
def seen(override: OverrideId, node: NodeFolder, token: Token) -> None:
    """The oversight body, with its own token: the notice was seen."""
    with opened(node) as (here, _):
        tell(_line(here.overrides.see(override, bearer(here, token))))


@app.command()
def received(node: NodeFolder, as_json: AsJson = False) -> None:
    """As the oversight body of other members: what they told us, the oldest first."""
    with opened(node) as (here, operator):
        found = here.overrides.received(operator)
        if as_json:
            print_json(found)
            return
        if not found:
            tell("No member has told us of an override.")
        for one in found:
            tell(_told(one))


@app.command(name="seen-received")
def seen_received(override: OverrideId, node: NodeFolder, token: Token) -> None:
    """The same, with the token of one of its people: another member's notice was seen."""
    with opened(node) as (here, _):
        tell(_told(here.overrides.see_received(override, bearer(here, token))))


def _told(one: ReceivedNotice) -> str:
    notice, seen = one.notice, f"seen by {one.seen_by}" if one.seen_by else "not seen yet"
    return (
        f"{notice.id}: {one.told_by} tells of an override, {notice.kind} against {notice.against}, {notice.bureau} "
        f"case {notice.case} until {notice.until}, {seen}: {notice.reason}"
    )


def _print(found: list[FiledOverride], as_json: bool, empty: str) -> None:
    if as_json:
        print_json(found)
        return
    if not found:
        tell(empty)
    for one in found:
        tell(_line(one))


def _line(one: FiledOverride) -> str:
    confirmed = f"confirmed by {one.confirmed_by}" if one.confirmed_by else "not confirmed"
    oversight = f"seen by {one.seen_by}" if one.seen_by else "not seen by the oversight body"
    return (
        f"{one.id}: {one.kind} against {one.against}, {one.bureau} case {one.case} until {one.until}, proposed by "
        f"{one.proposed_by}, {confirmed}, {oversight}: {one.reason}"
    )
