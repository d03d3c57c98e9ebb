"""`comity links`: records that may mean the same person, proposed in bulk, accepted or rejected one by one."""

from typing import Annotated

import typer

from comity.cli.at_node import opened
from comity.cli.common import AsJson, NodeFolder, Profile, bureau, print_json, tell
from comity.domain.link import LinkState
from comity.domain.match import FieldMatch

app = typer.Typer(
    help="Propose links between records; see, accept and reject them. Nothing is ever merged.", no_args_is_help=True
)
LinkId = Annotated[str, typer.Argument(help="The link's id.", metavar="LINK")]
Why = Annotated[str, typer.Option("--why", help="What decided it; kept with the link.")]


@app.command()
def propose(
    node: NodeFolder,
    collection: Annotated[
        list[str] | None, typer.Option("--collection", help="Repeat for several; all that hold persons if not given.")
    ] = None,
    report_from: Annotated[
        float | None, typer.Option("--from", help="The least probability; the setting if not given.")
    ] = None,
) -> None:
    """Compare all persons with one another and queue what may be the same; tells numbers alone."""
    with opened(node) as (here, operator):
        least = here.settings.linkage.propose_from if report_from is None else report_from
        run = here.links.propose(collection or [], least, operator)
    tell(f"{run.records} records of {', '.join(run.collections)} compared, model {run.model}")
    tell(
        f"{run.proposed} links proposed; {run.decided} found again and decided already; {run.withdrawn} not found again"
    )
    if not run.learned:
        tell("too few records to learn from: weighed by the model as it is shipped")
    if run.common_keys:
        tell(f"{run.common_keys} keys were shared by too many records to meet by")
    if run.more:
        tell("there are more: raise --from")


@app.command(name="list")
def list_links(
    profile: Profile,
    state: Annotated[LinkState, typer.Option("--state")] = LinkState.PROPOSED,
    as_json: AsJson = False,
) -> None:
    """The queue, the most probable first."""
    found = bureau(profile).links(state)
    if as_json:
        print_json(found)
        return
    for line in found:
        link, since = line.link, ", amended since" * line.amended
        tell(f"{link.id}  {link.probability:.4f}  {link.kind}{since}")
        tell(f"    {line.left_collection} {line.left_reference}  {line.right_collection} {line.right_reference}")
        tell(f"    {', '.join(map(_told, link.fields))}")
    if not found:
        tell(f"No links are {state} here.")


@app.command()
def show(link: LinkId, profile: Profile, as_json: AsJson = False) -> None:
    """One link with both records side by side; this is written down."""
    found = bureau(profile).link(link)
    if as_json:
        print_json(found)
        return
    line = found.line
    tell(f"{line.link.id}: {line.link.state}, {line.link.kind}, {line.link.probability:.4f}")
    if line.link.why:
        tell(f"decided {line.link.decided_at:%d %b %Y} by {line.link.decided_by}: {line.link.why}")
    if line.amended:
        tell("one of the records was amended since they were compared")
    tell(f"{'prior':12} {line.link.prior_bits:+7.2f} bits")
    for field in line.link.fields:
        tell(f"{field.field:12} {field.bits:+7.2f} bits  {field.how}")
    tell(f"{'sum':12} {line.link.bits:+7.2f} bits, by model {line.link.model}")
    tell(f"left   {line.left_collection} {line.left_reference}")
    print_json(found.left)
    tell(f"right  {line.right_collection} {line.right_reference}")
    print_json(found.right)


@app.command()
def accept(link: LinkId, profile: Profile, why: Why) -> None:
    """Both mean the same. Both records stay as they are."""
    decided = bureau(profile).accept_link(link, why)
    tell(f"{decided.id} {decided.state}; both records stay as they are")


@app.command()
def reject(link: LinkId, profile: Profile, why: Why) -> None:
    """They do not. It comes back only where one of them is amended."""
    decided = bureau(profile).reject_link(link, why)
    tell(f"{decided.id} {decided.state}")


def _told(field: FieldMatch) -> str:
    return f"{field.field} {field.how} {field.bits:+.1f}"
