"""`comity law render`: an instrument read aloud, as Markdown."""

from pathlib import Path
from typing import Annotated

import typer

from comity.cli.common import plain, read
from comity.cli.rulebook_choice import Choice, rulebook_in
from comity.law.instruments import read_instrument
from comity.law.render import render

app = typer.Typer()


@app.command(name="render")
def render_file(
    file: Annotated[Path, typer.Argument(help="An instrument (TOML).", metavar="FILE")], rulebook: Choice = None
) -> None:
    """Read an instrument aloud: who gives whom what, for what, and what is owed, in plain words (Markdown)."""
    book = rulebook_in(rulebook)
    lines = render(read_instrument(read(file), file.name, book), book).splitlines()
    print("\n".join(plain(line) for line in lines))
