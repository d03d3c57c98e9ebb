"""`comity index`: build the index of numbers and names anew, compare it with the shelves."""

import typer

from comity.cli.at_node import opened
from comity.cli.common import NodeFolder, tell
from comity.domain.errors import Conflict

app = typer.Typer(help="Build the index anew, compare it with the shelves.", no_args_is_help=True)


@app.command()
def rebuild(node: NodeFolder) -> None:
    """Build the index from the shelves; whoever looks up meanwhile reads the old one."""
    with opened(node) as (here, _):
        tell(f"{here.here.node}: an index of {here.store.index.rebuild()} records")


@app.command()
def check(node: NodeFolder) -> None:
    """Compare every number of every record with the index, and the index with them. Exit status 5 where they differ."""
    with opened(node) as (here, _):
        found = here.store.index.check()
        tell(f"records {found.records}  entries {found.entries}  missing {found.missing}  surplus {found.surplus}")
        if not found.is_whole:
            raise Conflict("The index does not say what the shelves say.", do="Run `comity index rebuild`.")
