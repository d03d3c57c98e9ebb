"""`comity agreement`: check, adopt and list the legal instruments a node acts under."""

import typer

from comity.cli.common import AsJson, NodeFolder, opened, print_json, print_table, read, tell
from comity.cli.law_check import Files, check_files

app = typer.Typer(help="Check, adopt and list agreements.", no_args_is_help=True)


app.command(name="check")(check_files)


@app.command()
def adopt(files: Files, node: NodeFolder) -> None:
    """Put agreements into force at this node."""
    with opened(node) as (here, operator):
        for path in files:
            agreement = here.agreements.adopt(read(path), path.name, operator)
            tell(f"{here.here.node} acts under {agreement.title} ({agreement.id})")


@app.command(name="list")
def list_agreements(node: NodeFolder, as_json: AsJson = False) -> None:
    """The agreements in force here, by their digests."""
    with opened(node) as (here, _):
        adopted = here.agreements.every()
        if as_json:
            print_json([{"sha256": digest, "agreement": agreement} for agreement, digest in adopted])
            return
        rows = [
            (one.id, ", ".join(one.parties), one.in_force_from, one.in_force_until or "", digest[:16])
            for one, digest in adopted
        ]
        print_table(("agreement", "parties", "from", "until", "sha256"), rows, "None: this node answers nobody.")
