"""`comity law rulebook`: the rulebook as files, to be read, or to be changed and published."""

from pathlib import Path
from typing import Annotated

import typer

from comity.cli.at_node import opened
from comity.cli.common import tell
from comity.cli.law_texts import NodeOfLaw
from comity.domain.errors import Conflict
from comity.law.rulebook import files_of, shipped_rulebook

app = typer.Typer()


@app.command(name="rulebook")
def write_rulebook(
    folder: Annotated[Path, typer.Argument(help="A folder that is not there yet.", metavar="DIR")],
    node: NodeOfLaw = None,
) -> None:
    """Write the rulebook that is in use at a node, or the one that is shipped, as files into a new folder."""
    if folder.exists():
        raise Conflict(f"{folder} is there already.", do="Name a folder that is not.")
    if node is None:
        book = shipped_rulebook()
    else:
        with opened(node) as (here, _):
            book = here.agreements.law_today().book
    folder.mkdir(parents=True)
    for name, text in files_of(book).items():
        (folder / f"{name}.toml").write_bytes(text.encode())
    tell(f"{len(files_of(book))} files in {folder}; to publish them: comity agreement publish … --rulebook {folder}")
