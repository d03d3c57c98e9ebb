"""`comity law render`: an instrument read aloud, as Markdown."""

from pathlib import Path
from typing import Annotated

import typer

from comity.cli.common import plain, read
from comity.law.instruments import read_instrument
from comity.law.render import render
from comity.law.rulebook import shipped_rulebook

app = typer.Typer()


@app.command(name="render")
def render_file(file: Annotated[Path, typer.Argument(help="An instrument (TOML).", metavar="FILE")]) -> None:
    """Read an instrument aloud: who gives whom what, for what, and what is owed, in plain words (Markdown)."""
    lines = render(read_instrument(read(file), file.name), shipped_rulebook()).splitlines()
    print("\n".join(plain(line) for line in lines))
