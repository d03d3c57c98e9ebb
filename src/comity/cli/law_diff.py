"""`comity law diff`: which decisions change from one text of an instrument to the next."""

from pathlib import Path
from typing import Annotated

import typer

from comity.cli.common import AsJson, print_json, tell
from comity.cli.law_texts import instrument_in
from comity.cli.rulebook_choice import Choice, rulebook_in
from comity.law.diff import differ, words

app = typer.Typer()
SAMPLES = 2_000


@app.command(name="diff")
def diff_texts(
    old: Annotated[Path, typer.Argument(help="The text as it is.", metavar="OLD")],
    new: Annotated[Path, typer.Argument(help="The text as it would be.", metavar="NEW")],
    samples: Annotated[int, typer.Option(min=0, help="So many requests are drawn beside the grid.")] = SAMPLES,
    seed: Annotated[int, typer.Option(help="Of the drawing: the same seed draws the same.")] = 1,
    rulebook: Choice = None,
    as_json: AsJson = False,
) -> None:
    """Say which decisions change, by a grid of all that both texts name and by requests drawn to fit their clauses."""
    book = rulebook_in(rulebook)
    (before, _), (after, _) = instrument_in(old, book), instrument_in(new, book)
    found = differ(before, after, book, samples, seed)
    if as_json:
        print_json(found)
        return
    for line in words(before, after, found, book):
        for part in line.split("\n"):
            tell(part)
